"""What is going on while processes are killed, and how to tell afterwards that nothing is half done.

A scenario asks for work and later judges the ledger. To have a new kind of work soaked, add it to
``SCENARIOS``.
"""

from __future__ import annotations

import io
import random
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any, Protocol

import xlsxwriter
from django.conf import settings
from django.core.files.base import File
from django.db.models import Count

from taizhang.activities.models import Activity
from taizhang.exchange import work
from taizhang.exchange.models import ImportPlan
from taizhang.jobs.models import OVER, Job, State
from taizhang.jobs.queue import enqueue
from taizhang.ledger import catalogue
from taizhang.ledger.models import Batch, Entry
from taizhang.places.models import Place


class Scenario(Protocol):
    """One kind of work to interrupt."""

    def begin(self, number: int, luck: random.Random, actor: Any, url: str) -> None:
        """Ask for work in this round; ``url`` is where the server answers."""
        ...

    def stop(self) -> None:
        """The processes have been killed."""
        ...

    def faults(self) -> Iterator[str]:
        """What is half done, when every job is over."""
        ...


class Batches:
    """Jobs that write a batch: all its rows and entries, and the job's end, or nothing of it."""

    def begin(self, number: int, luck: random.Random, actor: Any, url: str) -> None:
        """Ask for one or two batches that take a few tenths of a second."""
        for part in range(luck.randint(1, 2)):
            tag = f"批{number}-{part}"
            given = {"tag": tag, "rows": luck.randint(15, 80), "pause": luck.uniform(0, 0.1)}
            enqueue("soak.write", given, actor=actor, title=tag)

    def stop(self) -> None:
        """Jobs need no stopping."""

    def faults(self) -> Iterator[str]:
        """A job that is done has written once what was asked for, any other one nothing."""
        batches = {
            batch.source: batch
            for batch in Batch.objects.filter(source__startswith="批")
            .annotate(told=Count("entries"))
            .order_by("id")
        }
        if len(batches) != Batch.objects.filter(source__startswith="批").count():
            yield "a batch was written twice"
        for job in Job.objects.filter(kind="soak.write"):
            tag, asked = job.payload["tag"], job.payload["rows"]
            batch = batches.get(tag)
            there = Activity.objects.filter(title__startswith=f"{tag}-").count()
            told = batch.told if batch else 0  # type: ignore[attr-defined]
            wanted = asked if job.state == State.DONE else 0
            if (there, told) != (wanted, wanted) or bool(batch) != bool(wanted):
                yield f"{tag} is {job.state}: {there} rows and {told} entries of {asked}"


class Files:
    """Jobs that make a file: the whole file, or none."""

    def begin(self, number: int, luck: random.Random, actor: Any, url: str) -> None:
        """Ask for a file every third round."""
        if number % 3 == 0:
            enqueue(
                "soak.file",
                {"lines": luck.randint(5, 30), "pause": 0.01},
                actor=actor,
                title=f"文件{number}",
            )

    def stop(self) -> None:
        """Jobs need no stopping."""

    def faults(self) -> Iterator[str]:
        """The file of a job that is done has all its lines; no other job names one."""
        for job in Job.objects.filter(kind="soak.file"):
            if job.state != State.DONE:
                if job.output:
                    yield f"{job.title} is {job.state} and has a file"
                continue
            text = (settings.JOBS_ROOT / job.output).read_text("utf-8")
            if text.splitlines() != [str(n) for n in range(job.payload["lines"])]:
                yield f"{job.title} is done and its file is not whole"


class Workbooks:
    """Workbooks of two sheets that refer to each other: read, written and undone by jobs."""

    def begin(self, number: int, luck: random.Random, actor: Any, url: str) -> None:
        """Hand in a workbook every second round, and in between undo one that was written."""
        if number % 2:
            self._undo(actor)
            return
        name, rows = f"册{number}.xlsx", luck.randint(10, 60)
        kept = work.take(_book(name, rows), name, None, actor)
        work.look(kept)
        assert kept.rows == rows + 1, "every row of the workbook is understood"
        given = {"plan": kept.pk, "digest": kept.digest, "reason": ""}
        asked = given | {"only_valid": False, "looked": False}
        kept.job = enqueue("exchange.carry-out", asked, actor=actor, title=name).pk
        kept.save()

    def _undo(self, actor: Any) -> None:
        written = ImportPlan.objects.exclude(batch=None).select_related("batch").order_by("-id")[:1]
        for kept in written:
            if not Batch.objects.filter(undoes=kept.batch).exists():
                enqueue(
                    "desk.undo", {"batch": kept.batch_id}, actor=actor, title=f"撤销{kept.name}"
                )

    def stop(self) -> None:
        """Jobs need no stopping."""

    def faults(self) -> Iterator[str]:
        """All rows of both sheets with an entry each, or none; and none after it was undone."""
        done = {job.pk: job.state == State.DONE for job in Job.objects.all()}
        undone = {
            job.payload["batch"] for job in Job.objects.filter(kind="desk.undo", state=State.DONE)
        }
        for kept in ImportPlan.objects.exclude(job=None):
            there = Activity.objects.filter(title__startswith=f"{kept.name}-").count()
            there += Place.objects.filter(name=kept.name).count()
            written = done[kept.job or 0]
            wanted = kept.rows if written and kept.batch_id not in undone else 0
            told = Entry.objects.filter(batch=kept.batch).count() if kept.batch_id else 0
            if (there, bool(kept.batch_id)) != (wanted, written):
                yield f"{kept.name} has {there} of {wanted} rows, batch {kept.batch_id}"
            if told != (kept.rows if kept.batch_id else 0):
                yield f"{kept.name} has {told} entries of {kept.rows}"


class Pages:
    """Somebody who saves one form after the other: what was answered with yes is there, once."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.saved: set[str] = set()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, number: int, luck: random.Random, actor: Any, url: str) -> None:
        """Begin to save forms."""
        self._over.clear()
        cookie = _cookie(actor)
        self._thread = threading.Thread(target=self._save, args=(number, url, cookie), daemon=True)
        self._thread.start()

    def _save(self, number: int, url: str, cookie: str) -> None:
        for turn in range(1000):
            title = f"页{number}-{turn}"
            self.sent.append(title)
            given = {
                "csrfmiddlewaretoken": "x" * 32,
                "title": title,
                "unit": "assoc",
                "form": "lecture",
                "held_on": "2021-03-01",
            }
            request = urllib.request.Request(  # noqa: S310  (our own server)
                f"{url}/activities/activity/add/",
                data=urllib.parse.urlencode(given).encode(),
                headers={"Cookie": cookie},
            )
            try:
                with _opener.open(request, timeout=30):
                    pass
            except urllib.error.HTTPError as error:
                error.close()
                if error.code == 302:
                    self.saved.add(title)
            except OSError:
                pass
            if self._over.wait(0.02):
                return

    def stop(self) -> None:
        """Wait for the last answer, or for the lack of one."""
        self._over.set()
        if self._thread:
            self._thread.join(40)

    def faults(self) -> Iterator[str]:
        """Each title that was sent is there once with its entry, or not at all."""
        there = dict(
            Activity.objects.filter(title__startswith="页")
            .values_list("title")
            .annotate(n=Count("pk"))
        )
        told = Entry.objects.filter(register="activities.activity", verb="add", batch=None).count()
        if told != sum(there.values()):
            yield f"{sum(there.values())} records were saved by hand and have {told} entries"
        for title in self.sent:
            if there.get(title, 0) > 1 or (title in self.saved and title not in there):
                yield f"{title} was answered with yes: {title in self.saved}, there: {there.get(title)}"


def _book(name: str, rows: int) -> File[bytes]:
    """A place, and on another sheet, which comes first, activities that were held there."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    held = [["assoc", f"{name}-{turn}", "讲座", "2021-03-01", name] for turn in range(rows)]
    for register, fields, lines in (
        ("activities.activity", ("unit", "title", "form", "held_on", "place"), held),
        (
            "places.place",
            ("unit", "name", "kind", "opened_on"),
            [["assoc", name, "科技馆", "2020-01-01"]],
        ),
    ):
        known = catalogue.get(register)
        sheet = book.add_worksheet(str(known.label_plural))
        for number, line in enumerate([[known.fields[f].labels()[0] for f in fields], *lines]):
            sheet.write_row(number, 0, line)
    book.close()
    return File(target, name)


class _Staying(urllib.request.HTTPRedirectHandler):
    """A saved form answers with another address; that it answers so is all there is to know."""

    def redirect_request(self, *given: Any, **more: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Staying)


def _cookie(actor: Any) -> str:
    """A session of somebody who signed in, and the token that a form carries."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(actor.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = actor.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={'x' * 32}"


def job_faults() -> Iterator[str]:
    """Every job is done, or was lost three times."""
    for job in Job.objects.all():
        codes = [finding.code for finding in job.told]
        if job.state not in OVER or (job.state, codes) not in [
            (State.DONE, []),
            (State.FAILED, ["jobs.worker-lost"]),
        ]:
            yield f"{job.title}: {job.state} after {job.attempts} attempts, {codes}"


def all_over() -> bool:
    """Whether no job waits or runs."""
    return not Job.objects.exclude(state__in=OVER).exists()


def at_work() -> bool:
    """Whether a job runs, or all have been done already."""
    return Job.objects.filter(state=State.RUNNING).exists() or all_over()


SCENARIOS: list[type[Scenario]] = [Batches, Files, Workbooks, Pages]

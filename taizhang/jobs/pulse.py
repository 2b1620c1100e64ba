"""How far running jobs are, and whether they are alive, while their own transaction is open.

A job that writes holds SQLite's only write lock, so nobody can update its row meanwhile. There the
pulse is a small file for each attempt, in ``JOBS_ROOT``, and the wish to cancel another one; SQLite
means one machine. On PostgreSQL a thread with a connection of its own updates the row.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils import timezone

from .models import Job, State

INTERVAL = 0.5
"""Seconds between two signs of life."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How far a job is, and for how many seconds nothing was heard of it."""

    total: int
    done: int
    silence: float
    cancel_asked: bool


def stem(job: Job) -> str:
    """The beginning of the names of all files of one attempt at a job."""
    return f"{job.pk}-{job.worker.rpartition('-')[2]}"


class Beat:
    """The counters of one attempt. This one keeps them to itself: work done where it was asked."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.total = self.done = 0
        self.cancel_asked = self.lost = False

    def asked_to_cancel(self) -> bool:
        """Whether a wish to cancel came that the row does not know of."""
        return self.cancel_asked

    def publish(self) -> None:
        """Show the counters to the others, and hear what they want."""

    def end(self) -> None:
        """Leave nothing behind."""

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Publish at once and twice a second from a thread, whatever the work is doing."""
        over = threading.Event()

        def beat() -> None:
            while True:
                try:
                    self.publish()
                except (OSError, DatabaseError) as error:
                    log.warning("Job %s: no sign of life given: %s", self.job.pk, error)
                    connection.close()
                if over.wait(INTERVAL):
                    connection.close()
                    return

        thread = threading.Thread(target=beat, name=f"pulse-{self.job.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self.end()


class FileBeat(Beat):
    """The pulse of SQLite: a file that is replaced, so that readers never meet half of it."""

    def asked_to_cancel(self) -> bool:
        return _wish(self.job.pk).exists()

    def publish(self) -> None:
        self.cancel_asked = self.asked_to_cancel()
        path = _path(self.job)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps([self.total, self.done, time.time()]), "ascii")
        os.replace(fresh, path)

    def end(self) -> None:
        with suppress(OSError):
            _path(self.job).unlink(missing_ok=True)


class RowBeat(Beat):
    """The pulse of PostgreSQL: the row itself, over the thread's own connection."""

    def publish(self) -> None:
        job = Job.objects.filter(pk=self.job.pk, worker=self.job.worker)
        if job.filter(state=State.RUNNING).update(
            total=self.total, done_count=self.done, heartbeat_at=Now()
        ):
            self.cancel_asked = self.cancel_asked or job.filter(cancel_asked=True).exists()
        else:  # its end has just been written, or another worker has it
            self.lost = not job.exists()


def of(job: Job) -> Beat:
    """The beat for an attempt in a process of its own."""
    if connection.vendor == "sqlite":
        settings.JOBS_ROOT.mkdir(parents=True, exist_ok=True)
        return FileBeat(job)
    return RowBeat(job)


def read(jobs: Iterable[Job]) -> dict[int, Pulse]:
    """The pulses of those of these jobs that run or wait, by number, with at most one query."""
    alive = [job for job in jobs if not job.is_over]
    if connection.vendor == "sqlite":
        return {job.pk: _read_file(job) for job in alive}
    running = [job.pk for job in alive if job.state == State.RUNNING]
    silence = ExpressionWrapper(Now() - F("heartbeat_at"), output_field=DurationField())
    rows = Job.objects.filter(pk__in=running, heartbeat_at__isnull=False).values_list(
        "pk", "total", "done_count", silence, "cancel_asked"
    )
    known = {pk: Pulse(n, done, quiet.total_seconds(), wish) for pk, n, done, quiet, wish in rows}
    return {job.pk: known.get(job.pk) or Pulse(0, 0, 0.0, job.cancel_asked) for job in alive}


def _read_file(job: Job) -> Pulse:
    wish = job.cancel_asked or _wish(job.pk).exists()
    try:
        total, done, at = json.loads(_path(job).read_text("ascii"))
    except (OSError, ValueError):
        total, done = job.total, job.done_count
        at = (job.heartbeat_at or timezone.now()).timestamp()
    return Pulse(total, done, max(0.0, time.time() - at), wish)


def ask_to_cancel(job: Job) -> None:
    """Leave the wish to cancel where the job's worker finds it, whatever it is doing."""
    if connection.vendor == "sqlite":
        settings.JOBS_ROOT.mkdir(parents=True, exist_ok=True)
        _wish(job.pk).touch()
    else:
        Job.objects.filter(pk=job.pk).update(cancel_asked=True)


def forget(job: Job) -> None:
    """Remove the wish to cancel a job: it has ended, or begins anew."""
    with suppress(OSError):
        _wish(job.pk).unlink(missing_ok=True)


def drop_attempt(job: Job) -> None:
    """Remove the files that a lost attempt has left: its pulse and its half-written output."""
    with suppress(OSError):
        for path in settings.JOBS_ROOT.glob(f"{stem(job)}.*"):
            path.unlink(missing_ok=True)


def _path(job: Job) -> Path:
    root: Path = settings.JOBS_ROOT
    return root / f"{stem(job)}.pulse"


def _wish(number: int) -> Path:
    root: Path = settings.JOBS_ROOT
    return root / f"{number}.cancel"

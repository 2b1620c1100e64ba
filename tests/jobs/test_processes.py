"""Workers and servers as they really are: processes that are asked to end, stopped, and killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from taizhang.activities.models import Activity
from taizhang.jobs import claims, pulse, queue, worker
from taizhang.jobs.models import Job, State
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.soak.office import Office, children, is_there, until
from tools.demo_server import _free_port

ROWS = 30


@pytest.fixture
def browser(people: Cast) -> Client:
    """Su's browser."""
    client = Client()
    client.force_login(people.su, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the task and the test tell each other how far they are."""
    return tmp_path / "gate"


def asked(people: Cast, tag: str = "一批", **payload: Any) -> Job:
    given = {"rows": ROWS, "tag": tag} | {name: str(value) for name, value in payload.items()}
    return queue.enqueue("soak.write", given, actor=people.su, title=f"导入{tag}")


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def written(tag: str = "一批") -> tuple[int, int, int]:
    """Batches of that name, their entries and their rows."""
    batches = Batch.objects.filter(source=tag)
    entries = Entry.objects.filter(batch__in=batches)
    return batches.count(), entries.count(), Activity.objects.filter(title__startswith=tag).count()


ALL, NOTHING = (1, ROWS, ROWS), (0, 0, 0)


def here(folder: Path, seconds: float = 60) -> None:
    until(lambda: (folder / "here").exists(), f"the task came to {folder}", seconds)


def test_of_many_workers_only_one_gets_a_job(office: Office, people: Cast) -> None:
    count = 40
    for _ in range(count):
        queue.enqueue("soak.file", {"lines": 1}, actor=people.su, title="x")
    taken: list[int] = []
    faults: list[Exception] = []

    def take() -> None:
        try:
            while job := claims.claim():
                taken.append(job.pk)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    # A worker that found its choice taken by another looks again a moment later.
    while job := claims.claim():
        taken.append(job.pk)
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))
    assert len(set(taken)) == count
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


def test_progress_is_seen_while_the_task_holds_the_write_lock(
    office: Office, people: Cast, browser: Client, folder: Path
) -> None:
    job = asked(people, within=folder)
    office.worker("--once")
    here(folder)
    page = until(
        lambda: (
            text
            if f'value="{ROWS}" max="{ROWS}"'
            in (text := browser.get(f"/jobs/{job.pk}/progress/").content.decode())
            else ""
        ),
        "the page says how far it is",
    )
    assert "进行中" in page
    assert written() == NOTHING, "nobody sees what is not committed"
    assert claims.take_back_lost() == 0
    (folder / "go").touch()
    until(lambda: state(job) == State.DONE, "it ended")
    assert written() == ALL
    assert (job.done_count, job.attempts) == (ROWS, 1)
    assert job.url in browser.get(f"/jobs/{job.pk}/").content.decode()


def test_a_running_job_is_cancelled_in_the_middle_of_its_transaction(
    office: Office, people: Cast, browser: Client, folder: Path
) -> None:
    job = asked(people, within=folder)
    office.worker("--once")
    here(folder)
    started = time.monotonic()
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == 302
    assert time.monotonic() - started < 5, "the button answers though the ledger is locked"
    until(lambda: state(job) == State.CANCELLED, "it was cancelled")
    assert written() == NOTHING
    queue.retry(job)
    (folder / "go").touch()
    office.worker("--once")
    until(lambda: state(job) == State.DONE, "it was done after all")
    assert written() == ALL


def test_another_worker_takes_up_what_a_killed_one_left(
    office: Office, people: Cast, folder: Path
) -> None:
    job = asked(people, within=folder)
    first = office.worker()
    here(folder)
    first.kill()
    first.wait()
    assert state(job) == State.RUNNING, "the dead do not write"
    (folder / "go").touch()
    office.worker("--once")
    until(lambda: state(job) == State.DONE, "it was taken up")
    assert job.attempts == 2
    assert written() == ALL


def test_a_worker_that_was_taken_for_lost_cannot_commit_when_it_comes_back(
    office: Office, people: Cast, folder: Path, settings: Any
) -> None:
    job = asked(people, before=folder)
    sleeper = office.worker("--once")
    here(folder)
    os.kill(sleeper.pid, signal.SIGSTOP)  # a laptop that was closed
    settings.JOB_STALE_SECONDS = 1
    assert until(claims.take_back_lost, "its silence was noticed") == 1
    (folder / "go").touch()
    taken = claims.claim()
    assert taken is not None
    assert taken.pk == job.pk
    worker.attempt(taken)
    assert state(job) == State.DONE
    assert written() == ALL
    os.kill(sleeper.pid, signal.SIGCONT)
    assert sleeper.wait(60) == 0
    assert written() == ALL, "and not twice"
    assert "taken up by another worker" in office.log()
    assert (state(job), job.worker) == (State.DONE, taken.worker)


def test_a_worker_that_is_asked_to_end_puts_its_job_back(
    office: Office, people: Cast, folder: Path
) -> None:
    job = asked(people, within=folder)
    first = office.worker()
    here(folder)
    first.terminate()
    assert first.wait(60) == 0
    assert (state(job), job.attempts) == (State.WAITING, 0)
    assert written() == NOTHING
    (folder / "go").touch()
    assert office.worker("--once").wait(60) == 0
    assert (state(job), job.attempts) == (State.DONE, 1)


def test_a_write_meanwhile_is_told_to_come_again(
    office: Office, people: Cast, browser: Client, folder: Path
) -> None:
    """SQLite has one writer; on PostgreSQL the unit is held while its records are numbered."""
    asked(people, within=folder)
    office.worker("--once")
    here(folder)
    patience = "PRAGMA busy_timeout = 100"
    if connection.vendor == "postgresql":
        patience = "SET lock_timeout = '100ms'"
    with connection.cursor() as cursor:
        cursor.execute(patience)
    given = {"title": "另一场", "form": "lecture", "held_on": "2021-03-01", "unit": "assoc"}
    response = browser.post("/activities/activity/add/", given)
    assert response.status_code == 503
    assert "稍候" in response.content.decode()
    assert browser.get("/activities/activity/").status_code == 200


def serve(office: Office, *words: str) -> Any:
    """A server that answers."""
    port = _free_port()
    server = office.start("serve", "--port", str(port), *words)

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2):
                return True
        except OSError:
            return False

    until(answers, f"the server answers: {office.log()}", 60)
    return server


def test_the_server_keeps_one_worker_and_takes_it_along(office: Office, people: Cast) -> None:
    server = serve(office)
    (first,) = until(lambda: children(server.pid, b"work"), "it has a worker")
    job = asked(people, "第一批")
    until(lambda: state(job) == State.DONE, "its worker works")
    os.kill(first, signal.SIGKILL)
    (second,) = until(
        lambda: [n for n in children(server.pid, b"work") if n != first], "it has a new worker"
    )
    job = asked(people, "第二批")
    until(lambda: state(job) == State.DONE, "the new worker works")
    assert (written("第一批"), written("第二批")) == (ALL, ALL)
    server.terminate()
    server.wait(60)
    assert not is_there(second)


def test_a_worker_ends_when_its_server_is_killed(
    office: Office, people: Cast, folder: Path
) -> None:
    server = serve(office)
    job = asked(people, within=folder)
    here(folder)
    (mine,) = children(server.pid, b"work")
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not is_there(mine), "the worker ended by itself", 30)
    assert (state(job), job.attempts) == (State.WAITING, 0), "and put its job back"
    assert written() == NOTHING


def test_a_worker_that_hangs_does_not_outlive_its_server_either(
    office: Office, people: Cast, folder: Path
) -> None:
    hang = {"seconds": 60, "within": str(folder)}
    job = queue.enqueue("soak.deaf", hang, actor=people.su, title="不听")
    server = office.start("serve", "--port", str(_free_port()))
    here(folder)
    (number,) = children(server.pid, b"work")
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not is_there(number), "the worker is gone", 20)
    assert state(job) == State.RUNNING, "the next worker takes it up again"
    assert "hear_nothing" in office.log(), "the log says where it stood"


def test_a_server_can_do_without(office: Office, people: Cast) -> None:
    server = serve(office, "--no-worker")
    job = asked(people)
    time.sleep(1.5)
    assert children(server.pid, b"work") == []
    assert state(job) == State.WAITING
    assert office.worker("--once").wait(60) == 0
    assert state(job) == State.DONE


def test_a_ledger_without_tables_is_a_sentence(office: Office, tmp_path: Path) -> None:
    bare = Office(tmp_path / "bare", "")
    assert bare.worker("--once").wait(60) == 2
    assert "taizhang upgrade" in bare.log()
    assert "Traceback" not in bare.log()


def test_nothing_is_left_of_a_pulse(office: Office, people: Cast, settings: Any) -> None:
    for number in range(3):
        asked(people, f"第{number}批")
    assert office.worker("--once").wait(60) == 0
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}
    assert list(settings.JOBS_ROOT.iterdir()) == [] if settings.JOBS_ROOT.exists() else True
    assert pulse.read(Job.objects.all()) == {}


def test_the_ledger_outlives_all_of_it(office: Office, people: Cast, folder: Path) -> None:
    """After a kill in the middle of a write the file itself is sound."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL looks after itself")
    asked(people, within=folder)
    first = office.worker()
    here(folder)
    first.kill()
    first.wait()
    with closing(sqlite3.connect(office.home / "taizhang.sqlite3")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)

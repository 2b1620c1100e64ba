"""A job whose worker was lost is taken up again, or ends with a sentence: it never runs for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from taizhang.jobs import alive, claims, pulse, queue, worker
from taizhang.jobs.models import Job, State
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
Asked = Callable[..., Job]


@pytest.fixture
def running(asked: Asked) -> Job:
    """A job that this very process has claimed."""
    asked(lambda run, payload: None)
    job = claims.claim()
    assert job is not None
    return job


def of_a_dead_process(job: Job) -> None:
    """Let the job belong to a process that has just ended."""
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "from taizhang.jobs.alive import fresh_claim; print(fresh_claim())",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    Job.objects.filter(pk=job.pk).update(worker=ended.stdout.strip())


def silent(job: Job, seconds: float) -> None:
    """Nothing was heard of the job for so long."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=Now() - timedelta(seconds=seconds))


def test_a_living_worker_keeps_its_job(running: Job) -> None:
    assert claims.take_back_lost() == 0
    running.refresh_from_db()
    assert running.state == State.RUNNING


def test_a_dead_worker_s_job_waits_again_at_once(running: Job) -> None:
    of_a_dead_process(running)
    assert claims.take_back_lost() == 1
    running.refresh_from_db()
    assert (running.state, running.attempts, running.worker) == (State.WAITING, 1, "")
    assert worker.run_waiting() == 1
    running.refresh_from_db()
    assert (running.state, running.attempts) == (State.DONE, 2)


def test_a_silent_worker_s_job_waits_again_wherever_it_was(running: Job, settings: Any) -> None:
    Job.objects.filter(pk=running.pk).update(worker="another-machine:7:1-abc")
    silent(running, settings.JOB_STALE_SECONDS - 5)
    assert claims.take_back_lost() == 0
    silent(running, settings.JOB_STALE_SECONDS + 5)
    assert claims.take_back_lost() == 1


def test_after_three_losses_it_fails_with_a_sentence(asked: Asked) -> None:
    job = asked(lambda run, payload: None)
    for number in range(1, 4):
        assert claims.claim() is not None
        of_a_dead_process(job)
        assert claims.take_back_lost() == 1
        job.refresh_from_db()
        assert job.state == (State.WAITING if number < 3 else State.FAILED)
    (finding,) = job.told
    assert (finding.code, finding.params) == ("jobs.worker-lost", {"times": 3})
    queue.retry(job)
    assert worker.run_waiting() == 1


def test_a_lost_job_that_was_to_be_cancelled_is_cancelled(running: Job) -> None:
    of_a_dead_process(running)
    queue.cancel(running)
    assert running.state == State.CANCELLED, "no worker is needed for that"


def test_a_wish_that_a_dead_worker_never_saw_is_kept(running: Job) -> None:
    queue.cancel(running)
    assert running.state == State.RUNNING
    of_a_dead_process(running)
    assert claims.take_back_lost() == 1
    running.refresh_from_db()
    assert running.state == State.CANCELLED


def test_what_a_lost_attempt_left_is_removed(running: Job, settings: Any) -> None:
    of_a_dead_process(running)
    running.refresh_from_db()
    settings.JOBS_ROOT.mkdir(parents=True)
    (settings.JOBS_ROOT / f"{pulse.stem(running)}.out.zip").write_bytes(b"half")
    (settings.JOBS_ROOT / f"{running.pk}-other.out.zip").write_bytes(b"of the next attempt")
    claims.take_back_lost()
    assert [path.name for path in settings.JOBS_ROOT.iterdir()] == [f"{running.pk}-other.out.zip"]


def test_a_process_that_got_the_number_of_a_dead_one_does_not_count_for_it() -> None:
    mine = alive.fresh_claim()
    assert not alive.is_gone(mine)
    where, number, token = mine.rsplit(":", 2)
    started, _dash, rest = token.partition("-")
    assert alive.is_gone(f"{where}:{number}:{int(started) - 1}-{rest}")
    assert not alive.is_gone(f"elsewhere:{number}:1-{rest}"), "who can tell from here?"
    assert not alive.is_gone(f"{where}:1:{_start_of(1)}-{rest}"), "not ours, but there"


def _start_of(number: int) -> int:
    with open(f"/proc/{number}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[19])


def test_a_dead_process_that_nobody_buried_is_dead() -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from taizhang.jobs.alive import fresh_claim; print(fresh_claim(), flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    claim = child.stdout.readline().strip()
    assert not alive.is_gone(claim)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, but still to be waited for
    assert alive.is_gone(claim)
    child.communicate()
    assert alive.is_gone(claim)


def test_the_cast_s_other_jobs_are_left_alone(running: Job, asked: Asked, cast: Cast) -> None:
    other = asked(lambda run, payload: None)
    of_a_dead_process(running)
    assert claims.take_back_lost() == 1
    other.refresh_from_db()
    assert (other.state, other.attempts) == (State.WAITING, 0)

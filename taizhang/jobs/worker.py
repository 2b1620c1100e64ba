"""The process that does the work: one job at a time, for as long as there is any."""

from __future__ import annotations

import ctypes
import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import translation

from taizhang.engines.findings import Finding, Refused

from . import claims, faults, pulse, sweep, tasks
from .models import Job, State
from .run import Cancelled, Lost, Outcome, Run, Stop, Stopping

PAUSE = 0.5
"""Seconds between two looks at an empty queue."""
ROUNDS = 2.0
"""Seconds between two looks for jobs whose worker was lost."""
SWEEP = 3600.0
PR_SET_PDEATHSIG = 1

log = logging.getLogger(__name__)


def run_waiting() -> int:
    """Do everything that waits, here and now, and return how many jobs that were: for tests."""
    count = 0
    while job := claims.claim():
        carry_out(job)
        count += 1
    return count


def work(*, once: bool = False, parent: int = 0) -> int:
    """Work until told to end (SIGTERM, Ctrl-C); with ``once`` until nothing waits.

    With ``parent`` the worker also ends when that process does, however it came to its end.
    """
    stopping = Stop()
    _listen(stopping, parent)
    Job.objects.exists()  # a ledger without tables, or none at all, is said at once
    looked = swept = float("-inf")
    held: Job | None = None
    while not stopping.is_set():
        try:
            if held:  # its end could not be written
                claims.let_go(held)
                held = None
            if time.monotonic() - looked > ROUNDS:
                claims.take_back_lost()
                looked = time.monotonic()
            if held := claims.claim():
                attempt(held, stopping)
                held = None
                continue
            if any(beside(step) for step in tasks.idle):
                continue
            if once:
                break
            if time.monotonic() - swept > SWEEP:
                swept = time.monotonic()
                beside(sweep.sweep)
            stopping.wait(PAUSE)
        except DatabaseError as error:
            # Busy, restarted or gone for a while: the jobs are in there, so there is nothing else
            # to do than to come back.
            log.warning("The worker cannot use the database: %s", error)
            connection.close()
            stopping.wait(ROUNDS)
    return 0


def beside(step: Callable[[], object]) -> bool:
    """Do a piece of work that nobody waits for; what is wrong with it must not end the worker."""
    try:
        return bool(step())
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s failed", getattr(step, "__qualname__", step))
        return False


def attempt(job: Job, stopping: Stop | None = None) -> None:
    """Do a claimed job in this process and show how far it is."""
    beat = pulse.of(job)
    with beat.beating():
        carry_out(job, beat, stopping)
    connection.close()


def carry_out(job: Job, beat: pulse.Beat | None = None, stopping: Stop | None = None) -> None:
    """Do a claimed job; whatever happens, its row says so afterwards."""
    run = Run(job, beat=beat, stopping=stopping)
    try:
        with translation.override(job.language):
            outcome = _do(run)
        if not run.finished:
            run.finish(outcome)
        pulse.forget(job)
    except Cancelled:
        claims.end(job, State.CANCELLED)
    except Stopping:
        claims.give_back(job, uncounted=True)
    except Lost:
        log.warning("Job %s was taken up by another worker; nothing was written here.", job.pk)
    except Exception as error:
        if run.finished:
            log.exception("Job %s is done, but something failed after it.", job.pk)
        else:
            _failed(job, error)
    finally:
        run.drop_output()


def _do(run: Run) -> Outcome:
    task = tasks.find(run.job.kind)
    if task is None:
        raise Refused.because("jobs.unknown-kind", kind=run.job.kind)
    if run.actor is None or not run.actor.is_active:
        raise Refused.because("jobs.actor-gone")
    run.check()
    return task(run, run.job.payload) or Outcome()


def _failed(job: Job, error: Exception) -> None:
    if isinstance(error, Refused):
        claims.end(job, State.FAILED, error.findings)
        return
    if faults.is_busy(error) and job.attempts < claims.ATTEMPTS:
        claims.give_back(job)
        return
    log.error("Job %s (%s) failed", job.pk, job.kind, exc_info=error)
    if faults.is_disk_full(error):
        finding = Finding("document.disk-full", params={"path": "", "reason": str(error)})
    elif faults.is_busy(error):
        finding = Finding("jobs.database-busy")
    elif isinstance(error, MemoryError):
        finding = Finding("jobs.no-memory")
    else:
        finding = Finding("jobs.fault", params={"number": job.pk})
    claims.end(job, State.FAILED, [finding])


def _listen(stopping: Stop, parent: int) -> None:
    """Hear when to end: SIGTERM always, Ctrl-C only without a parent that passes it on."""

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN if parent else stop)
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        stopping.set()
        time.sleep(settings.JOB_GRACE_SECONDS)
        # Nobody is left to kill a worker that hangs. Its job is taken up again by the next one.
        log.error("The worker did not end with its server; it stood here:")
        faulthandler.dump_traceback()
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()

"""Who has a job: taking it, giving it back, ending it, and taking it from the dead.

Every change of hands is one conditional UPDATE that names the claim it ends. So of two workers only
one gets a job, and a worker that lost its job changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from taizhang.engines.findings import Finding

from . import alive, pulse, told
from .models import Job, State

ATTEMPTS = 3
"""How often a job is begun before it counts as one that kills its workers."""


def claim() -> Job | None:
    """Take the job that has waited longest; None when none waits."""
    waiting = Job.objects.filter(state=State.WAITING).order_by("id")
    if not waiting.exists():  # asked first without a transaction: on SQLite one takes the lock
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        found = waiting.values_list("pk", flat=True).first()
        taken = alive.fresh_claim()
        if found is None or not Job.objects.filter(pk=found, state=State.WAITING).update(
            state=State.RUNNING,
            worker=taken,
            attempts=F("attempts") + 1,
            started_at=Now(),
            heartbeat_at=Now(),
            total=0,
            done_count=0,
        ):
            return None
    return Job.objects.select_related("actor").get(pk=found, worker=taken)


def end(job: Job, state: State, findings: Iterable[Finding] = ()) -> bool:
    """Write the end of a job that did not come to its own; false when it is no longer ours."""
    ended = _change(job, state=state, finished_at=timezone.now(), findings=told.pack(findings))
    if ended:
        pulse.forget(job)
    return ended


def give_back(job: Job, *, uncounted: bool = False) -> bool:
    """Let a job of ours wait again; ``uncounted`` when the attempt was no fault of the job."""
    attempts = F("attempts") - (1 if uncounted else 0)
    return _change(
        job,
        state=State.WAITING,
        worker="",
        attempts=attempts,
        started_at=None,
        heartbeat_at=None,
    )


def is_lost(job: Job, seen: pulse.Pulse) -> bool:
    """Whether a running job's worker has died or has been silent for too long."""
    if job.state != State.RUNNING:
        return False
    return seen.silence > settings.JOB_STALE_SECONDS or alive.is_gone(job.worker)


def take_back_lost() -> int:
    """Let the jobs of lost workers wait again, or end them after the last attempt; how many."""
    running = list(Job.objects.filter(state=State.RUNNING))
    seen = pulse.read(running)
    return sum(_take_back(job, seen[job.pk]) for job in running)


def take_back_if_lost(number: int) -> bool:
    """The same for one job."""
    job = Job.objects.get(pk=number)
    return not job.is_over and _take_back(job, pulse.read([job])[number])


def let_go(job: Job, *, cancelled: bool = False) -> bool:
    """Part with a job whose attempt came to nothing: it waits again, or that was its last one."""
    pulse.drop_attempt(job)
    if cancelled:
        return end(job, State.CANCELLED)
    if job.attempts >= ATTEMPTS:
        return end(job, State.FAILED, [Finding("jobs.worker-lost", params={"times": ATTEMPTS})])
    return give_back(job)


def _take_back(job: Job, seen: pulse.Pulse) -> bool:
    return is_lost(job, seen) and let_go(job, cancelled=seen.cancel_asked)


def _change(job: Job, **values: Any) -> bool:
    """Change the row if it still is the claim we know."""
    held = {"pk": job.pk, "state": State.RUNNING, "worker": job.worker}
    return bool(Job.objects.filter(**held).update(**values))

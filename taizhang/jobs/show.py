"""A job as people read it: how far it is, what hinders it, and what they can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.engines.findings import Finding
from taizhang.wording import say

from . import alive, claims, pulse
from .models import Job, State

NOTICED = 5.0
"""Seconds in which a worker that has nothing to do takes up a waiting job, and then some."""
_LIGHTS = {
    State.WAITING: "idle",
    State.RUNNING: "ok",
    State.DONE: "done",
    State.FAILED: "late",
    State.CANCELLED: "idle",
}


@dataclass(frozen=True)
class Shown:
    """What the pages say about a job."""

    job: Job
    total: int
    done: int
    silence: int
    is_lost: bool
    cancel_asked: bool
    before: int = 0
    idle: bool = False

    @property
    def light(self) -> str:
        """The mark of its state."""
        return "soon" if self.is_lost else _LIGHTS[State(self.job.state)]

    @property
    def state(self) -> str:
        """Its state in a word; a job whose worker is lost does not run, whatever its row says."""
        if self.is_lost:
            return _("Interrupted")
        if self.cancel_asked and not self.job.is_over:
            return _("Being cancelled")
        return self.job.get_state_display()

    @property
    def percent(self) -> int:
        """How much is done, in whole per cent; 100 only at the very end."""
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def seconds_left(self) -> int:
        """About how long it will still take; 0 when that cannot be told yet."""
        if self.job.started_at is None or not self.total or self.percent < 5:
            return 0
        gone = (timezone.now() - self.job.started_at).total_seconds()
        left = gone * (self.total - self.done) / self.done
        return max(1, round(left)) if left < 60 else round(left / 10) * 10

    @property
    def minutes_left(self) -> int:
        """The same in minutes, when it is more than one and a half."""
        return round(self.seconds_left / 60) if self.seconds_left > 90 else 0

    @property
    def may_cancel(self) -> bool:
        """Whether there is still something to stop."""
        return not self.job.is_over and not self.cancel_asked

    @property
    def may_retry(self) -> bool:
        """Whether it can be done once more."""
        return self.job.state in (State.FAILED, State.CANCELLED)

    @property
    def sentences(self) -> list[tuple[Finding, str]]:
        """What there is to say about its end, in the reader's language."""
        language = get_language() or "zh"
        return [(finding, say(finding, language)) for finding in self.job.told]


def one(job: Job) -> Shown:
    """A job with what surrounds it: who is before it, and whether anybody works at all."""
    waiting = job.state == State.WAITING
    others = [row for row in _open_jobs() if row.pk != job.pk] if waiting else []
    running = [row for row in others if row.state == State.RUNNING]
    seen = pulse.read([job, *running])
    busy = any(not claims.is_lost(row, seen[row.pk]) for row in running)
    waited = (timezone.now() - job.created_at).total_seconds()
    before = sum(row.state == State.RUNNING or row.pk < job.pk for row in others)
    idle = waiting and not busy and waited > NOTICED
    return _shown(job, seen.get(job.pk), before=before, idle=idle)


def many(jobs: Sequence[Job]) -> list[Shown]:
    """Jobs for a list."""
    seen = pulse.read(jobs)
    return [_shown(job, seen.get(job.pk)) for job in jobs]


def _open_jobs() -> list[Job]:
    """Jobs that run or wait, without what they carry."""
    found = Job.objects.filter(state__in=[State.WAITING, State.RUNNING])
    return list(found.defer("payload", "result", "findings")[:200])


def _shown(job: Job, seen: pulse.Pulse | None, *, before: int = 0, idle: bool = False) -> Shown:
    if seen is None:
        return Shown(job, job.total, job.done_count, 0, False, job.cancel_asked)
    lost = claims.is_lost(job, seen)
    silence = int(seen.silence) if lost and not alive.is_gone(job.worker) else 0
    return Shown(job, seen.total, seen.done, silence, lost, seen.cancel_asked, before, idle)

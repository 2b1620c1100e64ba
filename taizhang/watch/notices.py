"""What somebody should look at: what is missing, doubtful or late, each with the way to cure it.

Counting stops at ``tallies.ENOUGH``: beyond that the exact number helps nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from taizhang.desk import drafts, tallies
from taizhang.engines.findings import Finding
from taizhang.engines.periods import Period
from taizhang.engines.queries import Query, parse
from taizhang.exchange.models import ImportPlan
from taizhang.jobs.models import Job
from taizhang.jobs.models import State as JobState
from taizhang.ledger import access, catalogue, doubts, query, standing
from taizhang.ledger.access import Verb
from taizhang.ledger.models import State
from taizhang.ledger.register import Register

MISSING, DOUBTFUL, LATE = "missing", "doubtful", "late"
KINDS = (MISSING, DOUBTFUL, LATE)
AT_MOST = 50
"""So many records of a watched register are looked at, the first of its list."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to look at: its kind, how many it concerns, and where it is cured."""

    kind: str
    finding: Finding
    count: int
    url: str
    about: str = ""
    """The record that it concerns, where it is a single one."""

    @property
    def shown(self) -> str:
        """The count as people read it."""
        return f"{tallies.ENOUGH}+" if self.count > tallies.ENOUGH else str(self.count)


def notices(user: Any, period: Period) -> list[Notice]:
    """Everything this user should look at, by kind, the most of each kind first.

    What is missing is asked of the period that the user works in; what is late, of all times.
    """
    found = [notice for watch in WATCHES for notice in watch(user, period)]
    return sorted(found, key=lambda notice: (KINDS.index(notice.kind), -notice.count))


def late(user: Any, period: Period) -> Iterator[Notice]:
    """Records that wait too long: for their verification, for their author, for their end."""
    known = access.of(user)
    before = timezone.localdate() - timedelta(days=settings.LATE_DAYS)
    # What was last touched on the day itself has waited exactly so long: that is not yet late.
    moment = timezone.make_aware(datetime.combine(before, time.min))
    for register in catalogue.registers():
        if register.parent:
            continue
        old = Q(changed_at__lt=moment)
        states = (State.SUBMITTED, State.RETURNED, State.DRAFT)
        rows = access.visible(user, register).filter(old, state__in=states)
        each = {str(state): Count("pk", filter=Q(state=state)) for state in states}
        counted = standing.sums(rows, **each)
        if not known.may(Verb.VERIFY, register):
            counted["submitted"] = 0
        if not known.may(Verb.EDIT, register):
            counted["returned"] = counted["draft"] = 0
        last = (before - timedelta(days=1)).isoformat()
        for state, count in counted.items():
            if count:
                yield Notice(
                    LATE,
                    _LATE[state](register),
                    count,
                    f"/{register.path}/?changed_at=..{last}&state={state}",
                )


_LATE: dict[str, Callable[[Register], Finding]] = {
    "submitted": lambda register: Finding(
        "watch.late-to-verify", "must", "", _words(register, days=settings.LATE_DAYS)
    ),
    "returned": lambda register: Finding(
        "watch.returned-long-ago", "must", "", _words(register, days=settings.LATE_DAYS)
    ),
    "draft": lambda register: Finding(
        "watch.draft-long-ago", "hint", "", _words(register, days=settings.LATE_DAYS)
    ),
}


def _words(register: Register, **params: Any) -> dict[str, Any]:
    return {"register": register.label_plural, **params}


def unproved(user: Any, period: Period) -> Iterator[Notice]:
    """Records that lack proof they should have."""
    for register in catalogue.registers():
        if not register.proved or not access.of(user).may(Verb.ATTACH, register):
            continue
        asked = parse(f"lacks=anything&state!=void{_within(register, period)}")
        lacking = Finding("watch.lacks-proof", "must", "", _words(register))
        yield from _listed(MISSING, lacking, register, asked, user)


def unconfirmed(user: Any, period: Period) -> Iterator[Notice]:
    """Unusual values that nobody said are right; whoever verified a record has looked at them."""
    waiting = f"state={State.DRAFT}&state={State.SUBMITTED}&state={State.RETURNED}"
    for register in catalogue.registers():
        if not register.doubts or not access.of(user).may(Verb.EDIT, register):
            continue
        asked = parse(f"doubt={doubts.OPEN}&{waiting}{_within(register, period)}")
        open_ = Finding("watch.unconfirmed", "must", "", _words(register))
        yield from _listed(DOUBTFUL, open_, register, asked, user)


def _listed(
    kind: str, finding: Finding, register: Register, asked: Query, user: Any
) -> Iterator[Notice]:
    """A notice of the rows that a query finds, if there are any, leading to their list."""
    rows = query.rows(register, asked, user)
    answered = access.remembered("answered", doubts.answered)
    count = standing.count(rows, tallies.ENOUGH, also=answered)
    if count:
        yield Notice(kind, finding, count, f"/{register.path}/?{asked.canonical()}")


def unsaved(user: Any, period: Period) -> Iterator[Notice]:
    """What the user typed into forms and did not save."""
    for offer in drafts.unfinished(user, 5):
        params = {"register": offer.register, "about": offer.about}
        yield Notice(LATE, Finding("watch.unsaved", "must", "", params), 1, offer.url)


def noticed(user: Any, period: Period) -> Iterator[Notice]:
    """What is to be looked at on the records of registers that are watched."""
    for register in catalogue.registers():
        if not register.watched or not access.of(user).may(Verb.EDIT, register):
            continue
        asked = parse(f"{register.watched}&state!={State.VOID}")
        rows = list(query.rows(register, asked, user)[:AT_MOST])
        told = register.notices_of(rows)
        for record in rows:
            for finding in told[record.pk]:
                url = f"/{register.path}/{record.pk}/"
                count = int(str(finding.params.get("count", 1)))
                yield Notice(MISSING, finding, count, url, register.title_of(record))


def _within(register: Register, period: Period) -> str:
    return f"&{register.dated}={period.first}..{period.last}" if register.dated else ""


def waiting_plans(user: Any, period: Period) -> Iterator[Notice]:
    """Uploads that were looked at and neither written nor dropped."""
    plans = ImportPlan.objects.filter(actor=user, batch=None)
    # What programs sent is theirs to confirm, and has no page.
    for plan in plans.exclude(stored__endswith=".json").order_by("-pk")[:5]:
        register = catalogue.find(plan.register)
        path = f"/{register.path}" if register else ""
        yield Notice(
            LATE,
            Finding("watch.plan-waits", "must", "", {"name": plan.name}),
            1,
            f"{path}/import/{plan.pk}/",
        )


def failed_jobs(user: Any, period: Period) -> Iterator[Notice]:
    """Work that did not come to its end, of the last days."""
    recent = timezone.now() - timedelta(days=settings.LATE_DAYS)
    failed = Job.objects.filter(actor=user, state=JobState.FAILED, created_at__gte=recent)
    for job in failed.order_by("-pk")[:5]:
        yield Notice(
            DOUBTFUL,
            Finding("watch.job-failed", "must", "", {"title": job.title}),
            1,
            f"/jobs/{job.pk}/",
        )


Watch = Callable[[Any, Period], Iterator[Notice]]
WATCHES: tuple[Watch, ...] = (
    late,
    unproved,
    unconfirmed,
    noticed,
    unsaved,
    waiting_plans,
    failed_jobs,
)

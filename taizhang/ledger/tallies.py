"""How many records wait for what, register by register: for the workbench and the index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from taizhang.engines.periods import Period
from taizhang.engines.queries import parse

from . import access, catalogue, query
from .models import State
from .register import Register

ENOUGH = 999
"""Looking for what is not there takes long; beyond this many the exact number helps nobody."""
UNPROVED = "proof=4&state!=void"
KINDS = {
    "submitted": "state=submitted",
    "returned": "state=returned",
    "drafts": "state=draft",
    "unproved": UNPROVED,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one register; ``in_period`` is None for registers without a date.

    ``count`` is worked out only where a period is asked for.
    """

    register: Register
    submitted: int
    returned: int
    drafts: int
    unproved: int
    oldest: datetime | None
    in_period: int | None = None
    count: int = 0

    @property
    def waiting(self) -> list[tuple[str, str, str]]:
        """What is not nought: kind, count and the address of the list that shows exactly these."""
        return [
            (kind, shown([self], kind), f"/{self.register.path}/?{text}")
            for kind, text in KINDS.items()
            if getattr(self, kind)
        ]


def tallies(user: Any, period: Period | None = None) -> list[Tally]:
    """The counts of every register as far as this user sees it: up to three queries a register."""
    found = []
    for register in catalogue.registers():
        rows = access.visible(user, register).order_by()
        rows = rows.select_related(None).prefetch_related(None)
        wanted: dict[str, Any] = {
            "submitted": Count("pk", filter=Q(state=State.SUBMITTED)),
            "returned": Count("pk", filter=Q(state=State.RETURNED)),
            "drafts": Count("pk", filter=Q(state=State.DRAFT)),
        }
        counting = rows
        if period is None:  # only what waits is asked for, which an index finds
            counting = rows.filter(state__in=(State.SUBMITTED, State.RETURNED, State.DRAFT))
        else:
            wanted["count"] = Count("pk")
        if period is not None and register.dated:
            path = register.dated_lookup
            wanted["in_period"] = Count(
                "pk", filter=Q(**{f"{path}__gte": period.first, f"{path}__lte": period.last})
            )
        unproved = 0
        if register.proved:
            missing = rows.filter(query.condition(register, parse(UNPROVED)))
            unproved = missing.values("pk")[: ENOUGH + 1].count()
        counted = counting.aggregate(**wanted)
        oldest = None
        if counted["submitted"]:
            waiting = rows.filter(state=State.SUBMITTED)
            oldest = waiting.aggregate(oldest=Min("changed_at"))["oldest"]
        found.append(Tally(register=register, unproved=unproved, oldest=oldest, **counted))
    return found


def shown(found: list[Tally], kind: str) -> str:
    """The sum of one kind over registers; ``999+`` where counting stopped."""
    numbers = [getattr(tally, kind) for tally in found]
    if kind == "unproved" and any(number > ENOUGH for number in numbers):
        return f"{ENOUGH}+"
    return str(sum(numbers))

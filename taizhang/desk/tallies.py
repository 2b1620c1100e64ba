"""How many records wait for what, register by register: for the workbench and the index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from taizhang.engines.periods import Period
from taizhang.engines.queries import parse
from taizhang.ledger import access, catalogue, paging, query, standing
from taizhang.ledger.models import State
from taizhang.ledger.register import Register

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

    Counting stops early: at ``ENOUGH`` + 1 for what is unproved, else at ``paging.ENOUGH`` + 1.
    ``count`` and ``in_period`` are worked out only where a period is asked for, ``oldest`` only
    where none is.
    """

    register: Register
    submitted: int
    returned: int
    drafts: int
    unproved: int
    oldest: datetime | None = None
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

    @property
    def shown_count(self) -> str:
        """All rows, as people read it."""
        return paging.shown_count(self.count, paging.ENOUGH)

    @property
    def shown_in_period(self) -> str:
        """The rows of the period, as people read it."""
        return paging.shown_count(self.in_period or 0, paging.ENOUGH)


def tallies(user: Any, period: Period | None = None) -> list[Tally]:
    """The counts of every register as far as this user sees it: up to three queries a register."""
    found = []
    for register in catalogue.registers():
        rows = query.bare(access.visible(user, register))
        waiting = (State.SUBMITTED, State.RETURNED, State.DRAFT)
        counted = [rows.filter(state=state) for state in waiting]
        dated = period is not None and register.dated
        if period is not None:
            counted.append(rows)
            if dated:
                path = register.dated_lookup
                days = {f"{path}__gte": period.first, f"{path}__lte": period.last}
                counted.append(rows.filter(**days))
        counts = paging.count_each(counted, paging.ENOUGH)
        unproved = 0
        if register.proved:
            missing = rows.filter(query.condition(register, parse(UNPROVED)))
            (unproved,) = paging.count_each([missing], ENOUGH)
        oldest = None
        if period is None and counts[0]:
            waits = rows.filter(state=State.SUBMITTED)
            oldest = standing.sums(waits, oldest=Min("changed_at"))["oldest"]
        submitted, returned, drafts, *others = counts
        found.append(
            Tally(
                register,
                submitted,
                returned,
                drafts,
                unproved,
                oldest,
                in_period=others[1] if dated else None,
                count=others[0] if others else 0,
            )
        )
    return found


def shown(found: list[Tally], kind: str) -> str:
    """The sum of one kind over registers; ``999+`` where counting stopped."""
    numbers = [getattr(tally, kind) for tally in found]
    enough = ENOUGH if kind == "unproved" else paging.ENOUGH
    if any(number > enough for number in numbers):
        return f"{enough}+"
    return str(sum(numbers))

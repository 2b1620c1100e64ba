"""Which closes stand: over a unit and a period, and over records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, QuerySet

from taizhang.engines.periods import Period
from taizhang.ledger import access
from taizhang.ledger.models import Entry, Record
from taizhang.ledger.register import Register
from taizhang.org.models import Path, Unit

from .models import Close

WRITTEN = ("add", "change", "correct", "restore", "undo")
"""What in the history says that a record's content, or that it counts at all, became another.

Not evidence, verification and making void: these say nothing about whether the unit reported in
time; what they change in a figure, its drift tells.
"""

Span = tuple[date, date, datetime]
"""First day, last day, and when it was closed."""


def standing() -> QuerySet[Close]:
    """The closes that nobody took back."""
    return Close.objects.filter(reopened_at__isnull=True).select_related("unit", "closed_by")


def spans() -> list[Span]:
    """The days that some unit has closed, each span with the first moment it was."""
    found = Close.objects.filter(reopened_at__isnull=True).order_by()
    return list(found.values_list("first", "last").annotate(Min("closed_at")))


def covering(unit: Unit, period: Period) -> Close | None:
    """The close with which a period came to be closed for a unit; None when it is open.

    A unit above counts, and so do parts: three closed months are a closed quarter, since the last of
    them. Two queries.
    """
    above = Path.objects.filter(
        descendant=unit, first__lte=period.last, last__gte=period.first
    ).values_list("ancestor_id", "first", "last")
    spans = list(above)
    found = list(
        standing()
        .filter(unit__in={ancestor for ancestor, _first, _last in spans})
        .filter(first__lte=period.last, last__gte=period.first)
    )
    last: Close | None = None
    for month in _months(period):
        held = [
            one
            for one in found
            if one.first <= month.first
            and month.last <= one.last
            and _stood(spans, one.unit_id, month)
        ]
        if not held:
            return None
        earliest = min(held, key=_moment)
        last = earliest if last is None else max(last, earliest, key=_moment)
    return last


def _stood(spans: list[tuple[int, date, date]], unit: int, month: Period) -> bool:
    """Whether the unit stood above at the end of the month; what joins then is counted there."""
    return any(u == unit and first <= month.last <= last for u, first, last in spans)


def _months(period: Period) -> list[Period]:
    first, last = period.first, period.last
    return [
        Period.parse(f"{first.year:04}-{month:02}") for month in range(first.month, last.month + 1)
    ]


def _moment(close: Close) -> tuple[Any, int]:
    return close.closed_at, close.pk


def over(register: Register, records: Iterable[Record]) -> dict[int, Close]:
    """Which close covers a record: by its own day and where its unit stood on that day.

    The first of several, since a record that came after it came late. Two queries at most, and on
    a page that shows nothing of a closed time one for all that is asked of it.
    """
    places = {}
    for record in records:
        day, unit = _day(register, record), register.unit_id(record)
        if day is not None and unit is not None:
            places[record.pk] = (unit, day)
    if not places:
        return {}
    days = [day for _unit, day in places.values()]
    low, high = min(days), max(days)
    if not _may_be_closed(low, high):
        return {}
    by_unit: dict[int, list[Close]] = defaultdict(list)
    for one in standing().filter(first__lte=high, last__gte=low):
        by_unit[one.unit_id].append(one)
    if not by_unit:
        return {}
    above: dict[int, list[tuple[int, date, date]]] = defaultdict(list)
    paths = Path.objects.filter(
        ancestor_id__in=by_unit,
        descendant_id__in={unit for unit, _day in places.values()},
        first__lte=high,
        last__gte=low,
    )
    for ancestor, unit, first, last in paths.values_list(
        "ancestor_id", "descendant_id", "first", "last"
    ):
        above[unit].append((ancestor, first, last))
    found = {}
    for key, (unit, day) in places.items():
        held = [
            one
            for ancestor, first, last in above[unit]
            if first <= day <= last
            for one in by_unit[ancestor]
            if one.first <= day <= one.last
        ]
        if held:
            found[key] = min(held, key=_moment)
    return found


def _may_be_closed(low: date, high: date) -> bool:
    """Whether any unit has closed any of these days; looked up first where one page asks often."""
    if not access.is_remembering():
        return True
    closed = access.remembered("closed spans", spans)
    return any(first <= high and last >= low for first, last, _moment in closed)


def late(register: Register, records: Sequence[Record]) -> dict[int, Close]:
    """The records first written, or corrected, after the close that covers them; three queries.

    Only closes that stand count: who opens a period again takes what came meanwhile as in time.
    """
    covered = over(register, records)
    if not covered:
        return {}
    earliest = min(one.closed_at for one in covered.values())
    written = dict(
        Entry.objects.filter(
            register=register.name, record_id__in=covered, verb__in=WRITTEN, at__gt=earliest
        )
        .order_by()
        .values_list("record_id")
        .annotate(Max("at"))
    )
    created = {record.pk: record.created_at for record in records}
    return {
        key: one
        for key, one in covered.items()
        if max(created[key], written.get(key, created[key])) > one.closed_at
    }


def _day(register: Register, record: Record) -> date | None:
    value: Any = record
    for step in register.dated.split(".") if register.dated else ("",):
        value = getattr(value, step) if step else None
        if value is None:
            return None
    return value if isinstance(value, date) else None

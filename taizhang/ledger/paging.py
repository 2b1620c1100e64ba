"""How many rows a list has and which of them stand on the page, however many there are.

Counting stops early: beyond ``ENOUGH`` rows a list says ``10000+``, and whoever needs the exact
number asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from taizhang.engines.queries import Condition, Empty, Query

from . import kinds, query
from .models import State
from .register import Register
from .relations import ReferenceField, TermField

PER_PAGE, MOST_PER_PAGE = 25, 200
ENOUGH = 10_000
"""Beyond this many rows the exact number is worked out only for whoever asks."""
NEAR = 5_000
"""So many rows of a register are looked at for the first pages of a long list."""
FURTHEST = 100_000
"""A database walks to a page row by row; further down than this, narrowing the list is quicker."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands above a list. With ``more`` there are more rows than ``count``, and neither
    ``verified`` nor ``totals`` is known."""

    count: int
    more: bool = False
    verified: int = 0
    totals: list[Total] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.count}+" if self.more else str(self.count)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one field over a list, and the query of the rows that add to it."""

    label: str
    text: str
    query: str


def summary(
    register: Register,
    asked: Query,
    rows: QuerySet[Any],
    *,
    some: QuerySet[Any] | None = None,
    exact: bool = False,
) -> Summary:
    """Count, verified count and totals in one query; ``exact`` however long it takes.

    ``some`` of the rows are quicker to count: where they alone are enough, no others are.
    """
    if some is not None and not exact and count_each([some], ENOUGH)[0] > ENOUGH:
        return Summary(ENOUGH, more=True)
    wanted: dict[str, Any] = {
        "count": Count("pk"),
        "verified": Count("pk", filter=Q(state=State.VERIFIED)),
    }
    wanted |= {f"total_{name}": Sum(name) for name in register.totals}
    bare = query.bare(rows)
    if not exact:
        bare = bare.values("pk", "state", *register.totals)[: ENOUGH + 1]
    found = bare.aggregate(**wanted)
    if not exact and found["count"] > ENOUGH:
        return Summary(ENOUGH, more=True)
    totals = []
    for name in register.totals:
        known = register.fields[name]
        text = known.show(found[f"total_{name}"] or 0)
        totals.append(Total(known.label, text, _with_value(asked, name)))
    return Summary(found["count"], False, found["verified"], totals)


def _with_value(asked: Query, name: str) -> str:
    """The rows of a query that have a value there; rows asked for by value have one anyway."""
    if name in asked.paths():
        return asked.canonical()
    conditions = (*asked.conditions, Condition(name, True, (Empty(),)))
    return replace(asked, conditions=conditions, page=1).canonical()


def count_each(found: Sequence[QuerySet[Any]], enough: int) -> list[int]:
    """The count of each set of rows, none further than ``enough`` + 1, in one query."""
    counts = [0] * len(found)
    parts: list[str] = []
    values: list[Any] = []
    places: list[int] = []
    for place, rows in enumerate(found):
        try:
            sql, given = query.bare(rows).values("pk")[: enough + 1].query.sql_with_params()
        except EmptyResultSet:  # nothing can match, and the database need not be asked
            continue
        # Only text that Django made of a queryset; every value is a parameter.
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608
        values += given
        places.append(place)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts), values)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                counts[place] = count
    return counts


def shown_count(count: int, enough: int) -> str:
    """A count as people read it: ``999+`` where counting stopped."""
    return f"{enough}+" if count > enough else str(count)


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page; ``first`` and ``last`` count from one, ``last_page`` may be unknown."""

    records: list[Any]
    number: int
    first: int
    last: int
    has_next: bool
    last_page: int | None
    too_far: bool = False

    @property
    def numbers(self) -> list[int | None]:
        """The numbers of the pages to offer; None is a gap."""
        end = self.last_page or self.number + (1 if self.has_next else 0)
        near = range(max(self.number - 2, 1), min(self.number + 2, end) + 1)
        wanted = sorted({1, *near, *([self.last_page] if self.last_page else [])})
        found: list[int | None] = []
        for number in wanted:
            if found and number - (found[-1] or 0) == 2:
                found.append(number - 1)
            elif found and number - (found[-1] or 0) > 2:
                found.append(None)
            found.append(number)
        return found


def page(
    register: Register,
    ordered: QuerySet[Any],
    asked: Query,
    known: Summary,
    columns: Sequence[str],
) -> Page:
    """The page that was asked for; the last one when there are not so many."""
    per = min(asked.per or PER_PAGE, MOST_PER_PAGE)
    last_page = None if known.more else max(-(-known.count // per), 1)
    number = max(asked.page, 1)
    if last_page is not None:
        number = min(number, last_page)
    furthest = FURTHEST // per
    too_far = number >= furthest and (last_page is None or last_page > furthest)
    number = min(number, furthest)
    start = (number - 1) * per
    keys = _near(register, ordered, asked, known, start + per + 1)[start:]
    if len(keys) <= per:
        keys = query.numbers(ordered[start : start + per + 1])
    records = whole(register, keys[:per], columns)
    return Page(
        records,
        number,
        start + 1 if records else 0,
        start + len(records),
        len(keys) > per and not too_far,
        last_page,
        too_far,
    )


def first(
    register: Register,
    ordered: QuerySet[Any],
    asked: Query,
    columns: Sequence[str],
    most: int,
    *,
    of: int,
) -> list[Any]:
    """The first rows of a list that has about so many ``of`` them, whole; at most ``most``."""
    keys = _near(register, ordered, asked, Summary(of, more=of > ENOUGH), most)
    if len(keys) < most:
        keys = query.numbers(ordered[:most])
    return whole(register, keys, columns)


def whole(register: Register, keys: Sequence[int], columns: Sequence[str]) -> list[Any]:
    """These rows, in this order, with everything the columns show of them."""
    if not keys:
        return []
    rows = register.queryset()
    if needs := _needs(register, columns):  # without names Django would join whatever it likes
        rows = rows.select_related(*needs)
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def in_parts(
    register: Register, ordered: QuerySet[Any], columns: Sequence[str], limit: int, size: int = 500
) -> Iterator[list[Any]]:
    """At most ``limit`` rows of a list, whole, some at a time."""
    keys = query.numbers(ordered[:limit])
    for start in range(0, len(keys), size):
        yield whole(register, keys[start : start + size], columns)


def _needs(register: Register, columns: Sequence[str]) -> list[str]:
    """The joins for columns that lie behind a reference, and for what these refer to."""
    found = []
    for path in columns:
        if "." not in path:
            continue
        prefix, known, _way = kinds.resolve_path(register, path)
        found.append(prefix.removesuffix("__"))
        if "." in known.register.scope:
            found.append(prefix + known.register.scope.rpartition(".")[0].replace(".", "__"))
        if isinstance(known, ReferenceField | TermField) and not known.many:
            found.append(prefix + known.name)
            found += [f"{prefix}{known.name}__{deeper}" for deeper in known.needs()]
    return found


def _near(
    register: Register, ordered: QuerySet[Any], asked: Query, known: Summary, most: int
) -> list[int]:
    """The first rows of a long list, looked for only among the first rows of the register.

    In a long list these are nearly always enough, and a database that would rather gather and sort
    half a million rows is not tempted to. Fewer than asked for when they are not.
    """
    if not known.more or asked.sort or most > NEAR // 10:
        return []
    days = [part for part in asked.conditions if part.path == register.dated]
    first = register.model._default_manager.all()
    if days:
        first = first.filter(query.condition(register, Query(tuple(days))))
    first = first.order_by(*ordered.query.order_by)[:NEAR]
    return query.numbers(ordered.filter(pk__in=first.values("pk"))[:most])

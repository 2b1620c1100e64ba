"""From a query string to rows: the same code behind lists, exports, figures and drill-through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from taizhang.engines.findings import Refused
from taizhang.engines.names import nearest
from taizhang.engines.queries import Condition, Query, Range, parse

from . import access, cells, fields, kinds, searching
from .access import FIRST_DAY, LAST_DAY
from .register import Register


def rows(register: Register, query: Query | str, user: Any = None) -> QuerySet[Any]:
    """The rows a query names: all of them for figures, the visible ones for a user.

    Refuses unknown fields and values (naming the nearest), and fields the user may not ask for.
    """
    asked = parse(query) if isinstance(query, str) else query
    base = access.visible(user, register) if user is not None else register.queryset()
    return base.filter(condition(register, asked, user))


def some_rows(register: Register, query: Query, user: Any) -> QuerySet[Any] | None:
    """Some of the rows of a query that looks for common words, quickly had; None for any other.

    Enough of them for a count that need not go further than the ten thousand people read.
    """
    found = searching.some(register, query.search.split())
    if found is None:
        return None
    rest = replace(query, search="")
    return access.visible(user, register).filter(condition(register, rest, user), found)


def bare_rows(register: Register, query: Query | str) -> QuerySet[Any]:
    """The rows of a query without the joins a list needs: for counting and adding up."""
    asked = parse(query) if isinstance(query, str) else query
    found: QuerySet[Any] = register.model._default_manager.order_by()
    return found.filter(condition(register, asked, None))


def plain_rows(register: Register, query: Query) -> QuerySet[Any]:
    """The bare rows of a query, looked at one after the other as they lie.

    As a case no index serves the condition. For most rows of a table an index is the longer way: it
    fetches them from all over the place.
    """
    rows = register.model._default_manager.order_by()
    inside = Case(When(condition(register, query), then=Value(1)), default=Value(0))
    found: QuerySet[Any] = rows.alias(inside=inside).filter(inside=1)
    return found


def condition(register: Register, query: Query, user: Any = None) -> Q:
    """A query as one condition."""
    q = Q()
    for part in query.conditions:
        q &= _part(register, part, user)
    low, high = _days_asked(register, query)
    units = Q()
    for scope in query.units:
        unit = access.unit_id(scope.code)
        if unit is None or (user is not None and not _unit_visible(user, unit)):
            raise Refused.because("query.unknown-unit", "unit", code=scope.code)
        units |= access.subtree(unit, register, scope.day, low, high)
    q &= units
    if query.search:
        personal = Q() if user is None else where_personal_is_read(register, user)
        q &= searching.condition(register, query.search.split(), personal)
    return q


def ordered(
    register: Register, found: QuerySet[Any], sort: str | None, user: Any = None
) -> QuerySet[Any]:
    """The rows in the order asked for (``-held_on``), else in the register's own.

    An order tells about values too: refuses fields the user may not ask for.
    """
    if not sort:
        return found.order_by(*(register.model._meta.ordering or ()))
    name = sort.removeprefix("-")
    field = register.fields.get(name)
    if field is None or field.many or isinstance(field, fields.Computed):
        raise Refused.because(
            "query.unknown-field",
            "sort",
            name=name,
            register=register.label_plural,
            nearest=nearest(name, register.columns) or "、".join(register.columns),
        )
    if user is not None:
        _refuse_personal(register, [field], user)
    path = F(field.sort_path())
    # Both databases put empty values last, whichever way.
    order = path.desc(nulls_last=True) if sort.startswith("-") else path.asc(nulls_last=True)
    return found.order_by(order, "-pk" if sort.startswith("-") else "pk")


def numbers(ordered: QuerySet[Any]) -> list[int]:
    """The numbers of rows in their order: a database sorts these far quicker than whole rows."""
    return list(ordered.select_related(None).prefetch_related(None).values_list("pk", flat=True))


def bare(found: QuerySet[Any]) -> QuerySet[Any]:
    """The rows without order and joins: for counting them, and as a part of another query."""
    return found.order_by().select_related(None).prefetch_related(None)


def count(found: QuerySet[Any]) -> int:
    """How many rows, without the joins of a list."""
    return int(found.order_by().aggregate(n=Count("pk"))["n"])


def _part(register: Register, part: Condition, user: Any) -> Q:
    prefix, field, way = kinds.resolve_path(register, part.path)
    q = reduce(or_, [_value(field, prefix, value, part.path) for value in part.values])
    q = ~q if part.negated else q
    if user is None or not any(step.personal for step in (*way, field)):
        return q
    _refuse_personal(register, [*way, field], user)
    return q & where_personal_is_read(register, user)


def _value(field: fields.Field, prefix: str, value: fields.Value, where: str) -> Q:
    try:
        return field.condition(prefix, value)
    except Refused as refused:
        raise Refused(
            *(finding.at(finding.where or where) for finding in refused.findings)
        ) from None


def _refuse_personal(register: Register, asked: list[fields.Field], user: Any) -> None:
    for field in asked:
        if field.personal and not access.of(user).may(access.Verb.PERSONAL, register):
            raise Refused.because("query.personal-field", field.name, field=field.label)


def where_personal_is_read(register: Register, user: Any) -> Q:
    """The rows whose personal fields the user may read; others must not answer by being found."""
    units = access.of(user).where(access.Verb.PERSONAL, register)
    return access.among(register, units)


def _unit_visible(user: Any, unit: int) -> bool:
    known = access.of(user)
    return unit in known.ranks or any(span.unit == unit for span in known.past)


def _days_asked(register: Register, query: Query) -> tuple[date, date]:
    """The days within which every row of the query lies, as far as its date range tells."""
    low, high = FIRST_DAY, LAST_DAY
    for part in query.conditions:
        if part.path == register.dated and not part.negated and len(part.values) == 1:
            (value,) = part.values
            if isinstance(value, Range):
                low = cells.day(value.low) if value.low else low
                high = cells.day(value.high) if value.high else high
    return low, high

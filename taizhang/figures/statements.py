"""The sums behind figures, as SQL that is worked out once and asked again and again.

Putting a query with all its conditions together costs more than running it. What the statement says
follows from the list's address, the measures, the numbers of the units and words in it, and the
day; it is kept under exactly these. No value is kept: every figure is counted anew.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from decimal import Context
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from taizhang.engines.queries import Exact, parse
from taizhang.ledger import access, fields
from taizhang.ledger.access import Span
from taizhang.ledger.register import Register

LIMIT = 2000
_kept: dict[Hashable, tuple[str, Any, tuple[str, ...]]] = {}
_trees: dict[str, tuple[int, list[Span]]] = {}
_numbers = itertools.count()
_FIFTEEN = Context(prec=15)


def totals(
    register: Register,
    text: str,
    unit_code: str,
    measures: Hashable,
    rows: Callable[[], QuerySet[Any]],
    wanted: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """What ``rows().aggregate(**wanted())`` gives; ``measures`` says what is ``wanted``."""
    words = _words(register, text)
    key = (register.name, text, measures, _tree(unit_code), words, timezone.localdate())
    known = _kept.get(key)
    if known is None:
        return _first(key, rows(), wanted())
    sql, params, names = known
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(zip(names, map(_exact, cursor.fetchone()), strict=True))


def _first(key: Hashable, rows: QuerySet[Any], wanted: dict[str, Any]) -> dict[str, Any]:
    asked: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        found: dict[str, Any] = rows.aggregate(**wanted)
    if len(asked) == 1:  # none at all where no row is possible
        if len(_kept) >= LIMIT:
            _kept.clear()
        _kept[key] = (*asked[0], tuple(wanted))
    return found


def _exact(value: Any) -> Any:
    """SQLite adds decimals up as floats; fifteen digits of these are right."""
    return _FIFTEEN.create_decimal_from_float(value) if isinstance(value, float) else value


def _tree(unit_code: str) -> int | None:
    """A number that changes when the tree below the unit does."""
    unit = access.unit_id(unit_code)
    if unit is None:
        return None
    spans = access.spans_below(unit)
    known = _trees.get(unit_code)
    if known is None or known[1] is not spans and known[1] != spans:
        known = _trees[unit_code] = (next(_numbers), spans)
    elif known[1] is not spans:
        _trees[unit_code] = (known[0], spans)
    return known[0]


def _words(register: Register, text: str) -> tuple[int, ...]:
    """The numbers of the words of controlled lists that the query names."""
    found = []
    for part in parse(text).conditions:
        _prefix, known, _way = fields.resolve_path(register, part.path)
        if isinstance(known, fields.TermField):
            found += [
                known.term_id(value.text) for value in part.values if isinstance(value, Exact)
            ]
    return tuple(found)

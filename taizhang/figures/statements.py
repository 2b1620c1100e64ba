"""The sums behind figures, as SQL that is worked out once and asked again and again.

Putting a query with all its conditions together costs more than running it. What the statement says
follows from the list's address, the measures, the numbers of the units and words in it, and the
day; it is kept under exactly these.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from decimal import Context
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from taizhang.engines.queries import Exact, parse
from taizhang.ledger import access, kinds, relations
from taizhang.ledger.access import Span
from taizhang.ledger.register import Register

LIMIT = 2000
_kept: dict[Hashable, tuple[str, Any, tuple[str, ...]]] = {}
_trees: dict[str, tuple[int, list[Span]]] = {}
_numbers = itertools.count()
_FIFTEEN = Context(prec=15)


class Asker:
    """Asks for sums of one unit; what all its questions have in common is worked out once."""

    def __init__(self, unit_code: str, cursor: Any) -> None:
        self.cursor = cursor
        self.common = (_tree(unit_code), timezone.localdate())

    def totals(
        self,
        register: Register,
        text: str,
        measures: Hashable,
        rows: Callable[[], QuerySet[Any]],
        wanted: Callable[[], dict[str, Any]],
    ) -> dict[str, Any]:
        """What ``rows().aggregate(**wanted())`` gives; ``measures`` says what is ``wanted``."""
        words = tuple([known.term_id(word) for known, word in _words(register, text)])
        key = (register.name, text, measures, words, self.common)
        known = _kept.get(key)
        if known is None:
            return _first(key, rows(), wanted())
        sql, params, names = known
        self.cursor.execute(sql, params)
        return dict(zip(names, map(_exact, self.cursor.fetchone()), strict=True))


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
    number, seen = _trees.get(unit_code, (0, None))
    if seen is not spans:
        if seen != spans:
            number = next(_numbers)
        _trees[unit_code] = (number, spans)
    return number


@lru_cache(maxsize=LIMIT)
def _words(register: Register, text: str) -> tuple[tuple[relations.TermField, str], ...]:
    """The words of controlled lists that the query names, with their fields."""
    found = []
    for part in parse(text).conditions:
        _prefix, known, _way = kinds.resolve_path(register, part.path)
        if isinstance(known, relations.TermField):
            found += [(known, value.text) for value in part.values if isinstance(value, Exact)]
    return tuple(found)

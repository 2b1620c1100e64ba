"""Many figures over most rows of a register, counted in one reading of its table.

A statement for each figure reads the rows as often as there are figures. Where a unit has only a
small part of the rows, an index finds these sooner; so this is for broad units alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Count, F, Q, Sum, When

from taizhang.engines.figures.definitions import Leaf
from taizhang.engines.figures.evaluate import LeafValue
from taizhang.engines.figures.rows import base_query
from taizhang.engines.periods import Period
from taizhang.engines.queries import Query
from taizhang.ledger import access, catalogue, query
from taizhang.ledger.register import Register

from .definitions import definitions
from .measuring import measure_path, measured

FEW = 4
"""Up to so many lists a statement each is no slower."""
MOST = 100
"""Lists in one statement."""

Values = dict[str, dict[tuple[Any, ...], LeafValue]]


def counted(
    same_rows: Mapping[tuple[str, str], Sequence[str]], unit_code: str, period: Period
) -> Values:
    """The values of the figures that are best counted together, by code; of the others none.

    ``same_rows`` gives each list, by register and query, the figures that measure it.
    """
    unit = access.unit_id(unit_code)
    if len(same_rows) <= FEW or unit is None or not access.is_broad(unit):
        return {}
    groups: dict[tuple[str, Query], list[Sequence[str]]] = defaultdict(list)
    for (register, _text), codes in same_rows.items():
        groups[register, base_query(_leaf(codes[0]), period, unit_code)].append(codes)
    found: Values = {}
    for (name, base), lists in groups.items():
        if len(lists) > FEW:
            for start in range(0, len(lists), MOST):
                found |= _counted(catalogue.get(name), base, lists[start : start + MOST])
    return found


def _counted(register: Register, base: Query, lists: Sequence[Sequence[str]]) -> Values:
    columns: dict[str, Any] = {}
    for number, codes in enumerate(lists):
        own = query.condition(register, _leaf(codes[0]).query)
        columns[f"l{number}_rows"] = Count(_where(own, "pk"))
        for place, code in enumerate(codes):
            measure = _leaf(code).measure
            if measure.kind == "count":
                continue
            value = _where(own, measure_path(register, measure))
            distinct = measure.kind == "distinct"
            columns[f"l{number}_sum{place}"] = (
                Count(value, distinct=True) if distinct else Sum(value)
            )
            columns[f"l{number}_some{place}"] = Count(value)
    told = query.plain_rows(register, base).aggregate(**columns)
    found: Values = {}
    for number, codes in enumerate(lists):
        start = f"l{number}_"
        row = {
            "_" + name.removeprefix(start): value
            for name, value in told.items()
            if name.startswith(start)
        }
        found |= measured([row], codes, 0)
    return found


def _where(own: Q, path: str) -> Any:
    """The field in the rows of a list, nothing in all others."""
    return Case(When(own, then=F(path))) if own else F(path)


def _leaf(code: str) -> Leaf:
    leaf = definitions()[code].leaf
    assert leaf is not None, "only leaves count rows"
    return leaf

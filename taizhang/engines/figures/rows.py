"""Which rows a figure counts: the address of the list that shows exactly these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Literal

from taizhang.engines.figures.definitions import Definition, Leaf
from taizhang.engines.figures.formula import figures_in, has_constants, operators_in
from taizhang.engines.periods import Period
from taizhang.engines.queries import Condition, Exact, Query, Range, UnitScope, merge, parse

Additivity = frozenset[Literal["units", "periods"]]


@lru_cache(maxsize=4096)
def rows_query(leaf: Leaf, period: Period, unit: str | None) -> str:
    """Return the canonical query of the list of rows, without the register's name.

    The leaf's own query, ``state=verified`` unless it names the state, the days of the period,
    and the unit's subtree (all units when None). A stock is taken on the period's last day D, and
    days are inclusive: begun by D and not ended by the day before. A row without an end is still
    there: ``!=`` keeps what is empty. Its units are those of that day too; flows and cumulative
    figures go by each row's own date.
    """
    day = period.last
    until = Range(None, day.isoformat())
    conditions: list[Condition] = []
    if leaf.time.kind == "flow":
        whole = Range(period.first.isoformat(), day.isoformat())
        conditions.append(Condition(leaf.time.fields[0], False, (whole,)))
    else:
        conditions.append(Condition(leaf.time.fields[0], False, (until,)))
    if leaf.time.kind == "stock":
        ended = Range(None, (day - timedelta(days=1)).isoformat())
        conditions.append(Condition(leaf.time.fields[1], True, (ended,)))
    if "state" not in leaf.query.paths():
        conditions.append(Condition("state", False, (Exact("verified"),)))
    units: tuple[UnitScope, ...] = ()
    if unit is not None:
        units = (UnitScope(unit, day if leaf.time.kind == "stock" else None),)
    return merge(leaf.query, Query(tuple(conditions), units)).canonical()


def base_query(leaf: Leaf, period: Period, unit: str | None) -> Query:
    """Return what ``rows_query`` adds to the leaf's own query: state, days and units.

    Figures with the same base differ only in what they themselves ask for, so that one statement
    can count them all.
    """
    base = parse(rows_query(replace(leaf, query=Query()), period, unit))
    return base.without("state") if "state" in leaf.query.paths() else base


def additive_over(definition: Definition, definitions: Mapping[str, Definition]) -> Additivity:
    """Return over what the figure's values may be added up: ``units``, ``periods``, both or none.

    Derived, never declared: a count of different things adds over nothing, a stock or a running
    total not over periods, and a formula only where it is a sum or difference of figures that
    do. ``definitions`` are those a formula refers to.
    """
    both: Additivity = frozenset({"units", "periods"})
    if definition.leaf is not None:
        if definition.leaf.measure.kind == "distinct":
            return frozenset()
        return both if definition.leaf.time.kind == "flow" else frozenset({"units"})
    assert definition.formula is not None, "a definition is a leaf or a formula"
    expression = definition.formula.expression
    if not operators_in(expression) <= {"+", "-"} or has_constants(expression):
        return frozenset()
    for code in figures_in(expression):
        both &= additive_over(definitions[code], definitions)
    return both

"""Columns of a table of which one follows from two others, and the row in which it does not.

预算 620, 支出 588.9, 执行率 95.0 – what a column is worked out from need not be told: where it is the
share, the growth, the mean, the product, the sum or the difference of the same two columns in nearly all rows, a
row that says otherwise is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from taizhang.engines.checking.adding import addable, amount, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.fitting import is_exact, looseness, ordered, rounded, rounding_of
from taizhang.engines.checking.grids import Grid, grids
from taizhang.engines.checking.intervals import factor
from taizhang.engines.checking.types import Issue, Quantity

_LEAST, _MOST_COLUMNS = 3, 8
_MOST_WRONG = 0.3
_HUNDRED = Decimal(100)
_TINY = Decimal("0.003")

_Cells = Mapping[int, Quantity]


class _Relation(NamedTuple):
    """What a third number is of two others.

    ``rate``: whether it is told in per cent; ``adds``: whether all three must be of one measure.
    """

    name: str
    rate: bool
    of: Callable[[Decimal, Decimal], Decimal]
    adds: bool = False


_RELATIONS = (
    _Relation("share", True, lambda part, whole: part * _HUNDRED / whole),
    _Relation("growth", True, lambda new, old: (new - old) * _HUNDRED / old),
    _Relation("average", False, lambda total, count: total / count),
    _Relation("product", False, lambda each, many: each * many),
    _Relation("sum", False, lambda one, other: one + other, adds=True),
    _Relation("difference", False, lambda more, less: more - less, adds=True),
)


class _Found(NamedTuple):
    """The columns a relation holds between, the rows that fit it and those that do not."""

    relation: _Relation
    first: int
    second: int
    right: int
    wrong: list[int]


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.share``, ``.growth``, ``.average`` and ``sum_mismatch.table``."""
    for grid in grids(context):
        columns = _columns(grid)
        if _LEAST <= len(columns) <= _MOST_COLUMNS:
            for target in columns:
                yield from _row_issues(columns, target)


def _columns(grid: Grid) -> dict[int, _Cells]:
    """The columns that have exact numbers in three rows and more."""
    found: dict[int, _Cells] = {}
    for column in {place[1] for place in grid.cells}:
        cells = {row: one for row, one in grid.column(column).items() if is_exact(one)}
        if len(cells) >= _LEAST:
            found[column] = cells
    return found


def _row_issues(columns: Mapping[int, _Cells], target: int) -> Iterator[Issue]:
    told = [
        found
        for first, second in permutations((column for column in columns if column != target), 2)
        for relation in _RELATIONS
        if (found := _held(relation, columns, target, (first, second))) is not None
    ]
    if not told:
        return
    best = max(told, key=lambda each: each.right)
    for row in best.wrong:
        # What one relation calls wrong, another that holds may explain.
        if all(row in each.wrong for each in told if each.right == best.right):
            yield _issue(
                best.relation,
                columns[target][row],
                columns[best.first][row],
                columns[best.second][row],
            )


def _held(
    relation: _Relation, columns: Mapping[int, _Cells], target: int, pair: tuple[int, int]
) -> _Found | None:
    """The relation where it holds in nearly all rows, and fails in one at least."""
    first, second = (columns[column] for column in pair)
    right, rows = 0, len(columns[target])
    wrong: list[int] = []
    for row, one in columns[target].items():
        if len(wrong) > max(1, _MOST_WRONG * (rows - len(wrong))):
            return None
        if row not in first or row not in second or not amount(second[row]):
            continue
        if relation.rate != (one.unit == "%"):
            return None
        if relation.adds and not (addable(one, first[row]) and addable(one, second[row])):
            return None
        if _fits(relation, one, first[row], second[row]):
            right += 1
        else:
            wrong.append(row)
    if right < _LEAST or len(wrong) > max(1, _MOST_WRONG * right):
        return None
    return _Found(relation, *pair, right, wrong)


def _fits(relation: _Relation, one: Quantity, first: Quantity, second: Quantity) -> bool:
    right = _right(relation, one, first, second)
    said = Decimal(one.value or 0)
    loose = looseness(first, second) + (_TINY if relation.name in ("average", "product") else 0)
    return abs(right - said) <= rounding_of(one) + abs(right) * loose


def _right(relation: _Relation, one: Quantity, first: Quantity, second: Quantity) -> Decimal:
    """What the number should be, in its own unit."""
    made = relation.of(amount(first), amount(second))
    return made if relation.rate else made / factor(one.unit)


def _issue(relation: _Relation, one: Quantity, first: Quantity, second: Quantity) -> Issue:
    spans = ordered((one, first, second))
    right = rounded(_right(relation, one, first, second))
    if relation.name == "share":
        params = {
            "written": one.text,
            "expected": f"{right}%",
            "part": first.text,
            "whole": second.text,
        }
        return Issue("arithmetic", "arithmetic.share", "error", spans, params)
    if relation.name == "growth":
        params = {
            "old": second.text,
            "new": first.text,
            "text": one.text,
            "right": right,
            "unit": one.unit,
        }
        return Issue("arithmetic", "arithmetic.growth", "error", spans, params)
    if relation.name == "average":
        params = {
            "written": one.text,
            "expected": f"{right}{one.unit}",
            "total": first.text,
            "count": second.text,
        }
        return Issue("arithmetic", "arithmetic.average", "error", spans, params)
    if relation.name == "product":
        each = rounded(amount(one) / amount(second) / factor(first.unit))
        params = {
            "written": first.text,
            "expected": f"{each}{first.unit}",
            "total": one.text,
            "count": second.text,
        }
        return Issue("arithmetic", "arithmetic.average", "error", spans, params)
    whole, parts = (one, [first, second]) if relation.name == "sum" else (first, [second, one])
    return mismatch("sum_mismatch.table", whole, parts, sum(map(amount, parts), Decimal(0)))

"""Shares of the total of a table: in a column of their own, or told in the lines under it.

24.8 of 64.2 under 三季度占全年的42.6%; 20 of 100 beside 占比25%. A line names the row, the head of a
column, or both; what it does not name is looked for in every column of numbers, and one that fits
is enough.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from taizhang.engines.checking.adding import amount, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import is_exact, looseness, ordered, rounded, share_fits
from taizhang.engines.checking.grids import Grid, grids
from taizhang.engines.checking.types import Issue, Quantity

_SHARE_HEAD = expression(r"占比|比例|比重|占总|构成")
_TOLD = expression(
    r"(?:^|[，。；、：]|其中|中)(?P<what>[\u4e00-\u9fffA-Za-z0-9“”]{2,16}?)(?:所占|占)"
    r"(?:全年|全部|全市|全县|全区|全省|全馆|总数|总量|总额|总人数|总体|比|合计|总)?[^，。；、0-9]{0,8}?(?:达到|达|为|约)?$"
)
_NEAR = 400
"""The lines that speak of a table stand no further below it."""


class _Share(NamedTuple):
    """What a share may be of: the part and its whole."""

    part: Quantity
    whole: Quantity


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.share``, and ``sum_mismatch.table`` for shares that are not 100 together."""
    starts = [one.start for one in context.quantities]
    for grid in grids(context):
        total = grid.total_row()
        if total is None:
            continue
        yield from _columns(grid, total)
        for one in _below(context, starts, grid.end):
            yield from _told(context, grid, total, one)


def _columns(grid: Grid, total: int) -> Iterator[Issue]:
    """A column of shares against the column of numbers left of it, else against a hundred."""
    for column, head in grid.heads.items():
        if not _SHARE_HEAD.search(head):
            continue
        shares = {row: one for row, one in grid.column(column).items() if one.unit == "%"}
        numbers = grid.column(column - 1)
        whole = numbers.get(total)
        if whole is None or whole.unit == "%" or not amount(whole):
            yield from _hundred(grid, shares, total)
            continue
        wrong = [
            _issue(share, numbers[row], whole)
            for row, share in shares.items()
            if row != total and row in numbers and not _fits(share, numbers[row], whole)
        ]
        if len(wrong) * 2 < len(shares):
            # Where most of them miss they are shares of something else.
            yield from wrong


def _hundred(grid: Grid, shares: dict[int, Quantity], total: int) -> Iterator[Issue]:
    whole = shares.get(total)
    parts = [one for row, one in shares.items() if row != total and grid.is_item(row)]
    if whole is None or whole.value != 100 or len(parts) < 2:
        return
    come_to = sum((Decimal(one.value or 0) for one in parts), Decimal(0))
    if abs(come_to - 100) > 1:
        yield mismatch("sum_mismatch.table", whole, parts, come_to)


def _below(context: Context, starts: Sequence[int], end: int) -> Iterator[Quantity]:
    """The shares in the lines right under a table, up to the next table."""
    for number in range(bisect_left(starts, end), len(starts)):
        one = context.quantities[number]
        if one.start > end + _NEAR or "\t" in context.plain[end : one.start]:
            return
        if one.unit == "%" and one.qualifier == "exact":
            yield one


def _told(context: Context, grid: Grid, total: int, share: Quantity) -> Iterator[Issue]:
    lead = context.plain[max(grid.end, share.start - 40) : share.start]
    match = _TOLD.search(lead.rpartition("\n")[2])
    if match is None:
        return
    found = _shares(grid, total, match["what"])
    if found and not any(_fits(share, each.part, each.whole) for each in found):
        yield _issue(share, *found[0])


def _shares(grid: Grid, total: int, what: str) -> list[_Share]:
    """What a line can mean by a name: a row of the table, or a column against the first one."""
    for row, label in grid.rows.items():
        if row != total and len(label) > 1 and label in what:
            rest = what.replace(label, "")
            columns = [c for c, head in grid.heads.items() if rest[:2] and rest[:2] in head]
            pairs = [_pair(grid, row, total, column) for column in columns or grid.numbers()]
            return [each for each in pairs if each is not None]
    first = next(iter(grid.numbers()), None)
    for column, head in grid.heads.items():
        if first is not None and column > first and what == head.removeprefix("其中：").strip():
            part, whole = grid.column(column).get(total), grid.column(first).get(total)
            if part is not None and whole is not None and part.unit == whole.unit:
                return [_Share(part, whole)]
    return []


def _pair(grid: Grid, row: int, total: int, column: int) -> _Share | None:
    cells = grid.column(column)
    part, whole = cells.get(row), cells.get(total)
    if part is None or whole is None or not (is_exact(part) and is_exact(whole)):
        return None
    return _Share(part, whole) if 0 < amount(part) < amount(whole) else None


def _fits(share: Quantity, part: Quantity, whole: Quantity) -> bool:
    return share_fits(share, amount(part), amount(whole), looseness(part, whole))


def _issue(share: Quantity, part: Quantity, whole: Quantity) -> Issue:
    params = {
        "written": share.text,
        "expected": f"{rounded(amount(part) * 100 / amount(whole))}%",
        "part": part.text,
        "whole": whole.text,
    }
    return Issue("arithmetic", "arithmetic.share", "error", ordered((part, whole, share)), params)

"""Tables: the row and the column of totals, and columns of which one is part of the other."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import TOTAL_WORD, addable, amount, fits, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.grids import SUBTOTAL_ROW, TOTAL_ROW, Grid, grids
from taizhang.engines.checking.types import Issue, Quantity

_LEAD = 14
_LISTS = expression(r"分布|如下|见表|表[0-9一二三四]|构成|明细|列[出于]")
_ALL = expression(r"全[省市县区旗州盟校馆年]|合计|总计|共")
_STANDS = expression(r"(?:现|共|已)有|全[省市县区旗州盟]")
_MEAN = expression(r"平均|均(?:$|[（(])")
_FEW = 4
_NEAR = Decimal("0.13")


def check(context: Context) -> Iterator[Issue]:
    """Rows and columns of totals against what stands above or to the left."""
    for grid in grids(context):
        yield from _columns(grid.cells, grid.words)
        yield from _rows(grid.cells, grid.words)
        yield from _parts_of_columns(grid.cells, grid.words)
        yield from _told_above(context, grid)
        yield from _told_below(context, grid)


def _told_below(context: Context, grid: Grid) -> Iterator[Issue]:
    """全县共办培训38期，培训农民2716人次 right under a table of the townships that has no total."""
    at = bisect_left(context.quantities, grid.end, key=lambda one: one.start)
    line = context.plain.find("\n", grid.end + 1)
    line = len(context.plain) if line < 0 else line
    lead = context.plain[grid.end : min(line, grid.end + _LEAD * 2)]
    if grid.total_row() is not None or not _ALL.search(lead):
        return
    below = [one for one in context.quantities[at : at + _FEW] if one.end <= line]
    for column in grid.numbers():
        parts = [one for row, one in sorted(grid.column(column).items()) if grid.is_item(row)]
        told = [one for one in below if parts and one.unit == parts[0].unit]
        if len(parts) < 3 or not told or told[0].qualifier != "exact":
            continue
        whole, total = told[0], sum((amount(one) for one in parts), Decimal(0))
        near = abs(total - amount(whole)) <= amount(whole) * _NEAR
        if near and not fits(whole, total, parts):
            yield mismatch("sum_mismatch.table", whole, parts, total)


def _told_above(context: Context, grid: Grid) -> Iterator[Issue]:
    """共有科技工作者3640人。表1列出其分布: the last number before a table that has no total."""
    at = bisect_left(context.quantities, grid.start, key=lambda one: one.start) - 1
    if at < 0 or grid.total_row() is not None:
        return
    whole = context.quantities[at]
    lead = context.plain[max(0, whole.start - _LEAD * 2) : whole.start].rpartition("。")[2]
    said = TOTAL_WORD.search(lead[-_LEAD:]) or _STANDS.search(lead)
    between = context.plain[whole.end : grid.start]
    if whole.qualifier != "exact" or not said or len(between) > _LEAD * 4:
        return
    if not _LISTS.search(between):
        return
    for column in grid.numbers():
        parts = [one for row, one in sorted(grid.column(column).items()) if grid.is_item(row)]
        if len(parts) < 3 or not all(addable(one, whole) for one in parts):
            continue
        total = sum((amount(one) for one in parts), Decimal(0))
        near = abs(total - amount(whole)) <= amount(whole) * _NEAR
        if near and not fits(whole, total, parts):
            yield mismatch("sum_mismatch.table", whole, parts, total)


def _columns(
    cells: dict[tuple[int, int], Quantity], labels: dict[tuple[int, int], str]
) -> Iterator[Issue]:
    """Every column, its rows being items, subtotals and the total."""
    kinds = {row: _kind(word) for (row, column), word in sorted(labels.items()) if column == 0}
    kinds |= {
        row: _kind(word)
        for (row, column), word in labels.items()
        if column == 1 and kinds.get(row, "item") == "item"
    }
    if "total" not in kinds.values() and "subtotal" not in kinds.values():
        return
    columns: dict[int, list[tuple[str, Quantity]]] = defaultdict(list)
    for (row, column), one in sorted(cells.items(), key=lambda item: item[0]):
        columns[column].append((kinds.get(row, "item"), one))
    for column, rows in columns.items():
        if not _MEAN.search(labels.get((0, column), "")):
            yield from _column(rows)


def _kind(word: str) -> str:
    if word.startswith("其中"):
        return "among"
    if TOTAL_ROW.match(word):
        return "total"
    return "subtotal" if SUBTOTAL_ROW.match(word) else "item"


def _column(rows: Sequence[tuple[str, Quantity]]) -> Iterator[Issue]:
    """The total against the subtotals, or the items where there are none; it may stand first."""
    items: list[Quantity] = []
    subtotals: list[Quantity] = []
    for number, (kind, one) in enumerate(rows):
        if one.dimension == "share":
            return
        if kind == "among":
            continue
        if kind == "item":
            items.append(one)
        elif kind == "subtotal":
            yield from _table_issue(one, items)
            subtotals.append(one)
            items = []
        else:
            if number == 0:
                below = [each for what, each in rows[1:] if what == "item"]
                yield from _table_issue(one, below)
            else:
                yield from _table_issue(one, subtotals + items)
            return


def _parts_of_columns(
    cells: dict[tuple[int, int], Quantity], labels: dict[tuple[int, int], str]
) -> Iterator[Issue]:
    """A column 其中：… against the column left of it: no part is more than its whole."""
    heads = {column: word for (row, column), word in labels.items() if row == 0}
    for (row, column), part in cells.items():
        whole = cells.get((row, column - 1))
        if whole is None or not heads.get(column, "").startswith("其中"):
            continue
        if "其中" in heads.get(column - 1, "") or not addable(whole, part):
            continue
        if amount(part) > amount(whole):
            params = {"whole": whole.text, "part": part.text}
            spans = (whole.span, part.span)
            yield Issue("sum_mismatch", "sum_mismatch.part", "error", spans, params)


def _rows(
    cells: dict[tuple[int, int], Quantity], labels: dict[tuple[int, int], str]
) -> Iterator[Issue]:
    """A column of totals against the columns left of it, or right of it when it is the first."""
    total = next(
        (
            column
            for (row, column), word in sorted(labels.items())
            if row == 0 and column and TOTAL_ROW.match(word.split("（")[0])
        ),
        None,
    )
    if total is None:
        return
    rows: dict[int, list[tuple[int, Quantity]]] = defaultdict(list)
    for (row, column), one in sorted(cells.items(), key=lambda item: item[0]):
        rows[row].append((column, one))
    for each in rows.values():
        whole = next((one for column, one in each if column == total), None)
        if whole is None:
            continue
        left = [one for column, one in each if column < total]
        right = [one for column, one in each if column > total]
        parts = left if len(left) > 1 else right if not left else []
        if all(part.unit == whole.unit for part in parts):
            yield from _table_issue(whole, parts)


def _table_issue(whole: Quantity, parts: Sequence[Quantity]) -> Iterator[Issue]:
    if len(parts) < 2 or any(p.value is None for p in parts) or whole.value is None:
        return
    total = sum((amount(p) for p in parts), Decimal(0))
    if not fits(whole, total, parts):
        yield mismatch("sum_mismatch.table", whole, parts, total)

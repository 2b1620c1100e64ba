"""The tables of a text with the quantities in their cells, the words of their rows and heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Quantity

TOTAL_ROW = expression(
    r"^(?:(?:全[年省市县区旗馆]|本年|年度)?(?:合\s*计|总\s*计|共\s*计|总\s*数|累\s*计)数?|全[年省市县区旗馆])$"
)
SUBTOTAL_ROW = expression(r"^(?:小\s*计|[\u4e00-\u9fff]{2,6}(?:小计|合计))$")
_BRACKETS = expression(r"[（(][^（）()]*[）)]\s*$")


@dataclass
class Grid:
    """One table: quantities and words by (row, column), and where it begins and ends."""

    cells: dict[tuple[int, int], Quantity] = field(default_factory=dict)
    words: dict[tuple[int, int], str] = field(default_factory=dict)
    start: int = 0
    end: int = 0

    @cached_property
    def heads(self) -> dict[int, str]:
        """The heads of the columns, without the unit in brackets."""
        return {c: _BRACKETS.sub("", word) for (row, c), word in self.words.items() if row == 0}

    @cached_property
    def rows(self) -> dict[int, str]:
        """The words that begin each row but that of the heads."""
        first = 0 if any(row == 0 for row, _column in self.cells) else 1
        return {
            row: _BRACKETS.sub("", word)
            for (row, column), word in self.words.items()
            if column == 0 and row >= first
        }

    def column(self, column: int) -> dict[int, Quantity]:
        """The quantities of a column by row."""
        return self._columns.get(column, {})

    @cached_property
    def _columns(self) -> dict[int, dict[int, Quantity]]:
        found: dict[int, dict[int, Quantity]] = {}
        for (row, column), one in self.cells.items():
            found.setdefault(column, {})[row] = one
        return found

    def numbers(self) -> list[int]:
        """The columns that count something, shares left out."""
        return sorted(
            column
            for column, cells in self._columns.items()
            if any(one.unit != "%" for one in cells.values())
        )

    def total_row(self) -> int | None:
        """The row of totals, where there is one."""
        return next((row for row, word in self.rows.items() if TOTAL_ROW.match(word)), None)

    def is_item(self, row: int) -> bool:
        """Whether a row is neither a total nor a subtotal."""
        word = self.rows.get(row, "")
        return not TOTAL_ROW.match(word) and not SUBTOTAL_ROW.match(word)


def grids(context: Context) -> Iterator[Grid]:
    """Every table that has a quantity."""
    by_start = {one.start: one for one in context.quantities}
    found: dict[int, Grid] = {}
    for block in context.text.blocks:
        if block.kind != "cell":
            continue
        grid = found.setdefault(block.table, Grid(start=block.start))
        grid.end = block.end
        words = context.plain[block.start : block.end]
        one = by_start.get(block.start + len(words) - len(words.lstrip()))
        if one is not None:
            grid.cells[block.row, block.column] = one
        else:
            grid.words[block.row, block.column] = words.strip()
    return (grid for grid in found.values() if grid.cells)

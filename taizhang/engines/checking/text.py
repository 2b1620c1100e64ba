"""The text that is checked: one plain string, and the blocks and content controls it came from.

``documents`` fills it from a .docx; ``Text.of`` splits a plain string, where lines with tabs or with
several ``|`` are rows of a table. Blocks lie in reading order, do not overlap, and have only a line feed (or, between
the cells of a row, a tab) between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from taizhang.engines.checking.expressions import expression

Kind = Literal["paragraph", "cell", "heading", "header", "footer", "footnote", "text_box"]

_LINE = expression(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a cell with its place: ``table`` counts tables, ``row`` and ``column`` from 0."""

    kind: Kind
    start: int
    end: int
    table: int = -1
    row: int = -1
    column: int = -1


@dataclass(frozen=True, slots=True)
class Fact:
    """A content control of ours: the id of its fact and where it stands."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A plain text with its blocks and its content controls."""

    plain: str
    blocks: tuple[Block, ...]
    facts: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, plain: str) -> Text:
        """Split a plain string at its line feeds; neighbouring lines of cells are one table."""
        blocks: list[Block] = []
        table, row, last = -1, 0, -2
        for line in _LINE.finditer(plain):
            start, end = line.span()
            sign = "\t" if plain.find("\t", start, end) >= 0 else "|"
            if sign == "|" and plain.count("|", start, end) < 2:
                blocks.append(Block("paragraph", start, end))
                continue
            if last == start - 1:
                row += 1
            else:
                table, row = table + 1, 0
            last = end
            left, column = start, 0
            while left <= end:
                right = plain.find(sign, left, end)
                right = end if right < 0 else right
                blocks.append(Block("cell", left, right, table, row, column))
                left, column = right + 1, column + 1
        return cls(plain, tuple(blocks))

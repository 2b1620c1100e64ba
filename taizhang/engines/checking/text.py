"""The text that is checked: plain characters, and where its paragraphs, cells and controls stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["paragraph", "heading", "cell", "footnote", "textbox"]
_LINE = re.compile(r"[^\n]+")


class Block(NamedTuple):
    """A paragraph or the cell of a table (``table``, ``row`` and ``column`` counted from 0)."""

    start: int
    end: int
    kind: Kind = "paragraph"
    table: int = -1
    row: int = -1
    column: int = -1


class Fact(NamedTuple):
    """A content control of ours: the number in it belongs to the fact with this id."""

    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text with its blocks in reading order; what lies between blocks is mere separation."""

    plain: str
    blocks: tuple[Block, ...]
    facts: tuple[Fact, ...] = field(default=())

    @classmethod
    def of(cls, plain: str) -> Text:
        """Take a plain string apart: a line is a paragraph, neighbouring lines with tabs or ``|`` a table."""
        blocks: list[Block] = []
        table, row = -1, 0
        inside = False
        for line in _LINE.finditer(plain):
            start, end = line.span()
            if "\t" not in line[0] and line[0].count("|") < 2:
                inside = False
                blocks.append(Block(start, end))
                continue
            table, row = (table, row + 1) if inside else (table + 1, 0)
            inside = True
            blocks.extend(_cells(plain, start, end, table, row))
        return cls(plain, tuple(blocks))


def _cells(plain: str, start: int, end: int, table: int, row: int) -> list[Block]:
    """The cells of one line; a line that begins and ends with ``|`` has none outside of them."""
    found: list[Block] = []
    column, at = 0, start
    if plain[start] == "|":
        at += 1
    while at <= end:
        stop = next((i for i in range(at, end) if plain[i] in "\t|"), end)
        if stop < end or at < end:
            found.append(Block(at, stop, "cell", table, row, column))
        column += 1
        at = stop + 1
    return found

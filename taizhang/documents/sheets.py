"""What a sheet is once read: a header, rows that know their number, cells with plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from taizhang.engines.findings import Finding, Refused

HEADER_WITHIN = 20
"""Title lines, notes and blanks may stand above the header; beyond 20 rows it is not a header."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Stands in a cell that has no usable value; ``code`` and ``params`` make the sentence.

    ``document.formula-without-value``, ``document.cell-error`` (value), ``document.merged-cell``
    (range), ``document.digits-lost`` (value).
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def at(self, where: str) -> Finding:
        """The trouble as a finding at a place."""
        return Finding(self.code, "must", where, self.params)


# bool is an int and datetime a date: test the narrower type first.
Cell = str | int | float | bool | date | datetime | None | Trouble


class Row(NamedTuple):
    """``number`` is the 1-based row in the file, as Excel shows it; one cell for each column."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``header`` has ``""`` for a column without a title; blank rows are left out."""

    name: str
    header: tuple[str, ...]
    header_row: int
    rows: list[Row]

    def where(self, column: int, row: int) -> str:
        """A place a person can find: ``活动!C7``. ``column`` counts from 0, ``row`` from 1."""
        return f"{self.name}!{cell_name(column, row)}"


def column_name(column: int) -> str:
    """Letters of a column that counts from 0: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(column: int, row: int) -> str:
    """Address of a cell; ``column`` counts from 0, ``row`` from 1: (2, 7) → C7."""
    return f"{column_name(column)}{row}"


def column_index(letters: str) -> int:
    """Inverse of ``column_name``: AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def build_sheet(name: str, file: str, rows: Iterable[Row]) -> Sheet | None:
    """Find the header and keep what stands below it; None for a sheet with nothing in it.

    The header is the first of the first 20 rows with two non-empty cells (one, if the sheet has
    one column). Empty columns at the right edge are dropped. Raises Refused
    ``document.no-header`` (sheet, rows) or ``document.header-twice`` (sheet, title, cells).
    """
    filled = [row for row in rows if any(cell is not None for cell in row.cells)]
    if not filled:
        return None
    width = max(_width(row.cells) for row in filled)
    need = min(2, width)
    for position, row in enumerate(filled):
        if row.number > HEADER_WITHIN:
            break
        if sum(cell is not None for cell in row.cells) >= need:
            header = tuple(_title(cell) for cell in row.cells[:width])
            header += ("",) * (width - len(header))
            _no_title_twice(name, header, row.number)
            return Sheet(name, header, row.number, list(_fitted(filled[position + 1 :], width)))
    raise Refused.because("document.no-header", name, name=file, sheet=name, rows=HEADER_WITHIN)


def _fitted(rows: Sequence[Row], width: int) -> Iterator[Row]:
    for number, cells in rows:
        if len(cells) == width:
            yield Row(number, cells)
        else:
            yield Row(number, cells[:width] + (None,) * (width - len(cells)))


def _width(cells: tuple[Cell, ...]) -> int:
    for width in range(len(cells), 0, -1):
        if cells[width - 1] is not None:
            return width
    return 0


def _title(cell: Cell) -> str:
    if cell is None or isinstance(cell, Trouble):
        return ""
    text = str(cell).strip()
    # Alt+Enter only breaks a long title in two; between Chinese characters it stands for nothing.
    text = re.sub(r"(?<=[^\x00-\x7f])\s*[\r\n]+\s*(?=[^\x00-\x7f])", "", text)
    return re.sub(r"\s+", " ", text)


def _no_title_twice(name: str, header: tuple[str, ...], row: int) -> None:
    first: dict[str, int] = {}
    twice: list[Finding] = []
    for column, title in enumerate(header):
        if title and title in first:
            cells = f"{cell_name(first[title], row)}, {cell_name(column, row)}"
            params = {"sheet": name, "title": title, "cells": cells}
            where = f"{name}!{cell_name(column, row)}"
            twice.append(Finding("document.header-twice", "must", where, params))
        first.setdefault(title, column)
    if twice:
        raise Refused(*twice)

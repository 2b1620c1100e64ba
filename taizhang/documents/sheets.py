"""What a sheet is once read: a header, rows that know their number, cells with plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from taizhang.engines.findings import Finding, Refused

ROW_LIMIT = 1_048_576
"""As many rows as a sheet of Excel can have; readers with less memory ask for fewer."""
EPOCH = date(1899, 12, 30)
"""Day 0 of a workbook's day numbers (those since 1 March 1900); old Mac files count from 1904."""
_SERIALS = range(20_000, 80_000)
"""1954 to 2119. Outside of these a number in a column of days is a mistake, not a day."""
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
    value: str | int | float | bool | date | datetime | None = field(default=None, compare=False)
    """What stands there as far as it is known, to give it back to a person."""

    def at(self, where: str) -> Finding:
        """The trouble as a finding at a place."""
        return Finding(self.code, "must", where, self.params)


class Absent:
    """Stands where a source says nothing of a cell, not even that it is empty (a key left out)."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()

# bool is an int and datetime a date: test the narrower type first.
Cell = str | int | float | bool | date | datetime | None | Trouble | Absent


Troubles = dict[int, dict[int, Trouble]]
"""Row (from 1) → column (from 0) → what is the matter there."""


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
    epoch: date = EPOCH
    hidden_rows: int = 0
    """How many of the rows a person does not see; they are read all the same."""

    def place(self, column: int, row: int) -> str:
        """The address of a cell within the sheet: ``C7``; ``column`` from 0, ``row`` from 1."""
        return cell_name(column, row)

    def row_place(self, row: int) -> str:
        """The address of a row within the sheet: ``7``."""
        return str(row)

    def where(self, column: int, row: int) -> str:
        """A place a person can find: ``活动!C7``. ``column`` counts from 0, ``row`` from 1."""
        return f"{self.name}!{self.place(column, row)}"

    def day(self, number: float) -> date | None:
        """The day that a bare number means in a column of days; None when it cannot be one."""
        if not float(number).is_integer() or int(number) not in _SERIALS:
            return None
        return self.epoch + timedelta(days=int(number))


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


def build_sheet(
    name: str,
    file: str,
    rows: Iterable[Row],
    *,
    limit: int = ROW_LIMIT,
    epoch: date = EPOCH,
    hidden_rows: int = 0,
) -> Sheet | None:
    """Find the header and keep what stands below it; None for a sheet with nothing in it.

    The header is the first of the first 20 rows with two non-empty cells (one, if the sheet has
    one column). Empty columns at the right edge are dropped. Raises Refused
    ``document.no-header`` (sheet, rows), ``.header-twice`` (sheet, title, cells) or
    ``.rows-limit`` (count, limit).
    """
    filled = list(_filled(name, rows, limit))
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
            below = list(_fitted(filled[position + 1 :], width))
            return Sheet(name, header, row.number, below, epoch, hidden_rows)
    raise Refused.because("document.no-header", name, name=file, sheet=name, rows=HEADER_WITHIN)


def _filled(name: str, rows: Iterable[Row], limit: int) -> Iterator[Row]:
    """The rows with something in them; beyond the limit they are only counted, then refused."""
    count = 0
    for row in rows:
        if any(cell is not None for cell in row.cells):
            count += 1
            if count <= limit + HEADER_WITHIN:
                yield row
    if count > limit + HEADER_WITHIN:
        raise too_many_rows(name, count, limit)


def too_many_rows(name: str, count: int, limit: int) -> Refused:
    """The refusal of more rows than can be read at once."""
    return Refused.because("document.rows-limit", name, count=count, limit=limit)


def with_troubles(rows: Iterable[Row], bad: Troubles, merged: Troubles) -> Iterator[Row]:
    """Rows with their troubles in place of the values; merges above the header are title lines.

    ``merged`` may still grow while the rows are gone through, ahead of them.
    """
    waiting: list[Row] = []
    header = 0
    for row in rows:
        if header:
            yield _marked(row, bad, merged)
            continue
        waiting.append(row)
        if sum(cell is not None for cell in row.cells) >= 2:
            header = row.number
        elif row.number >= HEADER_WITHIN:  # a sheet with one column
            header = next((early.number for early in waiting if _width(early.cells)), row.number)
        if header:
            for early in waiting:
                yield _marked(early, bad, merged if early.number > header else {})
    if not header:
        for early in waiting:
            yield _marked(early, bad, {})


def _marked(row: Row, bad: Troubles, merged: Troubles) -> Row:
    found = merged.get(row.number, {}) | bad.get(row.number, {})
    if not found:
        return row
    cells = [*row.cells, *(None,) * (max(found) + 1 - len(row.cells))]
    for column, trouble in found.items():
        cell = cells[column]
        plain = None if isinstance(cell, Trouble | Absent) else cell
        cells[column] = trouble if plain is None else replace(trouble, value=plain)
    return Row(row.number, tuple(cells))


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

"""Reading .ods: values, errors and what is hidden, in one pass over its XML.

Repeated rows and columns are written as a count, so that three lines of XML may mean a billion
cells; only those with something in them are spelt out, and they are counted while it is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from taizhang.documents.packages import Package, damaged
from taizhang.documents.sheets import Cell, Row, Trouble, Troubles, cell_name, with_troubles
from taizhang.documents.sheetxml import CELL_LIMIT, too_many_cells
from taizhang.engines.findings import Refused

PART = "content.xml"
_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{{{_NS}{n}:1.0}}" for n in ("table", "office", "text", "style"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_HOURS = re.compile(r"PT(\d+)H(\d+)M(?:(\d+)(?:[.,]\d+)?S)?")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_DIGITS = 10**15
_CELL_LIMIT = CELL_LIMIT // 2
"""Cells with something in them in the whole file; every one of them is an object of its own."""


@dataclass(slots=True)
class OpenTable:
    """A table of the file: its rows as they are read, and what a person does not see."""

    title: str
    visible: bool
    rows: list[Row] = field(default_factory=list)
    merged: Troubles = field(default_factory=dict)
    hidden_rows: int = 0

    def filled(self) -> Iterator[Row]:
        """The rows with the troubles of merged cells."""
        return with_troubles(iter(self.rows), {}, self.merged)


def tables(package: Package) -> list[OpenTable]:
    """Every table of the file, with the rows of those that a person sees.

    Raises Refused ``document.encrypted``, ``.too-many-cells`` (sheet, cells, limit), ``.damaged``.
    """
    _no_password(package)
    walk = _Walk(package.name)
    try:
        with package.archive.open(PART) as stream:
            for event, node in iterparse(stream, ("start", "end"), forbid_dtd=True):
                if event == "start":
                    walk.begin(node)
                else:
                    walk.end(node)
    except (
        *(KeyError, ParseError, DefusedXmlException, ValueError, LookupError),
        RecursionError,  # elements within elements within elements
    ) as error:
        raise damaged(package.name) from error
    return walk.found


def _no_password(package: Package) -> None:
    with suppress(KeyError):
        if b"encryption-data" in package.archive.read("META-INF/manifest.xml"):
            raise Refused.because("document.encrypted", package.name, name=package.name)


class _Walk:
    """Goes through the elements and keeps none of them longer than it must."""

    def __init__(self, file: str) -> None:
        self.found: list[OpenTable] = []
        self.open: list[Element] = []
        self.tables = self.inside = 0  # how deep we are in tables, and in a cell
        self.style = ""
        self.hidden_styles: set[str] = set()
        self.reader = _Reader(file)

    def begin(self, node: Element) -> None:
        """An element opens; its attributes are known, its content is not."""
        self.open.append(node)
        if node.tag == f"{_STYLE}style":
            self.style = node.get(f"{_STYLE}name", "")
        elif node.tag == f"{_TABLE}table":
            self.tables += 1
            if self.tables == 1:
                visible = node.get(f"{_TABLE}style-name") not in self.hidden_styles
                self.found.append(OpenTable(node.get(f"{_TABLE}name", ""), visible))
                self.reader.begin_table(self.found[-1])
        elif node.tag in _CELLS and self.tables == 1:
            self.inside += 1
        elif node.tag == f"{_TABLE}table-row" and self._wants():
            self.reader.begin_row(node)

    def end(self, node: Element) -> None:
        """An element closes: its content is known."""
        self.open.pop()
        if node.tag == f"{_STYLE}table-properties" and node.get(f"{_TABLE}display") == "false":
            self.hidden_styles.add(self.style)
        elif node.tag == f"{_TABLE}table":
            self.tables -= 1
        elif node.tag in _CELLS and self.tables == 1:
            self.inside -= 1
            if self._wants():
                self.reader.cell(node)
        elif node.tag == f"{_TABLE}table-row" and self._wants():
            self.reader.end_row(node)
        if self.open and not self.inside:
            self.open[-1].remove(node)

    def _wants(self) -> bool:
        """Whether rows and cells here are those of a table that a person sees."""
        return self.tables == 1 and self.reader.table.visible


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.table = OpenTable("", visible=False)
        self.number = self.times = self.taken = self.merged = self.empty = 0
        self.cells: list[Cell] = []
        self.seen: dict[str, str] = {}

    def begin_table(self, table: OpenTable) -> None:
        """A table opens."""
        self.table, self.number = table, 0

    def begin_row(self, node: Element) -> None:
        """A row opens; it may stand for many."""
        self.times = _count(node, "number-rows-repeated")
        self.cells, self.empty = [], 0

    def cell(self, node: Element) -> None:
        """Take a cell, as often as it says; empty ones only when something follows."""
        across = _count(node, "number-columns-repeated")
        if node.tag == f"{_TABLE}table-cell":
            self._merge(node, len(self.cells) + self.empty, self.number + 1)
        value = self._value(node)
        if value is None:
            self.empty += across
            return
        self._take(self.empty + across)
        self.cells.extend([None] * self.empty)
        self.cells.extend([value] * across)
        self.empty = 0

    def end_row(self, node: Element) -> None:
        """The row is complete."""
        first, self.number = self.number + 1, self.number + self.times
        if not self.cells:
            return
        self._take((self.times - 1) * len(self.cells))
        if node.get(f"{_TABLE}visibility", "visible") != "visible":
            self.table.hidden_rows += self.times
        cells = tuple(self.cells)
        self.table.rows.extend(Row(first + n, cells) for n in range(self.times))

    def _take(self, cells: int) -> None:
        self.taken += cells
        if self.taken > _CELL_LIMIT:
            raise too_many_cells(self.file, self.table.title, self.taken, _CELL_LIMIT)

    def _merge(self, node: Element, left: int, top: int) -> None:
        across, down = _count(node, "number-columns-spanned"), _count(node, "number-rows-spanned")
        if across * down == 1:
            return
        self.merged += across * down
        if self.merged > _CELL_LIMIT // 10:
            raise too_many_cells(self.file, self.table.title, self.merged, _CELL_LIMIT)
        area = f"{cell_name(left, top)}:{cell_name(left + across - 1, top + down - 1)}"
        trouble = Trouble("document.merged-cell", {"range": area})
        for row in range(top, top + down):
            self.table.merged.setdefault(row, {}).update(
                dict.fromkeys(range(left, left + across), trouble)
            )

    def _value(self, node: Element) -> Cell:
        kind = node.get(f"{_OFFICE}value-type")
        formula = node.get(f"{_TABLE}formula") is not None
        text = "\n".join(_words(p) for p in node if p.tag == f"{_TEXT}p")
        error = node.get(f"{_CALC}value-type") == "error" or text.startswith(("#", "Err:"))
        if formula and error:
            return Trouble("document.cell-error", {"value": text}, text)
        if kind is None:
            return Trouble("document.formula-without-value") if formula else None
        if kind == "string":
            found = node.get(f"{_OFFICE}string-value") or text
            return None if not found or found.isspace() else self.seen.setdefault(found, found)
        return _typed(kind, node, text)


def _typed(kind: str, node: Element, text: str) -> Cell:
    if kind == "boolean":
        return node.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        written = node.get(f"{_OFFICE}date-value", "")
        moment = datetime.fromisoformat(written[:26])
        return moment.date() if moment.time() == time() else moment
    if kind == "time":
        hours = _HOURS.fullmatch(node.get(f"{_OFFICE}time-value", ""))
        return f"{int(hours[1])}:{hours[2]}" if hours else text or None
    number = float(node.get(f"{_OFFICE}value", ""))
    if abs(number) >= _DIGITS:
        return Trouble("document.digits-lost", {"value": f"{number:.0f}"}, f"{number:.0f}")
    return int(number) if number.is_integer() else number


def _words(node: Any) -> str:
    """The text of a paragraph; several spaces, tabs and line breaks are elements of their own."""
    found = [node.text or ""]
    for child in node:
        if child.tag == f"{_TEXT}s":
            found.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 1000))
        elif child.tag == f"{_TEXT}tab":
            found.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            found.append("\n")
        elif child.tag != f"{_OFFICE}annotation":
            found.append(_words(child))
        found.append(child.tail or "")
    return "".join(found)


def _count(node: Element, attribute: str) -> int:
    return max(int(node.get(f"{_TABLE}{attribute}", "1")), 1)

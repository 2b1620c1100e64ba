"""What a reader of values does not show: formulas without a value, errors, the true extent.

calamine gives ``""`` for a formula that was never calculated and for ``#N/A``, and it allocates
the whole rectangle up to the last cell, so that a 6 kB file with one cell in XFD1048576 ends the
process. Both are seen in the XML of the sheet, here, before calamine opens it.

Regular expressions over the bytes do it in a tenth of calamine's time; where they meet anything
unusual (cells without an address), a real parser takes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from taizhang.documents.packages import Package, damaged
from taizhang.documents.sheets import Trouble, Troubles, column_index
from taizhang.engines.findings import Refused

CELL_LIMIT = 5_000_000
"""Cells of the rectangle from A1 to the last cell; 50,000 rows × 100 columns."""

_CHUNK = 4 * 1024 * 1024
_ADDRESS = re.compile(rb'<(?:\w+:)?c(?:\s+r=["\']([A-Z]{1,3})(\d{1,7})["\']|[\s/>])')
_SUSPECT = (b"<f", b":f", b't="e"', b"t='e'")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE = re.compile(rb'(?:^|\s)r=["\']([A-Z]{1,3})(\d{1,7})["\']')
_TYPE = re.compile(rb'(?:^|\s)t=["\'](\w+)["\']')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_VALUE_ENDS = (b"/v>", b":v>", b"/t>", b":t>")
_HIDDEN = re.compile(rb'^[^>]*\shidden=["\'](?:1|true)["\']')


@dataclass(slots=True)
class Scan:
    """What the XML of a sheet says besides its values."""

    troubles: Troubles = field(default_factory=dict)
    filled_rows: int = 0
    hidden_rows: int = 0
    """Both count rows with something in them."""
    last: tuple[int, int] = (0, 0)
    """Row and column, from 1, of the last cell; (0, 0) when not all cells say where they are."""


def scan(package: Package, part: str) -> Scan:
    """Cells of a sheet's XML that have no usable value, and how many rows there are."""
    found = Scan()
    rows = columns = 0
    usual = True
    with package.archive.open(part) as stream:
        for chunk in _chunks(stream):
            addresses = _ADDRESS.findall(chunk)
            if addresses:
                letters = {letter for letter, _ in addresses}
                usual = usual and b"" not in letters
                columns = max(columns, *(column_index(letter.decode()) + 1 for letter in letters))
                rows = max(rows, *(int(row or 0) for row in {row for _, row in addresses}))
            if any(sign in chunk for sign in _SUSPECT):
                for row, column, trouble in _suspects(chunk):
                    found.troubles.setdefault(row, {})[column] = trouble
            _count(chunk, found)
    if usual:
        found.last = rows, columns
    return found


def check_extent(package: Package, part: str, sheet: str, found: Scan) -> None:
    """Refuse a sheet whose rectangle to the last cell with content is larger than ``CELL_LIMIT``.

    Raises Refused ``document.too-many-cells`` (sheet, cells, limit), ``document.damaged`` for
    broken XML.
    """
    rows, columns = found.last
    if rows * columns == 0 or rows * columns > CELL_LIMIT:
        rows, columns = _exact_extent(package, part)
    if rows * columns > CELL_LIMIT:
        raise too_many_cells(package.name, sheet, rows * columns)


def too_many_cells(name: str, sheet: str, cells: int, limit: int = CELL_LIMIT) -> Refused:
    """The refusal of a sheet that stretches too far."""
    return Refused.because(
        "document.too-many-cells", sheet, name=name, sheet=sheet, cells=cells, limit=limit
    )


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces that end with a whole row."""
    rest = b""
    while piece := stream.read(_CHUNK):
        rest += piece
        cut = rest.rfind(b"row>") + 4
        if cut > 4:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _count(chunk: bytes, found: Scan) -> None:
    """Rows with a value (``</v>``) or a text (``</t>``), and those of them that are hidden."""
    hidden = b"hidden=" in chunk
    for row in chunk.split(b"row>"):
        if any(end in row for end in _VALUE_ENDS):
            found.filled_rows += 1
            if hidden and _HIDDEN.match(row[row.rfind(b"row ") :]):
                found.hidden_rows += 1


def _suspects(chunk: bytes) -> Iterator[tuple[int, int, Trouble]]:
    for cell in _CELL.finditer(chunk):
        attributes, content = cell.groups()
        kind = _TYPE.search(attributes)
        is_error = kind is not None and kind[1] == b"e"
        if not is_error and not _FORMULA.search(content):
            continue
        place = _PLACE.search(attributes)
        if place is None:
            continue
        value = _VALUE.search(content)
        row, column = int(place[2]), column_index(place[1].decode())
        if is_error:
            shown = value[1].decode("utf-8", "replace") if value else "#?"
            yield row, column, Trouble("document.cell-error", {"value": shown}, shown)
        elif (value is None or not value[1]) and not (kind is not None and kind[1] == b"str"):
            # t="str" with an empty value is a formula whose result is the empty text.
            yield row, column, Trouble("document.formula-without-value")


def _exact_extent(package: Package, part: str) -> tuple[int, int]:
    """Rows and columns up to the last cell with content, as a real parser sees them."""
    rows = columns = row = column = 0
    try:
        with package.archive.open(part) as stream:
            for event, node in iterparse(stream, ("start", "end"), forbid_dtd=True):
                tag = node.tag.rpartition("}")[2]
                if event == "start" and tag == "row":
                    row, column = _number(node.get("r"), row + 1), 0
                elif event == "start" and tag == "c":
                    row, column = _address(node.get("r"), row, column + 1)
                elif event == "end" and tag in ("c", "row"):
                    if tag == "c" and len(node):
                        rows, columns = max(rows, row), max(columns, column)
                    node.clear()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise damaged(package.name) from error
    return rows, columns


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _address(text: str | None, row: int, column: int) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", (text or "").strip().upper())
    if match is None:
        return row, column
    return int(match[2]), column_index(match[1]) + 1

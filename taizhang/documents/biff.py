"""What a reader of values does not show in .xls and .et: errors, passwords, the true extent.

Excel 97 to 2003 and WPS keep the workbook as one stream of records in a compound file. calamine
reads the values; errors and formulas without a result come out of it as "nothing", and it takes
memory for the whole rectangle of every sheet. So the records are walked here first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from taizhang.documents.packages import damaged
from taizhang.documents.sheets import Trouble, Troubles
from taizhang.documents.sheetxml import CELL_LIMIT, too_many_cells
from taizhang.engines.findings import Refused

_END = 0xFFFFFFFC
"""Sector numbers from here on are marks, not places."""
_BOF, _EOF, _FILE_PASS, _DATE_MODE, _BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_ROW, _FORMULA, _STRING, _BOOL_ERR, _MUL_RK = 0x0208, 0x0006, 0x0207, 0x0205, 0x00BD
_CELLS = frozenset({0x00FD, 0x0204, 0x0203, 0x027E, 0x00D6, _MUL_RK, _BOOL_ERR, _FORMULA})
"""Records of cells with a value; those that carry only a style are left out."""
_HIDDEN_ROW = 0x20
_ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
}  # fmt: skip


@dataclass(slots=True)
class OldSheet:
    """A sheet as its records tell it; sheets come in the order of the workbook."""

    visible: bool
    troubles: Troubles = field(default_factory=dict)
    filled: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    columns: int = 0

    @property
    def hidden_rows(self) -> int:
        """How many rows with something in them a person does not see."""
        return len(self.filled & self.hidden)


@dataclass(slots=True)
class OldBook:
    """The sheets of an old workbook, and whether its days count from 1904."""

    sheets: list[OldSheet]
    from_1904: bool


def scan(path: Path, name: str) -> OldBook:
    """Walk through the records of an old workbook.

    Raises Refused ``document.encrypted``, ``.damaged``, or ``.too-many-cells`` when the rectangles
    of all sheets together have more cells than ``CELL_LIMIT``.
    """
    try:
        stream = _workbook_stream(path.read_bytes())
        return _book(stream, name)
    except (struct.error, IndexError, ValueError) as error:
        raise damaged(name) from error


def _book(stream: bytes, name: str) -> OldBook:
    starts: list[tuple[int, bool]] = []
    from_1904 = False
    for kind, _at, record in _records(stream, 0):
        if kind == _FILE_PASS:
            raise Refused.because("document.encrypted", name, name=name)
        if kind == _DATE_MODE:
            from_1904 = struct.unpack_from("<H", record)[0] == 1
        elif kind == _BOUND_SHEET:
            start, visibility, _kind = struct.unpack_from("<LBB", record)
            starts.append((start, visibility & 3 == 0))
    sheets = [_sheet(stream, start, visible) for start, visible in starts]
    cells = sum((max(sheet.filled, default=0)) * sheet.columns for sheet in sheets)
    if cells > CELL_LIMIT:
        raise too_many_cells(name, name, cells)
    return OldBook(sheets, from_1904)


def _sheet(stream: bytes, start: int, visible: bool) -> OldSheet:
    sheet = OldSheet(visible)
    texts_due: tuple[int, int] | None = None
    for kind, _at, record in _records(stream, start):
        if kind == _STRING:
            texts_due = None
        elif kind == _ROW:
            (row,) = struct.unpack_from("<H", record)
            if struct.unpack_from("<H", record, 12)[0] & _HIDDEN_ROW:
                sheet.hidden.add(row + 1)
        elif kind in _CELLS:
            _formula_without_text(sheet, texts_due)
            row, column = struct.unpack_from("<HH", record)
            last = struct.unpack_from("<H", record, len(record) - 2)[0] if kind == _MUL_RK else 0
            sheet.filled.add(row + 1)
            sheet.columns = max(sheet.columns, column + 1, last + 1)
            texts_due = (row + 1, column) if _result(sheet, kind, row + 1, column, record) else None
    _formula_without_text(sheet, texts_due)
    return sheet


def _result(sheet: OldSheet, kind: int, row: int, column: int, record: bytes) -> bool:
    """Note an error; true when the result of a formula is a text that has to follow."""
    error: int | None = None
    if kind == _BOOL_ERR and record[7]:
        error = record[6]
    elif kind == _FORMULA and record[12:14] == b"\xff\xff":
        if record[6] == 0:
            return True
        error = record[8] if record[6] == 2 else None
    if error is not None:
        shown = _ERRORS.get(error, "#?")
        trouble = Trouble("document.cell-error", {"value": shown}, shown)
        sheet.troubles.setdefault(row, {})[column] = trouble
    return False


def _formula_without_text(sheet: OldSheet, place: tuple[int, int] | None) -> None:
    if place is not None:
        row, column = place
        sheet.troubles.setdefault(row, {})[column] = Trouble("document.formula-without-value")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, bytes]]:
    """The records of one part of the stream: from its beginning to its own end."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + length]
        if len(record) < length:
            raise ValueError("a record is cut off")
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:  # what stands deeper belongs to a chart
            yield kind, at, record
        at += 4 + length


def _workbook_stream(content: bytes) -> bytes:
    """The stream called Workbook (or Book) of a compound file ([MS-CFB])."""
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("sectors of an unknown size")
    size = 1 << shift
    tables, directory, cutoff = _header_numbers(content)
    sectors = [s for s in _table_sectors(content, size) if s < _END][:tables]
    table = [number for s in sectors for number in _numbers(_sector(content, size, s))]
    entries = _chain(content, size, table, directory)
    root = b""
    for at in range(0, len(entries) - 127, 128):
        entry = entries[at : at + 128]
        title = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        kind = entry[66]
        first, length = struct.unpack_from("<LL", entry, 116)
        if kind == 5:
            root = _chain(content, size, table, first)
        elif kind == 2 and title.casefold() in ("workbook", "book"):
            if length >= cutoff:
                return _chain(content, size, table, first)[:length]
            small = struct.unpack_from("<L", content, 60)[0]
            mini = _numbers(_chain(content, size, table, small))
            return b"".join(root[s * 64 : s * 64 + 64] for s in _walk(mini, first))[:length]
    raise ValueError("no workbook in it")


def _header_numbers(content: bytes) -> tuple[int, int, int]:
    tables, directory = struct.unpack_from("<LL", content, 44)
    (cutoff,) = struct.unpack_from("<L", content, 56)
    return tables, directory, cutoff


def _table_sectors(content: bytes, size: int) -> Iterator[int]:
    """Where the allocation table stands: 109 places in the header, more in sectors of their own."""
    yield from struct.unpack_from("<109L", content, 76)
    following, count = struct.unpack_from("<LL", content, 68)
    for _ in range(min(count, len(content) // size)):
        if following >= _END:
            return
        *places, following = _numbers(_sector(content, size, following))
        yield from places


def _sector(content: bytes, size: int, number: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _numbers(piece: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(piece) // 4}L", piece[: len(piece) // 4 * 4])


def _walk(table: tuple[int, ...] | list[int], first: int) -> Iterator[int]:
    for _ in range(len(table) + 1):
        if first >= _END:
            return
        yield first
        first = table[first]
    raise ValueError("a chain without an end")


def _chain(content: bytes, size: int, table: list[int], first: int) -> bytes:
    return b"".join(_sector(content, size, number) for number in _walk(table, first))

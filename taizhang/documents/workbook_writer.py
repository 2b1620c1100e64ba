"""Writing .xlsx: a styled header, real dates and numbers, and no text that becomes a formula."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from taizhang.documents.csvfiles import plain_text, write_csv
from taizhang.documents.files import Target, opened
from taizhang.documents.sheets import cell_name
from taizhang.engines.findings import Refused

__all__ = ["OutColumn", "OutSheet", "write_csv", "write_xlsx"]

ColumnKind = Literal["text", "number", "date", "datetime", "bool"]

ROW_LIMIT = 1_048_576
TEXT_LIMIT = 32_767
"""Both are Excel's own limits."""

_NUMBER_DIGITS = 15
_FIRST_DATE = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; earlier days are written as text."""
_MIN_WIDTH, _MAX_WIDTH = 6, 60
_SAMPLE = 200
_IN_MEMORY = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column to write; ``kind`` gives its width and format, the value decides what is written."""

    title: str
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True)
class OutSheet:
    """A sheet to write; ``rows`` may be a generator and is gone through once."""

    name: str
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[Any]]


def write_xlsx(target: Target, sheets: Iterable[OutSheet]) -> None:
    """Write a workbook, row by row in constant memory.

    Aware datetimes are written as their own wall-clock time: convert before. Raises Refused
    ``document.disk-full``, ``.cannot-write``, ``.text-too-long`` (sheet, cell, limit),
    ``.too-many-rows`` (sheet, limit).
    """
    with (
        opened(target) as handle,
        tempfile.TemporaryDirectory(prefix="taizhang-") as folder,
        # Not straight to the handle: after a full disk the zip's destructor would write again.
        tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=folder) as spool,
    ):
        book = _Book(spool, folder)
        try:
            for sheet in sheets:
                book.add(sheet)
            book.close()
        finally:
            book.abandon()
        spool.seek(0)
        shutil.copyfileobj(spool, handle)


def clean_sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts: 1–31 characters, none of ``[]:*?/\\``, no apostrophe at the ends.

    ``taken`` holds the lower-case names in use and gets the new one.
    """
    cleaned = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip().strip("'").strip() or "Sheet"
    if cleaned.lower() == "history":  # reserved by Excel
        cleaned += "_"
    cleaned = cleaned[:31]
    candidate, number = cleaned, 1
    while candidate.lower() in taken:
        number += 1
        ending = f" ({number})"
        candidate = cleaned[: 31 - len(ending)] + ending
    taken.add(candidate.lower())
    return candidate


def display_width(text: str) -> int:
    """Columns of a text on screen: Chinese characters and full-width signs take two."""
    longest = 0
    for line in text.split("\n"):
        longest = max(
            longest, sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        )
    return longest


class _Book:
    def __init__(self, handle: IO[bytes], folder: str) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(handle, options)
        self.taken: set[str] = set()
        self.head = self.book.add_format({"bold": True, "bottom": 1, "valign": "vcenter"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def add(self, out: OutSheet) -> None:
        name = clean_sheet_name(out.name, self.taken)
        sheet = self.book.add_worksheet(name)
        widths = [display_width(column.title) + 3 for column in out.columns]  # room for the filter
        for column, head in enumerate(out.columns):
            self._text(sheet, name, 0, column, head.title, self.head)
            least = {"date": 11, "datetime": 17, "number": 8}.get(head.kind, _MIN_WIDTH)
            widths[column] = max(widths[column], least)
        row = 0
        for row, values in enumerate(out.rows, start=1):
            if row >= ROW_LIMIT:
                raise Refused.because("document.too-many-rows", name, sheet=name, limit=ROW_LIMIT)
            for column, value in enumerate(values):
                self._cell(sheet, name, row, column, value)
                if row <= _SAMPLE and isinstance(value, str) and column < len(widths):
                    widths[column] = max(widths[column], display_width(value) + 1)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, _MAX_WIDTH))
        sheet.freeze_panes(1, 0)
        if out.columns:
            sheet.autofilter(0, 0, row, len(out.columns) - 1)

    def _cell(self, sheet: Any, name: str, row: int, column: int, value: object) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float | Decimal) and _fits(value):
            sheet.write_number(row, column, value)
        elif isinstance(value, datetime) and value.date() >= _FIRST_DATE:
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DATE:
            sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, str):
            self._text(sheet, name, row, column, value)
        else:
            self._text(sheet, name, row, column, plain_text(value))

    def _text(
        self, sheet: Any, name: str, row: int, column: int, text: str, style: Any = None
    ) -> None:
        # write_string never makes a formula, whatever the text begins with.
        if sheet.write_string(row, column, _encodable(text), style) == -2:
            cell = cell_name(column, row + 1)
            raise Refused.because(
                "document.text-too-long", f"{name}!{cell}", sheet=name, cell=cell, limit=TEXT_LIMIT
            )

    def close(self) -> None:
        if not self.book.worksheets():
            self.book.add_worksheet()
        try:
            self.book.close()
        except XlsxWriterException as error:
            # The library wraps errors of the file system; the writer of the file must see them.
            cause = error.__cause__
            raise (
                cause if isinstance(cause, OSError) else OSError(errno.EIO, str(error))
            ) from error

    def abandon(self) -> None:
        """Keep the library's destructor from writing a half-filled workbook after a failure."""
        self.book.fileclosed = True
        for sheet in self.book.worksheets():
            if sheet.row_data_fh is not None:
                sheet.row_data_fh.close()


def _fits(value: float | Decimal) -> bool:
    """Whether Excel keeps every digit; other numbers are written as text."""
    number = Decimal(str(value))
    if not number.is_finite():
        return False
    digits = number.normalize().as_tuple().digits
    return isinstance(value, float) or len(digits) <= _NUMBER_DIGITS


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

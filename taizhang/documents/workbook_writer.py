"""Writing .xlsx: a styled header, real dates and numbers, and no text that becomes a formula."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any, Literal

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from taizhang.documents.csvfiles import guard, plain_text, write_csv
from taizhang.documents.files import Target, opened
from taizhang.documents.sheets import cell_name
from taizhang.engines.findings import Refused

__all__ = ["OutColumn", "OutSheet", "write_csv", "write_xlsx"]

ColumnKind = Literal["text", "number", "date", "datetime", "bool"]

ROW_LIMIT = 1_048_576
TEXT_LIMIT = 32_767
"""Both are Excel's own limits."""

_NUMBER_DIGITS = 15
FIRST_DATE = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; earlier days are written as text."""
_MIN_WIDTH, _MAX_WIDTH = 6, 60
SAMPLE = 200
IN_MEMORY = 16 * 1024 * 1024


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
    with new_workbook(target) as book:
        for sheet in sheets:
            book.add(sheet)


@contextmanager
def new_workbook(target: Target) -> Iterator[Book]:
    """An empty workbook that becomes the target when all went well."""
    with (
        opened(target) as handle,
        tempfile.TemporaryDirectory(prefix="taizhang-") as folder,
        # Not straight to the handle: after a full disk the zip's destructor would write again.
        tempfile.SpooledTemporaryFile(IN_MEMORY, dir=folder) as spool,
    ):
        book = Book(spool, folder)
        try:
            yield book
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


def widths(columns: Sequence[OutColumn], sample: Iterable[Sequence[Any]]) -> list[int]:
    """How wide columns are to be, by their heads and by some of their rows."""
    least = {"date": 11, "datetime": 17, "number": 8}
    found = [
        # Three more for the button of the filter.
        max(display_width(column.title) + 3, least.get(column.kind, _MIN_WIDTH))
        for column in columns
    ]
    for values in sample:
        for place, value in enumerate(values[: len(found)]):
            if isinstance(value, str):
                found[place] = max(found[place], display_width(value) + 1)
    return [min(width, _MAX_WIDTH) for width in found]


class Book:
    """A workbook being written; ``book`` is the library's own."""

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
        self.styles = Styles(self.book)

    def add(self, out: OutSheet) -> None:
        """Write a sheet."""
        name = clean_sheet_name(out.name, self.taken)
        sheet = self.book.add_worksheet(name)
        for column, head in enumerate(out.columns):
            put_text(sheet, name, 0, column, head.title, self.head)
        rows = iter(out.rows)
        sample = list(islice(rows, SAMPLE))
        row = 0
        for row, values in enumerate(chain(sample, rows), start=1):
            if row >= ROW_LIMIT:
                raise Refused.because("document.too-many-rows", name, sheet=name, limit=ROW_LIMIT)
            for column, value in enumerate(values):
                put(sheet, name, row, column, value, self.styles)
        for column, width in enumerate(widths(out.columns, sample)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        if out.columns:
            sheet.autofilter(0, 0, row, len(out.columns) - 1)

    def close(self) -> None:
        """Write what is still in memory."""
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


class Styles:
    """The formats of values; ``more`` is laid over all of them, such as a colour."""

    def __init__(self, book: Any, more: Mapping[str, Any] | None = None) -> None:
        more = more or {}
        self.plain = book.add_format(more) if more else None
        self.day = book.add_format({"num_format": "yyyy-mm-dd", **more})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", **more})
        # Whoever edits the cell later does not make a formula of it either.
        self.quoted = book.add_format({"quote_prefix": True, **more})


def put(sheet: Any, name: str, row: int, column: int, value: object, styles: Styles) -> None:
    """Write a value into a cell of an open workbook; never a formula, whatever a text begins with.

    Raises Refused ``document.text-too-long`` (sheet, cell, limit).
    """
    if value is None or value == "":
        if styles.plain is not None:
            sheet.write_blank(row, column, None, styles.plain)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, styles.plain)
    elif isinstance(value, int | float | Decimal) and fits(value):
        sheet.write_number(row, column, value, styles.plain)
    elif isinstance(value, datetime) and value.date() >= FIRST_DATE:
        sheet.write_datetime(row, column, value.replace(tzinfo=None), styles.moment)
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DATE:
        sheet.write_datetime(row, column, value, styles.day)
    elif isinstance(value, str):
        style = styles.quoted if guard(value) is not value else styles.plain
        put_text(sheet, name, row, column, value, style)
    else:
        put_text(sheet, name, row, column, plain_text(value), styles.plain)


def put_text(sheet: Any, name: str, row: int, column: int, text: str, style: Any = None) -> None:
    """Write a text as a text. Raises Refused ``document.text-too-long``."""
    # write_string never makes a formula.
    if sheet.write_string(row, column, encodable(text), style) == -2:
        cell = cell_name(column, row + 1)
        raise Refused.because(
            "document.text-too-long", f"{name}!{cell}", sheet=name, cell=cell, limit=TEXT_LIMIT
        )


def fits(value: float | Decimal) -> bool:
    """Whether Excel keeps every digit; other numbers are written as text."""
    if isinstance(value, int):
        return bool(abs(value) < 10**_NUMBER_DIGITS)
    number = Decimal(str(value))
    if not number.is_finite():
        return False
    digits = number.normalize().as_tuple().digits
    return isinstance(value, float) or len(digits) <= _NUMBER_DIGITS


def encodable(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")

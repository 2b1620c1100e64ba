"""CSV in and out.

Spreadsheets run a cell that begins with ``= + - @`` (or tab, CR, LF, or the full-width forms) as a
formula (OWASP, "CSV Injection"). Such a text is written with an apostrophe in front; a text that
already begins with apostrophes and then such a sign gets one more, so that taking one away again
on reading is always right.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from taizhang.documents.files import Target, opened
from taizhang.documents.packages import check_size, damaged, expect_kind, not_as_named
from taizhang.documents.sheets import Row
from taizhang.engines.findings import Refused

_DANGER = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
_FIELD_LIMIT = 1024 * 1024
_PIECE = 1024 * 1024


def guard(text: str) -> str:
    """Neutralise a text that a spreadsheet would take for a formula."""
    return "'" + text if _DANGER.match(text) else text


def unguard(text: str) -> str:
    """Take back what ``guard`` did."""
    return text[1:] if _GUARDED.match(text) else text


def plain_text(value: object) -> str:
    """A value as it stands in a CSV cell: ISO dates, plain decimals, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return str(value)
    return guard(str(value))


def write_csv(target: Target, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write UTF-8 with BOM (else Excel reads Chinese as GBK) and CRLF, guarded against formulas.

    Raises Refused ``document.disk-full`` or ``document.cannot-write``.
    """
    with opened(target) as handle:
        text = io.TextIOWrapper(handle, encoding="utf-8-sig", newline="", errors="replace")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([guard(column) for column in columns])
        writer.writerows([plain_text(value) for value in row] for row in rows)
        text.flush()
        text.detach()  # the handle belongs to the caller


def opened_csv(path: Path, name: str, *, limit: int) -> Callable[[], Iterator[Row]]:
    """What gives the rows of a text table; ``, ; tab`` and UTF-8 or GB18030 are found out.

    Every cell is a text. Raises Refused like ``read_sheets``; ``document.damaged`` only on the way
    through the rows.
    """
    check_size(path, name, limit)
    expect_kind(path, name, "text")
    encoding = _encoding(path, name)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(64_000))
    return lambda: _rows(path, encoding, delimiter, name)


def _encoding(path: Path, name: str) -> str:
    # UTF-8 first: Chinese in GB18030 is practically never valid UTF-8, the reverse often is.
    with path.open("rb") as file:
        if any(b"\0" in piece for piece in _pieces(file)):
            raise not_as_named(name, "?")
        for encoding in ("utf-8-sig", "gb18030"):
            file.seek(0)
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                for piece in _pieces(file):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    raise Refused.because("document.unknown-encoding", name, name=name)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_PIECE), b"")


def _delimiter(text: str) -> str:
    """The sign that splits the first rows into the most cells; a comma when in doubt."""
    # Physical lines are enough to count with: a broken quoted cell only loses a little weight.
    lines = text.splitlines()[:20]
    best, most = ",", 0
    for sign in (",", "\t", ";"):
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            continue
        split = sum(width - 1 for width in widths)
        if split > most:
            best, most = sign, split
    return best


def _rows(path: Path, encoding: str, delimiter: str, name: str) -> Iterator[Row]:
    csv.field_size_limit(_FIELD_LIMIT)
    seen: dict[str, str] = {}  # the same text is kept once, however often it stands there
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            # Counted as Excel counts: a cell with line breaks does not add rows.
            for number, row in enumerate(reader, start=1):
                yield Row(number, tuple([_cell(text, seen) for text in row]))
        except csv.Error as error:
            raise damaged(name) from error


def _cell(text: str, seen: dict[str, str]) -> str | None:
    if not text or text.isspace():
        return None
    return seen.setdefault(text, unguard(text))

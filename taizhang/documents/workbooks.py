"""Reading .xlsx, .xls, .et, .ods and .csv into sheets, with a reason for every unusable cell.

Values of Excel's and WPS's formats come from calamine (100,000 rows a second); what it does not
show comes from ``sheetxml`` and ``biff``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from taizhang.documents import biff, csvfiles, odf, sheetxml
from taizhang.documents.packages import (
    MB,
    Package,
    check_size,
    damaged,
    expect_kind,
    opened_package,
)
from taizhang.documents.sheets import (
    EPOCH,
    HEADER_WITHIN,
    ROW_LIMIT,
    Cell,
    Row,
    Sheet,
    Trouble,
    Troubles,
    build_sheet,
    cell_name,
    too_many_rows,
    with_troubles,
)
from taizhang.documents.sheetxml import CELL_LIMIT, too_many_cells
from taizhang.engines.findings import Finding, Refused

KINDS = (".xlsx", ".xls", ".et", ".ods", ".csv")
SIZE_LIMIT = 20 * MB

_DIGITS = 10**15
"""Excel keeps 15 digits of a number: an 18-digit ID number typed as a number is already wrong."""
_MAC_EPOCH = date(1904, 1, 1)


class Book(ABC):
    """An opened workbook whose sheets are read one by one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.titles: list[str] = []
        """The sheets a person sees, in the order of the file."""
        self.hidden: list[str] = []
        """The sheets a person does not see; they are not read."""

    def _take(self, title: str, visible: bool) -> None:
        # Excel never writes two sheets of one name; which one is meant, nobody can say.
        if title.casefold() in (known.casefold() for known in (*self.titles, *self.hidden)):
            raise Refused.because("document.sheet-twice", title, name=self.name, sheet=title)
        (self.titles if visible else self.hidden).append(title)

    @abstractmethod
    def is_blank(self, title: str) -> bool:
        """Whether there is certainly nothing in a sheet; cheaper than reading it."""

    @abstractmethod
    def sheet(self, title: str, *, limit: int = ROW_LIMIT) -> Sheet | None:
        """Read a sheet; None when there is nothing in it. Raises Refused like ``read_sheets``."""


@contextmanager
def opened_book(path: Path, name: str, *, size: int = SIZE_LIMIT) -> Iterator[Book]:
    """Open a workbook after all checks; what it is follows from its content, and must fit its name.

    ``name`` is the name the user gave (an upload lies under another); ``size`` is in bytes.
    Raises Refused like ``read_sheets``.
    """
    kind = Path(name).suffix.lower()
    if kind not in KINDS:
        raise Refused.because("document.unknown-kind", name, name=name, kinds=", ".join(KINDS))
    with ExitStack() as stack:
        try:
            if kind == ".csv":
                yield _CsvBook(path, name, size)
            elif kind == ".xlsx":
                package = stack.enter_context(opened_package(path, name, kind, limit=size))
                yield _XlsxBook(package, path)
            elif kind == ".ods":
                package = stack.enter_context(opened_package(path, name, kind, limit=size))
                yield _OdsBook(package)
            else:
                yield _OldBook(path, name, size)
        except PasswordError as error:
            raise Refused.because("document.encrypted", name, name=name) from error
        except CalamineError as error:
            raise damaged(name) from error
        except BaseException as error:
            # A fault in the reader's native code; the class is not importable.
            if type(error).__name__ == "PanicException":
                raise damaged(name) from error
            raise


def read_sheets(path: Path, name: str, *, limit: int = SIZE_LIMIT) -> list[Sheet]:
    """Read every visible sheet that has something in it; ``limit`` is in bytes.

    Raises Refused with a finding for each problem of the file as a whole:
    ``document.unknown-kind``, ``.cannot-read``, ``.empty``, ``.too-large``,
    ``.not-what-its-name-says``, ``.encrypted``, ``.damaged``, ``.too-large-unpacked``,
    ``.too-many-cells``, ``.rows-limit``, ``.unknown-encoding``, ``.sheet-twice``, ``.no-header``,
    ``.header-twice``.
    """
    sheets: list[Sheet] = []
    problems: list[Finding] = []
    with opened_book(path, name, size=limit) as book:
        for title in book.titles:
            try:
                sheet = book.sheet(title)
            except Refused as refused:
                problems.extend(refused.findings)
                continue
            if sheet is not None:
                sheets.append(sheet)
    if problems:
        raise Refused(*problems)
    if not sheets:
        raise Refused.because("document.empty", name, name=name)
    return sheets


class _CsvBook(Book):
    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(name)
        self.rows = csvfiles.opened_csv(path, name, limit=size)
        self._take(Path(name).stem, visible=True)

    def is_blank(self, title: str) -> bool:
        return not any(cell is not None for row in self.rows() for cell in row.cells)

    def sheet(self, title: str, *, limit: int = ROW_LIMIT) -> Sheet | None:
        return build_sheet(title, self.name, self.rows(), limit=limit)


class _OdsBook(Book):
    def __init__(self, package: Package) -> None:
        super().__init__(package.name)
        self.tables = odf.tables(package)
        for table in self.tables:
            self._take(table.title, table.visible)

    def is_blank(self, title: str) -> bool:
        return not next(t for t in self.tables if t.title == title).rows

    def sheet(self, title: str, *, limit: int = ROW_LIMIT) -> Sheet | None:
        table = next(t for t in self.tables if t.title == title)
        hidden = table.hidden_rows
        return build_sheet(title, self.name, table.filled(), limit=limit, hidden_rows=hidden)


class _XlsxBook(Book):
    def __init__(self, package: Package, path: Path) -> None:
        super().__init__(package.name)
        self.package = package
        self.path = path
        self.workbook: CalamineWorkbook | None = None
        self.parts: dict[str, str] = {}
        self.scans: dict[str, sheetxml.Scan] = {}
        self.epoch = EPOCH
        related = package.related(package.main)
        for node in package.xml(package.main).iter():
            tag = node.tag.rpartition("}")[2]
            if tag == "workbookPr" and node.get("date1904") in ("1", "true", "on"):
                self.epoch = _MAC_EPOCH
            if tag != "sheet":
                continue
            relation = next((v for k, v in node.items() if k.rpartition("}")[2] == "id"), "")
            kind, part = related.get(relation, ("", ""))
            if kind.endswith("/worksheet"):
                if part not in package.parts():
                    raise damaged(package.name)
                self._take(node.get("name", ""), node.get("state", "visible") == "visible")
                self.parts[node.get("name", "")] = part

    def _scan(self, title: str) -> sheetxml.Scan:
        if title not in self.scans:
            self.scans[title] = sheetxml.scan(self.package, self.parts[title])
        return self.scans[title]

    def is_blank(self, title: str) -> bool:
        return not self._scan(title).filled_rows

    def sheet(self, title: str, *, limit: int = ROW_LIMIT) -> Sheet | None:
        scan = self._scan(title)
        if scan.filled_rows > limit + HEADER_WITHIN:
            raise too_many_rows(title, scan.filled_rows, limit)
        sheetxml.check_extent(self.package, self.parts[title], title, scan)
        if self.workbook is None:
            self.workbook = CalamineWorkbook.from_path(self.path)
        return build_sheet(
            title,
            self.name,
            _rows(self.workbook.get_sheet_by_name(title), scan.troubles, self.name),
            limit=limit,
            epoch=self.epoch,
            hidden_rows=scan.hidden_rows,
        )


class _OldBook(Book):
    """.xls and .et; both are the same records in the same kind of box."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(name)
        check_size(path, name, size)
        expect_kind(path, name, ".xls/.et")
        self.path = path
        self.scan = biff.scan(path, name)
        self.workbook = CalamineWorkbook.from_path(path)
        titles = self.workbook.sheet_names
        if len(titles) != len(self.scan.sheets):
            raise damaged(name)
        self.scans = dict(zip(titles, self.scan.sheets, strict=True))
        for title in titles:
            self._take(title, self.scans[title].visible)

    def is_blank(self, title: str) -> bool:
        return not self.scans[title].filled

    def sheet(self, title: str, *, limit: int = ROW_LIMIT) -> Sheet | None:
        scan = self.scans[title]
        if len(scan.filled) > limit + HEADER_WITHIN:
            raise too_many_rows(title, len(scan.filled), limit)
        return build_sheet(
            title,
            self.name,
            _rows(self.workbook.get_sheet_by_name(title), scan.troubles, self.name),
            limit=limit,
            epoch=_MAC_EPOCH if self.scan.from_1904 else EPOCH,
            hidden_rows=scan.hidden_rows,
        )


def _rows(sheet: CalamineSheet, bad: Troubles, file: str) -> Iterator[Row]:
    end = (-1, -1) if sheet.end is None else sheet.end
    # Cells in trouble read as "", so they may lie outside the rectangle that calamine found.
    height = max([end[0] + 1, *bad])
    width = max([end[1] + 1, *(column + 1 for row in bad.values() for column in row)])
    merged = _merged(sheet, height, width, file)
    return with_troubles(_plain(sheet, height), bad, merged)


def _plain(sheet: CalamineSheet, height: int) -> Iterator[Row]:
    """All rows from the first; the same text is kept once, however often it stands there."""
    seen: dict[str, str] = {}
    before: tuple[Cell, ...] = (None,) * (sheet.start or (0, 0))[1]
    number = 0
    if sheet.start is not None:
        for number, values in enumerate(sheet.iter_rows(), start=1):
            yield Row(number, before + tuple([_cell(value, seen) for value in values]))
    for further in range(number + 1, height + 1):
        yield Row(further, ())


def _merged(sheet: CalamineSheet, height: int, width: int, file: str) -> Troubles:
    """Cells that belong to a merge. One value for many rows is a guess."""
    found: Troubles = {}
    cells = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        area = f"{cell_name(left, top + 1)}:{cell_name(right, bottom + 1)}"
        columns = range(left, min(right + 1, width))
        rows = range(top + 1, min(bottom + 1, height) + 1)
        cells += len(columns) * len(rows)
        if cells > CELL_LIMIT // 10:
            raise too_many_cells(file, sheet.name, cells, CELL_LIMIT // 10)
        trouble = Trouble("document.merged-cell", {"range": area})
        for row in rows:
            found.setdefault(row, {}).update(dict.fromkeys(columns, trouble))
    return found


_Value = str | int | float | bool | date | datetime | time | timedelta


def _cell(value: _Value, seen: dict[str, str]) -> Cell:
    if isinstance(value, str):
        return seen.setdefault(value, value) if value and not value.isspace() else None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return value.isoformat("seconds" if value.second else "minutes")


def _number(value: float) -> Cell:
    if abs(value) >= _DIGITS:
        return Trouble("document.digits-lost", {"value": f"{value:.0f}"}, f"{value:.0f}")
    return int(value) if float(value).is_integer() else value

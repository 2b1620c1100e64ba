"""Reading .xlsx and .csv into sheets, with a reason for every cell that has no usable value.

Values come from calamine (100,000 rows a second); what it does not show comes from ``sheetxml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from taizhang.documents.csvfiles import read_csv
from taizhang.documents.packages import MB, Package, damaged, opened_package
from taizhang.documents.sheets import Cell, Row, Sheet, Trouble, build_sheet, cell_name
from taizhang.documents.sheetxml import CELL_LIMIT, Place, troubles
from taizhang.engines.findings import Finding, Refused

KINDS = (".xlsx", ".csv")
SIZE_LIMIT = 20 * MB

_DIGITS = 10**15
"""Excel keeps 15 digits of a number: an 18-digit ID number typed as a number is already wrong."""


def read_sheets(path: Path, name: str, *, limit: int = SIZE_LIMIT) -> list[Sheet]:
    """Read every visible sheet that has something in it.

    ``name`` is the name the user gave (an upload lies under another); ``limit`` is in bytes.
    Raises Refused with a finding for each problem of the file as a whole:
    ``document.unknown-kind``, ``.cannot-read``, ``.empty``, ``.too-large``,
    ``.not-what-its-name-says``, ``.encrypted``, ``.damaged``, ``.too-large-unpacked``,
    ``.too-many-cells``, ``.unknown-encoding``, ``.no-header``, ``.header-twice``.
    """
    kind = Path(name).suffix.lower()
    if kind not in KINDS:
        raise Refused.because("document.unknown-kind", name, name=name, kinds=", ".join(KINDS))
    if kind == ".csv":
        tables: Iterable[tuple[str, Iterable[Row]]] = read_csv(path, name, limit=limit)
    else:
        tables = _read_xlsx(path, name, limit)
    sheets: list[Sheet] = []
    problems: list[Finding] = []
    for title, rows in tables:
        try:
            sheet = build_sheet(title, name, rows)
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


def _read_xlsx(path: Path, name: str, limit: int) -> Iterator[tuple[str, Iterable[Row]]]:
    with opened_package(path, name, ".xlsx", limit=limit) as package:
        parts = _visible_sheets(package)
        found = [(title, troubles(package, part, title)) for title, part in parts]
        try:
            with CalamineWorkbook.from_path(path) as workbook:
                for title, bad in found:
                    yield title, _rows(workbook.get_sheet_by_name(title), bad, name)
        except CalamineError as error:
            raise damaged(name) from error


def _visible_sheets(package: Package) -> list[tuple[str, str]]:
    """Names and parts of the sheets a person sees; our own choice lists stand on hidden ones."""
    related = package.related(package.main)
    sheets: list[tuple[str, str]] = []
    for node in package.xml(package.main).iter():
        if node.tag.rpartition("}")[2] != "sheet" or node.get("state", "visible") != "visible":
            continue
        relation = next((v for k, v in node.items() if k.rpartition("}")[2] == "id"), "")
        kind, part = related.get(relation, ("", ""))
        if kind.endswith("/worksheet"):
            if part not in package.parts():
                raise damaged(package.name)
            sheets.append((node.get("name", ""), part))
    return sheets


def _rows(sheet: CalamineSheet, bad: dict[Place, Trouble], file: str) -> Iterator[Row]:
    start, end = sheet.start, sheet.end
    top, left = start or (0, 0)
    values = [] if start is None else list(sheet.to_python(skip_empty_area=True))
    # Cells in trouble read as "", so they may lie outside the rectangle that calamine found.
    height = max([0 if end is None else end[0] + 1, *(row for row, _ in bad)])
    width = max([0 if end is None else end[1] + 1, *(column + 1 for _, column in bad)])
    plain = [tuple(map(_cell, row)) for row in values]
    header = _header_row(plain, top)
    bad = _merged(sheet, header, height, width, file) | bad
    rows_in_trouble = {row for row, _ in bad}
    before: tuple[Cell, ...] = (None,) * left
    for number in range(1, height + 1):
        index = number - 1 - top
        cells = before + plain[index] if 0 <= index < len(plain) else ()
        if number in rows_in_trouble:
            cells += (None,) * (width - len(cells))
            cells = tuple(bad.get((number, column), cell) for column, cell in enumerate(cells))
        yield Row(number, cells)


def _header_row(rows: list[tuple[Cell, ...]], top: int) -> int:
    """Row number of the header, 0 if none; merges above it are title lines."""
    need = min(2, max((sum(cell is not None for cell in row) for row in rows), default=0))
    for index, row in enumerate(rows):
        if need and sum(cell is not None for cell in row) >= need:
            return top + index + 1
    return 0


def _merged(
    sheet: CalamineSheet, header: int, height: int, width: int, file: str
) -> dict[Place, Trouble]:
    """Cells below the header that belong to a merge. One value for many rows is a guess."""
    found: dict[Place, Trouble] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        first, last = max(top + 1, header + 1), min(bottom + 1, height)
        if first > last:
            continue
        area = f"{cell_name(left, top + 1)}:{cell_name(right, bottom + 1)}"
        trouble = Trouble("document.merged-cell", {"range": area})
        for row in range(first, last + 1):
            for column in range(left, min(right + 1, width)):
                found[row, column] = trouble
        if len(found) > CELL_LIMIT // 10:
            raise damaged(file)
    return found


_Value = str | int | float | bool | date | datetime | time | timedelta


def _cell(value: _Value) -> Cell:
    if isinstance(value, str):
        return value if value and not value.isspace() else None
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
        return Trouble("document.digits-lost", {"value": f"{value:.0f}"})
    return int(value) if value.is_integer() else value

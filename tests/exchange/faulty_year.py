"""A whole year in one workbook, with 200 planted errors of 25 kinds, each with its cure.

``build`` writes good rows to several sheets, rows that refer to rows of other sheets, and among them
the faulty ones; every error knows its sheet, its place, the code of its reason, and the value that
cures it in which column.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from taizhang.documents.sheets import cell_name

EACH = 8
FORMULA, ERROR = object(), object()
"""Cells that become a formula nobody calculated, and one whose result is an error."""


@dataclass(frozen=True)
class Planted:
    """An error: where it stands, what is said about it, and what cures it."""

    kind: str
    sheet: str
    place: str
    code: str
    column: str
    cure: Any


@dataclass
class Page:
    """One sheet being filled: its columns by field name, and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: list[list[Any]] = field(default_factory=list)

    def add(self, values: dict[str, Any]) -> int:
        """Add a row and return its number in the file."""
        self.rows.append([values.get(name) for name in self.columns])
        return len(self.rows) + 1


@dataclass(frozen=True)
class Kind:
    """A kind of error: in which sheet, what makes a good row faulty, and what is said of it."""

    page: str
    column: str
    bad: Any
    code: str
    row_level: bool = False


KINDS: dict[str, Kind] = {
    "a day that does not exist": Kind("活动台账", "held_on", "2021-02-30", "import.no-such-day"),
    "a day in words": Kind("活动台账", "held_on", "去年秋天", "import.not-a-date"),
    "a day without its year": Kind("会议台账", "held_on", "9.18", "import.year-missing"),
    "an estimate": Kind("活动台账", "attendance", "3000余", "import.vague-number"),
    "words for a number": Kind("活动台账", "volunteers", "若干", "import.not-a-number"),
    "half a person": Kind("会议台账", "present", 2.5, "import.not-whole"),
    "a negative count": Kind("发放资料", "copies", -3, "import.negative"),
    "more than fits": Kind("活动台账", "online_views", 9_999_999_999, "import.too-big"),
    "too many decimals": Kind("场所台账", "building_area", 12.345, "import.too-many-decimals"),
    "no such choice": Kind("活动台账", "form", "茶话会", "import.not-a-choice"),
    "no such word": Kind("活动台账", "themes", "科技志愿服务、养花", "import.not-a-choice"),
    "nothing where something must be": Kind("活动台账", "title", None, "import.required"),
    "a number too long": Kind("活动台账", "code", "X" * 41, "import.too-long"),
    "a unit mistyped": Kind("活动台账", "unit", "easst", "import.no-such-row"),
    "a unit of others": Kind("会议台账", "unit", "elsewhere", "import.no-such-row"),
    "a row that is nowhere": Kind("发放资料", "activity", "HD-1999-0001", "import.no-such-row"),
    "a name of two rows": Kind("活动台账", "place", "文化站", "import.ambiguous-row"),
    "the same row twice": Kind(
        "活动台账", "code", "HD-2021-0001", "import.row-twice", row_level=True
    ),
    "the last day before the first": Kind(
        "活动台账", "ended_on", date(2020, 1, 1), "write.broken-rule"
    ),
    "more hours than there are": Kind("志愿服务记录", "hours", 999, "write.broken-rule"),
    "a formula without its result": Kind(
        "活动台账", "attendance", FORMULA, "document.formula-without-value"
    ),
    "an error in a cell": Kind("会议台账", "entitled", ERROR, "document.cell-error"),
    "digits that are lost": Kind("活动台账", "attendance", 10**17, "document.digits-lost"),
    "neither yes nor no": Kind("发放资料", "bilingual", "也许", "import.not-yes-no"),
    "a masked name": Kind("志愿者名册", "name", "李**", "import.masked"),
}

_COLUMNS = {
    "志愿者名册": ("unit", "code", "name", "team", "platform", "joined_on"),
    "场所台账": ("unit", "code", "name", "kind", "opened_on", "building_area"),
    "活动台账": (
        *("unit", "code", "title", "form", "themes", "held_on", "ended_on", "place"),
        *("location", "volunteers", "attendance", "online_views"),
    ),
    "发放资料": ("activity", "kind", "name", "copies", "bilingual"),
    "志愿服务记录": ("activity", "volunteer", "duty", "hours"),
    "会议台账": ("unit", "code", "title", "body", "kind", "held_on", "entitled", "present"),
}


def _good(page: str, number: int) -> dict[str, Any]:
    """A good row: the ``number``-th of its sheet."""
    day = date(2021, 1, 1) + timedelta(days=number % 350)
    return {
        "志愿者名册": lambda: {
            "unit": "east",
            "code": f"ZY-{number:04d}",
            "name": f"志愿者{number}",
            "team": "corps",
            "platform": "national",
            "joined_on": day,
        },
        "场所台账": lambda: {
            "unit": "east",
            "code": f"CS-{number:04d}",
            "name": f"第{number}科普馆",
            "kind": "科技馆",
            "opened_on": day,
            "building_area": 120.5,
        },
        "活动台账": lambda: {
            "unit": "东镇科协",
            "code": f"HD-2021-{number:04d}",
            "title": f"第{number}场讲座",
            "form": "讲座",
            "themes": "科技志愿服务",
            "held_on": day,
            "location": "文化广场",
            "volunteers": 5,
            "attendance": 60 + number,
        },
        "发放资料": lambda: {
            "activity": f"HD-2021-{1 + number % 20:04d}",
            "kind": "宣传单",
            "name": f"明白纸{number}",
            "copies": 100,
            "bilingual": "是",
        },
        "志愿服务记录": lambda: {
            "activity": f"第{1 + number % 20}场讲座",
            "volunteer": f"east/ZY-{number:04d}",
            "duty": "现场服务",
            "hours": 2.5,
        },
        "会议台账": lambda: {
            "unit": "assoc",
            "code": f"HY-2021-{number:04d}",
            "title": f"第{number}次学习",
            "body": "centre_group",
            "kind": "study",
            "held_on": day,
            "entitled": 9,
            "present": 8,
        },
    }[page]()


def build(label: Callable[[str, str], str]) -> tuple[bytes, list[Planted]]:
    """The workbook and its errors; ``label`` gives the header of a field of a sheet."""
    pages = {title: Page(title, columns) for title, columns in _COLUMNS.items()}
    for page in pages.values():
        for number in range(1, 31):
            page.add(_good(page.title, number))
    for _ in range(2):
        pages["场所台账"].add(_good("场所台账", 30 + _) | {"code": f"WH-{_}", "name": "文化站"})
    planted: list[Planted] = []
    serial = 100
    for name, kind in KINDS.items():
        page = pages[kind.page]
        for _ in range(EACH):
            serial += 1
            values = _good(kind.page, serial)
            cure = values.get(kind.column)
            if kind.column == "code" and kind.row_level:
                cure = f"HD-2021-{serial:04d}"
            row = page.add(values | {kind.column: kind.bad})
            if kind.page == "志愿服务记录":  # a volunteer for each, so that nobody is there twice
                pages["志愿者名册"].add(_good("志愿者名册", serial))
            place = str(row) if kind.row_level else cell_name(page.columns.index(kind.column), row)
            header = label(kind.page, kind.column)
            planted.append(Planted(name, kind.page, place, kind.code, header, cure))
    return _written(pages, label), planted


def _written(pages: dict[str, Page], label: Callable[[str, str], str]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    # Not in the order of writing: what is referred to may stand further back.
    for page in reversed(pages.values()):
        sheet = book.add_worksheet(page.title)
        sheet.write_row(0, 0, [label(page.title, name) for name in page.columns])
        for number, row in enumerate(page.rows, start=1):
            for column, value in enumerate(row):
                if value is FORMULA:
                    sheet.write_formula(number, column, "=1+1", value="")
                elif value is ERROR:
                    sheet.write_formula(number, column, "=NA()", value="#N/A")
                elif isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)
    book.add_worksheet("随手记").write(0, 0, "与台账无关")
    book.close()
    return target.getvalue()

"""A workbook as it comes from the field: a title above the header, good rows and planted mistakes.

Two rows are taken from the demo's own file, so that the plan of an import shows one that is the
same and one that changes; the headers are those of that file too.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

from taizhang.documents.files import Target, opened

SOURCE = Path(__file__).parent / "years" / "11-activities-2021.csv"
TITLE = "2021年活动补报表（青禾镇、望河街道；演示用，含错误）"

FIELDS = (
    *("code", "title", "unit", "form", "themes", "campaign", "edition", "audiences", "setting"),
    *("held_on", "ended_on", "place", "location", "volunteers", "attendance", "online_views"),
    *("summary", "round", "tour", "language"),
)
"""The columns of ``SOURCE``, in order."""

_NUMBERS = frozenset({"edition", "volunteers", "attendance", "online_views"})
_DAYS = frozenset({"held_on", "ended_on"})

Cell = str | int | date
FORMULA = "=SUM(60,72)"
"""A text that becomes a formula nobody has calculated yet."""

_COMMON: Mapping[str, Cell] = {
    "unit": "qinghe",
    "form": "培训",
    "themes": "科技志愿服务、农牧业技术",
    "audiences": "农牧民",
    "setting": "乡村",
    "location": "青禾镇农机站",
    "volunteers": 6,
    "attendance": 120,
}


def build_faulty_workbook(target: Target) -> None:
    """Write the workbook to a path or an open file; the same bytes every time.

    Raises Refused ``document.disk-full`` or ``document.cannot-write``.
    """
    header, known = _demo_rows()
    with opened(target) as handle:
        book = xlsxwriter.Workbook(handle, {"in_memory": True})
        book.set_properties({"title": TITLE, "created": datetime(2021, 12, 20, tzinfo=UTC)})
        sheet = book.add_worksheet("活动补报")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string(0, 0, TITLE, book.add_format({"bold": True, "font_size": 14}))
        for column, label in enumerate(header):
            sheet.write_string(1, column, label, book.add_format({"bold": True, "bottom": 1}))
        for line, cells in enumerate(_rows(known), start=2):
            for column, field in enumerate(FIELDS):
                value = cells.get(field, "")
                if value == FORMULA:
                    sheet.write_formula(line, column, FORMULA, value="")
                elif isinstance(value, date):
                    sheet.write_datetime(line, column, value, day)
                elif isinstance(value, int):
                    sheet.write_number(line, column, value)
                elif value:
                    sheet.write_string(line, column, value)
        sheet.set_column(0, len(FIELDS) - 1, 14)
        sheet.set_column(1, 1, 36)
        book.close()


def _rows(known: Mapping[str, Mapping[str, Cell]]) -> list[Mapping[str, Cell]]:
    good = _row(1, "秋季蔬菜储藏技术培训", date(2021, 10, 21))
    town: dict[str, Cell] = {"unit": "wanghe", "setting": "社区", "location": "望河街道文化站"}
    return [
        good,
        _row(2, "社区冬季流感预防讲座", date(2021, 11, 23), form="讲座", **town),
        _row(3, "农机具入库保养现场指导", date(2021, 11, 4), form="现场指导", attendance=86),
        known["qinghe/HD-2021-0051"],  # the same
        {**known["wanghe/HD-2021-0113"], "attendance": 316},  # changed: 306 before
        _row(4, "春节前食品安全提示", "2021-02-30"),
        _row(5, "科普展板进社区", date(2021, 6, 9), attendance="3356余", **town),
        _row(6, "果树越冬管理培训", date(2021, 11, 16), unit="qinghe-xiang"),
        _row(7, "村级科普员业务交流", date(2021, 7, 20), form="茶话会"),
        _row(8, "", date(2021, 8, 5)),
        _row(9, "暑期科学营", date(2021, 7, 28), ended_on=date(2021, 7, 26)),
        _row(10, "设施农业用电安全讲座", date(2021, 9, 8), attendance=FORMULA),
        _row(11, "土壤改良技术咨询", date(2021, 4, 8), code="HD-2021-" + "补报" * 20),
        {**good, "attendance": 98},  # the first row once more
    ]


def _row(number: int, title: str, held_on: Cell, **other: Cell) -> Mapping[str, Cell]:
    code = f"HD-2021-{200 + number:04d}"
    return {**_COMMON, "code": code, "title": title, "held_on": held_on, **other}


def _demo_rows() -> tuple[list[str], dict[str, Mapping[str, Cell]]]:
    """The header of ``SOURCE``, and its rows by their keys."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    rows: dict[str, Mapping[str, Cell]] = {}
    for line in lines:
        words = dict(zip(FIELDS, line, strict=True))
        rows[f"{words['unit']}/{words['code']}"] = {f: _cell(f, w) for f, w in words.items()}
    return header, rows


def _cell(field: str, word: str) -> Cell:
    if word and field in _NUMBERS:
        return int(word)
    if word and field in _DAYS:
        year, month, day = (int(part) for part in re.findall(r"\d+", word))
        return date(year, month, day)
    return word

"""Large sheets are written by our own hand, and are the sheets the library would have written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.documents import large_sheets, workbook_writer
from taizhang.documents.large_sheets import write_large_xlsx
from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.documents.workbooks import read_sheets

from .samples import refusal

COLUMNS = [OutColumn("名称"), OutColumn("数量", "number"), OutColumn("日期", "date")]
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    # The library writes 16 digits of a float; 15 are what a spreadsheet shows.
    | st.floats(allow_nan=True).map(lambda value: float(f"{value:.15g}"))
    | st.decimals(-1000, 1000, places=2)
    | st.dates(date(1890, 1, 1))
    | st.datetimes(datetime(1890, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda value: value.replace(second=0, microsecond=0)
    )
    | st.text(max_size=30)
    | st.sampled_from(["=1+1", "@x", "-5", " 空 ", "a\nb", "_x0041_", "<&>\"'", "\r\n", "𝒳"])
)


def both(tmp_path: Path, rows: list[list[Any]], name: str = "活动") -> list[Any]:
    """What is read from the sheet as we write it and as the library does."""
    found = []
    for number, write in enumerate(
        (write_large_xlsx, lambda target, out: write_xlsx(target, [out]))
    ):
        path = tmp_path / f"{number}.xlsx"
        write(path, OutSheet(name, COLUMNS, rows))
        (sheet,) = read_sheets(path, path.name)
        found.append((sheet.name, sheet.header, [(row.number, row.cells) for row in sheet.rows]))
    return found


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=4))
def test_what_is_read_back_is_what_the_library_would_have_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]
) -> None:
    ours, theirs = both(tmp_path_factory.mktemp("sheets"), rows)
    assert repr(ours) == repr(theirs)  # not-a-number equals nothing, not even itself


def test_names_of_sheets_and_columns_are_cleaned_alike(tmp_path: Path) -> None:
    ours, theirs = both(tmp_path, [["甲", 1, date(2021, 3, 4)]], "a'b/c[d]&<e>")
    assert ours == theirs


def part(path: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        found: ElementTree.Element = fromstring(archive.read(name))
        return found


def test_the_head_stays_in_view_has_filters_and_dates_are_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_large_xlsx(
        path, OutSheet("活动", COLUMNS, [["甲" * 50, 1, date(2021, 3, 4)], ["=x", 2, None]])
    )
    sheet = part(path, "xl/worksheets/sheet1.xml")
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    pane = sheet.find(".//m:pane", space)
    assert pane is not None
    assert (pane.get("state"), pane.get("topLeftCell")) == ("frozen", "A2")
    found = sheet.find("m:autoFilter", space)
    assert found is not None
    assert found.get("ref") == "A1:C3"
    widths = [float(column.get("width", "0")) for column in sheet.iterfind(".//m:col", space)]
    assert widths[0] == pytest.approx(60.71)
    styles = {cell.get("r"): cell.get("s") for cell in sheet.iterfind(".//m:c", space)}
    assert (styles["A1"], styles["C2"], styles["A3"], styles["B2"]) == ("1", "2", "4", None)


def test_rows_come_from_a_generator_and_are_gone_through_once() -> None:
    def rows() -> Iterator[list[Any]]:
        for number in range(1500):
            yield [f"第{number}行", number, None]

    target = io.BytesIO()
    write_large_xlsx(target, OutSheet("活动", COLUMNS, rows()))
    with zipfile.ZipFile(target) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 1501
    assert "第1499行" in sheet


def test_a_text_too_long_and_too_many_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    rows = [["甲", 1, None], ["字" * 32_768, 1, None]]
    finding = refusal(lambda: write_large_xlsx(path, OutSheet("活动", COLUMNS, rows)))
    assert (finding.code, finding.params["cell"]) == ("document.text-too-long", "A3")
    monkeypatch.setattr(large_sheets, "ROW_LIMIT", 3)
    many = [["甲", 1, None]] * 3
    finding = refusal(lambda: write_large_xlsx(path, OutSheet("活动", COLUMNS, many)))
    assert finding.code == "document.too-many-rows"
    assert not path.exists()
    assert workbook_writer.ROW_LIMIT == 1_048_576


def test_what_is_kept_in_memory_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_sheets, "_REMEMBERED", 3)
    target = io.BytesIO()
    rows = [[f"甲{number % 7}", Decimal(number), date(2021, 1, 1)] for number in range(20)]
    write_large_xlsx(target, OutSheet("活动", COLUMNS, rows))
    with zipfile.ZipFile(target) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").decode().count("甲0") == 3

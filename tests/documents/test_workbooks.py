from __future__ import annotations

import io
import tempfile
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.documents.csvfiles import guard, unguard, write_csv
from taizhang.documents.sheets import Trouble, cell_name, column_index
from taizhang.documents.workbook_writer import (
    OutColumn,
    OutSheet,
    clean_sheet_name,
    display_width,
    write_xlsx,
)
from taizhang.documents.workbooks import read_sheets
from taizhang.engines.findings import Refused

from .samples import refusal, rewritten

DANGEROUS = [
    "=SUM(A1)",
    "'=x",
    "''=x",
    "+1",
    "-a",
    "@b",
    "\tx",
    "\r\nx",
    "'普通",
    "＝A1",
    'a\nb,"c',
]


def planted(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("活动")
    day = book.add_format({"num_format": 31})  # 2021年3月4日 in a Chinese Excel
    hour = book.add_format({"num_format": "hh:mm"})
    sheet.merge_range("A1:E1", "2021年活动台账")
    sheet.write_row("A3", ["名 称", "日期\n（公历）", "数量", "时间", "备注"])
    sheet.write_row("A4", ["讲座", 44259, 3.0, "", True])
    sheet.write_number("B4", 44259, day)
    sheet.write_datetime("D4", time(9, 30), hour)
    sheet.write_row("A5", ["展览", 1.5, 110101199001011234])
    sheet.write_formula("D5", "=A1", None, "")
    sheet.write_formula("E5", "=NA()", None, "#N/A")
    sheet.write_formula("A8", '=""', None, 7)
    sheet.merge_range("B8:B9", "两行")
    sheet.write("A9", "  ")
    sheet.write("C9", "尾")
    book.add_worksheet("空")
    hidden = book.add_worksheet("选项")
    hidden.write_column("A1", ["a", "a"])
    hidden.hide()
    book.close()
    return path


def test_a_chinese_office_workbook_is_read_with_a_reason_for_every_bad_cell(tmp_path: Path) -> None:
    (sheet,) = read_sheets(planted(tmp_path / "a.xlsx"), "活动.XLSX")
    assert (sheet.name, sheet.header_row) == ("活动", 3)
    assert sheet.header == ("名 称", "日期（公历）", "数量", "时间", "备注")
    assert [row.number for row in sheet.rows] == [4, 5, 8, 9]
    first, second, third, fourth = (row.cells for row in sheet.rows)
    assert first == ("讲座", date(2021, 3, 4), 3, "09:30", True)
    assert type(first[2]) is int
    assert second[1] == 1.5
    assert second[2] == Trouble("document.digits-lost", {"value": "110101199001011200"})
    assert second[3] == Trouble("document.formula-without-value")
    assert second[4] == Trouble("document.cell-error", {"value": "#N/A"})
    assert third[0] == 7
    merged = Trouble("document.merged-cell", {"range": "B8:B9"})
    assert (third[1], fourth[1]) == (merged, merged)
    assert fourth == (None, merged, "尾", None, None)
    assert merged.at(sheet.where(1, 9)).where == "活动!B9"


def test_a_time_of_day_keeps_a_date_a_datetime(tmp_path: Path) -> None:
    moment = datetime(2021, 3, 4, 9, 30)  # noqa: DTZ001 - a workbook knows no time zones
    out = OutSheet(
        "a", [OutColumn("甲"), OutColumn("乙")], [[moment, moment.replace(hour=0, minute=0)]]
    )
    write_xlsx(tmp_path / "a.xlsx", [out])
    assert read_sheets(tmp_path / "a.xlsx", "a.xlsx")[0].rows[0].cells == (moment, date(2021, 3, 4))


def test_one_cell_far_out_does_not_eat_the_memory(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["甲", "乙"])
    sheet.write(1048575, 16383, 1)
    book.close()
    finding = refusal(lambda: read_sheets(tmp_path / "a.xlsx", "a.xlsx"))
    assert finding.code == "document.too-many-cells"


@pytest.mark.parametrize("hide", [b'<c x=">" r="XFD1048576"', b'<c s="0"\nr="&#88;FD1048576"'])
def test_a_hidden_address_does_not_eat_the_memory_either(hide: bytes, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [OutSheet("a", [OutColumn("甲"), OutColumn("乙")], [[1, 2]])])

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b'<c r="B2"', hide) if name.endswith("sheet1.xml") else content

    path = rewritten(tmp_path / "a.xlsx", tmp_path / "b.xlsx", change)
    with pytest.raises(Refused):
        read_sheets(path, "b.xlsx")


def test_rows_that_only_carry_a_style_do_not_count(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, ["甲", "乙"])
    sheet.write_row(1, 0, [1, 2])
    sheet.write_blank(1048575, 16383, None, bold)
    book.close()
    (read,) = read_sheets(tmp_path / "a.xlsx", "a.xlsx")
    assert len(read.header) == 2
    assert len(read.rows) == 1


def test_cells_and_rows_without_addresses_are_read(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [OutSheet("a", [OutColumn("甲"), OutColumn("乙")], [[1, "x"]])])

    def change(name: str, content: bytes) -> bytes:
        for address in (b' r="A1"', b' r="B1"', b' r="A2"', b' r="B2"', b' r="1"', b' r="2"'):
            content = content.replace(address, b"") if name.endswith("sheet1.xml") else content
        return content

    path = rewritten(tmp_path / "a.xlsx", tmp_path / "b.xlsx", change)
    (sheet,) = read_sheets(path, "b.xlsx")
    assert sheet.rows[0].cells == (1, "x")


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [OutSheet("a", [OutColumn("甲")], [["x"]])])

    def change(name: str, content: bytes) -> bytes:
        dtd = b'standalone="yes"?><!DOCTYPE x [<!ENTITY a "b">]>'
        return content.replace(b'standalone="yes"?>', dtd) if name == "xl/workbook.xml" else content

    path = rewritten(tmp_path / "a.xlsx", tmp_path / "b.xlsx", change)
    assert refusal(lambda: read_sheets(path, "b.xlsx")).code == "document.damaged"


def test_all_repeated_titles_and_missing_headers_are_said_at_once(tmp_path: Path) -> None:
    twice = OutSheet("甲表", [OutColumn("题"), OutColumn("数"), OutColumn("题")], [[1, 2, 3]])
    write_xlsx(tmp_path / "a.xlsx", [twice])
    finding = refusal(lambda: read_sheets(tmp_path / "a.xlsx", "a.xlsx"))
    assert finding.code == "document.header-twice"
    assert finding.where == "甲表!C1"
    (tmp_path / "b.csv").write_text("一\n" * 25 + "a,b\n", "utf-8")
    assert refusal(lambda: read_sheets(tmp_path / "b.csv", "b.csv")).code == "document.no-header"


def test_a_sheet_with_one_column_has_a_header_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称\n\n甲\n", "utf-8")
    (sheet,) = read_sheets(tmp_path / "a.csv", "名单.csv")
    assert (sheet.name, sheet.header, sheet.rows) == ("名单", ("名称",), [(3, ("甲",))])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_of_any_office_is_read(encoding: str, sign: str, tmp_path: Path) -> None:
    text = (
        f'2021年活动\r\n名称{sign}备注\r\n讲座{sign}"一{sign}\n二"\r\n展览{sign}\r\n\r\n末{sign}1'
    )
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (sheet,) = read_sheets(tmp_path / "a.csv", "a.csv")
    assert (sheet.header, sheet.header_row) == (("名称", "备注"), 2)
    assert sheet.rows == [(3, ("讲座", f"一{sign}\n二")), (4, ("展览", None)), (6, ("末", "1"))]


def test_values_survive_a_workbook(tmp_path: Path) -> None:
    columns = [OutColumn("文字"), OutColumn("数", "number"), OutColumn("日期", "date")]
    numbers = [Decimal("1.5"), 7, -3, 0.25, 10**15 - 1, Decimal("12345678901234567.89")]
    rows = [
        [text, numbers[index % len(numbers)], date(2021, 3, 4)]
        for index, text in enumerate(DANGEROUS)
    ]
    write_xlsx(tmp_path / "a.xlsx", [OutSheet("台账[1]", columns, iter(rows))])
    (sheet,) = read_sheets(tmp_path / "a.xlsx", "a.xlsx")
    assert [row.cells[0] for row in sheet.rows] == DANGEROUS
    expected = [1.5, 7, -3, 0.25, 10**15 - 1, "12345678901234567.89"]
    assert [row.cells[1] for row in sheet.rows[:6]] == expected
    assert all(row.cells[2] == date(2021, 3, 4) for row in sheet.rows)


def test_values_survive_a_csv_and_formulas_are_neutralised(tmp_path: Path) -> None:
    rows = [[text, Decimal("-1.50"), date(2021, 3, 4), None, True] for text in DANGEROUS]
    write_csv(tmp_path / "a.csv", ["=文字", "数", "日", "空", "是"], rows)
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf'=")
    assert b"\r\n'=SUM(A1),-1.50,2021-03-04,,TRUE\r\n''=x," in content
    (sheet,) = read_sheets(tmp_path / "a.csv", "a.csv")
    assert sheet.header[0] == "=文字"
    assert [row.cells[0] for row in sheet.rows] == DANGEROUS
    assert sheet.rows[0].cells[1] == "-1.50"


@given(st.text())
def test_the_guard_is_taken_back_whatever_the_text(text: str) -> None:
    assert unguard(guard(text)) == text


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1)
)
def test_any_text_survives_csv_and_workbook(texts: list[str]) -> None:
    shown = [text for text in texts if not text.isspace()]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.csv", "a.xlsx"):
            path = Path(folder) / name
            if name == "a.csv":
                write_csv(path, ["甲", "乙"], [[text, "x"] for text in shown])
            else:
                columns = [OutColumn("甲"), OutColumn("乙")]
                write_xlsx(path, [OutSheet("a", columns, [[text, "x"] for text in shown])])
            (sheet,) = read_sheets(path, name)
            assert [row.cells[0] for row in sheet.rows] == shown, name


def test_what_excel_cannot_hold_is_refused_not_cut(tmp_path: Path) -> None:
    long = OutSheet("a", [OutColumn("甲")], [["x"], ["x" * 40_000]])
    finding = refusal(lambda: write_xlsx(tmp_path / "a.xlsx", [long]))
    assert (finding.code, finding.where) == ("document.text-too-long", "a!A3")
    assert not list(tmp_path.iterdir())


def test_odd_values_are_written_as_text(tmp_path: Path) -> None:
    aware = datetime(2021, 3, 4, 9, 30, tzinfo=UTC)
    values = [date(1850, 1, 2), float("nan"), time(9, 30), aware]
    write_xlsx(
        tmp_path / "a.xlsx", [OutSheet("a", [OutColumn(str(i)) for i in range(4)], [values])]
    )
    cells = read_sheets(tmp_path / "a.xlsx", "a.xlsx")[0].rows[0].cells
    assert cells == ("1850-01-02", "nan", "09:30:00", aware.replace(tzinfo=None))


def test_a_failing_row_source_leaves_no_file(tmp_path: Path) -> None:
    def rows() -> object:
        yield ["x"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_xlsx(tmp_path / "a.xlsx", [OutSheet("a", [OutColumn("甲")], rows())])  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_workbooks_are_written_to_open_files_too() -> None:
    buffer = io.BytesIO()
    write_xlsx(buffer, [])
    assert buffer.getvalue().startswith(b"PK")


def test_sheet_names_become_what_excel_allows() -> None:
    taken: set[str] = set()
    names = [
        clean_sheet_name(name, taken)
        for name in ("a/b:c", "A b c", "", "'x'", "长" * 40, "长" * 40)
    ]
    assert names == ["a b c", "A b c (2)", "Sheet", "x", "长" * 31, "长" * 27 + " (2)"]


def test_addresses() -> None:
    assert cell_name(2, 7) == "C7"
    assert [cell_name(i, 1) for i in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]
    assert column_index("AAA") == 702
    assert display_width("科普ab\nx") == 6

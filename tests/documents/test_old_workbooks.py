"""Workbooks that are not .xlsx: Excel 97, WPS, OpenDocument, and text in the old encodings."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from taizhang.documents import odf
from taizhang.documents.sheets import Trouble
from taizhang.documents.workbooks import opened_book, read_sheets
from taizhang.engines.findings import Refused

from .samples import refusal

DAY = date(2021, 9, 18)


def old(path: Path, *, from_1904: bool = False) -> Path:
    """A workbook as Excel 97 would have left it."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = from_1904
    sheet = book.add_sheet("活动")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet.write_merge(0, 0, 0, 4, "2021年活动台账")
    for column, title in enumerate(("名称", "日期", "人次", "备注", "算式")):
        sheet.write(1, column, title)
    rows = [("讲座", DAY, 30, "=SUM(A1)"), ("展览", DAY, 2.5, ""), ("培训", DAY, 10**17, True)]
    for number, (name, held, count, note) in enumerate(rows, start=2):
        sheet.write(number, 0, name)
        sheet.write(number, 1, held, day)
        sheet.write(number, 2, count)
        sheet.write(number, 3, note)
    sheet.write(2, 4, xlwt.Formula("1+1"))
    sheet.write_merge(5, 6, 0, 0, "两行")
    sheet.write(5, 2, 7)
    sheet.write(6, 2, 8)
    sheet.row(3).hidden = True
    hidden = book.add_sheet("底稿")
    hidden.write(0, 0, "x")
    hidden.visibility = 1
    book.add_sheet("空")
    book.save(str(path))
    return path


def with_result(path: Path, result: bytes) -> Path:
    """The same workbook with another result of its formula: the eight bytes of a FORMULA record."""
    content = path.read_bytes()
    never = b"\x03" + b"\0" * 5 + b"\xff\xff"
    assert content.count(never) == 1
    path.write_bytes(content.replace(never, result))
    return path


@pytest.mark.parametrize("name", ["活动.xls", "活动.et", "活动.XLS"])
@pytest.mark.parametrize("from_1904", [False, True])
def test_a_workbook_of_excel_97_or_wps_is_read(name: str, from_1904: bool, tmp_path: Path) -> None:
    (sheet,) = read_sheets(old(tmp_path / "upload", from_1904=from_1904), name)
    assert (sheet.name, sheet.header_row, sheet.hidden_rows) == ("活动", 2, 1)
    assert sheet.header == ("名称", "日期", "人次", "备注", "算式")
    first, second, third, fourth, fifth = (row.cells for row in sheet.rows)
    assert first[:4] == ("讲座", DAY, 30, "=SUM(A1)")
    assert second[:3] == ("展览", DAY, 2.5)
    assert third[2] == Trouble("document.digits-lost", {"value": "100000000000000000"})
    assert third[3] is True
    merged = Trouble("document.merged-cell", {"range": "A6:A7"})
    assert (fourth[0], fifth[0]) == (merged, merged)
    assert fourth[0].value == "两行"  # type: ignore[union-attr]
    assert sheet.day(44457 - (1462 if from_1904 else 0)) == DAY


def test_errors_and_formulas_without_a_result_are_told_in_old_workbooks_too(
    tmp_path: Path,
) -> None:
    errors = {
        b"\x02\0\x2a\0\0\0\xff\xff": Trouble("document.cell-error", {"value": "#N/A"}),
        b"\x02\0\x07\0\0\0\xff\xff": Trouble("document.cell-error", {"value": "#DIV/0!"}),
        # A text is announced that does not follow.
        b"\x00\0\0\0\0\0\xff\xff": Trouble("document.formula-without-value"),
    }
    for result, expected in errors.items():
        path = with_result(old(tmp_path / "a.xls"), result)
        (sheet,) = read_sheets(path, "a.xls")
        assert sheet.rows[0].cells[4] == expected


def test_an_old_workbook_with_a_password_is_told(tmp_path: Path) -> None:
    path = old(tmp_path / "a.xls")
    content = path.read_bytes()
    # The record that begins a workbook with a password, in place of one that says little.
    start = content.index(b"\xe1\x00\x02\x00")
    path.write_bytes(content[:start] + b"\x2f\x00" + content[start + 2 :])
    assert refusal(lambda: read_sheets(path, "a.xls")).code == "document.encrypted"


def test_one_cell_far_out_in_an_old_workbook_does_not_eat_the_memory(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    for title in "abcd":
        sheet = book.add_sheet(title)
        sheet.write(0, 0, "x")
        sheet.write(65535, 255, "y")
    book.save(str(tmp_path / "a.xls"))
    code = refusal(lambda: read_sheets(tmp_path / "a.xls", "a.xls")).code
    assert code == "document.too-many-cells"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.xls", b"<html><table><tr><td>1</td></tr></table>", "网页"),
        ("a.xls", "名称\t日期\n甲\t2021\n".encode("gb18030"), "纯文本"),
        ("a.et", b"%PDF-1.7", ".pdf"),
    ],
)
def test_what_only_calls_itself_an_old_workbook_is_told(
    name: str, content: bytes, found: str, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(content)
    finding = refusal(lambda: read_sheets(tmp_path / "a", name))
    assert finding.code == "document.not-what-its-name-says"
    said = finding.params["found"]
    assert found in str(getattr(said, "zh", said))


def test_a_new_workbook_that_calls_itself_old_is_told(tmp_path: Path) -> None:
    target = io.BytesIO()
    xlsxwriter.Workbook(target, {"in_memory": True}).close()
    (tmp_path / "a").write_bytes(target.getvalue())
    for name in ("a.xls", "a.et", "a.ods"):
        finding = refusal(lambda name=name: read_sheets(tmp_path / "a", name))  # type: ignore[misc]
        assert (finding.code, finding.params["found"]) == (
            "document.not-what-its-name-says",
            ".xlsx",
        )


def test_refused_is_the_only_error_of_random_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    content = old(path).read_bytes()
    for position in range(0, len(content), 61):
        hurt = bytearray(content)
        hurt[position] ^= 0xFF
        path.write_bytes(bytes(hurt))
        with suppress(Refused):
            read_sheets(path, "a.xls")
    for length in range(0, len(content), 211):
        path.write_bytes(content[:length])
        with suppress(Refused):
            read_sheets(path, "a.xls")


HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    + " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
)
STYLES = (
    '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
)


def ods(
    path: Path, *tables: str, styles: str = STYLES, more: dict[str, bytes] | None = None
) -> Path:
    """A spreadsheet as OpenOffice writes it, from the XML of its tables."""
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        archive.writestr("content.xml", f"{HEAD}{styles}{body}</office:document-content>")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def text(words: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{words}</text:p></table:table-cell>'


def number(value: str, kind: str = "float", more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}"{more}/>'


def table(name: str, *rows: str, more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{"".join(rows)}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def test_an_open_document_is_read(tmp_path: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16380"/>'
    spaces = text('二<text:s text:c="2"/>三<text:line-break/>四')
    held = (
        '<table:table-cell office:value-type="date" office:date-value="2021-09-18">'
        "<text:p>9月18日</text:p></table:table-cell>"
    )
    path = ods(
        tmp_path / "a",
        table(
            "活动",
            row(text("2021年活动台账", ' table:number-columns-spanned="3"'), empty),
            row(text("名称"), text("日期"), text("人次"), text("备注"), empty),
            row(text("讲座"), held, number("30"), spaces, more=' table:visibility="collapse"'),
            row(text("展览"), number("44457"), number("0.5", "percentage"), text("=SUM(A1)")),
            row(more=' table:number-rows-repeated="1048000"'),
        ),
        table("底稿", row(text("x")), more=' table:style-name="ta2"'),
        table("空"),
    )
    with opened_book(path, "活动.ods") as book:
        assert (book.titles, book.hidden) == (["活动", "空"], ["底稿"])
        assert [book.is_blank(title) for title in book.titles] == [False, True]
        sheet = book.sheet("活动")
    assert sheet is not None
    assert (sheet.header, sheet.header_row, sheet.hidden_rows) == (
        ("名称", "日期", "人次", "备注"),
        2,
        1,
    )
    assert [r.cells for r in sheet.rows] == [
        ("讲座", DAY, 30, "二  三\n四"),
        ("展览", 44457, 0.5, "=SUM(A1)"),
    ]


def test_what_is_the_matter_with_cells_of_an_open_document_is_told(tmp_path: Path) -> None:
    formula = ' table:formula="of:=[.A1]"'
    path = ods(
        tmp_path / "a",
        table(
            "a",
            row(text("甲"), text("乙")),
            row(
                f"<table:table-cell{formula}/>",
                text("#N/A", f'{formula} calcext:value-type="error"'),
            ),
            row(
                text("并", ' table:number-rows-spanned="2" table:number-columns-spanned="1"'),
                number("1e17"),
            ),
            row("<table:covered-table-cell/>", number("2")),
            row(text("三", formula), number("3"), more=' table:number-rows-repeated="2"'),
        ),
    )
    (sheet,) = read_sheets(path, "a.ods")
    assert [r.number for r in sheet.rows] == [2, 3, 4, 5, 6]
    cells = [r.cells for r in sheet.rows]
    assert cells[0][0] == Trouble("document.formula-without-value")
    assert cells[0][1] == Trouble("document.cell-error", {"value": "#N/A"})
    merged = Trouble("document.merged-cell", {"range": "A3:A4"})
    assert (cells[1][0], cells[2][0]) == (merged, merged)
    assert cells[1][1] == Trouble("document.digits-lost", {"value": "100000000000000000"})
    assert cells[3] == cells[4] == ("三", 3)


BOMBS = {
    "columns": row(number("1", more=' table:number-columns-repeated="999999999"')),
    "rows": row(number("1"), more=' table:number-rows-repeated="999999999"'),
    "far": row(
        '<table:table-cell table:number-columns-repeated="999999999"/>', number("1"), number("2")
    ),
    "merge": row(
        text("x", ' table:number-rows-spanned="99999999" table:number-columns-spanned="99999999"')
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_three_lines_that_mean_a_billion_cells_are_refused(bomb: str, tmp_path: Path) -> None:
    path = ods(tmp_path / "a", table("a", row(text("甲"), text("乙")), BOMBS[bomb]))
    assert refusal(lambda: read_sheets(path, "a.ods")).code == "document.too-many-cells"


def test_documents_that_are_no_honest_spreadsheet_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    locked = {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    cases = {
        "document.encrypted": ods(path, more=locked).read_bytes(),
        "document.too-large-unpacked": ods(path, more={"x": b" " * 30_000_000}).read_bytes(),
    }
    deep = "<text:span>" * 20_000 + "</text:span>" * 20_000
    entity = '<!DOCTYPE x [<!ENTITY a "b">]>'
    damaged = [
        ods(path, table("a", row(text(deep)))).read_bytes(),
        ods(path, "<table:table>").read_bytes(),
        ods(path, table("a", row(number("viele")))).read_bytes(),
        ods(path, table("a", row(number("9" * 5000)))).read_bytes(),
    ]
    for code, content in cases.items():
        path.write_bytes(content)
        assert refusal(lambda: read_sheets(path, "a.ods")).code == code
    for content in damaged:
        path.write_bytes(content)
        with suppress(Refused):
            read_sheets(path, "a.ods")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", entity + "<a/>")
    assert refusal(lambda: read_sheets(path, "a.ods")).code == "document.damaged"
    assert odf.PART == "content.xml"


def test_two_sheets_of_one_name_are_told(tmp_path: Path) -> None:
    rows = row(text("甲"), text("乙"))
    path = ods(tmp_path / "a", table("活动", rows), table("活动", rows))
    finding = refusal(lambda: read_sheets(path, "a.ods"))
    assert (finding.code, finding.where) == ("document.sheet-twice", "活动")


@pytest.mark.parametrize("kind", ["xls", "xlsx", "csv", "ods"])
def test_more_rows_than_are_asked_for_are_counted_and_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("a")
        for line in range(200):
            sheet.write(line, 0, line)
            sheet.write(line, 1, "x")
        book.save(str(path))
    elif kind == "xlsx":
        new = xlsxwriter.Workbook(path)
        page = new.add_worksheet("a")
        for line in range(200):
            page.write_row(line, 0, [line, "x"])
        new.close()
    elif kind == "csv":
        path.write_text("a,b\n" + "1,x\n" * 199, "utf-8")
    else:
        ods(path, table("a", row(text("a"), text("x"), more=' table:number-rows-repeated="200"')))
    with opened_book(path, path.name) as opened:
        finding = refusal(lambda: opened.sheet("a", limit=100))
        assert (finding.code, finding.params["limit"]) == ("document.rows-limit", 100)
        assert int(str(finding.params["count"])) in (199, 200)

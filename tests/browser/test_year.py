"""A faulty year in a real browser: imported, cured from what comes back, undone, imported again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.documents.workbooks import read_sheets
from tools.browsing import follow

pytestmark = pytest.mark.browser

RECORDER = "suhe"
FAULTY, WAITING = 1_006, 6
"""Rows with an error, so many that a job writes them; rows that refer to these and wait for them."""
Visit = Callable[..., Any]


def year() -> dict[str, list[list[Any]]]:
    """A year's sheets, each with its header: one mistake made all along, and four made once."""
    return {
        "志愿服务记录": [
            ["活动", "志愿者", "服务岗位", "服务时长（小时）"],
            *[[f"qinghe/XN-{n}", f"qinghe/NH-{n:04d}", "现场服务", 2] for n in range(2, 8)],
            ["qinghe/XN-1", "qinghe/NH-9999", "现场服务", 2],
        ],
        "活动台账": [
            ["主办单位", "活动编号", "活动名称", "形式", "日期", "现场受益公众"],
            ["qinghe", "XN-1", "全年导入的第一场讲座", "讲座", "2021-03-01", 60],
            ["qinghe", "XN-2", "全年导入的第二场讲座", "讲座", "2021-02-30", 61],
            ["qinghe", "XN-3", "全年导入的第三场讲座", "讲座", "2021-03-03", "300余"],
            ["qinghe", "XN-4", "全年导入的第四场讲座", "茶话会", "2021-03-04", 63],
            *[
                ["qinghe", f"XN-{n}", f"全年导入的第{n}场讲座", "讲座", f"2021-04-{n:02d}", 60 + n]
                for n in range(5, 10)
            ],
        ],
        "志愿者名册": [
            ["单位", "志愿者编号", "姓名", "所属队伍", "注册平台", "加入日期"],
            *[
                ["qinghe", f"NH-{n:04d}", f"化名{n}", "志愿服务总队", "微信群", "2021-01-15"]
                for n in range(1, 1_003)
            ],
        ],
    }


CURES = {
    "注册平台": {"微信群": "仅纸质名册"},
    "日期": {"2021-02-30": "2021-02-28"},
    "现场受益公众": {"300余": 312},
    "形式": {"茶话会": "其他形式"},
    "志愿者": {"qinghe/NH-9999": "qinghe/NH-0009"},
}


def written(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook with these sheets."""
    pages = [
        OutSheet(title, [OutColumn(name) for name in rows[0]], rows[1:])
        for title, rows in sheets.items()
    ]
    write_xlsx(path, pages)
    return path


def cured(path: Path) -> dict[str, list[list[Any]]]:
    """The sheets of a returned workbook with every cell mended that its reason speaks of."""
    sheets = {}
    for sheet in read_sheets(path, path.name):
        rows = [list(sheet.header)]
        for row in sheet.rows:
            told = str(row.cells[-1])
            cells = list(row.cells)
            for column, cures in CURES.items():
                if f"{column}：" in told:
                    at = sheet.header.index(column)
                    cells[at] = cures[cells[at]]
            rows.append(cells)
        sheets[sheet.name] = rows
    return sheets


def upload(page: Any, path: Path) -> None:
    page.goto("/import/")
    page.set_input_files("#id_file", path)
    follow(page.locator("main form button.primary"))
    page.locator("h1", has_text="导入结果预览").wait_for()


def count(page: Any, address: str) -> int:
    """How many rows a list says it has."""
    page.goto(address)
    shown = page.locator(".result b")
    return int(shown.first.inner_text()) if shown.count() else 0


def test_a_faulty_year_is_cured_from_what_comes_back_undone_and_imported_again(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit(RECORDER)
    lectures = "/activities/activity/?q=全年导入的第"
    helpers = "/volunteers/volunteer/?joined_on=2021-01-15..2021-01-15&unit=qinghe"
    before = count(page, helpers)
    sheets = year()
    rows = sum(len(sheet) - 1 for sheet in sheets.values())

    upload(page, written(tmp_path / "全年.xlsx", sheets))
    told = page.inner_text("main")
    assert f"{FAULTY} 行有误，因此不作导入" in told
    assert "日历上没有“2021-02-30”这一天" in told
    assert f"有 {WAITING} 行本身无误" in told
    plan = page.url
    assert count(page, lectures) == 0
    assert count(page, helpers) == before

    page.goto(plan)
    with page.expect_download() as caught:
        page.locator("a[href='returned.xlsx']").click()
    assert caught.value.suggested_filename == "全年-退回.xlsx"
    caught.value.save_as(tmp_path / "退回.xlsx")
    home = read_sheets(tmp_path / "退回.xlsx", "退回.xlsx")
    assert sum(len(sheet.rows) for sheet in home) == FAULTY + WAITING
    assert all(sheet.header[-1] == "退回原因" for sheet in home)
    assert all(row.cells[-1] for sheet in home for row in sheet.rows)

    follow(page.locator("button", has_text=f"只导入无误的 {rows - FAULTY - WAITING} 行"))
    page.locator("#left", has_text=f"还有 {FAULTY + WAITING} 行没有导入").wait_for()
    assert count(page, lectures) == 6
    assert count(page, helpers) == before

    mended = written(tmp_path / "改好.xlsx", cured(tmp_path / "退回.xlsx"))
    upload(page, mended)
    assert page.locator("#why-not").count() == 0
    follow(page.locator("button", has_text=f"导入：新增 {FAULTY + WAITING} 行"))
    page.wait_for_url("**/batches/*/")
    batch = page.url
    assert count(page, lectures) == 9
    assert count(page, helpers) == before + 1_002

    page.goto(batch)
    follow(page.locator("aside button", has_text="撤销"))
    page.wait_for_url("**/jobs/*/")
    follow(page.locator("a", has_text="查看结果"))
    page.wait_for_url("**/batches/*/")
    assert count(page, lectures) == 6
    assert count(page, helpers) == before
    page.goto(batch)
    assert "已由苏禾" in page.inner_text("aside")

    upload(page, mended)
    follow(page.locator("button", has_text=f"导入：新增 {FAULTY + WAITING} 行"))
    page.wait_for_url("**/batches/*/")
    assert page.url != batch
    assert count(page, lectures) == 9
    assert count(page, helpers) == before + 1_002

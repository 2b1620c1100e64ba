"""A few stories in a real browser: what a newcomer, a clerk and a leader do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.browsing import follow
from tools.demo_server import Served

pytestmark = pytest.mark.browser

RECORDER, VERIFIER, LEADER = "suhe", "linzhiyuan", "luoqiming"
REPORT = "/reports/county-annual/?unit=banner&period=2021"
EVENTS = "/figures/volunteering.events/?unit=banner&period=2021"
ROWS = "/activities/activity/?held_on=2021-01-01..2021-12-31&state=verified&themes=volunteering&themes!=minority&unit=banner"

Visit = Callable[..., Any]


def headline(page: Any) -> str:
    """The big number of a figure's page."""
    return str(page.inner_text(".headline").split("\n")[0].strip().removesuffix("场次").strip())


def test_a_newcomer_opens_the_number_and_finds_its_rows(visit: Visit) -> None:
    page = visit(LEADER)
    assert "2021" in page.inner_text(".top")
    page.goto("/tour/1/")
    assert "第 1 步" in page.inner_text(".tour")
    chip = page.locator("a.fig", has_text="24场次").first
    chip.click()
    card = page.locator(".fig-card")
    card.locator("text=24 条记录").wait_for()
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert chip.evaluate("chip => chip === document.activeElement")
    chip.click()
    follow(card.locator("a", has_text="24 条记录"))
    page.wait_for_url("**/activities/activity/**")
    assert "24" in page.inner_text(".result")
    follow(page.locator("tbody .lead a").first)
    assert page.locator(".history li").count() > 1


def test_a_correction_moves_the_figure_and_verifying_moves_it_back(visit: Visit) -> None:
    clerk = visit(RECORDER)
    clerk.goto(ROWS)
    follow(clerk.locator("tbody .lead a", has_text="老年人智能手机使用课堂"))
    record = clerk.url
    clerk.goto(record + "edit/")
    clerk.fill("#id_attendance", "３０７")
    follow(clerk.locator(".form-bar button").first)
    assert "理由" in clerk.inner_text("main") or "原因" in clerk.inner_text("main")
    clerk.fill("[name=reason]", "补上纸质签到一人")
    follow(clerk.locator(".form-bar button").first)
    clerk.wait_for_url(record)
    assert "待核" in clerk.inner_text("aside")
    clerk.goto(EVENTS)
    assert headline(clerk) == "23"
    verifier = visit(VERIFIER)
    verifier.goto(record)
    follow(verifier.locator(".page-head button", has_text="核实"))
    verifier.goto(EVENTS)
    assert headline(verifier) == "24"
    verifier.goto("/figures/volunteering.beneficiaries/?unit=banner&period=2021")
    assert "7837" in verifier.inner_text(".headline")


def test_the_author_of_a_correction_is_not_offered_to_verify_it(visit: Visit) -> None:
    page = visit(VERIFIER)
    page.goto("/activities/activity/?state=submitted")
    follow(page.locator("tbody .lead a", has_text="食品安全宣传周咨询"))
    record = page.url
    assert page.locator(".page-head button", has_text="核实").count() == 1
    page.goto(record + "edit/")
    page.fill("#id_attendance", "141")
    follow(page.locator(".form-bar button").first)
    page.wait_for_url(record)
    assert page.locator(".page-head button", has_text="核实").count() == 0
    assert "他人核实" in page.inner_text("aside")


def test_a_faulty_workbook_is_told_cell_by_cell_and_writes_nothing(
    visit: Visit, demo: Served
) -> None:
    page = visit(RECORDER)
    page.goto("/activities/activity/")
    before = page.inner_text(".result b >> nth=0")
    page.goto("/activities/activity/import/")
    page.set_input_files("input[type=file]", demo.output / "faulty-activities.xlsx")
    follow(page.locator("button", has_text="读取文件"))
    text = page.inner_text("main")
    assert "2021-02-30" in text
    assert "3356余" in text
    assert page.locator("tr.why").count() >= 8
    page.goto("/activities/activity/")
    assert page.inner_text(".result b >> nth=0") == before


def test_a_good_table_is_planned_confirmed_and_lies_there_as_drafts(
    visit: Visit, tmp_path: Path
) -> None:
    table = tmp_path / "活动.csv"
    table.write_text(
        "主办单位,活动名称,形式,日期,现场受益公众\nqinghe,浏览器里导入的讲座,讲座,2022年3月5日,88\n",
        encoding="gb18030",
    )
    page = visit(RECORDER)
    page.goto("/activities/activity/import/")
    page.set_input_files("input[type=file]", table)
    follow(page.locator("button", has_text="读取文件"))
    page.locator(".plan-tally").wait_for()
    follow(page.locator("form button.primary"))
    page.wait_for_url("**/activities/activity/?state=draft")
    assert "浏览器里导入的讲座" in page.inner_text("main")


def test_a_reason_is_needed_to_return_a_record_and_its_author_reads_it(visit: Visit) -> None:
    page = visit(VERIFIER)
    page.goto("/activities/activity/?state=submitted")
    follow(page.locator("tbody .lead a", has_text="冬季农机安全使用培训"))
    record = page.url
    page.locator(".page-head summary", has_text="退回").click()
    page.fill(".page-head [name=reason]", "签到表上少一页")
    follow(page.locator(".page-head .menu button", has_text="退回"))
    page.wait_for_url(record)
    assert "已退回" in page.inner_text("aside")
    clerk = visit(RECORDER)
    clerk.goto(record)
    assert "签到表上少一页" in clerk.inner_text("main")


def test_everything_works_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit(LEADER)
    page.goto(ROWS)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash").strip("#") == "main"
    summary = page.locator("details.drop > summary", has_text="状态").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.drop[open] input[name=state]").first.is_visible()
    page.keyboard.press("Escape")
    assert page.locator("details.drop[open]").count() == 0
    link = page.locator("tbody .lead a").first
    link.focus()
    outline = link.evaluate("link => getComputedStyle(link).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities/activity/*/")


def test_lists_forms_and_chips_work_without_scripts(visit: Visit) -> None:
    page = visit(RECORDER, java_script_enabled=False)
    page.goto("/activities/activity/")
    page.locator("details.drop > summary", has_text="状态").first.click()
    drop = page.locator("details.drop[open]")
    drop.locator("input[value=submitted]").check()
    follow(drop.locator("button.primary"))
    assert "state=submitted" in page.url
    page.goto(REPORT)
    follow(page.locator("a.fig", has_text="24场次").first)
    assert "/figures/" in page.url


def test_a_printed_report_is_paper_without_its_frame(visit: Visit) -> None:
    page = visit(LEADER)
    page.goto(REPORT)
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".aside").is_visible()
    assert page.locator(".paper").is_visible()
    decoration = page.locator("a.fig").first.evaluate("a => getComputedStyle(a).textDecorationLine")
    assert decoration == "none"

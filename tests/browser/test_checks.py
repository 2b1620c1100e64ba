"""Proofreading in a browser: from a finding to its place and back, set aside, with and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools import manuscript
from tools.browsing import follow

pytestmark = pytest.mark.browser

RECORDER = "suhe"
Visit = Callable[..., Any]


def test_a_clerk_jumps_both_ways_sets_a_remark_aside_and_takes_the_comments(visit: Visit) -> None:
    page = visit(RECORDER)
    manuscript.hand_in(page)
    exhibits = page.locator(".finding", has_text="285件")
    assert "与台账不符" in exhibits.inner_text()
    exhibits.locator("a", has_text="到文中").click()
    place = page.locator("mark:target")
    assert place.inner_text().startswith("285件")
    place.locator("a").click()
    assert "285件" in page.locator(".finding:target").inner_text()
    page.keyboard.press("Tab")
    before = page.locator(".finding").count()
    exhibits.locator("summary").click()
    exhibits.locator("input[name=reason]").fill("年底新到27件，台账待补")
    follow(exhibits.locator("button"))
    page.locator(".toast", has_text="已略过").wait_for()
    assert page.locator(".paper mark.bad", has_text="285件").count() == 0
    page.locator("summary", has_text="看略过了哪些").click()
    aside = page.locator(".finding", has_text="年底新到27件")
    assert aside.is_visible()
    follow(aside.locator("button"))
    page.locator(".toast", has_text="已恢复提示").wait_for()
    assert page.locator(".finding").count() == before
    with page.expect_download() as waiting:
        page.locator("a", has_text="带批注的 Word").click()
    assert waiting.value.suggested_filename.endswith(".docx")


def test_without_script_everything_is_there(visit: Visit) -> None:
    page = visit(RECORDER, java_script_enabled=False)
    manuscript.hand_in(page)
    page.locator(".finding", has_text="285件").locator("a", has_text="到文中").click()
    assert page.url.split("#")[1].startswith("q")
    follow(page.locator("button", has_text="删除这份文稿"))
    page.locator(".empty", has_text="还没有文稿").wait_for()


def test_the_ledger_s_number_opens_its_figure(visit: Visit) -> None:
    page = visit(RECORDER, width=390)
    manuscript.hand_in(page)
    follow(page.locator(".finding", has_text="285件").locator("dd a"))
    page.locator("h1", has_text="科技馆展品").wait_for()

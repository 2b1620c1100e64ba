"""The editor of an outline: a figure found with “{”, two people at one paragraph, how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .looking import faults

pytestmark = pytest.mark.browser

RECORDER, VERIFIER = "suhe", "linzhiyuan"
PLACE = "?unit=banner&period=2021"
EDITOR = f"/reports/county-annual/edit/{PLACE}"
Visit = Callable[..., Any]


def open_paragraph(page: Any, words: str) -> Any:
    """Press a paragraph of the paper; the field with its text."""
    block = page.locator(".ed-block", has_text=words).first
    block.locator("p").first.click(position={"x": 60, "y": 10})
    text = page.locator("form.ed-form textarea")
    text.wait_for()
    return text


def end(text: Any) -> None:
    text.evaluate("text => text.setSelectionRange(text.value.length, text.value.length)")


def test_a_clerk_finds_a_figure_by_its_initials_and_puts_it_in(visit: Visit) -> None:
    page = visit(RECORDER)
    page.goto(EDITOR)
    page.evaluate("window.stayed = true")
    text = open_paragraph(page, "围绕全国科普日")
    assert text.evaluate("text => text === document.activeElement")
    end(text)
    page.keyboard.type("接待公众{")
    field = page.locator("[data-q]")
    assert field.evaluate("field => field === document.activeElement")
    page.keyboard.type("kjgjd")
    chosen = page.locator("#ed-found [aria-selected=true]")
    page.locator("#ed-found [role=option]", has_text="科技馆").first.wait_for()
    page.wait_for_function("() => !document.querySelector('#ed-found[data-more]')")
    assert "11500" in chosen.inner_text()
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert field.get_attribute("aria-expanded") == "true"
    page.locator("[data-style]").fill("约:万")
    page.locator("#ed-found .prints", has_text="约1万人次").wait_for()
    field.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert text.input_value().endswith("接待公众{museum.visits|约:万}")
    page.keyboard.type("。{")
    field.wait_for()
    page.keyboard.press("Escape")
    assert not field.is_visible()
    page.keyboard.press("Backspace")
    assert text.input_value().endswith("约:万}。")
    page.keyboard.press("Control+Enter")
    page.locator("#ed-bar", has_text="第 2 版").wait_for()
    saved = page.locator(".ed-block", has_text="围绕全国科普日")
    assert "接待公众约1万人次。" in saved.inner_text()
    page.wait_for_timeout(4500)  # the next look at what others did must not take the page away
    assert page.evaluate("window.stayed")
    assert saved.locator("[data-edit]").evaluate("link => link === document.activeElement")
    page.locator("#ed-bar button").click()
    page.locator("#ed-bar", has_text="撤销").locator("b", has_text="第 3 版").wait_for()
    assert "接待公众约1万人次。" not in page.inner_text("#paper")


def test_two_people_see_each_other_s_changes_and_nobody_loses_a_word(visit: Visit) -> None:
    su, lin = visit(RECORDER), visit(VERIFIER)
    su.goto(EDITOR)
    lin.goto(EDITOR)
    hers = open_paragraph(su, "科普经费偏少")
    his = open_paragraph(lin, "科普经费偏少")
    hers.fill("经费不足。")
    su.locator("form.ed-form button.primary").click()
    su.locator("#ed-bar", has_text="第 2 版").wait_for()
    his.fill("经费紧张，设备不足。")
    lin.locator("[data-notice]", has_text="刚刚改了这一段").wait_for()
    lin.locator("form.ed-form button.primary").click()
    lin.locator(".ed-both", has_text="经费不足。").wait_for()
    assert lin.locator("form.ed-form textarea").input_value() == "经费紧张，设备不足。"
    assert faults(lin) == []
    lin.locator("form.ed-form button.primary").click()
    lin.locator("#ed-bar", has_text="第 3 版").wait_for()
    seen = su.locator(".ed-block[data-fresh]", has_text="经费紧张，设备不足。")
    seen.wait_for()
    assert "林知远" in seen.inner_text()


def test_a_refusal_is_told_in_its_place_and_comments_stand_beside(visit: Visit) -> None:
    page = visit(RECORDER)
    page.goto(EDITOR)
    text = open_paragraph(page, "科普经费偏少")
    text.fill("接待{museum.visit}。")
    page.locator("form.ed-form button.primary").click()
    page.locator(".ed-form [role=alert]", has_text="museum.visits").wait_for()
    assert page.locator("form.ed-form textarea").input_value() == "接待{museum.visit}。"
    page.locator("[data-cancel]").click()
    block = page.locator(".ed-block", has_text="科普经费偏少")
    block.hover()
    block.locator("summary").click()
    block.locator(".menu a", has_text="批注").click()
    page.locator("form[id^=c-] textarea").fill("请核对金额")
    page.locator("form[id^=c-] button.primary").click()
    page.locator(".ed-comments", has_text="请核对金额").wait_for()
    page.locator(".ed-comments button", has_text="已处理").click()
    page.locator(".ed-comments .settled").wait_for()


def test_the_editor_breaks_no_rule_and_does_not_scroll_sideways(visit: Visit) -> None:
    page = visit(RECORDER)
    page.goto(EDITOR)
    assert faults(page) == []
    text = open_paragraph(page, "全年开展科技志愿服务活动")
    end(text)
    page.keyboard.type("{")
    page.locator("#ed-found [role=option]").first.wait_for()
    page.wait_for_function("() => !document.querySelector('#ed-found[data-more]')")
    assert faults(page) == []
    for part in ("blocks/b4/", "blocks/b4/add/", "figures/", "versions/", "files/"):
        page.goto(f"/reports/county-annual/edit/{part}{PLACE}")
        assert faults(page) == [], part

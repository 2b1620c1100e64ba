"""Forms in a real browser: nothing typed is lost, and two people do not write over each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tools.browsing import follow, sign_in
from tools.demo_server import Served

from .looking import faults

pytestmark = pytest.mark.browser

RECORDER, VERIFIER = "suhe", "linzhiyuan"
ADD = "/activities/activity/add/"
KEPT = re.compile("已暂存")
Visit = Callable[..., Any]


def kept(page: Any) -> None:
    """Wait until the form says that what stands in it is kept."""
    page.locator(".kept", has_text=KEPT).wait_for()


def recorded(page: Any, title: str) -> str:
    """Record an activity and return the address of its page."""
    page.goto(ADD)
    page.fill("#id_title", title)
    page.select_option("#id_form", "lecture")
    page.fill("#id_held_on", "2022.5.8")
    page.fill("#id_attendance", "100")
    follow(page.locator(".form-bar button.primary"))
    page.locator(".history").wait_for()
    return str(page.url)


def test_the_window_is_closed_while_somebody_types_and_the_text_is_back(visit: Visit) -> None:
    page = visit(RECORDER)
    page.goto(ADD)
    page.fill("#id_title", "窗口关掉之前填的讲座")
    page.fill("#id_held_on", "9.18")
    page.locator("#id_location").focus()
    kept(page)
    page.locator("#id_held_on_read", has_text="= 2021-09-18").wait_for()
    assert "draft=" in page.url
    page.fill("#id_location", "来不及等一秒")
    context, address = page.context, page.url
    page.close(run_before_unload=False)
    again = context.new_page()
    again.goto(address)
    assert again.input_value("#id_title") == "窗口关掉之前填的讲座"
    assert again.input_value("#id_location") == "来不及等一秒"
    again.goto(ADD)
    assert again.input_value("#id_title") == "", "a new form is a new form"
    follow(again.locator(".offers a", has_text="窗口关掉之前填的讲座"))
    assert again.input_value("#id_held_on") == "9.18"
    follow(again.locator(".note.draft:not(.offers) button"))
    again.goto(ADD)
    assert again.locator(".offers", has_text="窗口关掉之前填的讲座").count() == 0


def test_a_page_loaded_anew_loses_nothing(visit: Visit) -> None:
    page = visit(RECORDER)
    record = recorded(page, "重新载入也不丢的讲座")
    page.goto(record + "edit/")
    page.fill("#id_attendance", "１２０")
    kept(page)
    page.reload()
    assert page.input_value("#id_attendance") == "１２０"
    assert "100" in page.inner_text("#id_attendance_was")
    follow(page.locator(".form-bar button.primary"))
    page.wait_for_url(record)
    assert "120" in page.inner_text("main")
    page.goto(record + "edit/")
    assert page.locator(".note.draft").count() == 0


def test_the_session_ends_while_somebody_types(visit: Visit) -> None:
    page = visit(RECORDER)
    page.goto(ADD)
    page.fill("#id_title", "登录失效之前填的讲座")
    kept(page)
    cookies = [c for c in page.context.cookies() if c["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.fill("#id_title", "登录失效之后还在填的讲座")
    page.locator(".kept", has_text="登录已失效").wait_for()
    follow(page.locator(".form-bar button.primary"))
    page.wait_for_url("**/sign-in/**")
    follow(page.locator(f"button[value={RECORDER}]"))
    page.wait_for_url("**draft=**")
    assert page.input_value("#id_title") == "登录失效之后还在填的讲座"
    follow(page.locator(".note.draft button", has_text="丢弃").first)


def test_signing_in_elsewhere_lets_the_open_form_be_saved(visit: Visit) -> None:
    page = visit(RECORDER)
    page.goto(ADD)
    page.fill("#id_title", "另一窗口重新登录后保存的讲座")
    kept(page)
    other = page.context.new_page()
    other.goto("/")
    other.locator("details.user summary").click()
    follow(other.locator("details.user form button"))
    follow(other.locator(f"button[value={RECORDER}]"))
    other.close()
    page.select_option("#id_form", "lecture")
    page.fill("#id_held_on", "2022-5-9")
    page.locator("#id_location").focus()
    with page.expect_response(lambda answer: "/draft/" in answer.url and answer.status == 200):
        page.fill("#id_location", "礼堂")
    follow(page.locator(".form-bar button.primary"))
    page.locator(".history").wait_for()
    assert "另一窗口重新登录后保存的讲座" in page.inner_text("h1")


def test_without_a_connection_this_computer_keeps_what_is_typed(
    chromium: Any, demo: Served
) -> None:
    # A browser of its own: that the connection is gone is told on its console.
    context = chromium.new_context(base_url=demo.url, locale="zh-CN")
    page = context.new_page()
    sign_in(page, RECORDER)
    page.goto("/volunteers/volunteer/add/")
    context.set_offline(True)
    page.fill("#id_speciality", "断网时填的特长")
    page.fill("#id_name", "化名甲")
    page.locator(".kept", has_text="网络不通").wait_for()
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert "断网时填的特长" in stored
    assert "化名甲" not in stored, "the computer may be anybody's"
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/volunteers/volunteer/add/")
    page.locator(".note.draft button", has_text="填回来").click()
    assert page.input_value("#id_speciality") == "断网时填的特长"
    kept(page)
    assert "断网时" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto("/volunteers/volunteer/add/")
    follow(page.locator(".offers button").first)
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_browsers_edit_one_record(visit: Visit, scripts: bool) -> None:
    clerk = visit(RECORDER, java_script_enabled=scripts)
    record = recorded(clerk, f"两人同时修改的讲座{scripts:d}")
    clerk.goto(record + "edit/")
    other = visit(VERIFIER)
    other.goto(record + "edit/")
    other.fill("#id_attendance", "120")
    other.fill("#id_location", "文化馆")
    follow(other.locator(".form-bar button.primary"))
    other.wait_for_url(record)
    clerk.fill("#id_attendance", "130")
    clerk.fill("#id_volunteers", "6")
    follow(clerk.locator(".form-bar button.primary"))
    clerk.locator("#meeting").wait_for()
    told = clerk.inner_text(".meet")
    assert all(word in told for word in ("文化馆", "100", "120", "130", "林知远"))
    assert clerk.input_value("#id_location") == "文化馆"
    assert clerk.input_value("#id_attendance") == "130"
    clerk.goto(record + "edit/")
    assert clerk.input_value("#id_attendance") == "130", "the window was closed over the choice"
    follow(clerk.locator(".form-bar button.primary"))
    assert "以哪个为准" in clerk.inner_text("#errors")
    clerk.check("[name=pick_attendance][value=theirs]")
    follow(clerk.locator(".form-bar button.primary"))
    clerk.wait_for_url(record)
    page = clerk.inner_text("main")
    assert all(word in page for word in ("文化馆", "120", "6"))


def test_what_is_unusual_is_asked_once(visit: Visit) -> None:
    page = visit(RECORDER)
    record = recorded(page, "四万人的讲座")
    page.goto(record + "edit/")
    page.fill("#id_attendance", "4万")
    follow(page.locator(".form-bar button.primary"))
    page.locator("#questions").wait_for()
    page.check("[name=right]")
    follow(page.locator(".form-bar button.primary"))
    page.wait_for_url(record)
    assert "确认无误" in page.inner_text("aside")
    page.goto(record + "edit/")
    page.fill("#id_location", "体育场")
    follow(page.locator(".form-bar button.primary"))
    page.wait_for_url(record)


def test_the_pages_of_a_form_break_no_accessibility_rule(visit: Visit) -> None:
    page, other = visit(RECORDER), visit(VERIFIER)
    broken = {}

    def look(name: str) -> None:
        if found := faults(page):
            broken[name] = found

    record = recorded(page, "人人读得到的表单")
    page.goto(record + "copy/")
    look("copy")
    page.goto(ADD)
    page.fill("#id_title", "很长的名称" * 20)
    page.fill("#id_held_on", "2999-1-1")
    page.select_option("#id_form", "lecture")
    kept(page)
    page.goto(ADD)
    look("offers")
    follow(page.locator(".offers a").first)
    look("restored")
    follow(page.locator(".form-bar button.primary"))
    page.locator("#questions").wait_for()
    look("asked")
    page.goto(record + "edit/")
    other.goto(record + "edit/")
    for each, number in ((other, "1440"), (page, "390")):
        each.fill("#id_attendance", number)
        follow(each.locator(".form-bar button.primary"))
    page.locator("#meeting").wait_for()
    look("meeting")
    page.goto(record + "edit/")
    look("restored meeting")
    assert broken == {}

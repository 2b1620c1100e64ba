"""A verifier's morning without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools.browsing import follow

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
WAITING = "/activities/activity/?state=submitted"


def tab_to(page: Any, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is on such an element."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached with Tab")


def focused(page: Any) -> str:
    """The text of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def picked(page: Any) -> int:
    return int(page.locator("tbody .pick input:checked").count())


def test_a_verifier_signs_in_picks_verifies_and_takes_it_back_by_keyboard_alone(
    visit: Visit,
) -> None:
    page = visit()
    page.goto("/sign-in/")
    tab_to(page, "button[value=linzhiyuan]")
    page.keyboard.press("Enter")
    page.locator("details.user").wait_for()
    tab_to(page, "nav.rail a[href='/registers/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registers/")
    tab_to(page, "a[href='/activities/activity/?state=submitted']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{WAITING}")
    waiting = page.locator("tbody tr").count()
    assert waiting >= 2
    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    assert focused(page) != first
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    assert picked(page) == 2
    assert "2" in page.inner_text(".bulk .picked")
    page.keyboard.press("b")
    tab_to(page, ".bulk button[value=verify]", 10)
    page.keyboard.press("Enter")
    page.locator(".toast form button").wait_for()
    assert "2" in page.inner_text(".toast:has(form) span")
    assert page.locator("tbody tr").count() == waiting - 2
    page.keyboard.press("z")
    page.wait_for_url("**/batches/**")
    page.goto(WAITING)
    assert page.locator("tbody tr").count() == waiting


def test_keys_search_add_open_and_help_and_keep_still_while_somebody_types(visit: Visit) -> None:
    page = visit("suhe")
    page.goto("/activities/activity/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("jkxa?讲座")
    assert page.input_value("#find") == "jkxa?讲座"
    assert picked(page) == 0
    page.locator("#find").fill("")
    page.locator("main").focus()
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    assert "选中" in page.inner_text("dialog")
    page.keyboard.press("j")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("e")
    assert page.locator(".actions details[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".actions details[open]").count() == 0
    page.keyboard.press("j")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities/activity/*/")
    page.goto("/activities/activity/")
    page.keyboard.press("a")
    page.wait_for_url("**/activities/activity/add/")


def test_single_keys_can_be_switched_off_and_are_a_page_without_scripts(visit: Visit) -> None:
    plain = visit("suhe", java_script_enabled=False)
    plain.goto("/help/keys/")
    assert "Shift" in plain.inner_text("main")
    page = visit("suhe")
    page.goto("/settings/")
    page.uncheck("[name=single_keys]")
    follow(page.locator(".form-bar button").first)
    page.goto("/activities/activity/")
    page.keyboard.press("/")
    page.keyboard.press("?")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert page.url.endswith("/activities/activity/")
    assert page.evaluate("document.activeElement === document.body")
    assert page.locator("dialog[open]").count() == 0
    page.goto("/settings/")
    page.check("[name=single_keys]")
    follow(page.locator(".form-bar button").first)


def test_columns_and_views_are_kept_without_scripts(visit: Visit) -> None:
    page = visit("linzhiyuan", java_script_enabled=False)
    page.goto("/places/place/columns/")
    first = page.locator(".columns li").first
    name = first.inner_text().split("\n")[0]
    follow(first.locator("button", has_text="↓"))
    assert page.locator(".columns li").nth(1).inner_text().split("\n")[0] == name
    follow(page.locator(".form-bar button", has_text="恢复"))
    page.goto("/places/place/?kind=museum&state=verified")
    page.locator(".own summary").click()
    page.fill("#save-name", "正式的馆")
    follow(page.locator(".own button"))
    assert page.locator(".tabs a", has_text="正式的馆").get_attribute("aria-current") == "page"
    page.goto("/places/place/filters/")
    follow(page.locator("button", has_text="移除"))
    assert page.locator(".saved").count() == 0
    follow(page.locator(".toast form button"))
    assert page.locator(".saved li").count() == 1
    follow(page.locator("button", has_text="移除"))

"""The demo's annual report handed up, reviewed and signed in a browser, by three people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tools.browsing import follow, sign_in

REPORT = "/reports/county-annual/?unit=banner&period=2021"
COUNTED = (
    "/activities/activity/?held_on=2021-01-01..2021-12-31&state=verified&themes=volunteering"
    "&unit=banner"
)
WRITER, REVIEWER, SIGNER = "suhe", "linzhiyuan", "luoqiming"


def submit(page: Any) -> str:
    """Hand the report up; its address from then on."""
    page.goto(REPORT)
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url("**/submissions/*/")
    return str(page.url)


def review(page: Any, address: str) -> None:
    """Say that the report is right."""
    page.goto(address)
    page.get_by_role("button", name="审核通过").click()
    page.locator(".lede", has_text="待签发").wait_for()


def sign(page: Any, address: str) -> None:
    """Sign the report, wait until it is sealed, and open it."""
    page.goto(address)
    page.get_by_role("button", name="签发并封存").click()
    page.get_by_role("link", name="查看结果").wait_for()
    page.goto(address)
    page.locator(".sealing").wait_for()


def void_counted(page: Any, reason: str) -> str:
    """Void one activity that the report counts; its title."""
    page.goto(COUNTED)
    follow(page.locator("tbody .lead a").first)
    page.locator(".history").wait_for()
    title = str(page.locator("h1").inner_text())
    page.locator(".page-head summary", has_text="作废").click()
    menu = page.locator(".page-head details[open]")
    menu.locator("[name=reason]").fill(reason)
    follow(menu.locator("button", has_text="作废"))
    page.locator("aside", has_text="已作废").wait_for()
    return title


@contextmanager
def somebody(browser: Any, url: str, user: str) -> Iterator[Any]:
    """A window of their own for one of the demo accounts."""
    context = browser.new_context(base_url=url, locale="zh-CN")
    page = context.new_page()
    sign_in(page, user)
    yield page
    context.close()


def submitted(browser: Any, url: str) -> str:
    """The report waits for its review; its address."""
    with somebody(browser, url, WRITER) as page:
        return submit(page)


def signed(browser: Any, url: str) -> str:
    """The report is signed and sealed; its address."""
    address = submitted(browser, url)
    with somebody(browser, url, REVIEWER) as page:
        review(page, address)
    with somebody(browser, url, SIGNER) as page:
        sign(page, address)
    return address

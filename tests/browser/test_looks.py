"""Every main page at its widths, light and dark: accessible, without sideways scroll, within the CSP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PAGES = {
    "workbench": "/",
    "registers": "/registers/",
    "list": "/activities/activity/?themes=volunteering&held_on=2021-01-01..2021-12-31",
    "nothing found": "/activities/activity/?q=滑雪",
    "people": "/org/person/",
    "places": "/places/place/?kind=museum",
    "record": "/activities/activity/?q=HD-2021-0051",
    "form": "/activities/activity/add/",
    "import": "/activities/activity/import/",
    "figures": "/figures/?period=2021",
    "figure": "/figures/volunteering.events/?period=2021&by=themes",
    "formula": "/figures/rectification.closed_share/?period=2021",
    "empty year": "/figures/volunteering.events/?period=2022",
    "reports": "/reports/",
    "report": "/reports/county-annual/?period=2021",
    "empty report": "/reports/county-annual/?period=2022",
    "settings": "/settings/",
    "missing": "/activities/activity/99999999/",
}
Visit = Callable[..., Any]


def open_named(page: Any, name: str) -> None:
    """Go to a page by its name; a record is reached through its list."""
    page.goto(PAGES[name])
    if name == "record":
        page.locator("tbody .lead a").first.click()
        page.locator(".history").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_breaks_an_accessibility_rule(visit: Visit, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit("linzhiyuan", width=width, color_scheme=scheme)
    broken = {}
    for name in PAGES:
        open_named(page, name)
        found = Axe().run(page).response["violations"]
        if found:
            broken[name] = [(v["id"], v["nodes"][0]["html"][:120]) for v in found]
    assert broken == {}


def test_the_sign_in_page_breaks_no_accessibility_rule(visit: Visit) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(width=390)
    page.goto("/sign-in/")
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440, 1920])
def test_no_page_scrolls_sideways(visit: Visit, width: int) -> None:
    page = visit("linzhiyuan", width=width)
    wide = {}
    for name in PAGES:
        open_named(page, name)
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            wide[name] = needed
    assert wide == {}


def test_a_very_long_title_breaks_neither_list_nor_record(visit: Visit) -> None:
    title = "关于进一步加强科技志愿服务助力乡村振兴暨全国科普日主场活动" * 6
    page = visit("suhe", width=390)
    page.goto("/activities/activity/add/")
    page.fill("#id_title", title[:200])
    page.select_option("#id_form", "lecture")
    page.fill("#id_held_on", "2022.5.8")
    page.locator(".form-bar button").first.click()
    page.locator(".history").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/activities/activity/?held_on=2022-05-08..2022-05-08")
        assert title[:20] in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

"""Every page and what opens on it, at its widths, light and dark: accessible, nothing cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools import manuscript, signing
from tools.browsing import follow
from tools.demo_server import Served
from tools.edited import edited

from .looking import faults

pytestmark = pytest.mark.browser

PAGES = {
    "workbench": "/",
    "registers": "/registers/",
    "list": "/activities/activity/?themes=volunteering&held_on=2021-01-01..2021-12-31",
    "nothing found": "/activities/activity/?q=滑雪",
    "people": "/org/person/",
    "places": "/places/place/?kind=museum",
    "officers": "/outreach/officer/",
    "loans": "/places/loan/",
    "columns": "/activities/activity/columns/",
    "no saved views": "/volunteers/volunteer/filters/",
    "on paper": "/activities/activity/print/?themes=volunteering&held_on=2021-01-01..2021-12-31",
    "totals": "/activities/activity/totals/?themes=volunteering",
    "waiting registers": "/registers/?waiting=submitted",
    "keys": "/help/keys/",
    "go anywhere": "/goto/?q=zyfw",
    "record": "/activities/activity/?q=HD-2021-0051",
    "pack": "/activities/activity/evidence-pack/?held_on=2021-01-01..2021-12-31",
    "form": "/activities/activity/add/",
    "import": "/activities/activity/import/",
    "whole year": "/import/",
    "findings": "/findings/",
    "batches": "/batches/",
    "empty bin": "/bin/",
    "jobs": "/jobs/",
    "figures": "/figures/?period=2021",
    "figure": "/figures/volunteering.events/?period=2021&by=themes",
    "new figure": "/figures/own/add/?register=activities.activity&query=form%3Dlecture",
    "formula": "/figures/rectification.closed_share/?period=2021",
    "empty year": "/figures/volunteering.events/?period=2022",
    "reports": "/reports/",
    "report": "/reports/county-annual/?period=2021",
    "empty report": "/reports/county-annual/?period=2022",
    "outline": "/reports/county-annual/edit/?period=2021",
    "versions of an outline": "/reports/county-annual/edit/versions/?period=2021",
    "outline as a file": "/reports/county-annual/edit/files/?period=2021",
    "edited elsewhere": "/reports/county-annual/readback/?period=2021",
    "no manuscripts": "/checks/",
    "no submissions": "/submissions/",
    "settings": "/settings/",
    "who signs": "/settings/submissions/",
    "tokens": "/settings/tokens/",
    "new token": "/settings/tokens/add/",
    "sealed history": "/settings/history/",
    "closed periods": "/settings/closes/?to=2021",
    "period to close": "/settings/closes/?to=2021&period=2021-Q1",
    "api": "/api/v1/",
    "missing": "/activities/activity/99999999/",
}
PARTS = 4
"""The pages are looked at in so many stories: one browser each is quick enough."""
RECORDER, VERIFIER, MANAGER = "suhe", "linzhiyuan", "luoqiming"
LIST = "/activities/activity/?held_on=2021-01-01..2021-12-31"
SHORT = "/activities/activity/?held_on=2021-08-01..2021-09-15"
"""What opens on a list is the same on a short one, which is sooner looked at."""
Visit = Callable[..., Any]


def open_named(page: Any, name: str) -> None:
    """Go to a page by its name; a record is reached through its list."""
    page.goto(PAGES[name])
    if name == "record":
        follow(page.locator("tbody .lead a").first)
        page.locator(".history").wait_for()


def open_first(page: Any, address: str) -> None:
    """Open the first record of a list."""
    page.goto(address)
    follow(page.locator("tbody .lead a").first)
    page.locator(".history").wait_for()


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_breaks_a_rule_or_scrolls_sideways(visit: Visit, part: int) -> None:
    page = visit(VERIFIER)
    broken = {}
    for name in list(PAGES)[part::PARTS]:
        open_named(page, name)
        if found := faults(page):
            broken[name] = found
    assert broken == {}


def user_menu(page: Any, demo: Served) -> None:
    page.goto("/settings/")
    page.locator("details.user summary").click()


def unit_menu(page: Any, demo: Served) -> None:
    page.goto("/settings/")
    page.locator("details.unit summary").click()


def filter_menu(page: Any, demo: Served) -> None:
    page.goto(SHORT)
    page.locator("details.drop > summary", has_text="更多").first.click()


def list_menu(page: Any, demo: Served) -> None:
    page.goto(SHORT)
    page.locator(".page-head details summary").last.click()


def keep_view(page: Any, demo: Served) -> None:
    page.goto(SHORT)
    page.locator(".own summary").click()


def selection(page: Any, demo: Served) -> None:
    page.goto(SHORT)
    for box in page.locator("td.pick input").all()[:3]:
        box.check()
    page.locator(".bulk details summary").click()


def bulk_change(page: Any, demo: Served) -> None:
    page.goto(SHORT)
    for box in page.locator("td.pick input").all()[:3]:
        box.check()
    follow(page.locator(".bulk button[value=change]"))
    page.locator("h1", has_text="加标签").wait_for()


def refused(page: Any, demo: Served) -> None:
    page.goto(LIST)
    for box in page.locator("td.pick input").all():
        box.check()
    follow(page.locator(".bulk button[value=submit]"))
    follow(page.locator(".toast a").first)


def go_anywhere(page: Any, demo: Served) -> None:
    page.goto("/settings/")
    page.keyboard.press("Control+k")
    page.locator("dialog [data-goto-field]").fill("zyfw")
    page.locator("dialog [role=option]").first.wait_for()
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def keys(page: Any, demo: Served) -> None:
    page.goto(SHORT)
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def chip(page: Any, demo: Served) -> None:
    page.goto("/reports/county-annual/?period=2021")
    page.locator("a.fig", has_text="24场次").first.click()
    page.locator(".card-foot").wait_for()


def refused_form(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/add/")
    page.fill("#id_attendance", "300余")
    follow(page.locator(".form-bar button.primary"))
    page.locator("#errors").wait_for()


def correction(page: Any, demo: Served) -> None:
    open_first(page, f"{LIST}&state=verified")
    page.goto(page.url + "edit/")


def evidence(page: Any, demo: Served) -> None:
    open_first(page, "/activities/activity/?q=HD-2021-0051")
    page.locator("#evidence figure summary").first.click()
    page.locator(".attach > summary").click()


def binned(page: Any, demo: Served) -> None:
    open_first(page, f"{LIST}&state=draft")
    follow(page.locator("main button", has_text="删除"))
    page.locator(".toast form").wait_for()
    page.goto("/bin/")
    page.locator("tbody button").first.wait_for()


def batch(page: Any, demo: Served) -> None:
    page.goto("/batches/")
    follow(page.locator("tbody .lead a").first)


def faulty_plan(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/import/")
    page.set_input_files("input[type=file]", demo.output / "faulty-activities.xlsx")
    follow(page.locator("main form button.primary"))
    page.locator("tr.why").first.wait_for()


def job(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/evidence-pack/?held_on=2021-01-01..2021-12-31")
    follow(page.locator("main form button").first)
    page.locator(".form-bar a[download]").wait_for()


def jobs(page: Any, demo: Served) -> None:
    job(page, demo)
    page.goto("/jobs/")


def new_token(page: Any, demo: Served) -> None:
    page.goto("/settings/tokens/add/")
    page.fill("[name=name]", "政务平台，每小时取数")
    follow(page.locator("main form button.primary"))
    page.locator("main code").first.wait_for()


def tokens(page: Any, demo: Served) -> None:
    new_token(page, demo)
    page.goto("/settings/tokens/")


def closed(page: Any, demo: Served) -> None:
    page.goto("/settings/closes/?to=2021&period=2021-Q1#picked")
    follow(page.locator("#picked button.primary"))
    page.locator("#picked textarea").wait_for()


def late(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/add/")
    page.fill("#id_title", "结账以后才报的讲座")
    page.select_option("#id_form", "lecture")
    page.fill("#id_held_on", "2021.3.9")
    follow(page.locator(".form-bar button").first)
    page.locator(".history").wait_for()


def late_list(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/?late=1")
    page.locator("tbody .beside").wait_for()


def proofread(page: Any, demo: Served) -> None:
    manuscript.hand_in(page)
    page.locator(".finding summary").first.click()


def came_back(page: Any, demo: Served) -> None:
    ours = page.request.get("/reports/county-annual.docx?period=2021").body()
    page.goto(PAGES["edited elsewhere"])
    page.set_input_files(
        "input[type=file]", {"name": "改后.docx", "mimeType": "x", "buffer": edited(ours)}
    )
    follow(page.locator("main button.primary"))
    page.locator(".ed-diff").first.wait_for()


def waiting_submission(page: Any, demo: Served) -> None:
    page.goto(signing.submitted(page.context.browser, demo.url))
    page.locator("details.acts summary").click()


def signed(page: Any, demo: Served) -> None:
    page.goto(signing.signed(page.context.browser, demo.url))
    page.locator(".sealing").wait_for()


def drifted(page: Any, demo: Served) -> None:
    address = page.url
    signing.void_counted(page, "与另一场重复登记")
    page.goto(f"{address}drift/")
    page.locator("section[aria-labelledby=d-voided]").wait_for()


def signed_and_drifted(page: Any, demo: Served) -> None:
    page.goto(page.url.removesuffix("drift/"))
    page.locator(".fig.drift").first.wait_for()


def submissions(page: Any, demo: Served) -> None:
    page.goto("/submissions/")
    page.locator("tbody .lead a").first.wait_for()


def who_signs(page: Any, demo: Served) -> None:
    page.goto("/settings/submissions/")
    page.locator("#p-keys").wait_for()


def restating(page: Any, demo: Served) -> None:
    page.goto(signing.REPORT)
    page.locator("#id_reason").wait_for()


def drift_on_the_workbench(page: Any, demo: Served) -> None:
    page.goto("/")
    page.locator("main", has_text="指标有变动").wait_for()


SCENES = {
    "closing": (MANAGER, (closed, late, late_list, came_back)),
    "menus": (
        RECORDER,
        (user_menu, unit_menu, filter_menu, list_menu, keep_view, go_anywhere, keys),
    ),
    "records": (RECORDER, (refused_form, correction, evidence, binned, batch)),
    "many": (RECORDER, (selection, bulk_change, refused, faulty_plan)),
    "proofreading": (RECORDER, (proofread,)),
    "programs": (RECORDER, (job, jobs, new_token, tokens)),
    "reviewing": (VERIFIER, (waiting_submission, submissions)),
    "signing": (
        MANAGER,
        (
            *(signed, drifted, signed_and_drifted),
            *(submissions, who_signs, restating, drift_on_the_workbench),
        ),
    ),
    "verifying": (VERIFIER, (selection, bulk_change, evidence, chip)),
}


@pytest.mark.parametrize("name", SCENES)
def test_nothing_that_opens_breaks_a_rule_or_scrolls_sideways(
    visit: Visit, demo: Served, name: str
) -> None:
    user, scenes = SCENES[name]
    page = visit(user)
    broken = {}
    for scene in scenes:
        scene(page, demo)
        if found := faults(page):
            broken[scene.__name__] = found
    assert broken == {}


def test_the_sign_in_page_breaks_no_rule(visit: Visit) -> None:
    page = visit()
    page.goto("/sign-in/")
    assert faults(page) == []


def test_a_very_long_title_breaks_neither_list_nor_record(visit: Visit) -> None:
    title = "关于进一步加强科技志愿服务助力乡村振兴暨全国科普日主场活动" * 6
    page = visit("suhe", width=390)
    page.goto("/activities/activity/add/")
    page.fill("#id_title", title[:200])
    page.select_option("#id_form", "lecture")
    page.fill("#id_held_on", "2022.5.8")
    follow(page.locator(".form-bar button").first)
    page.locator(".history").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/activities/activity/?held_on=2022-05-08..2022-05-08")
        assert title[:20] in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_number_beside_a_long_finding_keeps_its_room_on_a_phone(visit: Visit) -> None:
    page = visit("linzhiyuan", width=390)
    page.goto("/findings/")
    numbers = page.locator(".watch .n").all()
    assert len(numbers) > 1
    for one in numbers:
        assert one.evaluate("one => one.scrollWidth - one.clientWidth") == 0

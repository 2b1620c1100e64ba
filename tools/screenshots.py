"""The pictures of the docs, taken from a freshly loaded demo: ``make screenshots``.

``docs/screenshots`` shows the main pages at two widths and in the dark; ``docs/using/pictures`` one
picture for each thing that the pages of help explain.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools import manuscript, signing
from tools.browsing import follow, sign_in
from tools.demo_server import Served, served_demo
from tools.edited import edited

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {
    "workbench": "/",
    "register": "/activities/activity/?themes=volunteering&held_on=2021-01-01..2021-12-31",
    "record": "/activities/activity/?q=HD-2021-0051",
    "figure": "/figures/volunteering.events/",
    "report": "/reports/county-annual/",
    "import-plan": "/activities/activity/import/",
    "sign-in": "/sign-in/",
}
WIDTHS = {1440: 1000, 390: 844}
LIST = "/activities/activity/?held_on=2021-01-01..2021-12-31"


def main() -> None:
    """Take every picture, only those of help with ``--help-pages``, or the named ones of help."""
    with served_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        named = set(sys.argv[1:]) & set(SCENES)
        if not named and "--help-pages" not in sys.argv:
            _take_all(browser, demo)
        _take_help(browser, demo, named or set(SCENES))
        browser.close()


def _context(browser: Any, demo: Served, width: int, scheme: str = "light") -> Any:
    return browser.new_context(
        base_url=demo.url,
        viewport={"width": width, "height": WIDTHS.get(width, 800)},
        color_scheme=scheme,
        locale="zh-CN",
    )


def _take_all(browser: Any, demo: Served) -> None:
    """Every page at both widths in light, and the report and the workbench in dark."""
    target = DOCS / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    for scheme, width in (("light", 1440), ("light", 390), ("dark", 1440)):
        context = _context(browser, demo, width, scheme)
        page = context.new_page()
        for name, address in PAGES.items():
            if scheme == "dark" and name not in {"workbench", "report"}:
                continue
            _open(page, name, address, width, demo.output)
            suffix = "-dark" if scheme == "dark" else ""
            full = width > 1000 and name not in {"report", "register"}
            if full:  # a window as high as the page, so that what sticks to its foot lies there
                page.set_viewport_size({"width": width, "height": _height(page)})
            page.screenshot(path=target / f"{name}-{width}{suffix}.png")
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            if name == "import-plan":
                context.clear_cookies()
        context.close()


def _open(page: Any, name: str, address: str, width: int, output: Path) -> None:
    page.goto("/sign-in/")
    if name != "sign-in":
        if "/sign-in/" in page.url:
            sign_in(page, "suhe" if name == "import-plan" else "linzhiyuan")
        page.goto(address)
    if name == "record":
        follow(page.locator("tbody .lead a").first)
        page.locator(".history").wait_for()
    if name == "import-plan":
        _upload(page, output)
    if name == "report" and width > 1000:
        page.locator("a.fig", has_text="24场次").first.click()
        page.locator(".card-foot").wait_for()
    _settle(page)


def _upload(page: Any, output: Path) -> None:
    page.set_input_files("input[type=file]", output / "faulty-activities.xlsx")
    follow(page.locator("button", has_text="读取文件"))
    page.locator(".plan-tally").wait_for()


def _height(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def _settle(page: Any) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)


def _take_help(browser: Any, demo: Served, names: set[str]) -> None:
    """One picture for each scene; the recorder Su He unless a scene asks for somebody else."""
    target = DOCS / "using" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        if name not in names:
            continue
        context = _context(browser, demo, 1120)
        page = context.new_page()
        sign_in(page, "suhe")
        scene(page, demo)
        _settle(page)
        page.screenshot(path=target / f"{name}.png")
        context.close()


def _first(page: Any, address: str) -> None:
    page.goto(address)
    follow(page.locator("tbody .lead a").first)
    page.locator(".history").wait_for()


def _import_plan(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/import/")
    _upload(page, demo.output)


def _list(page: Any, demo: Served) -> None:
    page.goto(LIST)


def _bulk(page: Any, demo: Served) -> None:
    page.goto(LIST)
    for box in page.locator("td.pick input").all()[:3]:
        box.check()
    page.locator(".bulk").scroll_into_view_if_needed()


def _keys(page: Any, demo: Served) -> None:
    page.goto("/help/keys/")


def _form(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/add/")
    page.fill("[name=title]", "防灾减灾科普进社区")
    page.fill("[name=held_on]", "9.18")
    page.wait_for_timeout(1500)


def _meeting(page: Any, demo: Served) -> None:
    """A second browser changes the number of people while this one changes it too."""
    _first(page, f"{LIST}&state=draft")
    address = page.url
    page.goto(f"{address}edit/")
    other = _context(page.context.browser, demo, 1120)
    second = other.new_page()
    sign_in(second, "luoqiming")
    second.goto(f"{address}edit/")
    for tab, people in ((second, "260"), (page, "240")):
        tab.fill("[name=attendance]", people)
        follow(tab.locator("main form button.primary").first)
    other.close()


def _batch(page: Any, demo: Served) -> None:
    page.goto("/batches/")
    follow(page.locator("tbody .lead a").first)


def _bin(page: Any, demo: Served) -> None:
    _first(page, f"{LIST}&state=draft")
    follow(page.locator("main button", has_text="删除"))
    page.locator(".toast").first.wait_for()
    page.goto("/bin/")


def _evidence(page: Any, demo: Served) -> None:
    _first(page, "/activities/activity/?q=HD-2021-0051")
    page.locator("main img").first.scroll_into_view_if_needed()


def _checking(page: Any, demo: Served) -> None:
    manuscript.hand_in(page)


def _findings(page: Any, demo: Served) -> None:
    page.goto("/findings/")


def _job(page: Any, demo: Served) -> None:
    page.goto("/activities/activity/evidence-pack/?held_on=2021-01-01..2021-12-31")
    page.locator("main form button.primary, main form button.btn").first.click()
    page.wait_for_timeout(1500)


def _tokens(page: Any, demo: Served) -> None:
    page.goto("/settings/tokens/add/")
    page.fill("[name=name]", "政务平台，每小时取数")


def _outline(page: Any, demo: Served) -> None:
    page.goto("/reports/county-annual/edit/?unit=banner&period=2021")
    block = page.locator(".ed-block", has_text="全年开展科技志愿服务活动").first
    block.locator("p").first.click(position={"x": 60, "y": 10})
    text = page.locator("form.ed-form textarea")
    text.wait_for()
    text.evaluate("text => text.setSelectionRange(text.value.length, text.value.length)")
    page.keyboard.type("其中{")
    page.keyboard.type("kjzyfw")
    page.locator("[data-style]").fill("余:100")
    page.locator("#ed-found .prints", has_text="7800余人次").wait_for()
    page.locator("form.ed-form").scroll_into_view_if_needed()


def _edited_elsewhere(page: Any, demo: Served) -> None:
    ours = page.request.get("/reports/county-annual.docx?unit=banner&period=2021").body()
    page.goto("/reports/county-annual/readback/?unit=banner&period=2021")
    sent = {"name": "改后.docx", "mimeType": "application/octet-stream", "buffer": edited(ours)}
    page.set_input_files("input[type=file]", sent)
    page.locator("main button.primary").click()
    page.locator(".ed-diff").first.wait_for()


def _review(page: Any, demo: Served) -> None:
    """The reviewer's view, with the field for what is to be done open."""
    address = signing.submit(page)
    _become(page, signing.REVIEWER)
    page.goto(address)
    page.locator("details.acts summary").click()


def _signed(page: Any, demo: Served) -> None:
    """The report of the scene before, signed."""
    page.goto("/submissions/")
    follow(page.locator("tbody .lead a").first)
    address = page.url
    _become(page, signing.REVIEWER)
    signing.review(page, address)
    _become(page, signing.SIGNER)
    signing.sign(page, address)


def _drift(page: Any, demo: Served) -> None:
    """What a voided activity does to the report that was signed before."""
    _become(page, signing.SIGNER)
    signing.void_counted(page, "与另一场重复登记")
    page.goto("/submissions/")
    follow(page.locator("tbody .lead a").first)
    page.goto(f"{page.url}drift/")


def _become(page: Any, user: str) -> None:
    page.context.clear_cookies()
    sign_in(page, user)


def _own_figure(page: Any, demo: Served) -> None:
    query = "setting%3Dschool%26state%3Dverified"
    page.goto(f"/figures/own/add/?register=activities.activity&query={query}")
    page.fill("#name", "进学校活动")
    page.fill("#note", "在学校举办的各类科普活动，一场活动计一次，含送展品进校园。")
    page.fill("#subject", "校园活动，科普进校园")
    page.fill("#word", "场次")


def _history(page: Any, demo: Served) -> None:
    """The demo was recorded today: its day is sealed as the worker would do it tomorrow."""
    tomorrow = (
        "from datetime import timedelta; from taizhang import prepare; prepare.django();"
        "from django.utils import timezone; from taizhang.seals import history;"
        "history.seal_days(timezone.now() + timedelta(days=1))"
    )
    home = {"TAIZHANG_HOME": str(demo.home), "TAIZHANG_DEMO": "1"}
    subprocess.run([sys.executable, "-c", tomorrow], env=os.environ | home, check=True)  # noqa: S603
    _become(page, "luoqiming")
    page.goto("/settings/history/")


def _closing(page: Any, demo: Served) -> None:
    """Only a manager closes; the last of all, since it marks what comes later."""
    _become(page, "luoqiming")
    for period in ("2020", "2021-Q1"):
        page.goto(f"/settings/closes/?to=2021&period={period}")
        page.locator("#picked button.primary").click()
        page.locator("#picked textarea").wait_for()


SCENES: dict[str, Callable[[Any, Served], None]] = {
    "import-plan": _import_plan,
    "list": _list,
    "bulk": _bulk,
    "keys": _keys,
    "form": _form,
    "meeting": _meeting,
    "evidence": _evidence,
    "findings": _findings,
    "checking": _checking,
    "outline": _outline,
    "own-figure": _own_figure,
    "job": _job,
    "bin": _bin,
    "batch": _batch,
    "api-tokens": _tokens,
    "edited-elsewhere": _edited_elsewhere,
    "review": _review,
    "signed": _signed,
    "drift": _drift,
    "history": _history,
    "closing": _closing,
}


if __name__ == "__main__":
    main()

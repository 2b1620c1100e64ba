"""The pictures in docs/screenshots, taken from a freshly loaded demo: ``make screenshots``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools.demo_server import served_demo

TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
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


def main() -> None:
    """Take every page at both widths in light, and the report and the workbench in dark."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with served_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for scheme in ("light", "dark"):
            for width, height in WIDTHS.items():
                if scheme == "dark" and width == 390:
                    continue
                context = browser.new_context(
                    base_url=demo.url,
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    locale="zh-CN",
                )
                page = context.new_page()
                for name, address in PAGES.items():
                    if scheme == "dark" and name not in {"workbench", "report"}:
                        continue
                    _take(page, name, address, width, scheme, demo.output)
                context.close()
        browser.close()


def _take(page: Any, name: str, address: str, width: int, scheme: str, output: Path) -> None:
    page.goto("/sign-in/")
    if name != "sign-in":
        if "/sign-in/" in page.url:
            page.click(
                "button[value=suhe]" if name == "import-plan" else "button[value=linzhiyuan]"
            )
        page.goto(address)
    if name == "record":
        page.locator("tbody .lead a").first.click()
        page.locator(".history").wait_for()
    if name == "import-plan":
        page.set_input_files("input[type=file]", output / "faulty-activities.xlsx")
        page.locator("button", has_text="读取文件").click()
        page.locator(".plan-tally").wait_for()
    if name == "report" and width > 1000:
        page.locator("a.fig", has_text="24场次").first.click()
        page.locator(".fig-card footer").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    suffix = "-dark" if scheme == "dark" else ""
    full = name not in {"report", "register"} or width < 1000
    page.screenshot(path=TARGET / f"{name}-{width}{suffix}.png", full_page=full and width > 1000)
    if name == "import-plan":
        page.context.clear_cookies()


if __name__ == "__main__":
    main()

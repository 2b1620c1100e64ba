"""A picture of each register's list for ``docs/using/registers``, from a freshly loaded demo.

``python -m tools.register_pictures`` takes all of them, with names of domains or registers only
those: ``python -m tools.register_pictures outreach places.loan``.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools.browsing import sign_in
from tools.demo_server import served_demo

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "using" / "pictures"
WIDTH, HEIGHT = 1120, 720


def names() -> list[str]:
    """The registers by name, in the order of the catalogue."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.settings")
    import django

    django.setup()
    from taizhang.ledger import catalogue

    return [register.name for register in catalogue.registers()]


def main() -> None:
    """Take the pictures of the registers asked for."""
    asked = sys.argv[1:]
    wanted = [n for n in names() if not asked or n in asked or n.split(".")[0] in asked]
    if not wanted:
        sys.exit(f"no register is called {', '.join(asked)}")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context = browser.new_context(
            base_url=demo.url, viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN"
        )
        page = context.new_page()
        sign_in(page, "suhe")
        for name in wanted:
            _take(page, name)
        browser.close()


def _take(page: Any, name: str) -> None:
    page.goto(f"/{name.replace('.', '/')}/")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"register-{name.replace('.', '-')}.png")


if __name__ == "__main__":
    main()

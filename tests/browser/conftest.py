"""Chromium and a served demo; both are made once for all stories."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from tools.browsing import sign_in
from tools.demo_server import Served, served_demo

CHROMIUM = shutil.which("chromium")
BROKE_OFF = pytest.StashKey[bool]()
MOST_SHOWN = 2000
"""So many characters of each window are printed where a story breaks off."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the stories are skipped with one clear line; in CI that is a failure."""
    if CHROMIUM or os.environ.get("TAIZHANG_CI"):
        return
    skip = pytest.mark.skip(reason="Chromium is not installed (Debian: chromium)")
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def demo() -> Iterator[Served]:
    """The demo, loaded and served as a newcomer gets it."""
    with served_demo() as served:
        yield served


@pytest.fixture(autouse=True)
def as_loaded(demo: Served) -> None:
    """Every story begins with the demo as it was loaded, whatever was told before it."""
    demo.as_loaded()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for all stories."""
    assert CHROMIUM, "Chromium is needed here; .ci/run installs it"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let the windows of a story know at its end whether it came to a good one."""
    report = yield
    if report.when == "call":
        item.stash[BROKE_OFF] = report.failed
    return report


@pytest.fixture
def visit(
    demo: Served, chromium: Any, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Any]]:
    """Open a page of the demo as somebody; anything on the console fails the story."""
    contexts: list[Any] = []
    said: list[str] = []

    def open_page(user: str = "", width: int = 1440, height: int = 900, **options: Any) -> Any:
        context = chromium.new_context(
            base_url=demo.url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda message: (
                said.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )
        if user:
            sign_in(page, user)
        return page

    yield open_page
    if request.node.stash.get(BROKE_OFF, False):
        for page in (page for context in contexts for page in context.pages):
            print(page.url, page.locator("body").inner_text()[:MOST_SHOWN], sep="\n")
    for context in contexts:
        context.close()
    # A refused form answers 422, which the browser's console calls a failed resource.
    assert [text for text in said if "status of 4" not in text] == []

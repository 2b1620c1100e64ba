"""What stories and pictures do in a browser: sign in, and follow what leads to another page."""

from __future__ import annotations

from typing import Any


def follow(target: Any) -> None:
    """Click what leads to another page, and wait until that page has come.

    A click alone waits for the page after it only when the browser is quick to ask for it; on a
    busy machine what is read next would still be the page before.
    """
    with target.page.expect_event("load"):
        target.click()


def sign_in(page: Any, user: str) -> None:
    """Sign in with one of the demo accounts."""
    page.goto("/sign-in/")
    follow(page.locator(f"button[value={user}]"))

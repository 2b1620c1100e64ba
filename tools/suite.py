"""The whole suite: ``make test``.

Engines first, without Django; then everything on SQLite; then, when TEST_DATABASE_URL names a
PostgreSQL, everything that meets a database once more there. Browser stories need Chromium and
office tests LibreOffice; where these are missing the tests are skipped with one clear line, unless
TAIZHANG_CI=1, which makes a skip a failure. How every page looks is ``make looks``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

WORKERS = os.environ.get("TAIZHANG_TEST_WORKERS", "3")


def run(title: str, *arguments: str, **environment: str) -> int:
    """Run one part of the suite and return its exit code."""
    print(f"\n== {title}", flush=True)
    started = time.monotonic()
    code = subprocess.call(  # noqa: S603  (our own arguments)
        [sys.executable, "-m", "pytest", *arguments], env=os.environ | environment
    )
    print(f"== {title}: {time.monotonic() - started:.0f} s", flush=True)
    return code


def main() -> int:
    """Run all parts; the first failing exit code wins, but every part runs."""
    os.environ.pop("DATABASE_URL", None)
    alone = ("-c", "tests/engines/pytest.ini", "tests/engines")
    codes = [run("engines, without Django", *alone, TAIZHANG_NO_DJANGO="1")]
    # What tests read together is written once: they stay with one worker (tools/pytest_home.py).
    spread = ("-n", WORKERS, "--dist", "loadfile")
    everything = (*spread, "tests", "--ignore=tests/engines", "--ignore=tests/browser")
    codes.append(run("ledger, domains, journeys on SQLite", *everything))
    if url := os.environ.get("TEST_DATABASE_URL"):
        meets = (
            *("accounts", "desk", "evidence", "exchange", "figures", "jobs", "journeys"),
            *("closes", "goto", "ledger", "outlines", "seals", "submissions", "tokens"),
            *("activities", "checks", "outreach", "places", "projects", "reports", "watch"),
        )
        folders = [f"tests/{name}" for name in meets]
        meeting = (*spread, *folders, "-m", "not once")
        codes.append(run("the same on PostgreSQL", *meeting, DATABASE_URL=url))
    else:
        print("\n== PostgreSQL: skipped, TEST_DATABASE_URL is not set")
    if shutil.which("chromium") or os.environ.get("TAIZHANG_CI"):
        # Each worker serves a demo of its own.
        looks = "--ignore=tests/browser/test_looks.py"
        codes.append(run("browser stories", *spread, "tests/browser", looks))
    else:
        print("\n== browser stories: skipped, Chromium is not installed (Debian: chromium)")
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())

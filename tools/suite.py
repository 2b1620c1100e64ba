"""The whole suite: ``make test``; what meets a database on PostgreSQL too: ``make both``.

Engines first, without Django; then everything on SQLite; then browser stories. These need Chromium
and office tests LibreOffice; where they are missing the tests are skipped with one clear line,
unless TAIZHANG_CI=1, which makes a skip a failure. How every page looks is ``make looks``.
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
    codes = on_postgresql() if "--postgresql" in sys.argv else on_sqlite()
    return next((code for code in codes if code), 0)


# What tests read together is written once: they stay with one worker (tools/pytest_home.py).
SPREAD = ("-n", WORKERS, "--dist", "loadfile")


def on_sqlite() -> list[int]:
    """Engines, everything on SQLite, and the browser, whose demo is kept there too."""
    os.environ.pop("DATABASE_URL", None)
    alone = ("-c", "tests/engines/pytest.ini", "tests/engines")
    codes = [run("engines, without Django", *alone, TAIZHANG_NO_DJANGO="1")]
    everything = (*SPREAD, "tests", "--ignore=tests/engines", "--ignore=tests/browser")
    codes.append(run("ledger, domains, journeys on SQLite", *everything))
    if shutil.which("chromium") or os.environ.get("TAIZHANG_CI"):
        # Each worker serves a demo of its own, with a server and a Chromium beside it.
        stories = ("-n", "2", "--dist", "loadfile", "tests/browser")
        looks = "--ignore=tests/browser/test_looks.py"
        codes.append(run("browser stories", *stories, looks))
    else:
        print("\n== browser stories: skipped, Chromium is not installed (Debian: chromium)")
    return codes


NO_DATABASE = ("engines", "browser", "documents", "house", "checker", "soak")


def on_postgresql() -> list[int]:
    """Everything on SQLite that meets a database, once more."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        print("TEST_DATABASE_URL names no PostgreSQL, such as postgresql://root@127.0.0.1/test")
        return [2]
    ignored = [f"--ignore=tests/{name}" for name in NO_DATABASE]
    return [run("the same on PostgreSQL", *SPREAD, "tests", *ignored, DATABASE_URL=url)]


if __name__ == "__main__":
    sys.exit(main())

"""A ledger that several processes share: a folder of its own and, on PostgreSQL, a database too.

The tests' usual ledger lives in memory or in a transaction, where no other process can see it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]


def until(true: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Wait until something is so, and return what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError(f"After {seconds} s still not: {what}")


def children(number: int, word: bytes) -> list[int]:
    """The processes that a process has started with that word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))) and int(stat[1]) == number:
            with suppress(OSError):
                if word in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def is_there(number: int) -> bool:
    """Whether a process has not ended."""
    stat = _stat(number)
    return bool(stat) and stat[0] != "Z"


def _stat(number: int) -> list[str]:
    try:
        text = Path(f"/proc/{number}/stat").read_text("utf-8", "replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


class Office:
    """Where the processes of one ledger are started, and killed at the end."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.started: list[subprocess.Popen[bytes]] = []
        home.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to find this ledger."""
        told = {
            "TAIZHANG_HOME": str(self.home),
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "TAIZHANG_POOL": "1",
            "PYTHONFAULTHANDLER": "1",
        }
        return {k: v for k, v in os.environ.items() if k != "TAIZHANG_DEMO"} | told

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start ``taizhang`` with these words, as the head of a group that can be killed at once."""
        with (self.home / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "taizhang.cli", *words],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def worker(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        return self.start("work", *words)

    def log(self) -> str:
        """What the processes said."""
        return (self.home / "log").read_text("utf-8", "replace")

    def kill_all(self) -> None:
        """kill -9 of everything that was started, and of its children."""
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.started.clear()


def founded(folder: Path, url: str = "") -> Office:
    """A ledger with tables and nobody in it; beside ``url`` when that names a PostgreSQL."""
    office = Office(folder, _create_database(url) if url else "")
    process = office.start("upgrade")
    assert process.wait(120) == 0, office.log()
    office.started.clear()
    return office


def copied(pattern: Office, folder: Path) -> Office:
    """The same ledger once more, in a folder and a database of its own."""
    shutil.copytree(pattern.home, folder)
    return Office(folder, _create_database(pattern.url, pattern.url) if pattern.url else "")


def removed(office: Office) -> None:
    """Kill what still runs; the folder belongs to whoever gave it."""
    office.kill_all()
    if office.url:
        _statement(office.url, f"DROP DATABASE {_name(office.url)} WITH (FORCE)")


@contextmanager
def entered(office: Office) -> Iterator[None]:
    """Let this process, whose Django knows another ledger, work in this one."""
    told = connections.settings["default"]
    before, original = dict(told), connections["default"]
    told["NAME"] = _name(office.url) if office.url else str(office.home / "taizhang.sqlite3")
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        told.clear()
        told.update(before)
        connections["default"] = original


def _create_database(beside: str, like: str = "") -> str:
    """Create a database on the same server and return its address."""
    name = f"office_{secrets.token_hex(6)}"
    template = f" TEMPLATE {_name(like)}" if like else ""
    _statement(beside, f"CREATE DATABASE {name}{template}")
    return urlunsplit(urlsplit(beside)._replace(path=f"/{name}"))


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _statement(url: str, statement: str) -> None:
    """Say something to PostgreSQL that it hears only outside of the database concerned."""
    elsewhere = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with psycopg.connect(elsewhere, autocommit=True) as server:
        server.execute(statement.encode())

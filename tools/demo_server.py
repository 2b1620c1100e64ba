"""A served demo in a folder of its own, for browser stories and screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """Where the demo answers, and where its files lie."""

    url: str
    home: Path
    output: Path

    def as_loaded(self) -> None:
        """Put the rows back as they were before anybody did anything; files may lie there longer."""
        _copy(self.home / LOADED, self.home / LEDGER)


LEDGER, LOADED = "taizhang.sqlite3", "loaded.sqlite3"


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


@contextmanager
def served_demo() -> Iterator[Served]:
    """Load the demo years as ``make demo`` does, serve them on a free port, clean up afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="taizhang-served-"))
    environment = {
        **os.environ,
        "TAIZHANG_HOME": str(folder / "data"),
        "TAIZHANG_DEMO": "1",
        "TAIZHANG_POOL": "1",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "taizhang.cli"]
    output = folder / "demo-output"
    process = None
    try:
        subprocess.run(  # noqa: S603
            [*command, "demo", "--no-serve", "--output", str(output)],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _copy(folder / "data" / LEDGER, folder / "data" / LOADED)
        port = _free_port()
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                [*command, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log
            )
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, folder / "server.log")
        yield Served(url, folder / "data", output)
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(240):
        if process.poll() is not None:
            raise RuntimeError(f"The server stopped: {log.read_text('utf-8', 'replace')[-2000:]}")
        try:
            with urllib.request.urlopen(f"{url}/health/", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("The server did not answer within a minute.")

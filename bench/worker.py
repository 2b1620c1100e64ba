"""What a worker of ``taizhang serve`` weighs, and what an export of everything costs."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .imports import workbook
from .measures import Measure, stopwatch
from .pages import LIST, browser, pages
from .world import Size, World

ROUNDS = 3
LIMIT_MB = 200
EXPORT_S, EXPORT_MB = 10, 150
GROUP = "a worker's memory (one granian worker)"


def measure(world: World, size: Size, folder: Path) -> list[Measure]:
    """Memory after the pages several times over, and after the plan of a large import."""
    addresses = [address for some in pages().values() for address in some]
    client = browser(world.manager)
    found = []
    with _served() as server:
        server.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        fresh = server.memory()["VmRSS"]
        for address in tqdm(addresses * ROUNDS, desc="worker", leave=False):
            server.get(address)
        weight = server.memory()["VmRSS"]
        note = f"{len(addresses) * ROUNDS} requests; {fresh:.0f} MB before the first"
        found.append(Measure(GROUP, "after the pages", weight, "MB", at_most=LIMIT_MB, note=note))
        path = workbook(folder / "plan.xlsx", world, size.imported, "PL")
        with stopwatch() as uploading:
            plan = server.upload(f"{LIST}import/", path)
        with stopwatch() as looking:
            server.get(plan)
        after = server.memory()
        note = f"upload {uploading[0]:.1f} s, plan page {looking[0]:.1f} s"
        title = f"peak planning {size.imported:,} rows"
        found.append(Measure(GROUP, title, after["VmHWM"], "MB", note=note))
        for address in addresses:
            server.get(address)
        found.append(Measure(GROUP, "after that, pages again", server.memory()["VmRSS"], "MB"))
    return found


def measure_export(folder: Path) -> list[Measure]:
    """The time and peak memory of ``taizhang export`` of all activities."""
    from taizhang.activities.models import Activity

    group = f"export of {Activity.objects.count():,} rows"
    found = []
    for kind in ("xlsx", "csv"):
        target = folder / f"export.{kind}"
        command = [sys.executable, "-m", "taizhang.cli", "export", "activities.activity"]
        with stopwatch() as spent:
            process = subprocess.Popen(
                [*command, "-o", str(target)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"export ended with {process.returncode}"
        note = f"{target.stat().st_size / 1e6:.1f} MB file"
        found.append(Measure(group, f".{kind}", spent[0], "s", at_most=EXPORT_S, note=note))
        peak = usage.ru_maxrss / 1024
        found.append(Measure(group, f".{kind}, peak memory", peak, "MB", at_most=EXPORT_MB))
    return found


@dataclass
class _Server:
    """A running ``taizhang serve``."""

    process: subprocess.Popen[bytes]
    port: int
    cookies: dict[str, str]

    def get(self, address: str) -> bytes:
        status, _headers, body = self._ask("GET", address)
        assert status == 200, f"{address}: {status}"
        return body

    def upload(self, address: str, path: Path) -> str:
        """Upload a workbook as a browser does; returns the address of its plan."""
        _status, headers, _body = self._ask("GET", address)
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        mark = "taizhang-bench"
        head = (
            f"--{mark}\r\nContent-Disposition: form-data; name=csrfmiddlewaretoken\r\n\r\n"
            f"{self.cookies['csrftoken']}\r\n--{mark}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        status, headers, answer = self._ask("POST", address, body, {"Content-Type": kind})
        assert status == 302, f"{address}: {status} {answer[:2000].decode()}"
        return dict(headers)["location"]

    def _ask(
        self,
        method: str,
        address: str,
        body: bytes | None = None,
        extra: dict[str, str] | None = None,
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Host": f"127.0.0.1:{self.port}"} | (extra or {})
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        found = (
            answer.status,
            [(name.lower(), value) for name, value in answer.getheaders()],
            answer.read(),
        )
        connection.close()
        return found

    def memory(self) -> dict[str, float]:
        """VmRSS and VmHWM, in MB, of the heaviest process below the server."""
        seen = [_memory(pid) for pid in _below(self.process.pid)]
        return max(seen, key=lambda one: one["VmRSS"])


@contextmanager
def _served() -> Iterator[_Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "taizhang.cli", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield _Server(process, port, {})
    finally:
        children = _below(process.pid)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            for pid in (*children, process.pid):
                _kill(pid)
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "taizhang serve ended at once"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("taizhang serve did not answer within a minute")


def _below(pid: int) -> list[int]:
    """The processes that this one started, and theirs."""
    try:
        own = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(child) for child in own] + [deep for child in own for deep in _below(int(child))]


def _memory(pid: int) -> dict[str, float]:
    found: dict[str, Any] = {"VmRSS": 0.0, "VmHWM": 0.0}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _colon, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0]) / 1024
    return found


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)

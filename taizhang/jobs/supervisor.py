"""One worker process beside the server, started again when it dies and stopped when the server is."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings

SOON, LATE = 0.25, 30.0
"""Seconds until a dead worker is started again: doubled with each early death, up to ``LATE``."""
SETTLED = 60.0

log = logging.getLogger(__name__)

# The server forks its own processes. A fork in the middle of starting a worker would inherit the
# pipe on which the start is awaited, and it would be awaited for ever.
_starting = threading.Lock()
os.register_at_fork(
    before=_starting.acquire,
    after_in_parent=_starting.release,
    after_in_child=_starting.release,
)


@contextmanager
def one_worker() -> Iterator[None]:
    """Keep a worker running in this block."""
    command = [sys.executable, "-m", "taizhang.cli", "work", "--parent", str(os.getpid())]
    stopping = threading.Event()
    # The system tells a child that its parent died when the *thread* that started it ends, so this
    # one thread starts every worker and outlives it.
    keeper = threading.Thread(target=_keep, args=(command, stopping), name="worker", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def _keep(command: Sequence[str], stopping: threading.Event) -> None:
    pause = SOON
    while not stopping.is_set():
        started = time.monotonic()
        with _starting:
            child = subprocess.Popen(command)  # noqa: S603  (our own program)
        while child.poll() is None and not stopping.wait(0.1):
            pass
        if child.poll() is None:
            _stop(child)
            return
        if stopping.is_set():
            return
        if time.monotonic() - started > SETTLED:
            pause = SOON
        log.warning("The worker ended (%s); started again in %.2g s.", child.returncode, pause)
        stopping.wait(pause)
        pause = min(pause * 2, LATE)


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(settings.JOB_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()  # its job is taken up again when a worker starts next
        child.wait()

"""Serving the pages with granian."""

from __future__ import annotations

import ipaddress
import os
from contextlib import nullcontext

from taizhang.engines.findings import Refused
from taizhang.jobs import supervisor


def serve(host: str, port: int, workers: int, *, lan: bool = False, jobs: bool = True) -> int:
    """Serve until interrupted, with a worker for long work beside it unless ``jobs`` is false.

    Demo accounts are open to anybody, so they stay on this machine.
    """
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    if settings.DEMO and not lan and not _loopback(host):
        raise Refused.because("command.demo-on-network", host, host=host)
    # Rate limits are counted in each worker, which grants its share of them.
    os.environ["TAIZHANG_WORKERS"] = str(workers)
    print(f"http://{host}:{port}", flush=True)
    server = Granian(
        "taizhang.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        workers_kill_timeout=10,
        log_dictconfig=settings.LOGGING,
    )
    with supervisor.one_worker() if jobs else nullcontext():
        server.serve()
    return 0


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

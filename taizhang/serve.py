"""Serving the pages with granian."""

from __future__ import annotations

import ipaddress

from taizhang.engines.findings import Refused


def serve(host: str, port: int, workers: int, *, lan: bool = False) -> int:
    """Serve until interrupted. Demo accounts are open to anybody, so they stay on this machine."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    if settings.DEMO and not lan and not _loopback(host):
        raise Refused.because("command.demo-on-network", host, host=host)
    print(f"http://{host}:{port}", flush=True)
    Granian(
        "taizhang.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        workers_kill_timeout=10,
        log_dictconfig=settings.LOGGING,
    ).serve()
    return 0


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

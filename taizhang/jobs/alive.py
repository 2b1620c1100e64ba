"""Which process a claim belongs to, and whether that process is still there."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from functools import cache
from pathlib import Path

PROC = Path("/proc")


@cache
def machine() -> str:
    """A name for everything that shares our process numbers: this machine since it started.

    Two containers may have one host name and each its own process 7; their names differ.
    """
    told = [socket.gethostname()]
    for source in (PROC / "sys/kernel/random/boot_id", PROC / "self/ns/pid"):
        try:
            told.append(os.readlink(source) if source.is_symlink() else source.read_text("ascii"))
        except OSError:
            told.append("")
    return f"{told[0][:60]}-{hashlib.sha256(repr(told).encode()).hexdigest()[:8]}"


def fresh_claim() -> str:
    """A claim of this process: machine:process:start-token, never the same twice."""
    return f"{machine()}:{os.getpid()}:{_started(os.getpid()) or 0}-{secrets.token_hex(6)}"


def is_gone(claim: str) -> bool:
    """Whether the process of a claim certainly no longer exists.

    False for processes of other machines, and where the system does not tell: silence has to do
    there. A process that only got the number of the old one does not count for it.
    """
    where, number, token = claim.rsplit(":", 2)
    if where != machine() or not (PROC / "self/stat").exists():
        return False
    started = _started(int(number))
    if started is None:
        return not _may_exist(int(number))
    return started != int(token.partition("-")[0])


def _started(number: int) -> int | None:
    """When a process began, in clock ticks since the machine did; None when it has ended."""
    try:
        text = (PROC / str(number) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    # The name in brackets may hold anything, so the fields are those after the last bracket.
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def _may_exist(number: int) -> bool:
    """Whether a process without a readable entry may be there: other users' can be hidden."""
    try:
        os.kill(number, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return False  # ours, and its entry says that it has ended

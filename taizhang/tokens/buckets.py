"""Rate limits without a write: token buckets in the memory of each worker process.

A counter in the database would cost SQLite a write for every read. A bucket refills evenly and
holds a minute's worth, so a program may begin with a burst. Each worker has buckets of its own and
grants its share of the limit; a program whose requests fall unevenly upon the workers gets a little
less than the limit, never more.
"""

from __future__ import annotations

import math
import os
import threading
from collections import OrderedDict
from dataclasses import dataclass

KEPT = 10_000
"""More callers than this at once are forgotten from the oldest, so that the memory stays small."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether one more request is let through, and what a program is told about the next ones.

    In whole seconds: ``wait`` until the next request is let through, 0 when it would be now;
    ``reset`` until the bucket is full again.
    """

    allowed: bool
    limit: int
    remaining: int
    wait: int
    reset: int


class Buckets:
    """Buckets of one kind, ``per_minute`` for each key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, per_minute: int, now: float) -> Grant:
        """Take one request out of the bucket of ``key``; ``now`` is a clock in seconds."""
        limit = share(per_minute)
        with self._lock:
            level, since = self._levels.pop(key, (float(limit), now))
            level = min(level + max(now - since, 0) * limit / 60, float(limit))
            allowed = level >= 1
            level -= allowed
            self._levels[key] = level, now
            if len(self._levels) > KEPT:
                self._levels.popitem(last=False)
        wait = 0 if level >= 1 else math.ceil((1 - level) * 60 / limit)
        reset = math.ceil((limit - level) * 60 / limit)
        return Grant(allowed, limit, int(level), wait, reset)

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._levels.clear()


def share(per_minute: int) -> int:
    """What one worker grants of a limit."""
    return max(per_minute // workers(), 1)


def workers() -> int:
    """How many processes share a limit; ``serve`` tells its workers."""
    given = os.environ.get("TAIZHANG_WORKERS", "")
    return max(int(given), 1) if given.isdecimal() else 1


requests = Buckets()
failures = Buckets()

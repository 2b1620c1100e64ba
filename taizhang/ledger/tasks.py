"""What the worker does for the ledger while nothing else waits."""

from __future__ import annotations

from taizhang.jobs import tasks
from taizhang.search import index


def settle_words() -> bool:
    """Index a few of the rows that came by the thousand; whether there may be more."""
    return index.settle(1000) > 0


tasks.idle.append(settle_words)

"""The checks, each a function ``(Context) -> Iterable[Issue]`` in a module of its own.

A new check is a module and one line in ``ALL``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from taizhang.engines.checking.checks import (
    arithmetic,
    conflicts,
    dates,
    exactness,
    mixing,
    placeholders,
    reuse,
    sums,
)
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue

Check = Callable[[Context], Iterable[Issue]]

ALL: tuple[Check, ...] = (
    arithmetic.check,
    conflicts.check,
    dates.check,
    exactness.check,
    mixing.check,
    placeholders.check,
    reuse.check,
    sums.check,
)

"""The checks, each a function ``(Context) -> Iterable[Issue]`` in a module of its own.

A new check is a module and one line in ``ALL``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from taizhang.engines.checking.checks import (
    conflicts,
    dates,
    exactness,
    growth,
    mixing,
    placeholders,
    ratios,
    reuse,
    sums,
)
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue

Check = Callable[[Context], Iterable[Issue]]

ALL: tuple[Check, ...] = (
    conflicts.check,
    dates.check,
    exactness.check,
    growth.check,
    mixing.check,
    placeholders.check,
    ratios.check,
    reuse.check,
    sums.check,
)

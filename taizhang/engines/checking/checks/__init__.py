"""The checks: each a function from the context to issues, in a module of its own.

To add one: write ``def find(context) -> Iterable[Issue]`` in a module here and enter it in ``ALL``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..context import Context
from ..types import Issue
from . import exactness, placeholders

Check = Callable[[Context], Iterable[Issue]]
ALL: tuple[Check, ...] = (
    exactness.find,
    placeholders.find,
)

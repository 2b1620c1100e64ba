"""余 or 多 behind a number that is exact to its last digit: 3356余人."""

from __future__ import annotations

from collections.abc import Iterator

from ..context import Context
from ..types import Issue

_LEAST = 100
"""Below a hundred 余 is the common way to say “a few more than”: 12余公里 is bad style, not a fault."""


def find(context: Context) -> Iterator[Issue]:
    """Numbers of two digits and more without a trailing nought that are said to be more."""
    for one in context.quantities:
        if "over" not in one.qualifier or one.value is None or not one.text.strip("超过突破逾"):
            continue
        if not any(c in one.text for c in "余多"):
            continue
        digits = "".join(c for c in context.folded[one.start : one.end] if c.isdigit() or c == ".")
        written = digits.rstrip("0") if "." not in digits else digits
        if len(digits) >= 2 and written == digits and "." not in digits and not _has_scale(one.text):
            yield Issue(
                "exact_with_over", "exact_with_over.digits", "warning", (one.span,), {"text": one.text}
            )


def _has_scale(text: str) -> bool:
    return any(c in text for c in "十百千万亿")

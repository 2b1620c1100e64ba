"""Adding quantities up: which may be added, how much they are, and what to say of a wrong sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from taizhang.engines.checking.intervals import factor
from taizhang.engines.checking.types import Issue, Number, Quantity


def addable(one: Quantity, other: Quantity) -> bool:
    """Whether two may be added: the same measure word, or money."""
    return (
        one.unit == other.unit
        or (one.dimension == other.dimension == "money")
        or (one.dimension == other.dimension == "people")
    )


def amount(one: Quantity) -> Decimal:
    """The value in its base unit: money in yuan."""
    return Decimal(one.value or 0) * factor(one.unit)


def mismatch(code: str, whole: Quantity, parts: Sequence[Quantity], total: Number) -> Issue:
    """The issue of a whole and its parts that add up to ``total`` (money in yuan)."""
    spans = tuple(one.span for one in sorted((whole, *parts), key=lambda q: q.start))
    params = {
        "whole": whole.text,
        "parts": [one.text for one in parts],
        "total": f"{short(Decimal(total) / factor(whole.unit))}{whole.unit}",
    }
    return Issue("sum_mismatch", code, "error", spans, params)


def short(number: Number) -> str:
    """A number without idle noughts."""
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

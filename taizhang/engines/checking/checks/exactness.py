"""A number exact to its last digit that says there is more: 3356余人."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue

_DECIMALS = expression(r"[.．][0-9０-９]{2}万?[余多]")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``exact_with_over.digits`` for 余 or 多 after a number that has no trailing nought."""
    for quantity in context.quantities:
        if quantity.value is None or "over" not in quantity.qualifier.split("|"):
            continue
        if not any(sign in quantity.text for sign in "余多"):
            continue
        # 余 fills the trailing noughts; where there are none, there is nothing left to fill.
        value = quantity.value
        whole = value == int(value) and value > 10 and int(value) % 10 != 0
        # 86.35万余元 says the same: two decimals are as exact as one can be.
        decimals = _DECIMALS.search(quantity.text) is not None
        # 86万余元 has noughts to fill, 3127余元 has none.
        large = quantity.dimension == "money" and quantity.unit != "元"
        if decimals or (whole and not large and quantity.text[-1] not in "余多"):
            params = {"text": quantity.text, "value": quantity.value, "unit": quantity.unit}
            yield Issue(
                "exact_with_over", "exact_with_over.digits", "warning", (quantity.span,), params
            )

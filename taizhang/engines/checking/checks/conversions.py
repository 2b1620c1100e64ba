"""One sum told twice, in two units, that moved its point: 36万元，折合36000元."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.adding import amount, short
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import is_exact, ordered
from taizhang.engines.checking.intervals import factor
from taizhang.engines.checking.types import Issue

_SAME_AGAIN = expression(r"（(?:即|合|折合|约合)?|，?(?:即|折合|折算为|合)(?:人民币)?")
_TENS = frozenset({10, 100, 1000, 10_000})


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.conversion`` where the two differ by ten, a hundred or ten thousand times."""
    for one, other in zip(context.quantities, context.quantities[1:], strict=False):
        if one.dimension != other.dimension or not (is_exact(one) and is_exact(other)):
            continue
        if one.dimension == "money" and one.unit == other.unit:
            continue
        words = context.plain[one.end : other.start]
        if len(words) > 8 or not _SAME_AGAIN.fullmatch(words):
            continue
        larger, smaller = sorted((amount(one), amount(other)), reverse=True)
        if smaller > 0 and larger / smaller in _TENS:
            right = f"{short(amount(one) / factor(other.unit))}{other.unit}"
            params = {"text": one.text, "other": other.text, "right": right}
            yield Issue(
                "arithmetic", "arithmetic.conversion", "error", ordered((one, other)), params
            )

"""Numbers and their shares in two lists: 接待24.5万、19.3万、17.8万人次，分别占39.8%、31.3%和28.9%."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import addable, amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import is_exact, ordered, rounded, share_fits
from taizhang.engines.checking.types import Issue, Quantity

_DISTRIBUTED = expression(r"^[，、]?(?:分别|各)占[^，。；、0-9]{0,12}$")
_MOST = 12
_LOOSE = Decimal("0.01")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.share`` for a share that misses where the others fit their whole."""
    for sentence in context.counted:
        for number in range(2, len(sentence)):
            one, before = sentence[number], sentence[number - 1]
            if one.unit != "%" or before.unit == "%":
                continue
            if _DISTRIBUTED.match(context.plain[before.end : one.start]):
                yield from _listed(sentence, number)


def _listed(sentence: Sequence[Quantity], first: int) -> Iterator[Issue]:
    shares = _run(sentence[first : first + _MOST])
    parts = sentence[max(0, first - len(shares)) : first]
    earlier = sentence[max(0, first - len(shares) - _MOST) : first - len(shares)]
    if len(shares) < 2 or len(parts) < len(shares) or not all(map(is_exact, (*parts, *shares))):
        return
    if any(not addable(parts[0], part) for part in parts[1:]):
        return
    wholes = [amount(one) for one in earlier if addable(one, parts[0]) and is_exact(one)]
    for whole in (*wholes, sum(map(amount, parts), Decimal(0))):
        wrong = [
            (part, share)
            for part, share in zip(parts, shares, strict=True)
            if not share_fits(share, amount(part), whole, _LOOSE)
        ]
        if not wrong:
            return
    # Of what they are shares is only sure where most of them fit.
    if len(wrong) * 2 < len(parts):
        for part, share in wrong:
            right = f"{rounded(amount(part) * 100 / whole)}%"
            names = "、".join(each.text for each in parts)
            params = {"written": share.text, "expected": right, "part": part.text, "whole": names}
            yield Issue("arithmetic", "arithmetic.share", "error", ordered((*parts, share)), params)


def _run(ones: Sequence[Quantity]) -> list[Quantity]:
    """The shares up to the first number that is none."""
    found: list[Quantity] = []
    for one in ones:
        if one.unit != "%":
            break
        found.append(one)
    return found

"""What a quantity can mean: the least and the greatest value its words allow.

余 fills the trailing noughts: 7800余 is 7801–7899, 8650余 8651–8659, 2万余 20001–29999; where there is
no trailing nought it is read as if there were one more place (3356余 is 3356–3365). A number with
decimals or counted in 万 is rounded to the last digit written: 34.5% is 34.45–34.55, 2.9万 28500–29500.
约 leaves a tenth either way, 近 a tenth below.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from taizhang.engines.checking import numerals
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.scan import Found
from taizhang.engines.checking.types import Number, Quantity

_DIGITS = expression(r"[0-9０-９,]+(?:[.．]([0-9０-９]+))?([百千]?)(万亿|[万亿]?)")
_FACTORS = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SCALE = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "万亿": 10**12}


@lru_cache(maxsize=512)
def factor(unit: str) -> int:
    """How many of the plain unit one of ``unit`` is: 万元 is 10,000 yuan."""
    return _FACTORS.get(unit[:1], 1) if unit[:1] in "万亿" or unit.endswith("元") else 1


def bounds(one: Found) -> tuple[Number | None, Number | None]:
    """The least and the greatest value in the base unit, inclusive; None where it is open."""
    value, words, times = one.value, one.qualifier, factor(one.unit)
    if value is None:
        return None, None
    if words == "exact":
        if isinstance(value, int) and times == 1 and value < 10000:
            return value, value
        half = rounding(one.text, one.unit) / 2
        return (
            (value * times, value * times)
            if not half
            else (_tidy(value * times - half), _tidy(value * times + half))
        )
    exact = Decimal(value) * times
    if "range" in words:
        high = exact if one.value_max is None else Decimal(one.value_max) * times
        return _tidy(exact), _tidy(high)
    if "nearly" in words:
        return _tidy(exact * Decimal("0.9")), _tidy(exact)
    if "less_than" in words:
        return None, _tidy(exact)
    if "at_most" in words:
        return None, _tidy(exact)
    if "about" in words:
        return _tidy(exact * Decimal("0.9")), _tidy(exact * Decimal("1.1"))
    if "over" in words and any(c in one.text for c in "余多"):
        step = _place(exact)
        gap = 1 if step >= 1 and exact == exact.to_integral_value() else 0
        return _tidy(exact + (gap if step > 1 else 0)), _tidy(exact + max(step, Decimal(10)) - 1)
    return _tidy(exact), None


def apart(one: Quantity, other: Quantity) -> bool:
    """Whether no number is within the bounds of both; an open end reaches as far as one likes."""
    low = max((each.low for each in (one, other) if each.low is not None), default=None)
    high = min((each.high for each in (one, other) if each.high is not None), default=None)
    return low is not None and high is not None and low > high


def rounding(text: str, unit: str) -> Decimal:
    """What the last written digit counts, in the base unit; 0 for a whole number written out."""
    match = _DIGITS.search(text)
    if match is None:
        return Decimal(0)
    decimals, small, large = match[1] or "", match[2], match[3]
    scale = _SCALE[small] * _SCALE[large]
    if unit[:1] in ("万", "亿"):
        scale = factor(unit)
    if not decimals and scale == 1:
        return Decimal(0)
    return Decimal(scale).scaleb(-len(decimals))


def _place(value: Decimal) -> Decimal:
    """The place of the last digit that is not nought."""
    if value == 0:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    return Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(1)


def _tidy(value: Decimal) -> Number:
    return numerals.tidy(value)

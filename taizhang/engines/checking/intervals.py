"""What a quantity can mean: the least and the greatest value its words allow.

余 fills the trailing noughts: 7800余 is 7801–7899, 8650余 8651–8659, 2万余 20001–29999; where there is no
trailing nought it is read as if there were one more place (3356余 is taken for 3356). Shares and
decimals are rounded: 34% is 33.5–34.5.
"""

from __future__ import annotations

from decimal import Decimal

from taizhang.engines.checking import numerals
from taizhang.engines.checking.scan import Found
from taizhang.engines.checking.types import Number

_SCALE = {"万": 10**4, "亿": 10**8, "千": 1000, "百": 100}


def bounds(one: Found) -> tuple[Number | None, Number | None]:
    """The least and the greatest value in the unit written, inclusive; None where it is open."""
    value, words = one.value, one.qualifier
    if value is None:
        return None, None
    if words == "exact":
        return value, value
    if "range" in words:
        return value, one.value_max
    step = _step(one, value)
    if "nearly" in words:
        return _tidy(Decimal(value) * Decimal("0.85")), value
    if "less_than" in words:
        return None, value
    if "at_most" in words:
        return None, value
    if "about" in words:
        return _tidy(Decimal(value) * Decimal("0.9")), _tidy(Decimal(value) * Decimal("1.1"))
    if "at_least" in words:
        return value, None
    if "over" in words:
        if not any(c in one.text for c in "余多"):
            return value, _tidy(Decimal(value) + step)
        return (value + 1 if step > 1 else value), _tidy(
            Decimal(value) + (step - 1 if step > 1 else step)
        )
    return value, value


def _step(one: Found, value: Number) -> Decimal:
    """The place of the last digit that is not nought, in the unit written."""
    if value == 0:
        return Decimal(1)
    exponent = Decimal(value).normalize().as_tuple().exponent
    return Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(1)


def _tidy(value: Decimal) -> Number:
    return numerals.tidy(value)

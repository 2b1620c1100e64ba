"""Whether a mean or a price is what a total gives each of so many, as far as rounding and 约 allow."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.fitting import half_place, rounding_of
from taizhang.engines.checking.intervals import factor
from taizhang.engines.checking.types import Quantity

_ROUGH = Decimal("0.02")
_FEW = 10


class Count(NamedTuple):
    """How many shared the total; the months of a year stand nowhere in the text."""

    many: Decimal
    shown: str
    quantity: Quantity | None


def divides(total: Quantity, count: Count, one: Quantity) -> bool:
    if not count.many:
        return True
    each, value = factor(one.unit), Decimal(one.value or 0)
    right = amount(total) / count.many / each
    low, high = _bounds(total)
    least, most = low / count.many / each, high / count.many / each
    if "about" in one.qualifier:
        return least * Decimal("0.9") <= value <= most * Decimal("1.1")
    if "at_least" in one.qualifier:
        return value <= most
    if "over" in one.qualifier:
        return least <= value * Decimal("1.3") and value <= most
    if "nearly" in one.qualifier or "less_than" in one.qualifier:
        return value * Decimal("0.7") <= most and least <= value
    # Rounded or cut off to the last place, and a little more for large numbers.
    place = max(rounding_of(one), right * Decimal("0.005"))
    if most < value < place * _FEW:
        place = place / 2  # 1.5 each is not 2 each
    return abs(right - value) < place or least <= value <= most


def multiplies(total: Quantity, count: Count, one: Quantity) -> bool:
    """Whether so many times what each has make the total, two in a hundred being nobody's business."""
    low, high = _bounds(total)
    product = amount(one) * count.many
    slack = product * _ROUGH
    return low - slack <= product <= high + slack


def _bounds(total: Quantity) -> tuple[Decimal, Decimal]:
    """The least and the greatest that a total can mean."""
    if total.qualifier == "exact" or total.low is None or total.high is None:
        loose = half_place(total) if total.qualifier == "exact" else amount(total) / 10
        return amount(total) - loose, amount(total) + loose
    return Decimal(total.low), Decimal(total.high)

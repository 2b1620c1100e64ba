"""Whether a written number fits an exact one: what rounding, cutting off and 约 allow."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from taizhang.engines.checking.adding import addable, amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.intervals import factor, rounding
from taizhang.engines.checking.types import Quantity, Span

_BY_WORDS = ("成", "分之", "半")
_PREVIOUS = 12
_HEADS = frozenset({"人", "名", "人次", "位"})


def before_in_sentence(context: Context, number: int, most: int) -> list[Quantity]:
    """The quantities with a value before one in its sentence, the nearest so many."""
    one = context.quantities[number]
    return [
        each
        for each in context.quantities[max(0, number - most) : number]
        if each.sentence == one.sentence and each.value is not None
    ]


def only_one_before(context: Context, one: Quantity, number: int) -> Quantity | None:
    """The only number of a kind in the sentence before, on the same line; None where there are several.

    排查问题46个。截至年底整改41个，整改率89.1%: a full stop does not part what only one number can mean.
    """
    found: Quantity | None = None
    for each in reversed(context.quantities[max(0, number - _PREVIOUS) : number]):
        if each.sentence == one.sentence:
            continue
        if each.sentence < one.sentence - 1 or "\n" in context.plain[each.end : one.start]:
            break
        if each.value is not None and kin(each, one):
            if found is not None:
                return None
            found = each
    return found if found is not None and is_exact(found) else None


def is_exact(one: Quantity) -> bool:
    """Whether it says one number and nothing around it."""
    return one.qualifier == "exact" and one.value is not None


def kin(one: Quantity, other: Quantity) -> bool:
    """Whether one may be a share of the other: what may be added, and 人 beside 人次."""
    return addable(one, other) or {one.unit, other.unit} <= _HEADS


def rounding_of(one: Quantity) -> Decimal:
    """The unit of the last place written, to let cutting pass as rounding."""
    if any(c in one.text for c in "万亿") and one.dimension != "money":
        return rounding(one.text, one.unit)
    value = Decimal(one.value or 0)
    exponent = value.normalize().as_tuple().exponent if value else 0
    return Decimal(10) ** min(int(exponent), 0) if "." in one.text or value < 100 else Decimal(1)


def half_place(one: Quantity) -> Decimal:
    """How far a number written in 万 may be off the one it stands for, in its base unit."""
    if not one.value or not any(c in one.text for c in "万亿"):
        return Decimal(0)
    place = rounding(one.text, one.unit)
    # Sums of money in 万元 are told as they are: 2.5万元 is not 3万元, 36.4 may be 36.42.
    return min(place, Decimal(factor(one.unit)) / 10) / 2 if one.dimension == "money" else place / 2


def share_fits(one: Quantity, part: Decimal, whole: Decimal, loose: Decimal = Decimal(0)) -> bool:
    """Whether a percentage is that of the part in the whole: cut off or rounded to either side.

    ``loose`` is how far the two numbers themselves may be off, as a share of them.
    """
    if not whole:
        return False
    value, right = Decimal(one.value or 0), part * 100 / whole
    place = Decimal(1) if value == int(value) else rounding_of(one)
    if any(word in one.text for word in _BY_WORDS):
        place = Decimal(4)
    if one.qualifier in ("over", "at_least"):
        return right > value - min(place, Decimal(1))
    if one.qualifier in ("less_than", "at_most"):
        return right < value + place
    if one.qualifier != "exact":
        place = max(place, value * Decimal("0.12"))
    slack = right * loose
    if one.qualifier == "exact" and place <= 1:
        # Cut off it may be less by all of its last place, rounded up it may be more by half of it.
        return -place / 2 - slack <= right - value < place + slack
    return abs(right - value) < place + slack


def looseness(*quantities: Quantity) -> Decimal:
    """How far numbers written in 万 may be off together, as a share of them; three in a hundred at most."""
    off = (half_place(one) / amount(one) for one in quantities if one.value)
    return min(sum(off, Decimal(0)), Decimal("0.03"))


def ordered(quantities: Iterable[Quantity]) -> tuple[Span, ...]:
    """Their spans in reading order."""
    return tuple(one.span for one in sorted(quantities, key=lambda one: one.start))


def rounded(number: Decimal, places: int = 1) -> str:
    """A number with so many decimals at most."""
    text = format(number.quantize(Decimal(1).scaleb(-places)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

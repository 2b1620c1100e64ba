"""How much two different numbers look like one: mistyped (312 and 321, 9.4 and 8.4), or close."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.types import Quantity


class Likeness(NamedTuple):
    """``transposed``: the same digits in another order; ``one_off``: all digits but one the same;
    ``digits``: how many; ``ratio``: the smaller as a share of the larger.
    """

    transposed: bool
    one_off: bool
    digits: int
    ratio: Decimal


def likeness(one: Quantity, other: Quantity) -> Likeness:
    """Compare two amounts that differ, without the noughts that both end in."""
    return _likeness(*sorted((amount(one), amount(other))))


@lru_cache(maxsize=8192)
def _likeness(less: Decimal, more: Decimal) -> Likeness:
    first, second = (f"{each:f}".replace(".", "") for each in (less, more))
    while first[-1:] == second[-1:] == "0":
        first, second = first[:-1], second[:-1]
    first, second = first.lstrip("0"), second.lstrip("0")
    alike = len(first) == len(second)
    off = alike and sum(a != b for a, b in zip(first, second, strict=True)) == 1
    transposed = len(first) > 1 and sorted(first) == sorted(second)
    return Likeness(transposed, off, len(first), less / more if more else Decimal(0))

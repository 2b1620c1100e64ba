"""Adding quantities up: which may be added, how much they are, and what to say of a wrong sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from taizhang.engines.checking import units
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.intervals import factor, rounding
from taizhang.engines.checking.types import Issue, Number, Quantity

TOTAL_WORD = expression(
    r"(?:共计|合计|总计|共有|总共|累计|一共|总数|总额|总量|合共|加在一起|加起来|合起来|合在一起|共|总)[^，。；、：\n0-9]{0,10}$"
)
"""What stands before a total."""


_ALIKE = {unit: kind for kind in ("个家所座处", "场次") for unit in kind} | {"场次": "场次"}
"""Measure words that people exchange for each other within one list."""


_PRINTED = frozenset("份册本张幅套枚块盒页")
_HELD = frozenset({"场", "次", "场次", "期", "班", "班次", "项", "个", "节", "讲"})


def gathers(whole: Quantity, part: Quantity) -> bool:
    """Whether a total may be of things told by other measure words: 海报8万张、折页15万份，合计23万份."""
    units = _words(whole) | _words(part)
    return addable(whole, part) or units <= _PRINTED or units <= _HELD


def fits(whole: Quantity, total: Decimal, parts: Sequence[Quantity]) -> bool:
    """Whether the whole is the total, or the total rounded as the whole is and the parts are not."""
    if amount(whole) == total:
        return True
    place = rounding(whole.text, whole.unit)
    finer = any(rounding(part.text, part.unit) < place for part in parts)
    return finer and abs(amount(whole) - total) < place


def addable(one: Quantity, other: Quantity) -> bool:
    """Whether two may be added: the same measure word or one like it, or money."""
    if one.unit == other.unit or one.dimension == other.dimension == "money":
        return True
    if one.dimension == other.dimension == "people":
        return True
    kind = _ALIKE.get(one.unit)
    if kind is not None and kind == _ALIKE.get(other.unit):
        return True
    # 23个（名）: what is counted by either of the two.
    return one.dimension == other.dimension and bool(_words(one) & _words(other))


def _words(one: Quantity) -> set[str]:
    return set(units.parts(one.unit))


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

"""Lists that tell two measures at once: 24期2860人次，其中农民10期1200人次，社区8期900人次，教师6期800人次."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import addable, amount, fits, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Quantity

_AMONG = expression(r"^(?:[，。；]?\s*(?:其中|分别为|分别是|包括)|[：（])")
_OPEN_END = expression(r"等[。，；）]|主要|同时|部分")
_MOST = 40
_FEWEST = 3
_NEAR = Decimal("0.13")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.among`` for either measure whose parts miss their whole by a little."""
    told = context.quantities
    at = 0
    while at + 5 < len(told):
        step = 1
        if _is_pair(context.plain, told, at) and _AMONG.match(
            context.plain[told[at + 1].end : told[at + 1].end + 8]
        ):
            parts = _pairs_after(context.plain, told, at)
            step = 2 + 2 * len(parts)
            if len(parts) >= _FEWEST:
                yield from _judge(context.plain, told[at], [first for first, _second in parts])
                yield from _judge(context.plain, told[at + 1], [second for _first, second in parts])
        at += step


def _is_pair(plain: str, told: Sequence[Quantity], at: int) -> bool:
    """Whether two numbers of different measures stand side by side."""
    if at + 1 >= len(told):
        return False
    first, second = told[at], told[at + 1]
    gap = plain[first.end : second.start]
    return gap in ("", "、", "，", "/") and not addable(first, second)


def _pairs_after(plain: str, told: Sequence[Quantity], at: int) -> list[tuple[Quantity, Quantity]]:
    """The pairs of the same two measures that follow, up to the end of the sentence."""
    found: list[tuple[Quantity, Quantity]] = []
    stop = told[at + 1].end
    for number in range(at + 2, min(at + 2 + 2 * _MOST, len(told) - 1), 2):
        words = plain[stop : told[number].start]
        ends = "\n" in words or ("。" in words and bool(found))
        if ends or "合计" in words or "共" in words or not _is_pair(plain, told, number):
            break
        if not (addable(told[at], told[number]) and addable(told[at + 1], told[number + 1])):
            break
        found.append((told[number], told[number + 1]))
        stop = told[number + 1].end
    return found


def _judge(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> Iterator[Issue]:
    if any(one.qualifier != "exact" for one in (whole, *parts)) or not amount(whole):
        return
    if _OPEN_END.search(plain, whole.end, parts[-1].end + 4):
        return
    total = sum((amount(one) for one in parts), Decimal(0))
    near = abs(total - amount(whole)) / amount(whole) <= _NEAR
    if near and not fits(whole, total, parts):
        yield mismatch("sum_mismatch.among", whole, parts, total)

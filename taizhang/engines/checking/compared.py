"""Two numbers that a change names: 秋季比春季增长20%, and two changes of which one is the greater: 增幅提高3个百分点."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations

from taizhang.engines.checking.changes import DOWN, UP, is_change
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.order import is_forward
from taizhang.engines.checking.types import Quantity

_NAMES = expression(
    rf"(?:^|[，；：])(?P<new>[^，。；：、0-9]{{2,8}}?)[比较](?P<old>[^，。；：、0-9]{{2,8}}?)(?:{UP}|{DOWN})(?:了|出)?$"
)
_CLAUSES = expression(r"[，；：、（]")
_PACE = expression(r"[增涨升降减跌][幅速]|增长率")
_BACK = 9
_SAME = Decimal("0.06")


def names_both(words: str) -> bool:
    """Whether a change says by name what was compared with what."""
    return _NAMES.search(words) is not None


def of_names(sentence: Sentence, number: int) -> tuple[Quantity, Quantity] | None:
    """春季500人，秋季620人，秋季比春季增长20%: the old and the new number, by what they are called."""
    names = _NAMES.search(sentence.before[number])
    if names is None or not number:
        return None
    last = sentence.quantities[number - 1]
    lead = _lead(sentence, number - 1)
    backward = names["new"] not in lead
    if is_change(sentence, number - 1) or (backward and names["old"] not in lead):
        return None
    other = names["new" if backward else "old"]
    for at in range(number - 2, max(-1, number - _BACK), -1):
        if is_change(sentence, at):
            continue
        one = sentence.quantities[at]
        if measure(one) != measure(last):
            return None  # 4期、500人，秋季5期、620人: which of them grew is not told
        if other in _lead(sentence, at):
            return (last, one) if backward else (one, last)
    return None


def of_rates(sentence: Sentence, number: int) -> tuple[Quantity, Quantity] | None:
    """2021年增长8.5%，2022年增长12%，增幅提高3.5个百分点: the earlier of two changes and the later.

    增长20%，增幅比上年的12%提高8个百分点 names the earlier one.
    """
    one, ones = sentence.quantities[number], sentence.quantities
    if one.unit != "百分点" or number < 2:
        return None
    last, before = ones[number - 1], ones[number - 2]
    if last.unit != "%" or before.unit != "%" or not is_change(sentence, number - 2):
        return None
    between = sentence.before[number - 1]
    if _PACE.search(between) and re.search("[比较]", between):
        return last, before
    if not _PACE.search(sentence.before[number]) or not is_change(sentence, number - 1):
        return None
    forward = is_forward(sentence.before[number - 2][-16:], between, "")
    if forward is None or _fits_two(sentence, number):
        return None
    return (before, last) if forward else (last, before)


def _fits_two(sentence: Sentence, number: int) -> bool:
    """Whether any two of the changes right before differ by so much: 两年增幅提高7个百分点."""
    rates: list[Decimal] = []
    for at in range(number - 1, max(-1, number - _BACK), -1):
        if sentence.quantities[at].unit != "%" or not is_change(sentence, at):
            break
        rates.append(Decimal(sentence.quantities[at].value or 0))
    said = Decimal(sentence.quantities[number].value or 0)
    return any(abs(abs(a - b) - said) < _SAME for a, b in combinations(rates, 2))


def _lead(sentence: Sentence, number: int) -> str:
    """The words right before a number, from the last sign."""
    return _CLAUSES.split(sentence.before[number])[-1]

"""What came in, went out and is left: 收入186万元，支出171万元，结余15万元; 年初1180人，新增85人, ….

Three or four numbers of one measure in a row, each in the clause that says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from taizhang.engines.checking.adding import addable, amount, mismatch, short
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.fitting import ordered
from taizhang.engines.checking.intervals import factor
from taizhang.engines.checking.types import Issue, Quantity

_BALANCE = re.compile(r"结余|节余|盈余")
_CARRIED = re.compile(r"结转|上年|年初|累计|期初|往年|其中")
_OPENING = re.compile(
    r"(?:年初|期初|上年|上期)[^，。；0-9]{0,4}(?:结余|结转|余额|滚存)[^，。；0-9]{0,6}$"
)
_CLOSING = re.compile(
    r"(?:年末|期末|年底|累计|本年)[^，。；0-9]{0,4}(?:结余|结转|余额)|^，(?:结余|结转|余额)"
)


_TELLS = re.compile("结余|节余|盈余|结转|余额|[退减离除]|注销")
_IN = re.compile(r"新增|发展|吸收|新发展|增加|入会")
_OUT = re.compile(r"退|注销|减少|除名|离")
_FROM = re.compile(r"(?:年初|上年末|期初|原有|[由从])[^，。；0-9]*$")
_NOW = re.compile(r"年末|年底|期末|现有|达到|增[至加]|减[至少]|为")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.rest`` and ``sum_mismatch.balance``."""
    for sentence in context.counted:
        words = context.plain[sentence[0].start : sentence[-1].start]
        if len(sentence) < 3 or not _TELLS.search(words):
            continue
        for number in range(len(sentence) - 2):
            ones = sentence[number : number + 3]
            if ones[0].dimension == "money" and _are_told(ones):
                yield from _three(context.plain, *ones)
        for number in range(len(sentence) - 3):
            ones = sentence[number : number + 4]
            if not _are_told(ones):
                continue
            if ones[0].dimension == "money":
                yield from _four(context.plain, ones)
            elif ones[0].dimension in ("people", "items"):
                yield from _members(context.plain, ones)


def _are_told(ones: Sequence[Quantity]) -> bool:
    """Whether they are exact and of one measure."""
    exact = all(one.qualifier == "exact" for one in ones)
    return exact and all(addable(one, other) for one, other in pairwise(ones))


def _three(plain: str, income: Quantity, spent: Quantity, left: Quantity) -> Iterator[Issue]:
    """收入186万元，支出171万元，结余15万元."""
    first, second = plain[income.end : spent.start], plain[spent.end : left.start]
    lead = plain[max(0, income.start - 16) : income.start]
    told = "收入" in lead and "支出" in first and _BALANCE.search(second)
    if not told or len(first + second) >= 24:
        return
    if _CARRIED.search(plain, max(0, income.start - 40), left.start):
        return
    total = amount(spent) + amount(left)
    if total != amount(income):
        yield mismatch("sum_mismatch.rest", income, [spent, left], total)


def _four(plain: str, ones: Sequence[Quantity]) -> Iterator[Issue]:
    """年初结余20万元，本年收入100万元，支出90万元，年末结余30万元."""
    words = _words(plain, ones)
    told = (
        _OPENING.search(words[0])
        and "收入" in words[1]
        and "支出" in words[2]
        and _CLOSING.search(words[3])
    )
    if told and all(len(each) <= 14 for each in words):
        yield from _balance(ones[0], ones[1], ones[2], ones[3])


def _members(plain: str, ones: Sequence[Quantity]) -> Iterator[Issue]:
    """年初1180人，新增85人，退会12人，年末1253人; 新增85人，退会12人，由1180人增至1253人."""
    words = _words(plain, ones)
    if any(len(each) > 14 for each in words):
        return
    if not _NOW.search(words[3]):
        return
    if _FROM.search(words[0]) and _IN.search(words[1]) and _OUT.search(words[2]):
        yield from _balance(ones[0], ones[1], ones[2], ones[3])
    elif _IN.search(words[0]) and _OUT.search(words[1]) and _FROM.search(words[2]):
        yield from _balance(ones[2], ones[0], ones[1], ones[3])


def _words(plain: str, ones: Sequence[Quantity]) -> list[str]:
    """The words before each; of the first one, those of its clause."""
    first = re.split("[。；\n，]", plain[max(0, ones[0].start - 14) : ones[0].start])[-1]
    return [first, *(plain[a.end : b.start] for a, b in pairwise(ones))]


def _balance(
    opening: Quantity, added: Quantity, taken: Quantity, closing: Quantity
) -> Iterator[Issue]:
    right = amount(opening) + amount(added) - amount(taken)
    if right != amount(closing):
        shown = f"{short(right / factor(closing.unit))}{closing.unit}"
        params = {"text": closing.text, "right": shown}
        spans = ordered((opening, added, taken, closing))
        yield Issue("sum_mismatch", "sum_mismatch.balance", "error", spans, params)

"""What is left: 排查30个，已整改28个，剩余2个; 收入186万元，支出171万元，结余15万元; 年初结余20万元, ….

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

_REST = re.compile(r"^，(?:剩余|其余|余下|还有|尚有|尚余|正在|未|限期|持续|长期)")
_DONE = re.compile(
    r"^(?:问题|任务|项目|事项|隐患)?，?(?:已|现已|目前已|完成|办结|整改|立即|立行|采纳|采用|通过|合格|答复|办理|解决)[^，。；0-9]{0,8}$"
)
_BALANCE = re.compile(r"结余|节余|盈余")
_CARRIED = re.compile(r"结转|上年|年初|累计|期初|往年|其中")
_OPENING = re.compile(
    r"(?:年初|期初|上年|上期)[^，。；0-9]{0,4}(?:结余|结转|余额|滚存)[^，。；0-9]{0,6}$"
)
_CLOSING = re.compile(
    r"(?:年末|期末|年底|累计|本年)[^，。；0-9]{0,4}(?:结余|结转|余额)|^，(?:结余|结转|余额)"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.rest`` and ``sum_mismatch.balance``."""
    for sentence in context.counted:
        for number in range(len(sentence) - 2):
            ones = sentence[number : number + 3]
            if all(one.qualifier == "exact" for one in ones) and _alike(ones):
                yield from _three(context.plain, *ones)
        for number in range(len(sentence) - 3):
            ones = sentence[number : number + 4]
            if ones[0].dimension == "money" and _alike(ones):
                yield from _four(context.plain, ones)


def _alike(ones: Sequence[Quantity]) -> bool:
    return all(addable(one, other) for one, other in pairwise(ones))


def _three(plain: str, whole: Quantity, part: Quantity, rest: Quantity) -> Iterator[Issue]:
    first, second = plain[whole.end : part.start], plain[part.end : rest.start]
    lead = plain[max(0, whole.start - 16) : whole.start]
    remainder = _REST.match(second) and _DONE.match(first) and len(second) <= 10
    balance = (
        "收入" in lead and "支出" in first and _BALANCE.search(second) and len(first + second) < 24
    )
    if balance and _CARRIED.search(plain, max(0, whole.start - 40), rest.start):
        return
    total = amount(part) + amount(rest)
    if (remainder or balance) and total != amount(whole):
        yield mismatch("sum_mismatch.rest", whole, [part, rest], total)


def _four(plain: str, ones: Sequence[Quantity]) -> Iterator[Issue]:
    """年初结余20万元，本年收入100万元，支出90万元，年末结余30万元."""
    opening, income, spent, closing = ones
    words = [plain[a.end : b.start] for a, b in pairwise(ones)]
    told = (
        _OPENING.search(plain[max(0, opening.start - 14) : opening.start])
        and "收入" in words[0]
        and "支出" in words[1]
        and _CLOSING.search(words[2])
    )
    if not told or any(len(each) > 14 for each in words):
        return
    right = amount(opening) + amount(income) - amount(spent)
    if all(one.qualifier == "exact" for one in ones) and right != amount(closing):
        shown = f"{short(right / factor(closing.unit))}{closing.unit}"
        params = {"text": closing.text, "right": shown}
        yield Issue("sum_mismatch", "sum_mismatch.balance", "error", ordered(ones), params)

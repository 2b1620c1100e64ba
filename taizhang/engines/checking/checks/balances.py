"""What came in, went out and is left: 收入186万元，支出171万元，结余15万元; 年初1180人，新增85人, ….

Each number in the clause that says what it is; income, spending and balance in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.engines.checking.adding import addable, amount, fits, mismatch, short
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import ordered
from taizhang.engines.checking.intervals import factor
from taizhang.engines.checking.types import Issue, Quantity

_HEAD = (
    r"(?:^|[，、；：。\n（])(?:其中|20[0-9]{2}年度?|全年|全年度|本年度?|当年|年度|本期|上半年|财务|项目|经费|资金|学会|协会|本会|我馆|全馆|单位)*"
    r"(?:决算|预算|经费|资金|实际|实现|完成|总|各项|合计)*"
)
_ROLES = {
    "opening": expression(
        r"(?:上年度?|年初|期初|上期)末?(?:结余|结转|余额|滚存)[^，。；、0-9]{0,4}$"
    ),
    "income": expression(_HEAD + r"收入(?:总额|总计|合计|共计|共|为|达)*$"),
    "spent": expression(_HEAD + r"支出(?:总额|总计|合计|共计|共|为|达)*$"),
    "left": expression(
        _HEAD
        + r"(?:年末|年终|年底|期末|收支(?:相抵后?)?|累计|滚存)*(?:结余|节余|盈余)(?:资金)?(?:为|达)?$"
    ),
}
_CARRIED = expression(r"结转(?!下)|上年|年初|累计|期初|往年|滚存|上缴|缴|提取|弥补|历年")
_AT_END = expression(r"年末|期末|年底|年终|累计|滚存")
_APART = 240
"""Income and what is left of it stand no further apart."""
_MUCH = Decimal("0.05")
_OPENING = expression(
    r"(?:年初|期初|上年|上期)[^，。；0-9]{0,4}(?:结余|结转|余额|滚存)[^，。；0-9]{0,6}$"
)
_CLOSING = expression(
    r"(?:年末|期末|年底|累计|本年)[^，。；0-9]{0,4}(?:结余|结转|余额)|^，(?:结余|结转|余额)"
)


_TELLS = expression("净增|库存|结余|节余|盈余|结转|余额|[退减离除]|注销|撤[销并]|摘牌|取消")
_IN = expression(
    r"新建|新创|新增|新招|招收|购进|新购|补充|新建|新认定|新命名|发展|吸收|购入|印制|采购|接收|入库|新发展|增加|入会"
)
_OUT = expression(r"撤并|退|发放|消耗|出库|领用|注销|减少|除名|离|撤销|摘牌|取消|淘汰")
_NET = expression(r"净增加?(?:会员|人数|志愿者)?$")
_FROM = expression(r"(?:年初|上年末|期初|原有|[由从])[^，。；0-9]*$")
_NOW = expression(r"实有|年末|年底|期末|现有|目前|达到|增[至加]|减[至少]|为")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.rest`` and ``sum_mismatch.balance``."""
    yield from _accounts(context)
    for sentence in context.counted:
        words = context.plain[sentence[0].start : sentence[-1].start]
        if len(sentence) < 3 or not _TELLS.search(words):
            continue
        for number in range(len(sentence) - 2):
            ones = sentence[number : number + 3]
            if ones[0].dimension in ("people", "items") and _are_told(ones):
                yield from _net(context.plain, ones)
                yield from _grown(context.plain, ones)
        for number in range(len(sentence) - 3):
            ones = sentence[number : number + 4]
            if not _are_told(ones):
                continue
            if ones[0].dimension == "money":
                yield from _four(context.plain, ones)
            elif ones[0].dimension in ("people", "items"):
                yield from _members(context.plain, ones)
                yield from _now_first(context.plain, ones)


def _are_told(ones: Sequence[Quantity]) -> bool:
    """Whether they are exact and of one measure."""
    exact = all(one.qualifier == "exact" for one in ones)
    return exact and all(addable(one, other) for one, other in pairwise(ones))


def _accounts(context: Context) -> Iterator[Issue]:
    """收入186万元（…）；支出171万元，结余15万元: the first of each within one paragraph."""
    told: dict[str, Quantity] = {}
    last = 0
    for one in context.quantities:
        if one.dimension != "money" or one.value is None:
            continue
        if "\n" in context.plain[last : one.start]:
            told = {}
        last = one.end
        role = _role(context.plain, one)
        if role == "income" and set(told) == {role} and amount(one) < amount(told[role]):
            continue  # 收入412.6万元，其中会费63.8万元、项目收入267.3万元
        if role in told:
            told = {}  # another year, or another account
        if role:
            told[role] = one
        if "opening" in told and len(told) == len(_ROLES):
            yield from _with_opening(context.plain, told)
            told = {}
        elif "opening" not in told and len(told) == len(_ROLES) - 1:
            yield from _three(context.plain, told["income"], told["spent"], told["left"])
            told = {}


def _with_opening(plain: str, told: Mapping[str, Quantity]) -> Iterator[Issue]:
    """收入100万元，支出90万元，上年结转20万元，年末结余30万元: in any order."""
    ones = sorted(told.values(), key=lambda one: one.start)
    exact = all(one.qualifier == "exact" for one in ones)
    label = plain[max(0, told["left"].start - 10) : told["left"].start]
    if exact and ones[-1].end - ones[0].start <= _APART and _AT_END.search(label):
        yield from _balance(told["opening"], told["income"], told["spent"], told["left"])


def _role(plain: str, one: Quantity) -> str:
    """Whether it is what came in, what was spent or what is left; "" for 会费收入."""
    lead = plain[max(0, one.start - 24) : one.start]
    return next((role for role, words in _ROLES.items() if words.search(lead)), "")


def _three(plain: str, income: Quantity, spent: Quantity, left: Quantity) -> Iterator[Issue]:
    first, last = min(income.start, spent.start, left.start), max(income.end, spent.end, left.end)
    exact = all(one.qualifier == "exact" for one in (income, spent, left))
    if not exact or last - first > _APART or _CARRIED.search(plain, max(0, first - 40), last + 8):
        return
    total = amount(spent) + amount(left)
    year_end = re.search(r"年末|期末|年底|年终", plain[max(0, left.start - 8) : left.start])
    if year_end and abs(total - amount(income)) > amount(income) * _MUCH:
        return  # what is there at the end of the year may be more than what is left of it
    if not fits(income, total, [spent, left]):
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


def _now_first(plain: str, ones: Sequence[Quantity]) -> Iterator[Issue]:
    """年末会员1265人，较年初1180人，新增100人、退会15人."""
    words = _words(plain, ones)
    if any(len(each) > 14 for each in words):
        return
    told = _NOW.search(words[0]) and _FROM.search(words[1])
    if told and _IN.search(words[2]) and _OUT.search(words[3]) and not _IN.search(words[1]):
        yield from _balance(ones[1], ones[2], ones[3], ones[0])


def _net(plain: str, ones: Sequence[Quantity]) -> Iterator[Issue]:
    """新增320人，注销90人，净增230人."""
    words = _words(plain, ones)
    told = _IN.search(words[0]) and _OUT.search(words[1]) and _NET.search(words[2])
    if not told or any(len(each) > 14 for each in words):
        return
    right = amount(ones[0]) - amount(ones[1])
    if right > 0 and right != amount(ones[2]):
        params = {"text": ones[2].text, "right": f"{short(right)}{ones[2].unit}"}
        yield Issue("sum_mismatch", "sum_mismatch.balance", "error", ordered(ones), params)


def _grown(plain: str, ones: Sequence[Quantity]) -> Iterator[Issue]:
    """年初2810人，全年净增1350人，年底4060人."""
    opening, added, closing = ones
    words = _words(plain, ones)
    told = _FROM.search(words[0]) and _NET.search(words[1]) and _NOW.search(words[2])
    right = amount(opening) + amount(added)
    if told and all(len(each) <= 14 for each in words) and right != amount(closing):
        params = {"text": closing.text, "right": f"{short(right)}{closing.unit}"}
        yield Issue("sum_mismatch", "sum_mismatch.balance", "error", ordered(ones), params)


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

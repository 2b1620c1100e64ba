"""What was to be done, what is done and what is left: 任务180场，已完成102场，完成率56.7%，剩余78场.

Shares and what is counted otherwise may stand between the three numbers, another number of their
measure may not: then one of them has more parts than two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from taizhang.engines.checking.adding import addable, amount, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Quantity

_SIGNS = expression(r"[，、；：（）。！？\n]")
_DONE = expression(
    r"已(?!有序)|完成|执行|支出|使用|拨付|支付|缴回|收回|回收|整改|办结|答复|解决|销号|验收|培训|建成|发放|到位"
)
_LEFT = expression(
    r"(?:剩余|剩下|余下|尚余|尚剩|还剩|还差|尚差|尚缺|结余|结转下年|结转至?下?一?年?|未完成|未整改|未办结|未回收|未收回|未使用|未支出|未执行|未拨付|未发放|未培训|未建成?)"
    r"[^，、；：（）。0-9]{0,6}$"
)
_LEFT_PERHAPS = expression(r"(?:其余|还有|尚有|仍有|另有)[^，、；：（）。0-9]{0,4}$")
_UNDONE = expression(
    r"^(?:问题|任务|事项|项目|活动|隐患|指标)?(?:[均都])?(?:尚未|正在|未|没有|待|需|在建|在研|已于|将于|列入|按时限|按计划|已明确|已列|已制定|继续|限期|力争|确保|持续)|^[，。；]"
)
_ELSE = expression(
    r"收入|上年|往年|年初结|期初|累计结余|滚存|上缴|缴税|提取|弥补|新增|新发现|其他收入|追加|调剂"
)
_FURTHEST = 70
_BACK = 12
_NEAR = 0.4
"""A remainder that misses by more of the whole is of something else."""


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.rest`` where what is done and what is left do not make what there was."""
    for sentence in context.counted:
        if len(sentence) < 3:
            continue
        told = [one for one in sentence if one.dimension != "share"]
        for left in range(2, len(told)):
            if _is_left(context.plain, told[left]):
                yield from _remainder(context.plain, told, left)


def _is_left(plain: str, one: Quantity) -> bool:
    label = _label(plain, one)
    if _LEFT.search(label):
        return True
    return bool(_LEFT_PERHAPS.search(label) and _UNDONE.match(plain[one.end : one.end + 14]))


def _remainder(plain: str, told: Sequence[Quantity], left: int) -> Iterator[Issue]:
    """The three numbers of one measure that end with what is left."""
    rest = told[left]
    alike = [one for one in told[max(0, left - _BACK) : left] if addable(one, rest)]
    if len(alike) < 2 or (left + 1 < len(told) and _goes_on(plain, rest, told[left + 1])):
        return
    whole, done = alike[-2:]
    words = plain[whole.start : rest.start]
    if not all(one.qualifier == "exact" for one in (whole, done, rest)):
        return
    if (
        len(words) > _FURTHEST
        or ("；" in words and done.dimension != "money")
        or _ELSE.search(words)
    ):
        return
    label, before = _label(plain, done), _label(plain, whole)
    if not _DONE.search(label) or _is_listed(plain, alike) or _LEFT.search(label):
        return
    if re.search(r"已|支出|使用", before) or _ELSE.search(before) or "其中" in words:
        return
    total = amount(done) + amount(rest)
    sums = {amount(one) for one in alike} | {amount(one) + amount(whole) for one in alike[:-2]}
    if total in sums:
        return  # 收入412万元，其中会费145万元；支出378万元，结余34万元
    value = amount(whole)
    if amount(done) < value and total != value and abs(total - value) <= float(value) * _NEAR:
        yield mismatch("sum_mismatch.rest", whole, [done, rest], total)


def _goes_on(plain: str, rest: Quantity, following: Quantity) -> bool:
    """Whether what is left is the first of several: 剩余4个、正在办理2个."""
    return addable(rest, following) and plain[rest.end : following.start].startswith(("、", "，"))


def _is_listed(plain: str, alike: Sequence[Quantity]) -> bool:
    """Whether the whole is one of a list: 讲座60场、展览20场，已完成30场."""
    return any("、" in plain[a.end : b.start] for a, b in pairwise(alike))


def _label(plain: str, one: Quantity) -> str:
    """The words of the clause before a number."""
    return _SIGNS.split(plain[max(0, one.start - 24) : one.start])[-1]

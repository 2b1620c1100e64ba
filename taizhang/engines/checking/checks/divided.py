"""Lists that say by what they divide something: 按月份看，7月41场、8月27场、9月31场; 分职业：教师8120人，….

Such a list is complete, so what it comes to was told before, in its sentence or far from it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.engines.checking.adding import TOTAL_WORD, addable, amount, fits, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.families import family_of
from taizhang.engines.checking.mentions import is_of_another_year
from taizhang.engines.checking.types import Issue, Quantity

_BY = expression(
    r"(?:按照?[\u4e00-\u9fff]{1,6}?(?:来?[分看]|划分|统计)|[\u4e00-\u9fff]{2,4}构成[上中看]?(?=[，：为])|从[\u4e00-\u9fff]{2,10}看|(?<![\u4e00-\u9fff])分[\u4e00-\u9fff]{1,4}(?=[（：]))"
    r"(?:（[^（）\n]{1,16}）)?(?:别?为|别?是)?[，：]?(?=[^，。；：\n])"
)
_BREAK = expression(r"[。；\n]|其中|占|比|均|每|增|减")
_OPEN = expression(r"^等|^以上|^左右|主要|重点")
_MEAN = expression(r"均|每|比|增加|减少|净增|下降")
_SIGNS = expression("[，。；：、\n]")
_FIRST = expression("(?:优秀|优|满意|春季|一季度|男[\u4e00-\u9fff]{0,3})$")
_MARKS = frozenset({"state", "content"})
"""Marks begin with the best one, and everything that is marked has one."""
_LONGEST, _LABEL, _LONGEST_FAMILY = 22, 8, 6
_EARLIER, _LATER = 40, 8
_TOTAL = expression(r"(?:全年|合计|总计|共计|共|总[数量]?)[^，。；0-9]{0,8}$")
_NEAR, _VERY_NEAR = Decimal("0.13"), Decimal("0.05")
_SAME_PLACE = 80


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.among`` where no number before the list is what its parts come to."""
    starts = [one.start for one in context.quantities]
    lists = [(first, starts[first], starts[first]) for first in _families(context)]
    for match in _BY.finditer(context.plain):
        lists.append((bisect_left(starts, match.end()), match.start(), match.end()))
    for first, begin, end in lists:
        parts = _parts(context, first, end)
        if len(parts) > 1 and not _OPEN.search(context.plain, begin, parts[0].start):
            before = context.quantities[max(0, first - _EARLIER) : first]
            behind = context.quantities[first + len(parts) : first + len(parts) + _LATER]
            wholes = [*(one for one in behind if _is_total(context, one)), *before]
            yield from _judge(context, parts, wholes)


def _families(context: Context) -> Iterator[int]:
    """Where lists begin that are complete by their names: 优秀6家、良好11家、合格9家、不合格3家."""
    ones, plain = context.quantities, context.plain
    for first, one in enumerate(ones):
        lead = _SIGNS.split(plain[max(0, one.start - _LABEL) : one.start])[-1]
        if not _FIRST.search(lead):
            continue
        gaps = [plain[a.end : b.start] for a, b in pairwise(ones[first : first + _LONGEST_FAMILY])]
        listed = _listed(gaps)
        family = family_of([lead, *(gap[1:] for gap in listed)])
        if family is not None and (family.complete or (len(listed) > 1 and family.name in _MARKS)):
            yield first


def _listed(gaps: Sequence[str]) -> list[str]:
    """The words between the numbers of a list, as long as one sign, 、 or ，, leads them."""
    found: list[str] = []
    for gap in gaps:
        if gap[:1] not in ("、", "，") or gap[:1] != gaps[0][:1] or len(gap) >= _LABEL:
            break
        found.append(gap)
    return found


def _parts(context: Context, first: int, stop: int) -> list[Quantity]:
    """The numbers of one measure that follow, up to the end of the list."""
    parts: list[Quantity] = []
    for one in context.quantities[first : first + _EARLIER]:
        between = context.plain[stop : one.start]
        if one.dimension == "share" and parts:
            stop = one.end  # 教师8120人（28.5%）
            continue
        if len(between) > _LONGEST or _BREAK.search(between) or TOTAL_WORD.search(between):
            break
        if one.qualifier != "exact" or not one.value or (parts and not addable(parts[0], one)):
            break
        parts.append(one)
        stop = one.end
    return [] if _OPEN.match(context.plain[stop : stop + 2]) else parts


def _judge(
    context: Context, parts: Sequence[Quantity], before: Sequence[Quantity]
) -> Iterator[Issue]:
    total, most = sum(map(amount, parts), Decimal(0)), max(map(amount, parts))
    wholes = [one for one in before if _may_be_whole(context, one, parts[0]) and amount(one) > most]
    if any(fits(one, total, parts) for one in wholes):
        return
    for whole in reversed(wholes):
        near = _NEAR if abs(parts[0].start - whole.end) <= _SAME_PLACE else _VERY_NEAR
        if abs(amount(whole) - total) <= amount(whole) * near:
            yield mismatch("sum_mismatch.among", whole, parts, total)
            return


def _is_total(context: Context, one: Quantity) -> bool:
    """Whether a number behind the list is told as all of it: 全年84场直播."""
    return _TOTAL.search(context.plain, max(0, one.start - 12), one.start) is not None


def _may_be_whole(context: Context, one: Quantity, part: Quantity) -> bool:
    """Whether it counts what the parts count, and is neither a mean nor of another year."""
    if one.qualifier != "exact" or one.dimension == "share" or not addable(one, part):
        return False
    begin = max(0, one.start - 40)
    clause = context.plain[begin : one.start].rpartition("。")[2].rpartition("\n")[2]
    return not _MEAN.search(clause[-6:]) and not is_of_another_year(
        context, clause.rpartition("，")[2]
    )

"""Totals behind their parts: 讲座6场、展览5场，共11场; 上半年20场，下半年25场，全年45场."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.engines.checking import numerals
from taizhang.engines.checking.adding import TOTAL_WORD, addable, amount, fits, gathers, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.families import family_of
from taizhang.engines.checking.neighbours import measure
from taizhang.engines.checking.types import Issue, Quantity

_ALL_OF = expression(
    r"[两二三四五六七八九十][类种项级支个场站地县校馆镇乡家所期届]|以上|上述|各类|合计|总计"
)
_SO_MANY = expression(
    r"([两二三四五六七八九十]|[0-9]{1,2})[站地县校馆镇乡家所期届场类](?!级)[^，。；0-9]{0,8}$"
)
"""五站观众4.98万人次: a total of as many as were told."""
_SIDE = expression("收入|支出|结余")
_COMPOSED = expression(r"(?:组成|构成)的?[^，。；、]{0,12}$")
_OF_YEAR = expression(
    r"(?:全年|当年|一年来)(?:[^，。；]{0,8}(?:共|合计|总计|累计|总量|总数)[^，。；]{0,6}|的?[^，。；]{0,4}量为?)$"
)
_ALL_AT_ONCE = expression(r"，(?P<all>[^，。；]{0,8}(?:全部|正是这|就是这|上述|以上))?")
"""Behind a list: 61支队伍同场角逐; 首批成员就是这18家; 为全部75项获奖作品颁发证书."""
_WITH = expression("连同|加上|算上")
_ASIDE = expression(r"（(?:含|其中)[^（）]*$")
_RATE = expression(r"日均|月均|年均|人均|平均|每")
_CLAUSE = expression("[，、；。：\n]")
_ANY_KIND = expression(
    r"(?:[共合总]计|共|一共|总共|累计)(?:举办|开展|组织|发放|印发|印制|制作|捐赠)?(?:各类|各种|各式|科普|宣传)*"
    r"(?:活动|宣传品|资料|材料|读物|物资|用品)?$"
)
_OF_ALL_YEARS = expression(r"历年|历届|至今|以来|预计|力争|目标")
_FLOWS = expression(r"退出|退会|注销|撤销|摘牌|减少|淘汰")
_PART_OF_YEAR = expression("季度|[上下]半年")
_RECENT = 8
_LIST = 40
"""No list of parts is longer."""
_NEAR = Decimal("0.13")
_FAR = Decimal("0.35")
_VERY_NEAR = Decimal("0.06")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.total`` where a total is not what stands before it comes to."""
    last: list[Quantity] = []
    recent: list[Quantity] = []
    for sentence in context.counted:
        yield from _year(context, recent, sentence[0])
        recent = [*recent, *sentence][-_RECENT:]
        if last and sentence[0].sentence == last[0].sentence + 1:
            yield from _across(context, last, sentence)
        last = sentence
        for number in range(2, len(sentence)):
            yield from _composed(context.plain, sentence, number)
            yield from _total(context.plain, sentence, number)


def _total(plain: str, sentence: Sequence[Quantity], number: int) -> Iterator[Issue]:
    whole = sentence[number]
    if whole.qualifier != "exact" or whole.dimension == "share" or not whole.value:
        return
    gap = plain[sentence[number - 1].end : whole.start]
    if gap in ("、", "和") and number > 3:
        # 共计40场、3600人次: the second total of a pair.
        gap = plain[sentence[number - 2].end : sentence[number - 1].start]
    if not TOTAL_WORD.search(gap) and "全年" not in gap:
        yield from _told_again(plain, sentence, number)
        return
    parts = _run_before(plain, sentence, number)
    if len(parts) < 2 or any(part.qualifier != "exact" for part in parts):
        return
    mixed = any(measure(whole) != measure(part) for part in parts)
    if mixed and fits(
        whole, sum((amount(p) for p in parts if addable(whole, p)), Decimal(0)), parts
    ):
        return
    if mixed and not _ANY_KIND.search(gap):
        return
    if _WITH.search(gap):
        return  # 教师5人、医生2人，连同周某共计8人
    if (side := _SIDE.search(gap)) and side[0] not in plain[
        max(0, parts[0].start - 24) : parts[-1].start
    ]:
        return  # 会费收入36万元、服务收入40万元；总支出341万元
    if _FLOWS.search(plain, parts[0].end, whole.start) or _OF_ALL_YEARS.search(gap):
        return
    family = family_of([_label(plain, part) for part in parts])
    if not TOTAL_WORD.search(gap) and (family is None or family.name not in ("half", "quarter")):
        return
    starts = [0] if family else _starts(plain, parts)
    totals = {k: sum((amount(part) for part in parts[k:]), Decimal(0)) for k in starts}
    value = amount(whole)
    if any(fits(whole, total, parts) for total in totals.values()):
        return
    best = min(totals, key=lambda k: abs(totals[k] - value))
    if abs(totals[best] - value) / value <= (_NEAR if best or mixed else _FAR):
        yield mismatch("sum_mismatch.total", whole, parts[best:], totals[best])


def _told_again(plain: str, sentence: Sequence[Quantity], number: int) -> Iterator[Issue]:
    """小学组28支、初中组19支、高中组12支，61支队伍同场角逐: the list, and all of them at once."""
    whole, parts = sentence[number], list(sentence[max(0, number - _LIST) : number])
    gaps = [plain[a.end : b.start] for a, b in pairwise(parts)]
    sign = gaps[-1][:1] if gaps else "、"
    joined = next((k for k in range(len(gaps), 0, -1) if gaps[k - 1][:1] != sign), 0)
    parts = parts[joined:]
    told = _ALL_AT_ONCE.fullmatch(plain, parts[-1].end, whole.start) if len(parts) > 2 else None
    if told is None:
        return
    if any(part.unit != whole.unit or part.qualifier != "exact" for part in parts):
        return
    total, value = sum((amount(part) for part in parts), Decimal(0)), amount(whole)
    if sign not in ("、", "，") or not value or total == value:
        return
    near = _NEAR if told["all"] else _VERY_NEAR
    family = family_of([_label(plain, part) for part in parts])
    if (family or told["all"]) and abs(total - value) / value <= near:
        yield mismatch("sum_mismatch.total", whole, parts, total)


def _composed(plain: str, sentence: Sequence[Quantity], number: int) -> Iterator[Issue]:
    """由6个社区馆、9个校园馆和11个农村馆组成的科普阵地26个: the total stands behind."""
    whole, last = sentence[number], sentence[number - 1]
    if whole.qualifier != "exact" or not _COMPOSED.search(plain, last.end, whole.start):
        return
    opening = plain.rfind("由", max(0, last.start - 120), last.start)
    before = sentence[max(0, number - _LIST) : number]
    parts = [one for one in before if one.start > opening >= 0 and one.dimension != "share"]
    clause = plain[opening : last.start]
    if len(parts) < 2 or "。" in clause or "；" in clause:
        return
    if any(one.qualifier != "exact" or not addable(one, whole) for one in parts):
        return
    total = sum((amount(part) for part in parts), Decimal(0))
    if not fits(whole, total, parts):
        yield mismatch("sum_mismatch.total", whole, parts, total)


def _starts(plain: str, parts: Sequence[Quantity]) -> list[int]:
    """Where the list of parts may begin: at its first, or after a comma; not within 甲、乙、丙."""
    return [0] + [
        k for k in range(1, len(parts) - 1) if "、" not in plain[parts[k - 1].end : parts[k].start]
    ]


def _label(plain: str, part: Quantity) -> str:
    """The words of the clause before a number: 上半年举办讲座."""
    return _CLAUSE.split(plain[max(0, part.start - 20) : part.start])[-1]


def _across(
    context: Context, before: Sequence[Quantity], now: Sequence[Quantity]
) -> Iterator[Issue]:
    """The total stands in the next sentence: 三类场馆共接待103.3万人次."""
    whole = now[0]
    lead = context.plain[max(0, whole.start - 30) : whole.start]
    lead = re.split(r"[。！？\n]", lead)[-1]
    counted = _SO_MANY.match(lead)
    if whole.qualifier != "exact" or not (
        counted or (TOTAL_WORD.search(lead) and _ALL_OF.search(lead))
    ):
        return
    parts = [one for one in before if one.unit == whole.unit and one.qualifier == "exact"]
    parts = [
        one for one in parts if not _RATE.search(context.plain[max(0, one.start - 6) : one.start])
    ]
    if counted and numerals.read(counted[1]) != len(parts):
        return
    total, value = sum((amount(p) for p in parts), Decimal(0)), amount(whole)
    if (
        len(parts) >= 2
        and value
        and not fits(whole, total, parts)
        and abs(total - value) / value <= _NEAR
    ):
        yield mismatch("sum_mismatch.total", whole, parts, total)


def _year(context: Context, recent: Sequence[Quantity], whole: Quantity) -> Iterator[Issue]:
    """上半年27.9万人次。下半年36.3万人次。全年合计64.2万人次: the parts have sentences of their own."""
    plain = context.plain
    lead = plain[max(0, whole.start - 20) : whole.start]
    lead = re.split(r"[。！？\n]", lead)[-1]
    if whole.qualifier != "exact" or not _OF_YEAR.search(lead):
        return
    near = [
        one for one in recent if addable(one, whole) and whole.sentence - one.sentence <= 4
        and _PART_OF_YEAR.search(_label(plain, one))
    ]  # fmt: skip
    family = family_of([_label(plain, one) for one in near])
    if family is None or not family.complete or any(one.qualifier != "exact" for one in near):
        return
    total, value = sum((amount(one) for one in near), Decimal(0)), amount(whole)
    if value and not fits(whole, total, near) and abs(total - value) / value <= _FAR:
        yield mismatch("sum_mismatch.total", whole, near, total)


def _run_before(plain: str, sentence: Sequence[Quantity], number: int) -> list[Quantity]:
    """The neighbouring quantities of the same unit before the total, other units skipped over."""
    whole = sentence[number]
    parts: list[Quantity] = []
    for one in reversed(sentence[max(number - _LIST, 0) : number]):
        if one.dimension == "share" or _ASIDE.search(plain, max(0, one.start - 12), one.start):
            continue  # 活动56场（含合办的9场）
        if gathers(whole, one):
            between = plain[one.end : parts[0].start if parts else whole.start]
            is_total = TOTAL_WORD.search(plain[max(0, one.start - 8) : one.start])
            # 共发放手册50份、折页30份，合计80份: 共 belongs to the verb of the whole list.
            if len(between) > 60 or (parts and is_total and not between.startswith("、")):
                break
            parts.insert(0, one)
        elif (
            not parts
            and one is not sentence[number - 1]
            and "；" not in plain[one.end : whole.start]
        ):
            break
    return parts

"""Shares and rates against the numbers they are worked out from: 40场中完成34场，完成率85%.

A number is only called wrong where the sentence itself says which numbers it comes from; every
reading that fits makes it right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.fitting import (
    before_in_sentence,
    is_exact,
    kin,
    looseness,
    ordered,
    rounded,
    share_fits,
)
from taizhang.engines.checking.passages import around
from taizhang.engines.checking.types import Issue, Quantity

_SIGNS = re.compile(r"[，、：（。；！？\n]")
_RATE = re.compile(
    r"(?:(?<!增长)(?<!增)(?<!下降)(?<!变化)率|进度)(?:已?达到|已?达|为|是|约|近|在|超过|仅|仅为)?$"
)
_PART_OF = re.compile(
    r"占(?:比|到|全部|总数|总量|总人数|总额|全年|[^，。；、]{0,14}?)(?:的)?(?:比例|比重|比)?(?:达到|达|为|约|近|超过|约为)?$"
)
_LIST_MARK = re.compile(r"^\s*(?:[0-9]{1,2}[.．]|（[0-9一二三四五六七八九十]+）)")
_OF_WHOLE = re.compile(r"(?:的|目标的|任务的|计划的)$")
_OF_PLAN = re.compile(
    r"^(?:完成|为|达到|占)(?:全年|年度|年初|既定)?(?:计划|目标|任务)(?:任务|数)?的$"
)
_OF_NAMED = re.compile(r"(?:占|完成|达到|实现|为)(?:了)?[^，。；0-9]{0,12}$")
_EMPTY = re.compile(
    r"^占(?:比|到)?|的|比例|比重|总数|总量|总额|总|全部|全[年省市县区旗国]|达到|达|为|约|比$"
)
_ADDED = re.compile(r"(?:增加|减少|增长|下降|净增)了?$")
_PLAIN = re.compile(r"人数|数量|全年|年度|当年|数$|额$|量$")
_SPECIFIC = 4
_BEHIND = re.compile(r"^，(?:其中|已|共|现已|目前已|实际)?[^，。；、0-9]{0,8}$")
_FAILED = re.compile(r"损坏|故障|不合格|未|缺|不达标|逾期|退回|不满意")
_FURTHEST = 30
"""A rate further off than this is of other numbers than the two before it."""
_ROUGHLY = ("exact", "about", "nearly")
_PEOPLE = frozenset({"人", "名", "位"})


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.share``."""
    for number, one in enumerate(context.quantities):
        if one.value is None or one.unit != "%" or one.qualifier not in _ROUGHLY:
            continue
        lead = context.plain[max(0, one.start - 24) : one.start]
        tail = _SIGNS.split(lead)[-1]
        if _OF_WHOLE.search(tail) and (found := _named_whole(context, number, one)):
            whole, parts = found
            if not any(_fits(one, part, whole) for part in parts):
                yield _issue(one, parts[-1], whole)
        elif _RATE.search(tail) or _OF_PLAN.search(tail):
            yield from _rate(context, number, one)
        elif place := _PART_OF.search(tail):
            own = _LIST_MARK.sub("", tail[: place.start()]).strip("约已仅就共也还均，")
            yield from _part(context, number, one, place[0], own)
        elif not tail and lead.endswith("（"):
            yield from _in_brackets(context, number, one)


def _rate(context: Context, number: int, one: Quantity) -> Iterator[Issue]:
    """X，完成Y，完成率p%."""
    earlier = before_in_sentence(context, number, 4)
    numbers = [
        each for each in earlier if is_exact(each) and amount(each) and each.dimension != "share"
    ]
    pairs = [
        (a, b) for i, a in enumerate(earlier) for b in earlier[i + 1 :] if a in numbers and b in numbers
        and kin(a, b)
    ]  # fmt: skip
    if not pairs:
        if earlier and earlier[-1] in numbers:
            yield from _rate_between(context, number, one, earlier[-1])
        return
    if "、" in context.plain[pairs[-1][0].end : pairs[-1][1].start]:
        return
    if any(_fits(one, *sorted(pair, key=amount)) for pair in pairs):
        return
    # 支出82.8万元，结余7.2万元，执行率92%: the two are the parts, their sum is the whole.
    if any(
        share_fits(one, amount(each), amount(a) + amount(b)) for a, b in pairs for each in (a, b)
    ):
        return
    a, b = pairs[-1]
    if earlier[-1] is not b or context.plain[b.end : one.start].count("，") > 1:
        return
    if any(_fits(one, x, y) for x in numbers for y in numbers if x is not y):
        return
    part, whole = sorted((a, b), key=amount)
    if abs(amount(part) * 100 / amount(whole) - Decimal(one.value or 0)) <= _FURTHEST:
        yield _issue(one, part, whole)


def _rate_between(context: Context, number: int, one: Quantity, whole: Quantity) -> Iterator[Issue]:
    """排查问题50个，整改率90%，已完成45个: the part stands behind the rate."""
    if number + 1 >= len(context.quantities):
        return
    part = context.quantities[number + 1]
    words = context.plain[one.end : part.start]
    told = part.sentence == one.sentence and is_exact(part) and _BEHIND.match(words)
    if not told or not kin(part, whole) or amount(part) >= amount(whole):
        return
    if len(context.plain[whole.end : one.start]) > 12:
        return
    if _FAILED.search(words):
        if not share_fits(one, amount(whole) - amount(part), amount(whole)):
            yield _issue(one, part, whole)
    elif not _fits(one, part, whole) and re.search(r"完成|已|整改|办结|合格|实际|通过", words):
        yield _issue(one, part, whole)


def _named_whole(
    context: Context, number: int, one: Quantity
) -> tuple[Quantity, list[Quantity]] | None:
    """完成83场次，完成全年150场次目标的65.3%: the whole right before the share, and what may be its part."""
    earlier = before_in_sentence(context, number, 5)
    if len(earlier) < 2:
        return None
    whole = earlier[-1]
    before = context.plain[earlier[-2].end : whole.start]
    parts = [each for each in earlier[:-1] if kin(each, whole) and is_exact(each)]
    gap = context.plain[whole.end : one.start]
    if not parts or len(gap) > 12 or "，" in gap or not _OF_NAMED.search(before):
        return None
    return whole, parts


def _in_brackets(context: Context, number: int, one: Quantity) -> Iterator[Issue]:
    """会员1200人，其中女性360人（30%）: nothing but the share stands in the brackets."""
    plain = context.plain
    earlier = before_in_sentence(context, number, 3)
    if len(earlier) < 2 or plain[earlier[-1].end : one.start] != "（":
        return
    part, whole = earlier[-1], earlier[-2]
    if not kin(part, whole) or not is_exact(part) or not is_exact(whole):
        return
    words = plain[whole.end : part.start]
    inside = ("其中" in words or words.endswith("中")) and plain.startswith("）", one.end)
    if inside and amount(part) < amount(whole) and not _fits(one, part, whole):
        yield _issue(one, part, whole)


def _part(context: Context, number: int, one: Quantity, words: str, own: str) -> Iterator[Issue]:
    """Y，占总数的p%: the part stands before it, the whole is what has the same name."""
    if own and not _is_nearest(context, number, own):
        yield from _named_part(context, one, own)
        return
    near = [
        each
        for each in before_in_sentence(context, number, 2)
        if each.unit != "%"
        and is_exact(each)
        and not _ADDED.search(context.plain, max(0, each.start - 4), each.start)
    ]
    for part in reversed(near):
        gap = context.plain[part.end : one.start]
        if gap.count("，") > 1 or len(gap) > 30:
            return
        if "）" in gap.partition("（")[0]:
            continue  # told in brackets, of which the share is no part
        wholes = _wholes(context, number, part, words)
        if not wholes:
            continue
        if not any(_fits(one, part, each) for each in wholes) and not _sums_fit(one, part, wholes):
            yield _issue(one, part, max(wholes, key=amount))
        return


def _is_nearest(context: Context, number: int, own: str) -> bool:
    """其中未成年人6.5万人次，未成年人占比54.2%: the name is that of the number right before."""
    near = before_in_sentence(context, number, 1)
    return bool(near) and near[0].unit != "%" and len(own) > 1 and own in near[0].subject


def _sums_fit(one: Quantity, part: Quantity, wholes: Sequence[Quantity]) -> bool:
    amounts = [amount(each) for each in wholes]
    return any(
        share_fits(one, amount(part), sum(amounts[k:], Decimal(0)) + more)
        for k in range(len(amounts))
        for more in (Decimal(0), amount(part))
    )


def _wholes(context: Context, number: int, part: Quantity, words: str) -> list[Quantity]:
    """Numbers of the same measure before the part that share its name, the nearest forty."""
    named = _EMPTY.sub("", words)
    begin, _end = around(context.plain, part.start, part.start, "。；\n")
    words = context.plain[begin : part.end + 10] + named
    # 人员520万元，占41%；设备430万元，占34%: what has a share of its own is no whole.
    before = context.quantities[max(0, number - 40) : number]
    shared = {
        one.start
        for one, share in pairwise(before)
        if share.unit == "%"
        and re.fullmatch("，?占[^，；。]{0,24}", context.plain[one.end : share.start])
    }
    found = []
    for each in before:
        same = each.unit == part.unit or {each.unit, part.unit} <= _PEOPLE
        if not same or not is_exact(each) or each.start >= part.start:
            continue
        if amount(each) <= amount(part) or each.start in shared:
            continue
        if each.sentence == part.sentence or _share_words(each.subject, words):
            found.append(each)
    if named and (exact := [each for each in found if named in each.subject]):
        return exact
    if len(_PLAIN.sub("", named)) >= _SPECIFIC:
        # 占经费使用额的44%: of a sum that has a name of its own, told or not.
        return [each for each in found if _PLAIN.sub("", named)[-2:] in each.subject]
    return found


def _share_words(subject: str, words: str) -> bool:
    """Whether the last two characters of a name, or any three of it, stand in the words."""
    return len(subject) > 1 and (
        subject[-2:] in words or any(subject[i : i + 3] in words for i in range(len(subject) - 2))
    )


def _named_part(context: Context, one: Quantity, own: str) -> Iterator[Issue]:
    """展览参加人次占全部的p%: both numbers stand in a table, under these names."""
    parts = [
        each for each in context.by_subject.get(own, ()) if each.unit != "%" and is_exact(each)
    ]
    if len(parts) != 1:
        return
    part, tail = parts[0], own[-2:]
    wholes = [
        each
        for each in context.totals
        if each.subject.endswith(tail) and each.unit == part.unit and is_exact(each)
    ]
    if len(wholes) == 1 and not _fits(one, part, wholes[0]):
        yield _issue(one, part, wholes[0])


def _fits(one: Quantity, part: Quantity, whole: Quantity) -> bool:
    return share_fits(one, amount(part), amount(whole), looseness(part, whole))


def _issue(one: Quantity, part: Quantity, whole: Quantity) -> Issue:
    params = {
        "written": one.text,
        "expected": f"{rounded(amount(part) * 100 / amount(whole))}%",
        "part": part.text,
        "whole": whole.text,
    }
    return Issue("arithmetic", "arithmetic.share", "error", ordered((part, whole, one)), params)

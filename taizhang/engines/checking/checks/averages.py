"""Averages and prices against the totals: 讲座20场、2400人次，平均每场120人次; 10台，单价5000元，共5万元.

A mean says of what it is one (每场, 户均, 单处平均). How many there are of that and how much there is of
the thing itself are looked for around it, before and behind; any two that fit make it right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.engines.checking import numerals
from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.dividing import Count, divides, multiplies
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import (
    before_in_sentence,
    is_exact,
    kin,
    only_one_before,
    ordered,
    rounded,
)
from taizhang.engines.checking.intervals import factor
from taizhang.engines.checking.passages import around
from taizhang.engines.checking.types import Issue, Quantity

_COUNTED = "场期班次天月年人名户个家所册项件辆支村站批讲台套份节周处篇条部亩队校馆组镇县企块株棵张只本盒吨升位座幅对门公斤点园晚"
_VERB = (
    r"(?:约|为|是|头上|达|近|安排|拨付|接待|达到|培训|服务|参加|有|投入|补助|约为|发放|奖励|发|建有|建|举办|开展|行驶|行程|"
    r"补贴|资助|慰问金|补助金|奖金)*"
)
_MEAN = expression(
    r"(?:平均(?:每(?P<a>人次|[一-龥]))?(?P<of>[^，。；、0-9]{0,10})"
    rf"|每(?:个(?=人))?(?P<b>人次|[{_COUNTED}])(?P<noun>[^，。；、0-9每]{{0,6}}?)(?:(?P<mean>平均)(?P<thing>[^，。；、0-9]{{0,6}}?))?{_VERB}"
    rf"|单(?P<d>[{_COUNTED}])平均{_VERB}|(?P<c>人次|[{_COUNTED}日生站])均[^，。；、0-9]{{0,8}}"
    rf"|单价{_VERB}|各(?=补|奖|发|资|投|安排|拨){_VERB})$"
)
_UNITS = {
    "日": ("天",),
    "月": ("个月",),
    "人": ("人", "名", "位"),
    "生": ("人", "名", "位"),
    "名": ("名", "人", "位"),
    "场": ("场", "场次"),
    "次": ("次", "场次", "场"),
    "班": ("班", "期", "个"),
}
_ANOTHER = expression(
    r"[由从]|比|较|高于|低于|快于|慢于|递增|递减|此前|去年|上年|同期|目标|最|全[省国]"
)
_PER_TIME = expression(r"(?<!平)均[^，。；]{0,3}[日月周]")
_INCOME = expression(r"增收|收入|增产|消费|支出|补贴|可支配")
_SIGN = expression("[均每价各]")
_CLAUSES = expression(r"[，；、（]")
_STOPS = expression(r"[。；！？\n]")
_TOTAL_AHEAD = expression(
    r"^(?:的标准)?(?:，|、)?(?:[^。；，]{0,8}(?:[共合总]|累计|收取|列入|计划|预计)|全年(?:[^，。；0-9]{0,3}$|(?=[0-9]{2}周)))"
)
_SPENT_AHEAD = expression(
    r"，(?:共|共计|累计|合计|总|约|已付|实付)?(?:涉及)?(?:支出|花费|费用|用去|耗资|支付|投入|价值|金额|货款|价款|总价)[^，。；0-9]{0,6}"
)
_COUNT_AHEAD = expression(r"[\u4e00-\u9fff]{0,6}?(?:共|合计|累计|总计)[^，。；0-9]{0,8}[0-9]")
_MAKE_ONE = expression(r"[^，。；0-9]{0,8}[一1][组队班个名人支台处所间套]")
_PERIODS = {
    "月": (("全年", 12), ("上半年", 6), ("下半年", 6), ("季度", 3)),
    "周": (("全年", 52), ("上半年", 26)),
}
_PEOPLE = expression(r"按([\u4e00-\u9fff]{0,2}人口)[^，。；0-9]{0,4}，?人均")
_PEOPLE_BEHIND = expression(r"（[\u4e00-\u9fff]{0,6}人口(?:约|为|共)?")
_YEARS = expression(r"(?<![第前下])([两三四五六七八九十])年")
_HALF = Decimal("0.5")
_NAME = 4
_WORDS = {"月": "个月", "周": "周"}


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.average`` where a total is not so many times what each is said to have."""
    for number, one in enumerate(context.quantities):
        if not one.value or one.unit == "%" or one.qualifier == "range":
            continue
        if not _SIGN.search(context.plain, max(0, one.start - 24), one.start):
            continue
        lead = _STOPS.split(context.plain[max(0, one.start - 24) : one.start])[-1]
        clause = _CLAUSES.split(lead)[-1]
        if _ANOTHER.search(clause) or _PER_TIME.search(clause) or clause.count("每") > 1:
            continue  # 比上年人均1.2元增加0.3元; 人均月工资3000元; 每人每天80元
        if lead.endswith("每"):
            yield from _in_groups(context, number)
        elif match := _MEAN.search(lead):
            yield from _mean(context, number, match, _INCOME.search(clause))


def _mean(
    context: Context, number: int, match: re.Match[str], income: re.Match[str] | None
) -> Iterator[Issue]:
    one = context.quantities[number]
    ahead = _total_ahead(context, number, match)
    around = [*before_in_sentence(context, number, 6), *ahead]
    counts = _counts(context, one, around, match)
    counted = [each.quantity for each in counts]
    totals = [
        each
        for each in around
        if each.unit != "%" and kin(each, one) and each not in counted and each.value is not None
        # What people earn is asked for, not divided, unless the whole of it is told by the same word.
        and (income is None or income[0] in context.plain[max(0, each.start - 8) : each.start])
        and _may_be_named(context, each, match["thing"] or "")
    ]  # fmt: skip
    if not totals and counts and (total := _told_before(context, number, counts[-1])):
        totals, around = [total], [total, *around]
    counts = counts or _implied(context, one, match) or _population(context, number)
    if not counts or not totals:
        return
    # 每次3小时, and the total told after it, is a price or a length and no average.
    told_ahead = any(total in ahead for total in totals)
    if told_ahead and _is_one_price_of_several(context, one, around):
        return
    is_product = told_ahead and not match["mean"] and bool(match["b"] or "价" in match[0])
    fits = multiplies if is_product and one.qualifier == "exact" else divides
    if any(fits(total, count, one) for total in totals for count in counts):
        return
    total = _sure_total(context, one, counts[-1], totals, around)
    if total is not None and _is_divided(context, total, one, counts[-1]):
        alone = len(counts) == len(totals) == 1 and _shares_pair(context, total, match[0])
        total = total if alone else None
    if total is not None:
        yield _issue(one, total, counts[-1])


def _is_one_price_of_several(context: Context, one: Quantity, around: Sequence[Quantity]) -> bool:
    """45台，单价2400元；10台，单价6000元，合计16.8万元: the total behind may be of all that have a price."""
    for each, following in pairwise(around):
        clause = _CLAUSES.split(context.plain[max(0, each.start - 12) : each.start])[-1]
        is_price = each.start < one.start and each.dimension == "money" and _SIGN.search(clause)
        if is_price and following.dimension != "money":
            return True
    return False


def _in_groups(context: Context, number: int) -> Iterator[Issue]:
    """营员240名，每8名编为一组，共编30个小组: so many make one, and there are so many of those."""
    one, plain = context.quantities[number], context.plain
    totals = [each for each in before_in_sentence(context, number, 4) if kin(each, one)]
    if not totals or not _MAKE_ONE.match(plain, one.end) or not is_exact(one):
        return
    for each in context.quantities[number + 1 : number + 4]:
        words = plain[max(one.end, each.start - 6) : each.start]
        if each.sentence == one.sentence and is_exact(each) and "共" in words and amount(each) > 1:
            count = Count(amount(each), each.text, each)
            groups = amount(totals[-1]) / amount(one)
            # The last one may be short of its number.
            if is_exact(totals[-1]) and not groups - 1 < count.many < groups + 1:
                yield _issue(one, totals[-1], count)
            return


def _told_before(context: Context, number: int, count: Count) -> Quantity | None:
    """培训农民4800人次。举办培训班60期，平均每期80人次: the total in the sentence before, about so many."""
    one = context.quantities[number]
    total = only_one_before(context, one, number)
    if total is None or not count.many:
        return None
    clause = _CLAUSES.split(context.plain[max(0, total.start - 12) : total.start])[-1]
    alike = amount(total) / count.many / amount(one)
    return total if _HALF < alike < 1 / _HALF and not _SIGN.search(clause) else None


def _sure_total(
    context: Context,
    one: Quantity,
    count: Count,
    totals: list[Quantity],
    around: list[Quantity],
) -> Quantity | None:
    """The greatest total near the count, where both stand in one part of the sentence."""
    place = around.index(count.quantity) if count.quantity else len(around) - 1
    near = [
        each
        for each in totals
        if abs(around.index(each) - place) <= 3 and not _is_of_more(context.plain, each, one)
    ]
    total = max(near, key=amount, default=None)
    if total is None or amount(total) <= amount(one) or count.many <= 1:
        return None
    return total if total.qualifier in ("exact", "over") else None


def _is_divided(context: Context, total: Quantity, one: Quantity, count: Count) -> bool:
    """Whether a semicolon parts the total from its count."""
    first, last = sorted((total, count.quantity or total), key=lambda each: each.start)
    apart = total.start < one.start or first.dimension == "time"
    return apart and "；" in context.plain[first.end : last.start]


def _may_be_named(context: Context, total: Quantity, thing: str) -> bool:
    """个人会员2.36万名，每个学会平均专职人员不足1名: not what has a long name that the total has nothing of."""
    return len(thing) < _NAME or _shares_pair(context, total, thing)


def _shares_pair(context: Context, total: Quantity, words: str) -> bool:
    """Whether two neighbouring characters of the words stand right before the total."""
    lead = _CLAUSES.split(context.plain[max(0, total.start - 12) : total.start])[-1]
    return any(lead[at : at + 2] in words for at in range(len(lead) - 1))


def _is_of_more(plain: str, total: Quantity, one: Quantity) -> bool:
    """90万元，其中：协会2个，每个20万元；基地…: the total of a list, of which this is one."""
    return total.end < one.start and any(
        sign in plain[total.end : one.start] for sign in ("其中", "：", "分别")
    )


def _total_ahead(context: Context, number: int, match: re.Match[str]) -> list[Quantity]:
    """每期50人，共培训200人; 亩均增产60公斤，示范3000亩，总增产18万公斤: a total, and a count before it."""
    found: list[Quantity] = []
    passed: list[Quantity] = []
    before = context.quantities[number]
    for one in context.quantities[number + 1 : number + 4]:
        words = context.plain[before.end : one.start]
        if one.sentence != before.sentence or len(words) >= 20:
            break
        counted = bool(found) and bool(_COUNT_AHEAD.match(context.plain, before.end))
        spent = one.dimension == "money" and bool(_SPENT_AHEAD.fullmatch(words))
        if counted or spent or _TOTAL_AHEAD.match(words[max(0, words.rfind("，")) :]):
            found += [*passed, one]
            passed = []
        elif _counts_it(one, match) and not passed:
            passed.append(one)
        else:
            break
        before = one
    return found


def _counts(
    context: Context, one: Quantity, around: list[Quantity], match: re.Match[str]
) -> list[Count]:
    """What may have shared the total, the likeliest last."""
    exact = [each for each in around if is_exact(each) or each.unit == "年"]
    if not (per := _per(match)):
        counts = [each for each in exact if each.dimension in ("events", "items")]
    else:
        counts = [each for each in exact if _counts_it(each, match)] or [
            each
            for each in exact
            if each.dimension == "items"
            and (
                per in _CLAUSES.split(context.plain[each.end : each.end + _NAME])[0]
                or (per in each.subject and not kin(each, one))
            )
        ]
    if any(kin(each, one) for each in counts):
        counts = _of_noun(context, counts, match["noun"] or match["of"] or "")
    return [Count(amount(each), each.text, each) for each in counts]


def _of_noun(context: Context, counts: list[Quantity], noun: str) -> list[Quantity]:
    """12个乡镇建成e站96个，平均每个乡镇8个: both are counted in 个, the noun tells which is which."""
    if len(noun) < 2:
        return counts
    behind = [each for each in counts if context.plain.startswith(noun[:2], each.end)]
    longest = [each for each in counts if len(noun) > 2 and noun[:3] in each.subject]
    return behind or longest or [each for each in counts if noun[:2] in each.subject] or counts


def _per(match: re.Match[str]) -> str:
    """The measure word of what each has so much of."""
    return match["a"] or match["b"] or match["c"] or match["d"] or ""


def _counts_it(one: Quantity, match: re.Match[str]) -> bool:
    """Whether its measure word may count what each has so much of: 批次 where 每批 is told."""
    per = _per(match)
    return one.unit in _UNITS.get(per, (per,)) or (
        per not in ("人", "") and one.unit.startswith(per)
    )


def _implied(context: Context, one: Quantity, match: re.Match[str]) -> list[Count]:
    """全年60场，平均每月5场: a year has twelve months."""
    per = _per(match)
    start, _end = around(context.plain, one.start, one.start, "。；\n")
    clause = context.plain[start : one.start]
    if per == "年" and (years := _YEARS.search(clause)):
        return [Count(Decimal(numerals.read(years[1]) or 1), years[0], None)]
    for word, many in _PERIODS.get(per, ()):
        if word in clause:
            return [Count(Decimal(many), f"{many}{_WORDS[per]}", None)]
    return []


def _population(context: Context, number: int) -> list[Count]:
    """按总人口计算，人均3元: of how many people is told once, wherever; 人均3元（常住人口28万人）: right behind."""
    one, behind = context.quantities[number], context.quantities[number + 1 : number + 2]
    if behind and _PEOPLE_BEHIND.fullmatch(context.plain, one.end, behind[0].start):
        return [Count(amount(behind[0]), behind[0].text, None)]
    named = _PEOPLE.search(context.plain, max(0, one.start - 24), one.start)
    told = context.by_subject.get(named[1], []) if named else []
    alike = {amount(each) for each in told}
    return [Count(amount(told[0]), told[0].text, None)] if len(alike) == 1 else []


def _issue(one: Quantity, total: Quantity, count: Count) -> Issue:
    expected = amount(total) / count.many / factor(one.unit)
    params = {
        "written": one.text,
        "expected": f"{rounded(expected)}{one.unit}",
        "total": total.text,
        "count": count.shown,
    }
    told = [one, total] + ([count.quantity] if count.quantity else [])
    return Issue("arithmetic", "arithmetic.average", "error", ordered(told), params)

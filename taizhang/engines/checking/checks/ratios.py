"""Shares and averages against the numbers they are worked out from.

A number is only called wrong where the sentence itself says which numbers it comes from; every
reading that fits makes it right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import addable, amount, scale
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue, Quantity, Span

_RATE = re.compile(r"率(?:达到|达|为|是|约|近|在|超过|仅|仅为)?$")
_PART_OF = re.compile(
    r"占(?:比|到|全部|总数|总量|总人数|总额|全年|[^，。；、]{0,14}?)(?:的)?(?:比例|比重|比)?(?:达到|达|为|约|近|超过|约为)?$"
)
_AVERAGE = re.compile(
    r"(?:平均(?:每(?P<a>[一-龥]{1,6}?))?|每(?P<b>[场期班次天月人名户个家所项件辆支批讲])[^，。；、0-9每]{0,6}|(?P<c>[日月年人场期户班])均[^，。；、0-9]{0,8}?)(?:约|为|达|近|接待|达到|培训|服务|参加|有|投入|补助|约为)?$"
)
_SAME = {
    "日": ("天",),
    "天": ("天",),
    "月": ("个月",),
    "年": ("年",),
    "人": ("人", "名", "位"),
    "名": ("名", "人", "位"),
    "场": ("场", "场次"),
    "次": ("次", "场次", "场"),
    "期": ("期",),
    "班": ("班", "期", "个"),
    "户": ("户",),
}
_LIST_MARK = re.compile(r"^\s*(?:[0-9]{1,2}[.．]|（[0-9一二三四五六七八九十]+）)")
_INCOME = re.compile(r"(?:增收|收入|增产|消费|支出|补贴|可支配[^，]*)(?:约|达|为)?$")
_OF_WHOLE = re.compile(r"(?:的|目标的|任务的|计划的)$")
_OF_PLAN = re.compile(
    r"^(?:完成|为|达到|占)(?:全年|年度|年初|既定)?(?:计划|目标|任务)(?:任务|数)?的$"
)
_OF_NAMED = re.compile(r"(?:占|完成|达到|实现|为)(?:了)?[^，。；0-9]{0,12}$")
_EMPTY = re.compile(
    r"^占(?:比|到)?|的|比例|比重|总数|总量|总额|总|全部|全[年省市县区旗国]|达到|达|为|约|比$"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.share`` and ``arithmetic.average``."""
    quantities = context.quantities
    for number, one in enumerate(quantities):
        if one.value is None:
            continue
        lead = context.plain[max(0, one.start - 24) : one.start]
        lead = re.split(r"[。；！？\n]", lead)[-1]
        if one.unit == "%":
            yield from _shares(context, number, one, lead)
        elif (match := _AVERAGE.search(lead)) and not _INCOME.search(lead):
            yield from _averages(context, number, one, lead, match)


def _shares(context: Context, number: int, one: Quantity, lead: str) -> Iterator[Issue]:
    tail = re.split(r"[，、：]", lead)[-1]
    if _OF_WHOLE.search(tail) and (found := _named_whole(context, number, one)):
        whole, parts = found
        if not any(_fits(one, amount(part), amount(whole)) for part in parts):
            yield _share_issue(one, parts[-1], whole)
    elif one.unit == "%" and (_RATE.search(tail) or _OF_PLAN.search(tail)):
        yield from _rate(context, number, one)
    elif one.unit == "%" and (place := _PART_OF.search(tail)):
        own = _LIST_MARK.sub("", tail[: place.start()]).strip("约已仅就共也还均，")
        yield from _part(context, number, one, place[0], own)


def _rate(context: Context, number: int, one: Quantity) -> Iterator[Issue]:
    """X，完成Y，完成率p%."""
    earlier = _before(context, number, 4)
    pairs = [
        (a, b)
        for i, a in enumerate(earlier)
        for b in earlier[i + 1 :]
        if _kin(a, b) and _is_exact(a) and _is_exact(b) and amount(a) and amount(b)
    ]
    if (
        not pairs
        or "、" in context.plain[pairs[-1][0].end : pairs[-1][1].start]
        or one.qualifier not in ("exact", "about", "nearly")
    ):
        return
    if any(_fits(one, min(amount(a), amount(b)), max(amount(a), amount(b))) for a, b in pairs):
        return
    singles = [q for q in earlier if _is_exact(q)]
    a, b = pairs[-1]
    if earlier[-1] is not b or context.plain[b.end : one.start].count("，") > 1:
        return
    if any(
        _fits(one, amount(x), amount(y))
        for x in singles
        for y in singles
        if x is not y and amount(y)
    ):
        return
    part, whole = sorted((a, b), key=amount)
    yield _share_issue(one, part, whole)


def _named_whole(
    context: Context, number: int, one: Quantity
) -> tuple[Quantity, list[Quantity]] | None:
    """完成83场次，完成全年150场次目标的65.3%: the whole right before the share, and what may be its part."""
    earlier = _before(context, number, 5)
    if len(earlier) < 2 or one.qualifier not in ("exact", "about", "nearly"):
        return None
    whole = earlier[-1]
    before = context.plain[earlier[-2].end : whole.start]
    parts = [q for q in earlier[:-1] if _kin(q, whole) and _is_exact(q)]
    gap = context.plain[whole.end : one.start]
    if not parts or len(gap) > 12 or "，" in gap or not _OF_NAMED.search(before):
        return None
    return whole, parts


def _part(context: Context, number: int, one: Quantity, words: str, own: str) -> Iterator[Issue]:
    """Y，占总数的p%: the part stands before it, the whole is what has the same name."""
    if one.qualifier not in ("exact", "about", "nearly"):
        return
    if own:
        yield from _named_part(context, one, own)
        return
    plain = context.plain
    near = [q for q in _before(context, number, 2) if q.unit != "%" and _is_exact(q)]
    for part in reversed(near):
        gap = plain[part.end : one.start]
        if gap.count("，") > 1 or len(gap) > 30:
            return
        wholes = _wholes(context, number, part, words)
        if not wholes:
            continue
        if not any(_fits(one, amount(part), amount(q)) for q in wholes) and not _sums_fit(
            one, part, wholes
        ):
            yield _share_issue(one, part, max(wholes, key=amount))
        return


def _sums_fit(one: Quantity, part: Quantity, wholes: Sequence[Quantity]) -> bool:
    amounts = [amount(q) for q in wholes]
    return any(
        _fits(one, amount(part), sum(amounts[k:], Decimal(0)) + more)
        for k in range(len(amounts))
        for more in (Decimal(0), amount(part))
    )


def _wholes(context: Context, number: int, part: Quantity, words: str) -> list[Quantity]:
    """Numbers of the same measure before the part that share its name, the nearest forty."""
    named = _EMPTY.sub("", words)
    sentence_start = max(context.plain.rfind(mark, 0, part.start) for mark in "。；\n") + 1
    around = context.plain[sentence_start : part.end + 10] + named
    found = []
    for q in context.quantities[max(0, number - 40) : number]:
        if (
            q.unit != part.unit
            or not _is_exact(q)
            or q.start >= part.start
            or amount(q) <= amount(part)
        ):
            continue
        if q.sentence == part.sentence or _share_words(q.subject, around):
            found.append(q)
    if named and (exact := [q for q in found if named in q.subject]):
        return exact
    return found


def _share_words(subject: str, words: str) -> bool:
    """Whether the last two characters of a name, or any three of it, stand in the words."""
    return len(subject) > 1 and (
        subject[-2:] in words or any(subject[i : i + 3] in words for i in range(len(subject) - 2))
    )


def _named_part(context: Context, one: Quantity, own: str) -> Iterator[Issue]:
    """展览参加人次占全部的p%: both numbers stand in a table, under these names."""
    parts = [q for q in context.by_subject.get(own, ()) if q.unit != "%" and _is_exact(q)]
    if len(parts) != 1:
        return
    part = parts[0]
    tail = own[-2:]
    wholes = [
        q
        for q in context.totals
        if q.subject.endswith(tail) and q.unit == part.unit and _is_exact(q)
    ]
    if len(wholes) == 1 and not _fits(one, amount(part), amount(wholes[0])):
        yield _share_issue(one, part, wholes[0])


def _share_issue(one: Quantity, part: Quantity, whole: Quantity) -> Issue:
    expected = amount(part) * 100 / amount(whole)
    params = {
        "written": one.text,
        "expected": f"{_short(expected, 1)}%",
        "part": part.text,
        "whole": whole.text,
    }
    return Issue("arithmetic", "arithmetic.share", "error", _ordered(part, whole, one), params)


# -- averages ----------------------------------------------------------------------------------


def _averages(
    context: Context, number: int, one: Quantity, lead: str, match: re.Match[str]
) -> Iterator[Issue]:
    """N期、T人次，平均每期V人次: N times V is T."""
    per = match["a"] or match["b"] or match["c"] or ""
    wanted = _SAME.get(per) or _SAME.get(per[:1]) or (per, per[:1])
    if match["a"] and match["a"][:1] not in "场期班次天月年人名户个家所册项件辆支村站批讲":
        wanted = ()
    around = _before(context, number, 6)
    ahead = context.quantities[number + 1 : number + 2]
    plain = context.plain
    if (
        ahead
        and ahead[0].sentence == one.sentence
        and re.match(r"^[^。；]{0,4}[共合总]", plain[one.end : ahead[0].start])
    ):
        around = [*around, ahead[0]]
    counts = [
        q
        for q in around
        if _is_exact(q) and (q.unit in wanted if wanted else q.dimension in ("events", "items"))
    ]
    totals = [
        q
        for q in around
        if q.value is not None and q.unit != "%" and _kin(q, one) and q not in counts
    ]
    if per in ("年",) or (match["a"] or "").startswith("年"):
        counts = [q for q in around if q.unit == "年"]
    if not counts or not totals or one.qualifier == "range" or one.value == 0:
        return
    if any(_divides(t, n, one) for t in totals for n in counts):
        return
    count = counts[-1]
    total = max(
        (t for t in totals if abs(around.index(t) - around.index(count)) <= 3),
        key=amount,
        default=None,
    )
    if (
        total is None
        or amount(total) <= amount(one)
        or amount(count) <= 1
        or total.qualifier not in ("exact", "over")
    ):
        return
    if plain[min(total.end, count.end) : max(total.start, count.start)].count("；"):
        return
    expected = amount(total) / amount(count) / scale(one)
    params = {
        "written": one.text,
        "expected": f"{_short(expected, 1)}{one.unit}",
        "total": total.text,
        "count": count.text,
    }
    yield Issue("arithmetic", "arithmetic.average", "error", _ordered(count, total, one), params)


def _divides(total: Quantity, count: Quantity, one: Quantity) -> bool:
    n = amount(count)
    if not n:
        return True

    expected = amount(total) / n / scale(one)
    value = Decimal(one.value or 0)
    slack = _rounding(one) + abs(expected) * _looseness(total)
    if one.qualifier == "exact":
        slack = max(slack, abs(expected) * Decimal("0.005"), _rounding(one))
        return abs(value - expected) <= slack
    if "about" in one.qualifier:
        return abs(value - expected) <= max(slack, abs(expected) * Decimal("0.1"))
    if "over" in one.qualifier or "at_least" in one.qualifier:
        return value - slack <= expected <= value * Decimal("1.3") + slack
    return value * Decimal("0.7") <= expected <= value + slack


# -- shared ------------------------------------------------------------------------------------


def _before(context: Context, number: int, most: int) -> list[Quantity]:
    one = context.quantities[number]
    return [
        q
        for q in context.quantities[max(0, number - most) : number]
        if q.sentence == one.sentence and q.value is not None
    ]


def _is_exact(one: Quantity) -> bool:
    return one.qualifier == "exact" and one.value is not None


def _kin(one: Quantity, other: Quantity) -> bool:
    """Whether one may be a share of the other: what may be added, and 人 beside 人次."""
    return addable(one, other) or {one.unit, other.unit} <= {"人", "人次", "名"}


def _rounding(one: Quantity) -> Decimal:
    """Half of the last place written; a unit of the last place, to let cutting pass as rounding."""
    value = Decimal(one.value or 0)
    exponent = value.normalize().as_tuple().exponent if value else 0
    place = Decimal(10) ** min(int(exponent), 0) if "." in one.text or value < 100 else Decimal(1)
    if any(c in one.text for c in "万亿") and one.dimension != "money":
        place = Decimal(10) ** int(exponent)
    return place


def _looseness(one: Quantity) -> Decimal:
    """How far a rounded number may be off, as a share of it."""
    if one.qualifier != "exact":
        return Decimal("0.1")
    if any(c in one.text for c in "万亿") and one.value:
        digits = len(Decimal(one.value).normalize().as_tuple().digits)
        return (
            Decimal("0.5")
            / (Decimal(10) ** (digits - 1))
            / max(
                Decimal(1), Decimal(str(one.text[0] if one.text[0].isdigit() else 1)) or Decimal(1)
            )
        )
    return Decimal(0)


def _fits(one: Quantity, part: Decimal, whole: Decimal) -> bool:
    if not whole:
        return False
    expected = part * 100 / whole
    slack = (
        Decimal("1.01") if one.value == int(one.value or 0) else _rounding(one) * Decimal("1.01")
    )
    if one.qualifier != "exact":
        slack = max(slack, Decimal(one.value or 0) * Decimal("0.12"))
    return abs(expected - Decimal(one.value or 0)) <= slack


def _ordered(*quantities: Quantity) -> tuple[Span, ...]:
    return tuple(q.span for q in sorted(quantities, key=lambda q: q.start))


def _short(number: Decimal, places: int) -> str:
    text = format(number.quantize(Decimal(1).scaleb(-places)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

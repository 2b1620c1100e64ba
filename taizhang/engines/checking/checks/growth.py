"""Growth: 642件，比上届的535件增长25% – is it? Times, points, and growth below nought as well."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.intervals import rounding
from taizhang.engines.checking.neighbours import Sentence, base, measure
from taizhang.engines.checking.types import Issue, Quantity, Span

_UP = r"增长|增加|提高|提升|上升|增幅|增速|涨幅|扩大|净增|多|增|升"
_DOWN = r"下降|减少|降低|降幅|压减|缩减|减幅|回落|减|降"
_CHANGE = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?P<to>到|至)?(?:了|为|达|达到|率|率为|率达)?(?:约|近)?$"
)
_CHANGED = re.compile(rf"(?:{_UP}|{_DOWN})(?:了|为|达|达到|近|约)?$")
_TO = re.compile(
    r"(?:增加|增长|提高|提升|上升|发展|扩大|扩展|增|升|下降|减少|降低|压减|缩减|降|减|变化|跃升|增至)(?:到|至|为|达到|到了)$|增至$|升至$|降至$|减至$"
)
_FROM = re.compile(r"(?:由|从)[^，。；]*$")
_THAN = re.compile(r"(?:比|较|相比|对比|与)[^，。；]*$")
_EARLIER = re.compile(
    r"(?:去年|上年|上届|上一年|前年|年初|上期|同期|原来|上半年|20[0-9]{2}年|上季度|上月|“?十[二三四]五”?末)"
)
_MEAN = re.compile(r"均|平均|每")
_YEARS = re.compile(r"((?:19|20)[0-9]{2})年")


def check(context: Context) -> Iterator[Issue]:
    """Yield growth that does not follow from the two numbers beside it.

    Codes: ``arithmetic.growth`` (another rate), ``arithmetic.growth_to`` (the new number as a share
    of the old one, taken for growth), ``arithmetic.difference``, ``arithmetic.points`` (per cent
    for percentage points), ``arithmetic.negative`` (增长-8%), ``arithmetic.fall`` (fallen by more
    than all there was).
    """
    for sentence in context.sentences:
        if sentence.is_row:
            continue
        for number, one in enumerate(sentence.quantities):
            change = _CHANGE.search(sentence.before[number])
            if change is None or one.value is None or change["to"]:
                continue
            yield from _wrong_sign(
                one, down=bool(change["down"]), named=any(c in change[0] for c in "率幅速")
            )
            if one.value > 0:
                yield from _wrong_rate(context, sentence, number, down=bool(change["down"]))


def _wrong_sign(one: Quantity, *, down: bool, named: bool) -> Iterator[Issue]:
    assert one.value is not None
    if one.value < 0 and one.unit in ("%", "百分点") and not named:
        params = {"text": one.text, "value": abs(one.value), "unit": one.unit, "down": down}
        yield Issue("arithmetic", "arithmetic.negative", "warning", (one.span,), params)
    elif down and ((one.unit == "倍" and one.value >= 1) or (one.unit == "%" and one.value > 100)):
        params = {"text": one.text, "value": one.value}
        yield Issue("arithmetic", "arithmetic.fall", "error", (one.span,), params)


def _wrong_rate(
    context: Context, sentence: Sentence, number: int, *, down: bool
) -> Iterator[Issue]:
    one = sentence.quantities[number]
    pair = _pair(context, sentence, number, down=down)
    if pair is None:
        return
    old, new, third, spans = pair
    against = new != old and (new < old) is not down
    # The words tell the direction; if the numbers go the other way something else is meant.
    if not old or (against and third is not None):
        return
    change = abs(new - old)
    params: dict[str, object] = {"old": _shown(old), "new": _shown(new), "text": one.text}
    said = Fraction(one.value or 0)
    if one.unit in ("%", "倍"):
        scale = 100 if one.unit == "%" else 1
        right = change * scale / old
        slack = _slack(one, right)
        least, most = (each * scale for each in _rates(spans, old, new))
        shares = all(each.unit == "%" for each in spans)
        as_points = shares and abs(said - change) <= Fraction(1, 20)
        if least - slack <= said <= most + slack and not (as_points and said != right):
            return
        if shares and abs(said - change) <= _slack(one, change):
            params |= {"points": _shown(change)}
            yield Issue("arithmetic", "arithmetic.points", "warning", _spans(one, spans), params)
            return
        params |= {"right": _shown(right), "unit": one.unit}
        to = new * scale / old
        code = "growth_to" if abs(said - to) <= _slack(one, to) and not down else "growth"
        yield Issue("arithmetic", f"arithmetic.{code}", "error", _spans(one, spans), params)
    elif one.unit == "百分点":
        if all(each.unit == "%" for each in spans) and abs(said - change) > _slack(one, change):
            params |= {"right": _shown(change), "unit": one.unit}
            yield Issue("arithmetic", "arithmetic.difference", "error", _spans(one, spans), params)
    elif third is None and measure(one) == measure(spans[0]):
        if not re.fullmatch(rf"[，、][了共]?(?:{_UP}|{_DOWN})了?", sentence.before[number]):
            return
        slack = sum(
            (Fraction(rounding(each.text, each.unit)) for each in (one, *spans)), Fraction()
        )
        vague = any(each.qualifier != "exact" for each in (one, *spans))
        if not vague and abs(base(one) - change) > slack:
            params |= {"right": _shown(change), "unit": measure(one)}
            yield Issue("arithmetic", "arithmetic.difference", "error", _spans(one, spans), params)


def _spans(one: Quantity, others: tuple[Quantity, ...]) -> tuple[Span, ...]:
    return tuple(each.span for each in sorted((one, *others), key=lambda each: each.start))


def _pair(
    context: Context, sentence: Sentence, number: int, *, down: bool
) -> tuple[Fraction, Fraction, Quantity | None, tuple[Quantity, ...]] | None:
    """Old and new number, what was added if only that is told, and the quantities they come from."""
    quantities, before = sentence.quantities, sentence.before
    if number == 1 and len(quantities) > 2 and _THAN.search(before[0]):
        # 较2022年的1500人增长30%，达到1800人: the new number stands behind.
        old_one, new_one = quantities[0], quantities[2]
        told = old_one.value is not None and new_one.value is not None
        if told and _NOW.search(before[2]) and measure(old_one) == measure(new_one):
            return base(old_one), base(new_one), None, (old_one, new_one)
    if number == 0:
        return _earlier_sentence(context, sentence, number)
    last = quantities[number - 1]
    if last.value is None or last.value_max is not None:
        return None
    here = before[number]
    if "；" in here:
        return None
    # 比“十三五”末增加61家，增长51.5%: the one before is the change itself.
    if _CHANGED.search(before[number - 1]) and not _TO.search(before[number - 1]) and number > 1:
        added = base(last)
        earlier = quantities[number - 2]
        if measure(earlier) == measure(last) and _THAN.search(before[number - 2]):
            # 比去年的80场增加16场，增长25%
            if earlier.value is None or "；" in before[number - 1]:
                return None
            old = base(earlier)
            return old, old - added if down else old + added, last, (earlier, last)
        whole = next(
            (
                each
                for each in reversed(quantities[max(number - 9, 0) : number - 1])
                if measure(each) == measure(last) and each.value is not None
            ),
            None,
        )
        if whole is None or one_of(before[number - 1], "；") or last.unit in ("%", "倍"):
            return None
        if not _THAN.search(before[number - 1]) and not _THAN.search(here):
            return None
        new = base(whole)
        old = new + added if down else new - added
        return (old, new, last, (last, whole)) if old > 0 else None
    if (
        number > 1
        and _NOW.search(before[number - 1])
        and _THAN.search(_until_change(before[number - 2]))
    ):
        change, new = quantities[number - 2], base(last)
        if measure(change) == measure(last) and change.value is not None and base(change) < new:
            old = new + base(change) if down else new - base(change)
            return old, new, change, (change, last)
    partner = next(
        (
            (place, each)
            for place in range(number - 2, max(number - 9, -1), -1)
            for each in (quantities[place],)
            if measure(each) == measure(last)
            and each.value is not None
            and each.value_max is None
            and (place == number - 2 or not _MEAN.search(re.split("[，、；]", before[place])[-1]))
        ),
        None,
    )
    if _THAN.search(before[number - 1]) and re.search(r"^(?:的)?[^，；]{0,12}$", here):
        if partner is None:
            return None
        return base(last), base(partner[1]), None, (last, partner[1])
    if partner is None or partner[0] != number - 2:
        return _earlier_sentence(context, sentence, number) if number == 1 else None
    first, between = partner[1], before[number - 1]
    if _TO.search(between) and ("；" not in between):
        return base(first), base(last), None, (first, last)
    if re.search(r"^（[^）]*$", between) and _EARLIER.search(between):
        return base(last), base(first), None, (last, first)
    years = [_YEARS.findall(words) for words in (before[number - 2], between)]
    if all(years) and int(years[0][-1]) > int(years[1][-1]) and "；" not in between:
        return base(last), base(first), None, (last, first)
    if all(years) and int(years[0][-1]) < int(years[1][-1]) and "；" not in between:
        return base(first), base(last), None, (first, last)
    side_by_side = len(between) <= 14 and "；" not in between and not _CHANGED.search(between)
    if side_by_side and _EARLIER.search(before[number - 2][-14:]) and not _EARLIER.search(between):
        return base(first), base(last), None, (first, last)
    return None


_NOW = re.compile(r"^，(?:总数)?(?:达到|达|增至|增加到|增加至|总数达)$")


def _until_change(words: str) -> str:
    """会员比上年增加: what stands before the verb of change; blank when there is none."""
    match = _CHANGED.search(words)
    return words[: match.start()] if match else ""


def one_of(text: str, signs: str) -> bool:
    """Whether one of the signs stands in the text."""
    return any(sign in text for sign in signs)


_YEAR_BEFORE = re.compile(
    r"(?:比|较)(?:上年|去年|(20[0-9]{2})年)(?:同期)?(?:增长|增加|提高|下降|减少)"
)
_SAME = re.compile(r"[\u4e00-\u9fff]{2,}$")


def _earlier_sentence(
    context: Context, sentence: Sentence, number: int
) -> tuple[Fraction, Fraction, Quantity | None, tuple[Quantity, ...]] | None:
    """开展活动220场，较2024年增长28.3%, where a sentence before told of 2024年…活动186场."""
    found = _YEAR_BEFORE.search(sentence.before[number])
    if found is None or not found[1] or number == 0:
        return None
    new = sentence.quantities[number - 1]
    at = bisect_left(context.sentences, sentence.start, key=lambda each: each.start)
    for earlier in context.sentences[max(0, at - 6) : at]:
        opening = context.folded[earlier.start : earlier.start + 12]
        if found[1] + "年" not in opening:
            continue
        for old in earlier.quantities:
            if old.unit == new.unit and old.value is not None and old.subject == new.subject:
                return base(old), base(new), None, (old, new)
    return None


def _slack(one: Quantity, right: Fraction) -> Fraction:
    """How far a rounded rate may be from the exact one."""
    decimals: int = (
        len(one.text.partition(".")[2].rstrip("%％倍以上左右余多个百分点"))
        if "." in one.text
        else 0
    )
    slack = Fraction(6, 10 * 10**decimals)
    if one.unit == "倍" and not decimals:
        slack = Fraction(1, 2)
    if "成" in one.text or "分之" in one.text:
        slack = max(slack, Fraction(3))
    if one.qualifier != "exact":
        slack = max(slack, abs(right) / 10, Fraction(5) if "成" in one.text else Fraction(0))
    if "over" in one.qualifier or "at_least" in one.qualifier:
        slack = max(slack, abs(right) / 4)
    return slack


def _rates(spans: tuple[Quantity, ...], old: Fraction, new: Fraction) -> tuple[Fraction, Fraction]:
    """The least and the greatest change as a share of the old, rounded numbers being what they are."""
    half = [Fraction(0), Fraction(0)]
    for each in spans:
        if each.unit == "%":
            continue
        loose = Fraction(rounding(each.text, each.unit)) / 2
        if each.qualifier != "exact":
            loose = max(loose, base(each) / 10)
        place = 0 if abs(base(each) - old) <= abs(base(each) - new) else 1
        half[place] = max(half[place], loose)
    ends = [
        abs(one / other - 1)
        for one in (new - half[1], new + half[1])
        for other in (old - half[0], old + half[0])
        if other > 0
    ]
    return (min(ends), max(ends)) if ends else (Fraction(0), Fraction(0))


def _shown(value: Fraction) -> object:
    """A number as a person would write it: whole, or with two decimals at most."""
    if value.denominator == 1:
        return int(value)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"))

"""Growth: 642件，比上届的535件增长25% – is it? Times, points, and growth below nought as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from taizhang.engines.checking.adding import amount, short
from taizhang.engines.checking.changes import DOWN, UP, is_from_to
from taizhang.engines.checking.compared import names_both
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import half_place
from taizhang.engines.checking.intervals import rounding
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.pairs import Pair, fitting_pairs, pair_of
from taizhang.engines.checking.types import Issue, Quantity, Span

_CHANGE = expression(
    rf"(?:(?P<up>{UP}|超额完成|^多[一-龥]{{2}})|(?P<down>{DOWN}|^少[一-龥]{{2}}))(?P<to>到|至)?(?:的?(?:比例|幅度))?(?:了|出|为|是|达|达到|高达|率|率为|率达|计划|目标)?(?:约|近)?$"
)
_BARE_CHANGE = expression(
    rf"(?:[，、]|的)?(?:[了共净]|同比|相比[，]?|总共|实际|[一两二三四五]年|每[亩人户]|[亩人户场]均)?(?:{UP}|{DOWN}|[多少][一-龥]{{2}})(?:了|出)?(?:约)?"
)
_JOINED = expression(r"(?:新增|新发展|发展|净增|增加|新建|新吸收|吸收)[^，。；0-9]{0,8}$")
_RATE = expression("[率度]|比[例重]|占比")
_AND = frozenset("和、及与")
_LEFT = expression(r"退|注销|减|除名|流失|撤销|合并")
_HALF = Decimal("0.6")
_ROUNDED = Decimal("0.02")


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
            if number > 1 and is_from_to(sentence, number):
                yield from _newcomers(context, sentence, number)
            change = _CHANGE.search(_verb(sentence, number))
            if change is None or one.value is None:
                continue
            if change["to"]:
                yield from _grown_to(sentence, number)
                continue
            yield from _wrong_sign(
                one, down=bool(change["down"]), named=any(c in change[0] for c in "率幅速")
            )
            if one.value > 0:
                yield from _wrong_change(context, sentence, number, down=bool(change["down"]))


def _verb(sentence: Sentence, number: int) -> str:
    """The words before a change; 分别增长20%和25%: the second of two has those of the first."""
    words = sentence.before[number]
    shared = number and words in _AND and "分别" in sentence.before[number - 1]
    return sentence.before[number - 1] if shared else words


def _wrong_sign(one: Quantity, *, down: bool, named: bool) -> Iterator[Issue]:
    assert one.value is not None
    if one.value < 0 and one.unit in ("%", "百分点") and not named:
        params = {"text": one.text, "value": abs(one.value), "unit": one.unit, "down": down}
        yield Issue("arithmetic", "arithmetic.negative", "warning", (one.span,), params)
    elif down and ((one.unit == "倍" and one.value >= 1) or (one.unit == "%" and one.value > 100)):
        params = {"text": one.text, "value": one.value}
        yield Issue("arithmetic", "arithmetic.fall", "error", (one.span,), params)


def _wrong_change(
    context: Context, sentence: Sentence, number: int, *, down: bool
) -> Iterator[Issue]:
    one = sentence.quantities[number]
    pair = pair_of(context, sentence, number, down=down)
    if pair is None or pair.old <= 0:
        return
    against = pair.new != pair.old and (pair.new < pair.old) is not down
    # The words tell the direction; if the numbers go the other way something else is meant,
    # unless the words say as surely which number is the old one.
    if against and pair.added is not None:
        return
    words = sentence.before[number]
    issue = _judge(one, pair, words, down=down)
    if issue is None and against and pair.sure and _BARE_CHANGE.fullmatch(words):
        issue = _wrong_way(one, pair)
    if issue is not None and not _fits_others(sentence, number, pair, down=down):
        yield issue


def _judge(one: Quantity, pair: Pair, words: str, *, down: bool) -> Issue | None:
    """What is wrong with a change of these two numbers."""
    shares = all(each.unit == "%" for each in pair.told)
    change = abs(pair.new - pair.old)
    if one.unit in ("%", "倍"):
        return _wrong_rate(one, pair, shares=shares, down=down)
    if one.unit == "百分点" and shares:
        off = abs(Decimal(one.value or 0) - change) > _slack(one, change)
        return _issue("difference", one, pair, change, one.unit) if off else None
    if one.unit == "百分点" and not _RATE.search(words):
        # Only of shares there are points: 由4万人次上升到5万人次 is a rise by per cent.
        return _issue("growth", one, pair, change * 100 / pair.old, "%")
    alike = pair.added is None and measure(one) == measure(pair.told[0])
    if alike and (_BARE_CHANGE.fullmatch(words) or names_both(words)):
        return _wrong_difference(one, pair)
    return None


def _fits_others(sentence: Sentence, number: int, pair: Pair, *, down: bool) -> bool:
    """Whether two other numbers near by make the change right, and so may be meant."""
    one = sentence.quantities[number]
    if one.qualifier != "exact" or (one.unit == "百分点" and pair.told[0].unit != "%"):
        return False
    return any(
        other.told[1] != pair.told[0]  # what grew to the old number is another change
        and (other.new < other.old) is down
        and measure(other.told[0]) == measure(pair.told[0])
        and _judge(one, other, sentence.before[number], down=down) is None
        for other in fitting_pairs(sentence, number, pair)
    )


def _grown_to(sentence: Sentence, number: int) -> Iterator[Issue]:
    """由1800斤提高到2250斤，增长到25%: by so much, and not to it."""
    one, ones = sentence.quantities[number], sentence.quantities
    if number < 2 or one.unit != "%" or not is_from_to(sentence, number - 1):
        return
    old, new = ones[number - 2], ones[number - 1]
    if measure(old) != measure(new) or old.unit == "%" or amount(old) <= 0:
        return
    pair = Pair(amount(old), amount(new), (old, new))
    right = abs(pair.new - pair.old) * 100 / pair.old
    if abs(right - Decimal(one.value or 0)) <= _slack(one, right):
        yield _issue("growth_to", one, pair, right, "%")


def _wrong_way(one: Quantity, pair: Pair) -> Issue:
    """38亿元，比上年40亿元增长5%: so much, but the other way."""
    change = pair.new - pair.old
    if one.unit == "%" and pair.told[0].unit != "%":
        return _issue("growth", one, pair, change * 100 / pair.old, "%")
    return _issue("difference", one, pair, change, measure(one))


def _wrong_rate(one: Quantity, pair: Pair, *, shares: bool, down: bool) -> Issue | None:
    said, scale = Decimal(one.value or 0), Decimal(100 if one.unit == "%" else 1)
    change = abs(pair.new - pair.old)
    right = change * scale / pair.old
    slack = _slack(one, right)
    least, most = _rates(pair)
    as_points = shares and abs(said - change) <= Decimal("0.05")
    if least * scale - slack <= said <= most * scale + slack and not (as_points and said != right):
        return None
    if shares and abs(said - change) <= _slack(one, change):
        params = {"old": _shown(pair.old), "new": _shown(pair.new), "text": one.text}
        params["points"] = _shown(change)
        return Issue("arithmetic", "arithmetic.points", "warning", _spans(one, pair.told), params)
    to = pair.new * scale / pair.old
    code = "growth_to" if abs(said - to) <= _slack(one, to) and not down else "growth"
    return _issue(code, one, pair, right, one.unit)


def _wrong_difference(one: Quantity, pair: Pair) -> Issue | None:
    everything = (one, *pair.told)
    slack = sum((rounding(each.text, each.unit) for each in everything), Decimal(0)) / 2
    change = abs(pair.new - pair.old)
    exact = all(each.qualifier == "exact" for each in everything)
    off = exact and amount(one) != change and abs(amount(one) - change) >= slack
    return _issue("difference", one, pair, change, measure(one)) if off else None


def _newcomers(context: Context, sentence: Sentence, number: int) -> Iterator[Issue]:
    """发展会员80名，会员总数由420名增至510名: more came than were taken in."""
    joined, old, new = sentence.quantities[number - 2 : number + 1]
    between = sentence.before[number - 1]
    everything = (joined, old, new)
    if any(each.qualifier != "exact" or measure(each) != measure(new) for each in everything):
        return
    told = _JOINED.search(sentence.before[number - 2]) and re.search(r"[由从][^，。；]*$", between)
    if not told or len(between) > 16 or _LEFT.search(context.plain, sentence.start, sentence.end):
        return
    pair = Pair(amount(old), amount(new), (old, new))
    if pair.new - pair.old > amount(joined):
        yield _issue("difference", joined, pair, pair.new - pair.old, measure(joined))


def _issue(code: str, one: Quantity, pair: Pair, right: Decimal, unit: str) -> Issue:
    params = {
        "old": _shown(pair.old),
        "new": _shown(pair.new),
        "text": one.text,
        "right": _shown(right),
        "unit": unit,
    }
    return Issue("arithmetic", f"arithmetic.{code}", "error", _spans(one, pair.told), params)


def _spans(one: Quantity, others: tuple[Quantity, ...]) -> tuple[Span, ...]:
    return tuple(each.span for each in sorted((one, *others), key=lambda each: each.start))


def _slack(one: Quantity, right: Decimal) -> Decimal:
    """How far a rounded rate may be from the exact one."""
    decimals = 0
    if "." in one.text:
        decimals = len(one.text.partition(".")[2].rstrip("%％倍以上左右余多个百分点"))
    slack = _HALF.scaleb(-decimals)
    if one.unit == "倍" and not decimals:
        slack = Decimal("0.5")
    if "成" in one.text or "分之" in one.text:
        slack = max(slack, Decimal(3))
    if one.qualifier != "exact":
        slack = max(slack, abs(right) / 10, Decimal(5 if "成" in one.text else 0))
    if "over" in one.qualifier or "at_least" in one.qualifier:
        slack = max(slack, abs(right) / 4)
    return slack


def _rates(pair: Pair) -> tuple[Decimal, Decimal]:
    """The least and the greatest change as a share of the old, rounded numbers being what they are."""
    change, old = abs(pair.new - pair.old), pair.old
    if pair.added is not None:
        off, base = map(_loose, pair.told)
        return (change - off) / (old + base), (change + off) / max(old - base, base)
    olds, news = map(_loose, pair.told)
    if olds and news and all(each.qualifier == "exact" for each in pair.told):
        # 36.8万人次 beside 32万人次: who writes one to a tenth would not round the other to whole ones.
        olds = news = min(olds, news)
    ends = [
        abs(new / other - 1)
        for new in (pair.new - news, pair.new + news)
        for other in (old - olds, old + olds)
        if other > 0
    ]
    return (min(ends), max(ends)) if ends else (Decimal(0), Decimal(0))


def _loose(one: Quantity) -> Decimal:
    """How far a number may be off the one that a rate was worked out from."""
    if one.unit == "%":
        return Decimal(0)
    if one.qualifier != "exact":
        return amount(one) / 10
    # 5万人次 may be 4.6万, but who works out a rate from it takes it for what it says.
    return min(half_place(one), amount(one) * _ROUNDED)


def _shown(value: Decimal) -> object:
    """A number as a person would write it: whole, or with one decimal."""
    if value == value.to_integral_value():
        return int(value)
    return Decimal(short(value.quantize(Decimal("0.1"))))

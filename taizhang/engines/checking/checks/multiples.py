"""Multiples: 是上年10万次的3倍, 由10万次增至40万次，翻了一番, 不到上年3.2万份的一半."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from taizhang.engines.checking.adding import amount, short
from taizhang.engines.checking.changes import is_from_to
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.types import Issue, Quantity, Span

_EARLIER = r"(?:上学年|上学期|去年|上年|上届|上一年|上一届|前年|上期|原来|年初|上半年|上季度|[一二两三四五六七八九十]年前|20[0-9]{2}年)"
_IS = r"(?:约|已|正好|即)?(?:是|为|相当于|达到?)"
_OF = expression(rf"{_IS}[^，。；0-9]{{1,12}}$|{_IS}{_EARLIER}[^，。；]{{0,8}}?$")
_IS_OF = expression(
    rf"(?:^|[，、])[^，、]{{0,8}}?{_IS}(?P<then>{_EARLIER})[^，。；0-9]{{0,6}}的(?:近|约)?$"
)
_NOW = expression(r"^，(?:总数)?(?:达到|达)$")
_DOUBLED = expression(r"^[，、][^，。；]{0,4}翻(?:了)?(?P<times>[一两二三四]?)番")
_OLD_BEHIND = expression(rf"番[，（]{_EARLIER}(?:同期)?(?:为|是|仅为|仅)?$")
_OLD_BEFORE = expression(rf"{_EARLIER}[^，。；]{{0,8}}$")
_DOUBLINGS = {"": 1, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
_LEAST, _MOST = Decimal("0.9"), Decimal("1.15")
_HALF_OF = expression(
    r"(?:(?P<less>不到|不足)|(?P<more>超过)|是|为|占|达到?|相当于|只有|仅)[^，。；]{0,14}$"
)
_HALF, _ABOUT = Decimal("0.5"), Decimal("0.06")
_BACK = 4


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.multiple`` where the new number is not so many times the old one."""
    for sentence in context.sentences:
        if sentence.is_row:
            continue
        for number, one in enumerate(sentence.quantities):
            if one.unit == "倍" and one.qualifier == "exact" and one.value:
                yield from _times(sentence, number)
            behind = sentence.behind(number)
            if "番" in behind:
                yield from _doubled(context, sentence, number)
            if number > 1 and one.text.endswith("一半") and sentence.before[number] == "的":
                yield from _half(sentence, number)


def _times(sentence: Sentence, number: int) -> Iterator[Issue]:
    """An issue where none of the numbers that may be meant is so many times its old one."""
    one = sentence.quantities[number]
    slack = Decimal("0.06") if "." in one.text else Decimal("0.4")
    pairs = [
        (old, new, amount(new) / amount(old))
        for old, new in _olds_and_news(sentence, number)
        if _comparable(old, new)
    ]
    if pairs and all(abs(ratio - Decimal(one.value or 0)) > slack for *_both, ratio in pairs):
        old, new, ratio = pairs[0]
        yield _issue(old, new, ratio, one.span, one.text)


def _olds_and_news(sentence: Sentence, number: int) -> Iterator[tuple[Quantity, Quantity]]:
    """What may be compared, the likeliest first."""
    ones, before = sentence.quantities, sentence.before
    behind = ones[number + 1] if number + 1 < len(ones) else None
    earlier = ones[max(0, number - _BACK) : number]
    if number and before[number] in ("的", "）的") and _OF.search(before[number - 1]):
        # 126万次，是去年42万次的3倍; 是上届642件的2倍，达到1284件
        yield from ((earlier[-1], new) for new in reversed(earlier[:-1]))
        if behind and _NOW.match(before[number + 1]):
            yield earlier[-1], behind
    elif told := _IS_OF.search(before[number]):
        if number > 1 and is_from_to(sentence, number - 1):
            yield ones[number - 2], ones[number - 1]
        if (
            number + 2 < len(ones)
            and before[number + 1].startswith(("，由", "，从"))
            and is_from_to(sentence, number + 2)
        ):
            yield ones[number + 1], ones[number + 2]
        if number > 1 and told["then"] in before[number - 1]:
            # 1120万元，上年是320万元，今年相当于上年的3.5倍
            yield ones[number - 1], ones[number - 2]
        if number > 1 and told["then"] in before[number - 2]:
            # 上半年12万人次，下半年18万人次，下半年是上半年的1.5倍
            yield ones[number - 2], ones[number - 1]
        words = before[number + 1] if behind else ""
        if behind and words.startswith("（") and "）" not in words:
            # 61.6万人次，是2022年的2.2倍（2022年接待28万人次）
            yield from (
                (behind, new) for new in reversed(earlier) if not new.subject.startswith("日均")
            )


def _doubled(context: Context, sentence: Sentence, number: int) -> Iterator[Issue]:
    behind, new = sentence.behind(number), sentence.quantities[number]
    match = _DOUBLED.match(behind)
    old = _old_of(sentence, number)
    if match is None or old is None or not _comparable(old, new):
        return
    ratio, said = amount(new) / amount(old), Decimal(2 ** _DOUBLINGS[match["times"]])
    if not said * _LEAST <= ratio <= said * _MOST:
        end = new.end + match.end()
        start = new.end + behind.index("翻")
        yield _issue(old, new, ratio, Span(start, end), context.plain[start:end])


def _old_of(sentence: Sentence, number: int) -> Quantity | None:
    """由10万次增至20万次，翻了一番; 上年10万次，今年20万次，翻了一番; 20万次，翻了一番，上年为10万次."""
    if number and is_from_to(sentence, number):
        return sentence.quantities[number - 1]
    if _OLD_BEHIND.search(sentence.behind(number)) and number + 1 < len(sentence.quantities):
        return sentence.quantities[number + 1]
    told = number and _OLD_BEFORE.search(sentence.before[number - 1])
    return sentence.quantities[number - 1] if told else None


def _half(sentence: Sentence, number: int) -> Iterator[Issue]:
    """2.4万份，不到去年同期3.2万份的一半: nearer to the whole than to half of it."""
    verb = _HALF_OF.search(sentence.before[number - 1])
    new, old, half = sentence.quantities[number - 2 : number + 1]
    if verb is None or not _comparable(old, new):
        return
    ratio = amount(new) / amount(old)
    above, below = ratio > _HALF + _ABOUT, ratio < _HALF - _ABOUT
    if (above and not verb["more"]) or (below and not verb["less"]):
        yield _issue(old, new, ratio, half.span, half.text)


def _comparable(old: Quantity, new: Quantity) -> bool:
    exact = old.qualifier == new.qualifier == "exact"
    return exact and measure(old) == measure(new) and amount(old) > 0


def _issue(old: Quantity, new: Quantity, ratio: Decimal, place: Span, text: str) -> Issue:
    params = {"old": old.text, "new": new.text, "text": text}
    params["right"] = short(ratio.quantize(Decimal("0.01" if ratio < 1 else "0.1")))
    spans = sorted((old.span, new.span, place), key=lambda span: span.start)
    return Issue("arithmetic", "arithmetic.multiple", "error", tuple(spans), params)

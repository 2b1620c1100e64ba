"""Multiples: 是上年10万次的3倍, 由10万次增至40万次，翻了一番."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from taizhang.engines.checking.adding import amount, short
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.pairs import is_from_to
from taizhang.engines.checking.types import Issue, Quantity, Span

_EARLIER = r"(?:去年|上年|上届|上一年|前年|上期|原来|年初|20[0-9]{2}年)"
_OF = re.compile(rf"[，、](?:约|已|正好)?(?:是|为|相当于|达到?){_EARLIER}[^，。；]{{0,8}}?$")
_IS_OF = re.compile(
    rf"[，、](?:约|已|正好)?(?:是|为|相当于|达到?){_EARLIER}[^，。；0-9]{{0,6}}的(?:近|约)?$"
)
_DOUBLED = re.compile(r"^[，、][^，。；]{0,4}翻(?:了)?(?P<times>[一两二三四]?)番")
_DOUBLINGS = {"": 1, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
_LOOSE = Decimal("0.15")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.multiple`` where the new number is not so many times the old one."""
    for sentence in context.sentences:
        if sentence.is_row:
            continue
        for number, one in enumerate(sentence.quantities):
            if one.unit == "倍" and number > 1 and one.qualifier == "exact":
                yield from _times(sentence, number)
            if one.unit == "倍" and number and one.qualifier == "exact":
                yield from _told_behind(sentence, number)
            if number and "翻" in sentence.behind(number):
                yield from _doubled(context, sentence, number)


def _times(sentence: Sentence, number: int) -> Iterator[Issue]:
    one, last, first = sentence.quantities[number], *sentence.quantities[number - 2 : number][::-1]
    words = sentence.before[number]
    of_last = words == "的" and _OF.search(sentence.before[number - 1])
    of_first = _IS_OF.search(words) and is_from_to(sentence, number - 1)
    if of_last:
        old, new = last, first
    elif of_first:
        old, new = first, last
    else:
        return
    if not _comparable(old, new) or one.value is None:
        return
    ratio = amount(new) / amount(old)
    slack = Decimal("0.06") if "." in one.text else Decimal("0.5")
    if abs(ratio - Decimal(one.value)) > slack:
        yield _issue(old, new, ratio, one.span, one.text)


def _told_behind(sentence: Sentence, number: int) -> Iterator[Issue]:
    """接待61.6万人次，是2022年的2.2倍（2022年接待28万人次）: the old number stands behind, in brackets."""
    one, told = sentence.quantities[number], sentence.before[number]
    if number + 1 >= len(sentence.quantities) or not _IS_OF.search(told):
        return
    words = sentence.before[number + 1]
    if not words.startswith("（") or not re.search(_EARLIER, words) or "）" in words:
        return
    old = sentence.quantities[number + 1]
    for new in sentence.quantities[max(0, number - 3) : number]:
        if _comparable(old, new) and new.subject[:2] != "日均" and one.value is not None:
            ratio = amount(new) / amount(old)
            slack = Decimal("0.06") if "." in one.text else Decimal("0.5")
            if abs(ratio - Decimal(one.value)) > slack:
                yield _issue(old, new, ratio, one.span, one.text)
            return


def _doubled(context: Context, sentence: Sentence, number: int) -> Iterator[Issue]:
    behind = sentence.behind(number)
    match = _DOUBLED.match(behind)
    first, last = sentence.quantities[number - 1], sentence.quantities[number]
    if match is None or not is_from_to(sentence, number) or not _comparable(first, last):
        return
    ratio, said = amount(last) / amount(first), Decimal(2 ** _DOUBLINGS[match["times"]])
    if abs(ratio - said) / said > _LOOSE:
        end = last.end + match.end()
        start = last.end + behind.index("翻")
        yield _issue(first, last, ratio, Span(start, end), context.plain[start:end])


def _comparable(old: Quantity, new: Quantity) -> bool:
    exact = old.qualifier == new.qualifier == "exact"
    return exact and measure(old) == measure(new) and amount(old) > 0


def _issue(old: Quantity, new: Quantity, ratio: Decimal, place: Span, text: str) -> Issue:
    params = {"old": old.text, "new": new.text, "text": text}
    params["right"] = short(ratio.quantize(Decimal("0.1")))
    spans = sorted((old.span, new.span, place), key=lambda span: span.start)
    return Issue("arithmetic", "arithmetic.multiple", "error", tuple(spans), params)

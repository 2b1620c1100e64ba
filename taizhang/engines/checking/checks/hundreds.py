"""Shares of one whole that come to more than all of it: 男性占60%，女性占45%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import short
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.families import family_of
from taizhang.engines.checking.fitting import ordered
from taizhang.engines.checking.neighbours import Sentence
from taizhang.engines.checking.types import Issue, Quantity

_LABEL = expression(
    r"^[，、；：和及]?(?:其中|分别)?[：，]?(?P<label>[^，、；：%]{1,12}?)(?:所)?(?:的)?(?:占|占比|比例|比重)*"
    r"(?:参[^，、]{1,4}的)?(?:达到|达|为|约|近|是)*$"
)
_TURNOUT = expression(
    r"(?:比例|占比|比重|率)[^，、]{0,2}(?:提高|提升|增加|下降)|增长|增加|下降|率|与上|比[上全]|较|^[和及、]$"
)
_SEVERAL = expression(r"多选|渠道|途径|希望|认为|需求|通过|了解|喜欢|感兴趣|愿意")
_QUALITY = expression(
    r"[女男]|党员|民族|青年|职称|正高|副高|高级|中级|学历|本科|大专|硕士|博士|研究生|以上|以下|岁|骨干|"
    r"退休|残疾|留学|海外|优秀"
)
_ALL, _SLACK = Decimal(100), Decimal("1.01")
_MOST = Decimal(130)
_NEAR = Decimal(30)
"""Shares that are not called so come to about all: 男性7.7%，女性6.1% are rates of two circles."""


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.hundred`` for shares that cannot be parts of one whole, or leave some out."""
    for sentence in context.sentences:
        if not sentence.is_row and sum(one.unit == "%" for one in sentence.quantities) > 1:
            for run in _runs(sentence):
                shares = [sentence.quantities[n] for n in run]
                told = any("占" in sentence.before[n] or "比" in sentence.before[n] for n in run)
                if told or _ALL - _NEAR < _total(shares) < _ALL + _NEAR:
                    yield from _judge(shares, _labels(sentence, run))


def _runs(sentence: Sentence) -> Iterator[list[int]]:
    """Neighbouring exact shares, each with its own label before it."""
    run: list[int] = []
    for number, one in enumerate(sentence.quantities):
        told = one.unit == "%" and one.qualifier == "exact" and bool(_label(sentence, number))
        if told and (not run or (run[-1] == number - 1 and _goes_on(sentence, run, number))):
            run.append(number)
            continue
        if len(run) > 1:
            yield run
        run = [number] if told else []
    if len(run) > 1:
        yield run


def _goes_on(sentence: Sentence, run: Sequence[int], number: int) -> bool:
    """甲占60%；乙占40% is a list; behind 甲占60%、乙占40% a semicolon begins another."""
    return len(run) == 1 or ("；" in sentence.before[number]) is ("；" in sentence.before[run[-1]])


def _label(sentence: Sentence, number: int) -> str:
    words = sentence.before[number]
    if number == 0 or len(words) > 20:
        words = re.split(r"[，、；：]", words)[-1]
    match = _LABEL.match(words)
    return "" if match is None or _TURNOUT.search(words) else match["label"]


def _labels(sentence: Sentence, run: Sequence[int]) -> list[str]:
    return [_label(sentence, number) for number in run]


def _judge(shares: Sequence[Quantity], labels: Sequence[str]) -> Iterator[Issue]:
    total = _total(shares)
    family = family_of(labels)
    if family is None and not _distinct(labels):
        return
    wrong = _ALL + _SLACK < total <= _MOST
    if family is not None and family.name == "place":
        return  # the rates of town and country are of two circles
    if family is not None and family.complete:
        wrong = abs(total - _ALL) > _SLACK
    if wrong:
        params = {"parts": [one.text for one in shares], "total": f"{short(total)}%"}
        yield Issue("arithmetic", "arithmetic.hundred", "error", ordered(shares), params)


def _total(shares: Sequence[Quantity]) -> Decimal:
    return sum((Decimal(one.value or 0) for one in shares), Decimal(0))


def _distinct(labels: Sequence[str]) -> bool:
    """Three or more names of which none is a quality that the others may have too."""
    if len(labels) < 3 or len(set(labels)) < len(labels):
        return False
    return not any(_QUALITY.search(label) or _SEVERAL.search(label) for label in labels)

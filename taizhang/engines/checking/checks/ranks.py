"""One rank told with two numbers: 科学素质水平位居全市第4位 … 科学素质水平虽居全市第3位."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from taizhang.engines.checking import numerals
from taizhang.engines.checking.bigrams import pairs_of
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.mentions import is_of_another_year
from taizhang.engines.checking.types import Issue, Number, Span

_RANK = expression(
    r"(?:居|列|位于|排名?|名列|升[到至]|降[到至]|跃居|跃升至)[^，。；\n0-9第由从]{0,14}"
    r"(?P<rank>第(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})[位名])"
)
_CIRCLE = expression(r"全[国省市县区旗州盟]")
_LEAD, _WORDS, _MOST = 50, 4, 24
_BEFORE = 12


class _Rank(NamedTuple):
    """A rank, where it stands, in which circle it is held and the words that lead to it."""

    place: re.Match[str]
    number: Number
    circle: str
    words: frozenset[str]


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values`` where the same words in the same circle tell another rank."""
    told: list[_Rank] = []
    for match in _RANK.finditer(context.folded):
        rank = _read(context, match)
        if rank is None:
            continue
        for other in told[-_MOST:]:
            alike = len(rank.words & other.words) >= _WORDS and rank.circle == other.circle
            first, second = other.place, match
            apart = re.search("[。\n]", context.folded[first.end() : second.start()])
            if alike and apart and rank.number != other.number:
                subject = context.plain[first.start() : first.start("rank")]
                params = {"subject": subject, "text": first["rank"], "other": second["rank"]}
                spans = (Span(*first.span("rank")), Span(*second.span("rank")))
                yield Issue("conflict", "conflict.values", "error", spans, params)
                break
        told.append(rank)


def _read(context: Context, match: re.Match[str]) -> _Rank | None:
    """The rank of the report's own year; None for one of another."""
    text = context.folded
    begin = max(
        match.start() - _LEAD, 1 + max(text.rfind(sign, 0, match.start()) for sign in "。；\n")
    )
    # 由上年的第7位升到第4位: what comes before another rank is of that one.
    lead = text[max(begin, match.start() - _BEFORE) : match.start()].rpartition("位")[2]
    if is_of_another_year(context, lead):
        return None
    number = numerals.read(match["number"])
    circles = _CIRCLE.findall(text, begin, match.end())
    if number is None or not circles:
        return None
    return _Rank(match, number, circles[-1], pairs_of(text[begin : match.start()]))

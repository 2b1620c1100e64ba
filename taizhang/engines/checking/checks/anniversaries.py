"""Years since a founding: 成立于1998年，至今已有25年; 建于2003年 … 2023年迎来建馆20周年."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.engines.checking import numerals
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue, Span

_MANY = r"(?P<many>[0-9]{1,3}|[一二三四五六七八九十百]{1,4})"
_SINCE = re.compile(
    rf"(?:成立|始建|创建|创办|建成|组建|建|开馆)于(?P<from>(?:19|20)[0-9]{{2}})年(?:[0-9]{{1,2}}月)?，?(?:至今|距今|迄今|已)[^，。；0-9]{{0,6}}?{_MANY}(?P<unit>年)(?!代)"
)
_FOUNDED = re.compile(r"(?:成立|始建|创建|创办|建成|组建|建|开馆)于(?P<from>(?:19|20)[0-9]{2})年")
_ANNIVERSARY = re.compile(
    rf"(?P<year>(?:19|20)[0-9]{{2}})年(?:是|迎来|恰逢|适逢)[^，。；0-9]{{0,8}}(?:成立|建馆|建会|创办|开馆|建校){_MANY}(?P<unit>周年)"
)
_BEGAN = r"(?:成立|创办|创刊|创建|组建|建会|建馆|建成|开馆|开放|落成)"
_SINCE_THEN = re.compile(
    rf"(?P<from>(?:19|20)[0-9]{{2}})年(?:[0-9]{{1,2}}月)?{_BEGAN}[^。；\n]{{0,24}}?(?:至今|今年)"
    rf"[^。；，\n0-9]{{0,10}}?(?P<sure>恰好|正好|整整|{_BEGAN})?[^。；，\n0-9]{{0,4}}?{_MANY}(?P<unit>周?年)(?!代|度)"
)
_EVERY_YEAR = re.compile(
    rf"(?P<from>(?:19|20)[0-9]{{2}})年(?:首届|第一届|首次)[^。；\n]{{0,16}}?(?:每年|一年)[^。；\n]{{0,24}}?第{_MANY}(?P<unit>届)"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.years_since`` where the years do not come to what is told."""
    text = context.folded
    year = context.year
    for match in _SINCE.finditer(text):
        if year is not None:
            yield from _judge(match, year - int(match["from"]))
    for match in _SINCE_THEN.finditer(text):
        if year is not None:
            yield from _judge(
                match, year - int(match["from"]), exact=bool(match["sure"]) or match["unit"] != "年"
            )
    for match in _EVERY_YEAR.finditer(text):
        if year is not None:
            yield from _judge(match, year - int(match["from"]) + 1, exact=True)
    founded = {match["from"] for match in _FOUNDED.finditer(text)}
    if len(founded) == 1:
        begin = int(founded.pop())
        for match in _ANNIVERSARY.finditer(text):
            yield from _judge(match, int(match["year"]) - begin)


def _judge(match: re.Match[str], right: int, *, exact: bool = False) -> Iterator[Issue]:
    told = numerals.read(match["many"])
    # The year of the founding may count, and 余 may stand for the rest; an anniversary is one.
    slack = 0 if exact else 1
    if told is not None and right > 0 and abs(int(told) - right) > slack:
        unit = match["unit"]
        params = {"text": match[0], "right": f"{right}{unit}"}
        span = (Span(*match.span()),)
        yield Issue("date_or_year", "date_or_year.years_since", "warning", span, params)

"""Years that have a name: “十四五”时期（2020—2024年）, 2025年是“十四五”开局之年, 2022—2023学年秋季学期 in autumn 2023."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.times import Moment
from taizhang.engines.checking.types import Issue, Span

_FIRST_YEARS = {"十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}
_WHICH = expression(
    r"(?:今年|(?P<year>(?:19|20)[0-9]{2})年)是[^，。；\n]{0,4}“?(?P<plan>十[一二三四五])五”?(?:规划|时期)?的?(?P<which>开局|起步|收官|决胜)之年"
)
_SPAN = expression(
    r"“?(?P<plan>十[一二三四五])五”?(?:时期|期间|以来|规划期?)?[（(，]?(?P<from>(?:19|20)[0-9]{2})年?\s?(?:[-—–~～至到]{1,2})\s?(?P<to>(?:19|20)[0-9]{2})年"
)
_SCHOOL_YEAR = expression(
    r"(?P<from>(?:19|20)[0-9]{2})(?:年?\s?[-—–~～至/]{1,2}\s?)(?P<to>(?:19|20)[0-9]{2})学?年?(?<=学年)度?"
    r"(?P<term>秋季|春季|第一|第二|上|下)?(?:学期)?"
)
_TERM = expression(r"(?P<year>(?:19|20)[0-9]{2})年(?P<term>[秋春])季?学期")
_BEGINS = expression(r"[（(](?P<year>(?:19|20)[0-9]{2})年[89]月")
_AUTUMN = frozenset({"秋季", "第一", "上"})
_NEAR = 30
_SAME = expression(r"[^。；\n]{0,16}")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.named_years``."""
    text = context.folded
    for match in _WHICH.finditer(text):
        year = int(match["year"] or context.year or 0)
        begin = _FIRST_YEARS[match["plan"]]
        right = begin + (0 if match["which"] in ("开局", "起步") else 4)
        if year and year != right:
            yield _issue(
                match.span(), match[0], f"“{match['plan']}五”{match['which']}之年", f"{right}年"
            )
    for match in _SPAN.finditer(text):
        begin = _FIRST_YEARS[match["plan"]]
        # Since a plan began may be longer than the plan.
        end = begin + 4 if "以来" not in match[0] else int(match["to"])
        if not begin <= int(match["from"]) <= int(match["to"]) <= end:
            yield _issue(match.span(), match[0], f"“{match['plan']}五”", f"{begin}—{begin + 4}年")
    for match in _SCHOOL_YEAR.finditer(text):
        yield from _school_year(context, match)


def _school_year(context: Context, match: re.Match[str]) -> Iterator[Issue]:
    """A school year is of two years one after the other; its autumn is in the first."""
    first, last = int(match["from"]), int(match["to"])
    text, moments = context.folded, context.moments
    if not match["term"]:
        # 2023—2024学年（2024年9月至2025年6月）: the autumn of its first year.
        begins = _BEGINS.match(text, match.end())
        if begins and int(begins["year"]) != first:
            span = (match.start(), begins.end())
            yield _school_issue(span, match, int(begins["year"]), autumn=True)
        return
    autumn = match["term"] in _AUTUMN
    begin, start = max(0, match.start() - _NEAR), attrgetter("start")
    near = moments[
        bisect_left(moments, begin, key=start) : bisect_left(moments, match.start(), key=start)
    ]
    told = [
        (one.start, one.end, one.year)
        for one in near
        if one.own and one.end <= match.start() and _is_in_term(one, autumn=autumn)
    ]
    told += [
        (term.start(), term.end(), int(term["year"]))
        for term in _TERM.finditer(text, begin, match.start())
        if (term["term"] == "秋") == autumn
    ]
    for place, end, year in told:
        if year != (first if autumn else last) and _SAME.fullmatch(text, end, match.start()):
            yield _school_issue((place, match.end()), match, year, autumn=autumn)
            return


def _is_in_term(moment: Moment, *, autumn: bool) -> bool:
    """Whether a time can only lie in the term that begins in autumn, or in the other."""
    first, last = moment.first.month, moment.last.month
    if first is None or last is None:
        return False
    return min(first, last) >= 8 if autumn else 2 <= first <= 8 and 2 <= last <= 8


def _school_issue(span: tuple[int, int], match: re.Match[str], year: int, *, autumn: bool) -> Issue:
    right = f"{year}—{year + 1}学年" if autumn else f"{year - 1}—{year}学年"
    season = "秋季" if autumn else "春季"
    return _issue(span, match[0], f"{year}年{season}学期", right)


def _issue(span: tuple[int, int], text: str, what: str, right: str) -> Issue:
    params: dict[str, object] = {"text": text, "what": what, "right": right}
    return Issue("date_or_year", "date_or_year.named_years", "warning", (Span(*span),), params)

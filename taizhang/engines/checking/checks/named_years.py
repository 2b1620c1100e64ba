"""Years that have a name: “十四五”时期（2020—2024年）, 2025年是“十四五”开局之年, 2022—2023学年秋季学期 in autumn 2023."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue, Span

_FIRST_YEARS = {"十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}
_WHICH = re.compile(
    r"(?:今年|(?P<year>(?:19|20)[0-9]{2})年)是[^，。；\n]{0,4}“?(?P<plan>十[一二三四五])五”?(?:规划|时期)?的?(?P<which>开局|起步|收官|决胜)之年"
)
_SPAN = re.compile(
    r"“?(?P<plan>十[一二三四五])五”?(?:时期|期间|以来|规划期?)?[（(，]?(?P<from>(?:19|20)[0-9]{2})年?\s?(?:[-—–~～至到]{1,2})\s?(?P<to>(?:19|20)[0-9]{2})年"
)
_SCHOOL_YEAR = re.compile(
    r"(?P<from>(?:19|20)[0-9]{2})(?:年?\s?[-—–~～至/]{1,2}\s?)(?P<to>(?:19|20)[0-9]{2})学?年?(?<=学年)度?"
    r"(?P<term>秋季|春季|第一|第二|上|下)?(?:学期)?"
)
_TERM = re.compile(r"(?P<year>(?:19|20)[0-9]{2})年(?P<term>[秋春])季?学期")
_AUTUMN = frozenset({"秋季", "第一", "上"})
_NEAR = 30
_SAME = re.compile(r"[^。；\n]{0,16}")


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
    if not match["term"]:
        return
    text = context.folded
    autumn = match["term"] in _AUTUMN
    right = first if autumn else last
    starts = [
        bisect_left(context.moments, at, key=attrgetter("start"))
        for at in (match.start() - _NEAR, match.start())
    ]
    for moment in context.moments[starts[0] : starts[1]]:
        near = text[moment.end : match.start()]
        if moment.end <= match.start() and moment.own and _SAME.fullmatch(near):
            months = moment.first.month, moment.last.month
            if None in months or not all(
                (month or 0) >= 8 if autumn else 2 <= (month or 0) <= 8 for month in months
            ):
                continue
            if moment.year != right:
                yield _school_issue((moment.start, match.end()), match, moment.year, autumn=autumn)
                return
    for term in _TERM.finditer(text, max(0, match.start() - _NEAR), match.start()):
        same = (term["term"] == "秋") == autumn and not re.search(
            "[。；\n]", text[term.end() : match.start()]
        )
        if same and int(term["year"]) != right:
            span = (term.start(), match.end())
            yield _school_issue(span, match, int(term["year"]), autumn=autumn)
            return


def _school_issue(span: tuple[int, int], match: re.Match[str], year: int, *, autumn: bool) -> Issue:
    right = f"{year}—{year + 1}学年" if autumn else f"{year - 1}—{year}学年"
    season = "秋季" if autumn else "春季"
    return _issue(span, match[0], f"{year}年{season}学期", right)


def _issue(span: tuple[int, int], text: str, what: str, right: str) -> Issue:
    params: dict[str, object] = {"text": text, "what": what, "right": right}
    return Issue("date_or_year", "date_or_year.named_years", "warning", (Span(*span),), params)

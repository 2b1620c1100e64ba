"""Numbers of what is held once a year: 第35届大赛 … 第34届大赛 in one report; 2022年第十七届, 2023年第十九届."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from taizhang.engines.checking import numerals
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import PLAN_HEADING, around, heading_above
from taizhang.engines.checking.types import Issue, Span

_NUMBER = r"第(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})届"
_EDITION = expression(
    rf"{_NUMBER}(?P<name>[\u4e00-\u9fff]{{2,12}}?(?:大赛|竞赛|科技节|文化节|艺术节|论坛|博览会|年会|夏令营|活动周))"
)
_ANY_EDITION = expression(_NUMBER)
_OTHER = expression(
    r"(?:19|20)[0-9]{2}年|上一?届|下一?届|去年|明年|历届|筹备|将|计划|拟|力争|办好|打算|至|往届|曾|比|较"
)
_YEARLY = expression(
    r"每年(?:举办|举行|召开|开展)?一?[届次度]|一年一[届度次]|每年举[办行]|届次相连|逐[年届](?:举办|举行|召开)"
)
_BROKEN = expression(r"停办|暂停|中断|除|疫情|延期|推迟|补办|理事会|代表大会|委员会")
_NEAR = 30


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values`` for one event of the year with two numbers, ``date_or_year.years_since`` over years."""
    first: dict[str, re.Match[str]] = {}
    for match in _EDITION.finditer(context.folded):
        begin, end = around(context.folded, *match.span(), "。\n")
        words = context.folded[begin:end].replace(f"{context.year}年", "")
        heading = heading_above(context.folded, context.sections, match.start())
        if _OTHER.search(words) or PLAN_HEADING.search(heading):
            continue
        told = first.setdefault(match["name"], match)
        if numerals.read(told["number"]) != numerals.read(match["number"]):
            params = {"subject": match["name"], "text": told[0], "other": match[0]}
            spans = (Span(*told.span()), Span(*match.span()))
            yield Issue("conflict", "conflict.values", "error", spans, params)
    for match in _YEARLY.finditer(context.folded):
        yield from _over_years(context, match)


def _over_years(context: Context, match: re.Match[str]) -> Iterator[Issue]:
    """What is held every year counts up with the years."""
    text = context.folded
    begin, end = around(text, *match.span(), "\n")
    if _BROKEN.search(text, begin, end):
        return
    starts = [one.start for one in context.moments]
    editions = []
    for edition in _ANY_EDITION.finditer(text, begin, end):
        year = _year_of(context, starts, edition)
        many = numerals.read(edition["number"])
        if year is not None and many is not None:
            editions.append((year, int(many), edition))
    for (year, many, first), (next_year, number, last) in pairwise(editions):
        if next_year - year != number - many:
            params: dict[str, object] = {
                "text": f"{year}年{first[0]}…{next_year}年{last[0]}",
                "right": f"第{many + next_year - year}届",
            }
            spans = (Span(*first.span()), Span(*last.span()))
            yield Issue("date_or_year", "date_or_year.years_since", "warning", spans, params)


def _year_of(context: Context, starts: list[int], edition: re.Match[str]) -> int | None:
    """The year that an edition is told of, where its clause or the one before tells one."""
    number = bisect_left(starts, edition.start()) - 1
    if number < 0:
        return None
    moment = context.moments[number]
    between = context.folded[moment.end : edition.start()]
    if len(between) > _NEAR or re.search("[。；\n]", between) or not moment.own:
        return None
    return context.year if re.search("今年|本届", between) else moment.year

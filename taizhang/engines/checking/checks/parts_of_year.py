"""Parts of a year and their months: 二季度（7—9月）, 上半年…9月举办, September in the report of half a year."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import PLAN_HEADING, around, heading_at
from taizhang.engines.checking.times import Moment
from taizhang.engines.checking.types import Issue, Span

_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_QUARTERS = {word: (3 * n + 1, 3 * n + 3) for n, word in enumerate("一二三四")}
_PART = expression(r"上半年|下半年|第?(?<![一二三四])[一二三四]季度")
_TITLE_PART = expression(
    r"(?:19|20)[0-9]{2}年(?:度)?(?P<part>上半年|下半年|第?[一二三四]季度)[^\n。]{0,20}(?:总结|报告|汇报|情况|小结)"
)
_TITLE_MONTHS = expression(
    r"(?:(?:19|20)[0-9]{2}年|(?<=将)|(?<=就))(?P<part>1\s?月?\s?(?:至|[-—–~～]{1,2})\s?(?P<last>[0-9]{1,2})月)[^\n。]{0,20}(?:总结|报告|汇报|情况|小结)"
)
_BEGINS = frozenset("\n。；：、 　")
_OWN_YEAR = expression(r"(?:今年|本年|去年|上年|[0-9]{4}年)的?$")
_AT_ONCE = expression(r"[（(，：]?即?")
_SETS_TIME = expression(r"以来|，|[^，]{0,8}$|重点")
_TOPIC = expression(r"[^0-9。；\n]{0,40}")
_NEXT_SENTENCE = expression(r"[^0-9。；\n]{0,30}。[ 　]*")
_COMPARES = expression(
    r"比|较|同期|去年|上年|前年|明年|另|以来(?!，)|春节|往年|计划|将|拟|筹|预计|力争|不含|除"
)
_WILL = expression(
    r"将|拟|计划|预计|力争|准备|筹备|争取|确保|届时|打算|明年|目标|谋划|下一?步|下半年|年底前|月底前|启动.{0,6}申报"
)
_ATTRIBUTE = expression(r"[^，。；\n]{0,12}的")
_BEFORE_HELD = expression(
    r"(?:[^，。；]{0,10}[于在]|其中：?|[0-9一二三四五六七八九十是、.．（）() 　]{0,5})?"
)
_SUMS_UP = expression(r"总结|小结|汇报|半年|季度|分析|统计")
_UNTIL = expression(r"截[至止](?:今年|目前)?$")
_DEADLINE = expression(r"前|之前|以前|起")
_OTHER_YEAR = expression(r"去年|上年|前年|同期|明年|(?:19|20)[0-9]{2}年|比|较|以来")


class _Told(NamedTuple):
    """A part of the year as it is told, and its first and last month."""

    word: str
    first: int
    last: int


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.part_of_year``."""
    text = context.folded
    starts = [one.start for one in context.moments]
    told: set[int] = set()
    for match in _PART.finditer(text):
        part = _part(match[0])
        number = bisect_left(starts, match.end())
        if number < len(starts) and _governs(context, match, context.moments[number]):
            moment = context.moments[number]
            if not _lies_within(moment, part):
                told.add(moment.start)
                yield _issue(Span(match.start(), moment.end), text, part)
    yield from _outside_title(context, told)


def _part(word: str) -> _Told:
    if word in _HALVES:
        return _Told(word, *_HALVES[word])
    return _Told(word, *_QUARTERS[word.removeprefix("第")[0]])


def _lies_within(moment: Moment, part: _Told) -> bool:
    months = [one.month for one in (moment.first, moment.last) if one.month]
    return all(part.first <= month <= part.last for month in months)


def _governs(context: Context, match: re.Match[str], moment: Moment) -> bool:
    """Whether a part of the year says when the next moment was: 上半年（1—9月）, 下半年，培训…，3月举办."""
    text = context.folded
    between = text[match.end() : moment.start]
    if moment.first.month is None or moment.own or len(between) > 60:
        return False
    if _AT_ONCE.fullmatch(between):
        return True
    before = text[max(0, match.start() - 6) : match.start()]
    stands_first = not before or before[-1] in _BEGINS or _OWN_YEAR.search(before)
    if not stands_first or _ATTRIBUTE.match(moment.after) or _DEADLINE.match(moment.after):
        return False
    if _COMPARES.search(between) or _COMPARES.search(moment.after) or _PART.search(between):
        return False
    if not _SETS_TIME.match(between):
        return False
    return bool(_TOPIC.fullmatch(between)) or bool(_NEXT_SENTENCE.fullmatch(between))


def _outside_title(context: Context, told: set[int]) -> Iterator[Issue]:
    """The report of half a year that tells of September as over."""
    text = context.folded
    title = _TITLE_PART.search(text[:120]) or _TITLE_MONTHS.search(text[:300])
    if title is None:
        return
    word = title["part"]
    part = _Told(word, 1, int(title["last"])) if word[0] == "1" else _part(word)
    for moment in context.moments:
        month = moment.first.month
        if moment.start < title.end() or moment.start in told or month is None or moment.own:
            continue
        if not _lies_within(moment, part) and _is_told(context, moment, part):
            yield _issue(Span(moment.start, moment.end), text, part)


def _is_told(context: Context, moment: Moment, part: _Told) -> bool:
    """Whether the text tells of the moment as of its own time that is over."""
    text = context.folded
    until = _UNTIL.search(moment.before)
    if not until and (
        not _BEFORE_HELD.fullmatch(moment.before)
        or _ATTRIBUTE.match(moment.after)
        or _DEADLINE.match(moment.after)
        or not moment.after
    ):
        return False
    begin, end = around(text, moment.start, moment.end, "。\n")
    words = text[begin:end]
    # Who sums up half a year does it in the month after.
    summed = _SUMS_UP.search(moment.after) and (moment.first.month or 0) == part.last + 1
    if summed or text[moment.start - 1] in "（(" or _PART.search(text, begin, moment.start):
        return False
    if _WILL.search(words) or _OTHER_YEAR.search(words):
        return False
    top = context.sections.top_at(moment.start)
    mark = bisect_left(context.sections.starts, moment.start + 1) - 1
    headings = [top, context.sections.marks[mark].start if mark >= 0 else None]
    return not any(
        place is not None and PLAN_HEADING.search(heading_at(text, place)) for place in headings
    )


def _issue(span: Span, text: str, part: _Told) -> Issue:
    params: dict[str, object] = {
        "text": text[span.start : span.end],
        "part": part.word,
        "first": part.first,
        "last": part.last,
    }
    return Issue("date_or_year", "date_or_year.part_of_year", "warning", (span,), params)

"""Periods: an end before its beginning, 为期3天 from the 1st to the 5th, 二季度（7—9月）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from taizhang.engines.checking import numerals
from taizhang.engines.checking.checks.dates import exists
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.passages import around, is_planned
from taizhang.engines.checking.types import Issue, Severity, Span

_DIGITS = re.compile(r"[0-9]{1,4}")
_POINT = re.compile(
    r"(?<![0-9.第〔\[])(?:(?P<year>(?:19|20)[0-9]{2})(?:年(?!代)|(?=\s?[-—–~～]{1,2}\s?(?:19|20)[0-9]{2}年)))?"
    r"(?:(?P<month>[0-9]{1,2})月(?:份|[底初]|[上中下]旬)?)?(?:(?P<day>[0-9]{1,2})(?:[日号]|(?<=月[0-9])(?=\s?[-—–~～至到]{1,2}\s?[0-9]{1,2}[日号])|(?<=月[0-9]{2})(?=\s?[-—–~～至到]{1,2}\s?[0-9]{1,2}[日号])))?"
)
_DOTTED = re.compile(
    r"(?<![0-9.])((?:19|20)[0-9]{2})[./]([0-9]{1,2})[./]([0-9]{1,2})\s?[-—–~～至]{1,2}\s?((?:19|20)[0-9]{2})[./]([0-9]{1,2})[./]([0-9]{1,2})(?![0-9])"
)
_TO = re.compile(r"\s*(?:至|到|[-—–－~～]{1,2})\s*(?P<next>次|翌|第二|当|同|明)?年?")
_TO_AT_LENGTH = re.compile(
    r"(?:开始|起|启动|开幕|开班)?，?(?:一直|持续|延续)?(?:至|到)|(?:开始|启动|开幕|开班|开营)，(?:并?于)?"
)
_CLOSES = re.compile(r"闭幕|结束|结业|落幕|闭营|结营")
_EVERY = re.compile(r"每[年月季个周]")
_LASTS = re.compile(
    r"(?:为期|历时|持续|连续|会期|展期)(?P<many>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)(?P<unit>天|日|周|个?星期|个月)"
)
_LEADS_TO_DATES = re.compile(r"[（(，]|的[\u4e00-\u9fff]{1,8}[于在]")
_BETWEEN_ENDS = re.compile(r"期间|[中内]，|其中|分|每|轮|先后|连续|各|次|期[，；]")
_AT_ONCE = re.compile(r"止?[，（]?(?:共|总共|前后)?")
_LONGEST = 31
_NEAR = 14
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_QUARTERS = {word: (3 * n + 1, 3 * n + 3) for n, word in enumerate("一二三四")}
_PART_OF_YEAR = re.compile(
    r"(?P<part>上半年|下半年|第?(?P<quarter>[一二三四])季度)(?:[（(，：]|即)?(?P<first>[0-9]{1,2})(?:月(?:份)?)?(?:\s?[-—–~～至到]{1,2}\s?(?P<last>[0-9]{1,2}))?月"
)
_TITLE_PART = re.compile(
    r"(?:19|20)[0-9]{2}年(?P<part>上半年|下半年|第?(?P<quarter>[一二三四])季度)[^\n。]{0,20}(?:总结|报告|汇报|情况|小结)"
)
_TITLE_MONTHS = re.compile(
    r"(?:(?:19|20)[0-9]{2}年|(?<=将)|(?<=就))(?P<part>1\s?月?\s?(?:至|[-—–~～]{1,2})\s?(?P<last>[0-9]{1,2})月)[^\n。]{0,20}(?:总结|报告|汇报|情况|小结)"
)
_UNTIL = re.compile(r"截[至止](?:今年|目前)?(?P<month>[0-9]{1,2})月(?:[0-9]{1,2}日|底|末)?")
_HELD_IN = re.compile(
    r"(?<![0-9.年第个—–\-至到])(?P<month>[0-9]{1,2})月(?:份|[0-9]{1,2}日)?，?[^，。；\n]{0,12}?(?:举办|召开|开展|组织|举行)"
)
_OTHER_YEAR = re.compile(r"去年|上年|前年|同期|明年|(?:19|20)[0-9]{2}年|比|较|以来")


class _Point(NamedTuple):
    """A year, a month or a day of the text, as far as it is told."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.backwards``, ``.duration`` and ``.part_of_year``."""
    text = context.folded
    before: _Point | None = None
    for point in _points(text):
        if before is not None and point.start - before.end <= _NEAR:
            yield from _range(context, text, before, point)
        before = point
    for match in _DOTTED.finditer(text):
        if tuple(map(int, match.groups()[:3])) > tuple(map(int, match.groups()[3:])):
            yield _issue("backwards", "error", match.span(), {"text": match[0]})
    for match in _PART_OF_YEAR.finditer(text):
        yield from _part_of_year(match)
    yield from _outside_title(context, text)


def _points(text: str) -> Iterator[_Point]:
    at = 0
    for digits in _DIGITS.finditer(text):
        match = _POINT.match(text, digits.start()) if digits.start() >= at else None
        if match is not None and match.end() > match.start():
            at = match.end()
            year, month, day = (int(word) if word else None for word in match.groups())
            yield _Point(match.start(), match.end(), year, month, day)


def _range(context: Context, text: str, first: _Point, last: _Point) -> Iterator[Issue]:
    words = text[first.end : last.start]
    to = _TO.fullmatch(words)
    if to is None and not _TO_AT_LENGTH.fullmatch(words):
        return
    if words.endswith(("，", "于")) and not _CLOSES.match(text, last.end):
        return
    own_year = first.year is not None and last.year is not None
    last = _filled(first, last)
    if to is not None and to["next"] in ("次", "翌", "第二", "明"):
        return
    if _EVERY.search(text, max(0, first.start - 3), first.start):
        return
    span = (first.start, last.end)
    if _is_backwards(first, last, own_year=own_year):
        yield _issue("backwards", "error", span, {"text": text[span[0] : span[1]]})
    elif first.day and last.day:
        yield from _duration(context, text, first, last)


def _filled(first: _Point, last: _Point) -> _Point:
    """The end with the month and year of the beginning where it has none of its own."""
    month = last.month if last.month or last.year else first.month
    return last._replace(month=month, year=last.year or first.year)


def _is_backwards(first: _Point, last: _Point, *, own_year: bool) -> bool:
    if first.year and last.year and first.year != last.year:
        return last.year < first.year
    if not first.month or not last.month:
        return False
    if last.month == first.month:
        return bool(first.day and last.day and last.day < first.day)
    # A season goes over the end of the year (12月20日至3月1日); a summer does not.
    over_winter = not own_year and first.month >= (10 if first.day else 8) and last.month <= 6
    return last.month < first.month and not over_winter


def _duration(context: Context, text: str, first: _Point, last: _Point) -> Iterator[Issue]:
    """5月1日至5日，为期3天: the days told and the days between the dates."""
    days = _days(context.year, first, last)
    match = _LASTS.search(text, last.end, min(last.end + 24, len(text)))
    place, lasts = text[last.end : match.start()] if match else "", 0
    if match is None:
        lasts = max(0, first.start - 12)
        ahead = text[lasts : first.start]
        match = _LASTS.search(ahead)
        place = ahead[match.end() :] if match else ""
        if match is None or not _LEADS_TO_DATES.fullmatch(place):
            return
    bound = _bounds(match["many"], match["unit"])
    if days is None or bound is None or re.search("[。；\n]", place):
        return
    if days > _LONGEST and not (match[0].startswith("历时") and _AT_ONCE.fullmatch(place)):
        return  # what takes ten days may lie anywhere within months
    least, most = bound
    # The last day may not count; what lasts less than the dates may be one of several within them.
    if days < least or (days - 1 > most and not _BETWEEN_ENDS.search(place)):
        span = (min(first.start, last.start), last.end)
        params = {"text": match[0], "other": text[span[0] : span[1]], "days": days}
        said = Span(lasts + match.start(), lasts + match.end())
        spans = tuple(sorted((Span(*span), said), key=lambda each: each.start))
        yield Issue("date_or_year", "date_or_year.duration", "warning", spans, params)


def _days(year: int | None, first: _Point, last: _Point) -> int | None:
    """How many days there are from one day to another, both counted."""
    begin = (first.year or year or 2023, first.month or 0, first.day or 0)
    end = (last.year or begin[0], last.month or 0, last.day or 0)
    if not exists(*begin) or not exists(*end) or end < begin:
        return None
    return (date(*end) - date(*begin)).days + 1


def _bounds(many: str, unit: str) -> tuple[int, int] | None:
    """The days that 三天, 一周 or 半个月 can be."""
    if many == "半":
        return (13, 17) if unit == "个月" else None
    number = numerals.read(many)
    if number is None:
        return None
    count = int(number)
    if unit in ("天", "日"):
        return count, count
    if unit == "个月":
        return 28 * count, 31 * count
    return 5 * count, 8 * count


def _part_of_year(match: re.Match[str]) -> Iterator[Issue]:
    """上半年（1—9月）, 第三季度，5月: the months are not those of the part."""
    first, last = _months(match)
    months = [int(match[name]) for name in ("first", "last") if match[name]]
    if all(1 <= month <= 12 for month in months) and any(
        not first <= month <= last for month in months
    ):
        yield _part_issue(match, match, first, last)


def _outside_title(context: Context, text: str) -> Iterator[Issue]:
    """The report of half a year that tells of September as over."""
    title = _TITLE_PART.search(text[:120]) or _TITLE_MONTHS.search(text[:300])
    if title is None:
        return
    first, last = _months(title)
    for match in (*_HELD_IN.finditer(text, title.end()), *_UNTIL.finditer(text, title.end())):
        month = int(match["month"])
        if first <= month <= last or not 1 <= month <= 12:
            continue
        begin, end = around(text, *match.span(), "。\n")
        planned = is_planned(text, context.sections, *match.span())
        if not planned and not _OTHER_YEAR.search(text, begin, end):
            yield _part_issue(match, title, first, last)


def _months(match: re.Match[str]) -> tuple[int, int]:
    """The first and the last month of the part of the year that is told."""
    part = match["part"]
    if part[0] == "1":
        return 1, int(match["last"])
    return _HALVES[part] if part in _HALVES else _QUARTERS[match["quarter"]]


def _part_issue(match: re.Match[str], told: re.Match[str], first: int, last: int) -> Issue:
    params = {"text": match[0], "part": told["part"], "first": first, "last": last}
    return _issue("part_of_year", "warning", match.span(), params)


def _issue(
    code: str, severity: Severity, span: tuple[int, int], params: dict[str, object]
) -> Issue:
    return Issue("date_or_year", f"date_or_year.{code}", severity, (Span(*span),), params)

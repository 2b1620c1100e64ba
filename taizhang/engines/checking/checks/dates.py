"""Dates that cannot be: 6月31日, a wrong weekday, an end before its beginning, last year's sentence."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue, Span

_TO = r"\s*(?:至|到|[-—–－~～]{1,2})\s*"
_DAY = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})年)?(?<![0-9])(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]"
    rf"(?:{_TO}(?:(?P<year2>(?:19|20)[0-9]{{2}}|次|翌|第二|当)年)?(?:(?P<month2>[0-9]{{1,2}})月)?(?P<day2>[0-9]{{1,2}})[日号])?"
    r"(?:[（(，,]?(?:星期|周)(?P<weekday>[一二三四五六日天])[）)]?)?"
)
_DOTTED = re.compile(
    r"(?<![0-9.])(?P<year>(?:19|20)[0-9]{2})(?P<sign>[.\-/])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})(?![0-9.])"
)
_MONTH = re.compile(
    r"(?<![0-9.第])(?P<month>[0-9]{1,2})月(?![0-9]{1,2}[日号])(?=[份底初上中下，。；、至以的，]|$)"
)
_WEEKDAYS = "一二三四五六日"
_CUT = re.compile(
    r"(?:\A|(?<=[\n，。；：、（(“ 　])|(?<=[在自从于至到]))(?P<year>[0-9]{2})年(?=[，,工度全上下计初底末重]|以来|[0-9]{1,2}月|[—\-–至]|科|学)"
)
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_COMING = re.compile(
    r"(?:即将|将于|将在|拟于|拟在|计划于|计划在|定于|预计于|预计在|准备于|力争于|力争在|力争|确保)[^，。；\n0-9]{0,8}"
    r"((?:19|20)[0-9]{2})年(?!以来|以后|起|度?工作总结)"
)
_HELD_LATER = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})年[^，。；\n]{0,12}?(?:成功举办了|举办了|召开了|开展了|组织了|完成了|已完成|已建成|已开展|已举办)"
)
_TITLE = re.compile(
    r"((?:19|20)[0-9]{2})年[^\n。，]{0,24}(?:总结|情况|报告|汇报|通报|述职|要情|小结|说明)[^\n。，]{0,12}$",
    re.M,
)
_OPENING = re.compile(r"(?:^|\n)[ 　]*((?:19|20)[0-9]{2})年(?:以来)?，")
_PLAN = re.compile(r"计划|思路|要点|打算|安排|规划|方案|预算")
_LEFT_OVER = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)[，在于]?[^，。；\n的]{0,14}?(?:举办|召开|开展|组织开展|举行|启动)"
)
_BACKGROUND = re.compile(
    r"自|从|以来|起|去年|上年|比|较|印发|成立|获批|截至|截止|建馆|换届|与|同期"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield what no calendar has and what does not belong to the year reported on.

    Codes: ``date_or_year.no_such_day``, ``.weekday``, ``.backwards``, ``.short_year``,
    ``.last_year`` (announced for a year that is over), ``.other_year``.
    """
    text = context.folded
    yield from _days(context, text)
    for match in _CUT.finditer(text):
        if _is_cut(match, context.year):
            params = {"text": match[0], "year": f"20{match['year']}年"}
            yield _issue("short_year", "warning", match, params)
    year = context.year
    if year is None:
        return
    for match in _COMING.finditer(text):
        if int(match[1]) < year:
            yield _issue("last_year", "warning", match, {"found": match[1], "year": year})
    for match in _HELD_LATER.finditer(text):
        if int(match[1]) > year:
            yield _issue("other_year", "warning", match, {"found": match[1], "year": year})
    yield from _other_year(context, text, year)


def _days(context: Context, text: str) -> Iterator[Issue]:
    for pattern in (_DAY, _DOTTED):
        for match in pattern.finditer(text):
            found = match.groupdict()
            year = int(found["year"]) if found["year"] else context.year
            month, day = int(found["month"]), int(found["day"])
            if not _exists(year, month, day):
                yield _issue("no_such_day", "error", match, {"text": match[0]})
            elif found.get("day2"):
                yield from _span(match, year, month, day)
            elif found.get("weekday") and year:
                right = _WEEKDAYS[date(year, month, day).weekday()]
                if found["weekday"].replace("天", "日") != right:
                    params = {"text": match[0], "weekday": right, "year": year}
                    yield _issue("weekday", "error", match, params)
    for match in _MONTH.finditer(text):
        if not 1 <= int(match["month"]) <= 12 and text[match.start() - 1 : match.start()] != "个":
            yield _issue("no_such_day", "error", match, {"text": match[0]})


def _span(match: re.Match[str], year: int | None, month: int, day: int) -> Iterator[Issue]:
    month2 = int(match["month2"] or month)
    day2 = int(match["day2"])
    if not _exists(year, month2, day2):
        yield _issue("no_such_day", "error", match, {"text": match[0]})
        return
    named = match["year2"] or ""
    if named.isdecimal() and year:
        if int(named) < year:
            yield _issue("backwards", "error", match, {"text": match[0]})
        return
    if named and named != "当":
        return
    # A season goes over the end of the year (12月20日至3月1日); a summer does not.
    over_winter = month >= 10 and month2 <= 4
    if (month2, day2) < (month, day) and not over_winter:
        yield _issue("backwards", "error", match, {"text": match[0]})


def _exists(year: int | None, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or day < 1:
        return False
    # Without a year 29 February may be.
    return day <= monthrange(year if year and year > 1900 else 2024, month)[1]


def _is_cut(match: re.Match[str], year: int | None) -> bool:
    number = int(match["year"])
    if year is not None:
        return abs(2000 + number - year) <= 6
    return 15 <= number <= 35


def _other_year(context: Context, text: str, year: int) -> Iterator[Issue]:
    """The report of one year that opens with another, or tells of a day of the year before."""
    head = text[:200]
    title = _TITLE.search(head)
    if title is None or int(title[1]) != year or _PLAN.search(title[0]):
        return
    opening = _OPENING.search(text, title.end())
    near = opening is not None and opening.start() < title.end() + 120
    unnamed = text.find(f"{year}年", title.end()) < 0
    if opening and near and unnamed and year - int(opening[1]) in (1, 2, 3):
        yield _issue("other_year", "warning", opening, {"found": opening[1], "year": year})
        return
    for match in _LEFT_OVER.finditer(text, title.end()):
        if int(match[1]) != year - 1:
            continue
        start = max(text.rfind("。", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
        ends = [
            place
            for place in (text.find("。", match.end()), text.find("\n", match.end()))
            if place >= 0
        ]
        sentence = text[start : min(ends, default=len(text))]
        if not _BACKGROUND.search(sentence) and f"{year}年" not in sentence:
            yield _issue("other_year", "warning", match, {"found": match[1], "year": year})


def _issue(code: str, severity: str, match: re.Match[str], params: Mapping[str, object]) -> Issue:
    start, end = match.span()
    words = match[0]
    start += len(words) - len(words.lstrip("\n 　"))
    span = (Span(start, end),)
    return Issue("date_or_year", f"date_or_year.{code}", severity, span, params)  # type: ignore[arg-type]

"""Days that no calendar has, and weekdays that are not those of the day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from taizhang.engines.checking import numerals
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import PLAN_HEADING, heading_above, line_start
from taizhang.engines.checking.types import Issue, Span

_DAY = expression(
    r"(?:(?P<year>(?:19|20)[0-9]{2}) ?年 ?)?(?<![0-9])(?P<month>[0-9]{1,2}) ?月 ?(?P<day>[0-9]{1,2}) ?[日号]"
    r"(?:[上下中]午|晚上?|早上)?(?:[（(，,]?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])(?:[上下]午|晚上?)?[）)]?)?"
)
_WEEKDAY_FIRST = expression(
    r"(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])[（(](?:(?P<year>(?:19|20)[0-9]{2})年)?(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号][）)]"
)
_DOTTED = expression(
    r"(?P<year>(?:19|20)[0-9]{2})(?<![0-9.][0-9]{4})(?P<sign>[.\-/])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})(?![0-9.])"
)
_NO_YEAR = expression(
    r"(?<![0-9.A-Za-z])(?:20[0-9]{3}年|2[oO][0-9]{2}年|20[oO][0-9]年|20[0-9][oOlI]年"
    r"|(?:(?:0[0-9]{3}|2[1-9][0-9]{2}|3[0-9]{3})年|20[0-9]年(?<![^\n。；，：]20.年)|02[0-9]年(?<![^\n。；，：]02.年))"
    r"(?=[，度全工上下]|[0-9]{1,2}月))"
)
_TO_MONTH = expression(r"(?:(?:19|20)[0-9]{2} ?年 ?)?[0-9]{1,2} ?$")
_LAST_OF_RANGE = expression(
    r"(?:(?P<year>(?:19|20)[0-9]{2})年)?(?<![0-9])(?P<month>[0-9]{1,2})月[0-9]{1,2}[日号]?(?:[（(](?:星期|周).[）)])?\s*(?:至|到|[-—–－~～]{1,2})\s*"
    r"(?P<day>[0-9]{1,2})[日号](?:[（(](?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])[）)])?"
)
_MONTH = expression(r"(?P<month>1[3-9]|[2-9][0-9]|0)月(?![0-9龄薪])(?![\u4e00-\u9fff]{0,2}龄)")
_LASTING = expression(r"(?:历时|为期|持续|满|共|近|约|达)$")
_HAN_DAY = expression(
    r"(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})[日号]"
)
_HAN_MONTH = expression(r"十(?<![一二三四五六七八九第].)[三四五六七八九]月(?!龄|大)")
_LUNAR = expression(r"农历|阴历|旧历|闰")
_HAN = frozenset("一二三四五六七八九十")
_YEAR = expression(r"(?<![0-9])((?:19|20)[0-9]{2})(?=[年〕])")
_MAY_BE_NEXT = expression("明年|来年|次年|下年|计划|打算|安排|思路")
_EVALUATES = expression("自评|审计|决算|整改|绩效")
"""What is done in the year after the one looked at; 考核 and 验收 are done within it as well."""
_NEAR, _BEHIND, _TITLE = 200, 40, 60
_WEEKDAYS = "一二三四五六日"


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.no_such_day``, ``.no_such_year`` and ``.weekday``."""
    text = context.folded
    at = text.find("月")
    while at >= 0:
        yield from _around_month(context, text, at)
        at = text.find("月", at + 1)
    for match in _NO_YEAR.finditer(text):
        yield _issue("no_such_year", match.span(), {"text": match[0]})
    for pattern in (_DOTTED, _WEEKDAY_FIRST):
        for match in pattern.finditer(text):
            yield from _day(context, match)


def _around_month(context: Context, text: str, at: int) -> Iterator[Issue]:
    """The day, the range of days or the month that the sign 月 stands in."""
    if text[at - 1 : at] in _HAN:
        start = at - 2 if text[at - 2 : at - 1] in _HAN else at - 1
        yield from _in_characters(text, start)
        return
    before = _TO_MONTH.search(text, max(0, at - 9), at)
    if before is None or text[before.start() - 1 : before.start()].isdecimal():
        return
    start = before.start()
    found = [
        issue
        for pattern in (_DAY, _LAST_OF_RANGE)
        if (match := pattern.match(text, start))
        for issue in _day(context, match)
    ]
    if found:
        yield found[0]
        return
    start = max(start, at - 2)
    match = _MONTH.match(text, start)
    counted = text[start - 1 : start] in (".", "第", "个") or _LASTING.search(
        text, max(0, start - 2), start
    )
    if match and not counted:
        yield _issue("no_such_day", match.span(), {"text": match[0]})


def _day(context: Context, match: re.Match[str]) -> Iterator[Issue]:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else context.year
    month, day = int(found["month"]), int(found["day"])
    # A plan may speak of the year after the report's, which alone may have a 29 February.
    next_year = not found.get("year") and _may_be_next(context, match.start())
    if not exists(None if next_year else year, month, day):
        yield _issue("no_such_day", match.span(), {"text": match[0]})
    elif found.get("weekday") and year and exists(year, month, day):
        right = _weekday(year, month, day)
        said = found["weekday"].replace("天", "日")
        if said != right and (found.get("year") or not _is_of(context, match, month, day, said)):
            params = {"text": match[0], "weekday": right, "year": year}
            yield _issue("weekday", match.span(), params)


def _may_be_next(context: Context, place: int) -> bool:
    """Whether a day may be one of the year after the report's: its line or the heading above looks ahead."""
    text = context.folded
    heading = heading_above(text, context.sections, place)
    ahead = _MAY_BE_NEXT.search(text, line_start(text, place), place)
    return bool(ahead or PLAN_HEADING.search(heading))


def _is_of(context: Context, match: re.Match[str], month: int, day: int, weekday: str) -> bool:
    """Whether a year named near by has the weekday on that day, where nobody told which year is meant."""
    around = context.folded[max(0, match.start() - _NEAR) : match.end() + _BEHIND]
    years = {int(year) for year in _YEAR.findall(around)} if context.asked_year is None else set()
    if context.year and _EVALUATES.search(context.folded, 0, _TITLE):
        years.add(context.year + 1)  # who audits a year does it in the next one
    return any(exists(year, month, day) and _weekday(year, month, day) == weekday for year in years)


def _weekday(year: int, month: int, day: int) -> str:
    return _WEEKDAYS[date(year, month, day).weekday()]


def exists(year: int | None, month: int, day: int) -> bool:
    """Whether the calendar has the day; without a year 29 February may be."""
    if not 1 <= month <= 12 or day < 1:
        return False
    return day <= monthrange(year if year and year > 1900 else 2024, month)[1]


def _in_characters(text: str, start: int) -> Iterator[Issue]:
    """二月三十日; a lunar month has thirty days, whichever it is."""
    if match := _HAN_MONTH.match(text, start):
        yield _issue("no_such_day", match.span(), {"text": match[0]})
        return
    match = _HAN_DAY.match(text, start)
    if match is None or text[start - 1 : start] in _HAN:
        return
    month, day = numerals.read(match["month"]), numerals.read(match["day"])
    if month is None or day is None or _LUNAR.search(text, max(0, start - 4), start):
        return
    if not exists(None, int(month), int(day)):
        yield _issue("no_such_day", match.span(), {"text": match[0]})


def _issue(code: str, span: tuple[int, int], params: dict[str, object]) -> Issue:
    return Issue("date_or_year", f"date_or_year.{code}", "error", (Span(*span),), params)

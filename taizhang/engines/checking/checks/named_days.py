"""Days that have a name and a date of their own: 6月30日全国科技工作者日, 2023年的第八个科技工作者日."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from taizhang.engines.checking import numerals
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.times import Moment
from taizhang.engines.checking.types import Issue, Span


class _Day(NamedTuple):
    """The month and the day of a named day (no day: the month alone), and the year before its first."""

    month: int
    day: int | None = None
    before_first: int | None = None

    @property
    def told(self) -> str:
        """5月30日, or 9月."""
        return f"{self.month}月{self.day}日" if self.day else f"{self.month}月"


class _Named(NamedTuple):
    """A named day where the text tells of it, with the number it is given."""

    start: int
    end: int
    name: str
    number: int | None

    @property
    def day(self) -> _Day:
        """Its date."""
        return _DAYS[self.name]


_DAYS = {
    "学雷锋纪念日": _Day(3, 5),
    "学雷锋日": _Day(3, 5),
    "植树节": _Day(3, 12),
    "世界水日": _Day(3, 22, 1992),
    "世界气象日": _Day(3, 23),
    "国家安全教育日": _Day(4, 15, 2015),
    "世界地球日": _Day(4, 22, 1969),
    "世界读书日": _Day(4, 23),
    "世界知识产权日": _Day(4, 26),
    "中国航天日": _Day(4, 24, 2015),
    "国际劳动节": _Day(5, 1),
    "劳动节": _Day(5, 1),
    "青年节": _Day(5, 4),
    "防灾减灾日": _Day(5, 12, 2008),
    "国际护士节": _Day(5, 12),
    "国际博物馆日": _Day(5, 18),
    "生物多样性日": _Day(5, 22),
    "科技工作者日": _Day(5, 30, 2016),
    "世界无烟日": _Day(5, 31),
    "儿童节": _Day(6, 1),
    "世界环境日": _Day(6, 5),
    "国际禁毒日": _Day(6, 26),
    "中国医师节": _Day(8, 19, 2017),
    "教师节": _Day(9, 10, 1984),
    "国庆": _Day(10, 1),
    "世界粮食日": _Day(10, 16),
    "消防宣传日": _Day(11, 9),
    "全国消防日": _Day(11, 9),
    "世界艾滋病日": _Day(12, 1),
    "国家宪法日": _Day(12, 4, 2013),
    "国家公祭日": _Day(12, 13),
    "科普日": _Day(9),
    "科技活动周": _Day(5),
}
_NAME = expression("|".join(sorted(_DAYS, key=len, reverse=True)))
_BEFORE_NAME = expression(
    r"(?:第(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})个)?[“\"]?(?:全国|世界|国际|全民|中国|国家)?[“\"]?$"
)
_LONGEST_BEFORE = 10
_RIGHT_BESIDE = expression(
    r"(?:[（(](?:星期|周|礼拜).[）)])?(?P<apart>[，,])?(?:[（(]|是|为|的|在|即|恰逢|适逢|正值|时值)?(?:我国|我市|我县)?"
)
_ON_THE_DAY = expression(r"[”\"]?(?:(?:主题|主场|宣传)?活动)?(?:当[天日]|期间|假期)")
_FOR_THE_DAY = expression(r"[”\"]?(?:到来|来临)?之际|[”\"]?(?:到来|来临)")
_ITSELF = expression(r"[”\"]?(?:主题|主场|活动|[，。、）(（]|$|举[办行]|开展|组织)")
_BEGIN = expression(
    r"启动|筹备|预热|前夕|前后|推迟|提前|补|延期|改期|预备|动员|倒计时|系列|部署|迎接|迎|谋划|方案"
)
_YEAR_OF = expression(r"度?[^，。；、0-9于在]{0,12}")
_MOVED = frozenset({2020})
"""In this year much was moved to other days."""
_SAME_CLAUSE = expression(r"[^。；\n0-9]{0,30}?")
_WEEK, _FORTNIGHT = 7, 15
_LISTS = frozenset({"、", "和", "及"})
_WORDS_BEFORE = 60


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.named_day``."""
    text = context.folded
    at = 0
    for named in _named(text):
        while at < len(context.moments) and context.moments[at].start < named.start:
            at += 1
        moment = context.moments[at - 1] if at else None
        if moment is not None and at > 1 and _is_year_of(text, moment, named):
            held, moment = moment, context.moments[at - 2]
            if moment.own and moment.precise and moment.single and _is_near(text, moment, named):
                if moment.year != held.year:
                    yield _issue(text, moment, named, f"{held.year}年")
                continue
        if moment is not None and not _is_near(text, moment, named):
            moment = None
        if at > 1 and moment and text[context.moments[at - 2].end : moment.start] in _LISTS:
            continue  # 3月22日和23日世界水日、世界气象日
        if moment is not None and _differs(text, moment, named):
            yield _issue(text, moment, named, named.day.told)
            continue
        yield from _numbered(context, named, moment)


def _named(text: str) -> Iterator[_Named]:
    for match in _NAME.finditer(text):
        before = _BEFORE_NAME.search(text, max(0, match.start() - _LONGEST_BEFORE), match.start())
        start = before.start() if before else match.start()
        number = numerals.read(before["number"]) if before and before["number"] else None
        yield _Named(start, match.end(), match[0], None if number is None else int(number))


def _is_year_of(text: str, moment: Moment, named: _Named) -> bool:
    """Whether a moment is no time of its own but the year in the name: 2023年秋浦县全国科普日."""
    between = text[moment.end : named.start] if named.start >= moment.end else "。"
    return moment.first.month is None and moment.single and bool(_YEAR_OF.fullmatch(between))


def _is_near(text: str, moment: Moment, named: _Named) -> bool:
    between = text[moment.end : named.start] if named.start >= moment.end else ""
    return len(between) <= _WORDS_BEFORE and not re.search("[。；\n]", between)


def _differs(text: str, moment: Moment, named: _Named) -> bool:
    """Whether the date that a named day is given is not its own."""
    day = named.day
    between = text[moment.end : named.start]
    if moment.first.month is None or moment.year in _MOVED:
        return False
    first, last = _own_days(moment, day)
    near = text[moment.end : named.end + 10]
    if not (last < moment.low or moment.high < first) or _BEGIN.search(near):
        return False
    beside = _RIGHT_BESIDE.fullmatch(between)
    if beside is None:
        return (
            _is_month_off(moment, day)
            and named.number is not None
            and _SAME_CLAUSE.fullmatch(between) is not None
        )
    if _FOR_THE_DAY.match(text, named.end):
        return not 0 < first - moment.high <= _FORTNIGHT
    if _ON_THE_DAY.match(text, named.end):
        return True
    # 6月3日，世界环境日主题活动: what is held for the day, within the week.
    held_for = abs(first - moment.high) <= _WEEK and not re.match("[，。]", text[named.end :][:1])
    return not beside["apart"] and not held_for and bool(_ITSELF.match(text, named.end))


def _is_month_off(moment: Moment, day: _Day) -> bool:
    """6月30日，召开第八个全国科技工作者日座谈会: the right day of another month."""
    return moment.single and day.day is not None and day.day > 3 and moment.first.day == day.day


def _own_days(moment: Moment, day: _Day) -> tuple[int, int]:
    """The first and the last day that the named day can be."""
    if day.day:
        found = date(moment.year, day.month, day.day).toordinal()
        return found, found
    # The week of science may begin or end in its month's neighbour; a month told is the month itself.
    slack = _WEEK if moment.first.day else 0
    first = date(moment.year, day.month, 1).toordinal()
    return first - slack, first + monthrange(moment.year, day.month)[1] - 1 + slack


def _numbered(context: Context, named: _Named, moment: Moment | None) -> Iterator[Issue]:
    """2023年5月30日，…第八个全国科技工作者日: the first was in 2017."""
    text, before_first = context.folded, named.day.before_first
    year = moment.first.year if moment is not None else context.year
    if named.number is None or before_first is None or year is None:
        return
    held = before_first + named.number
    # What is prepared, or told without a date, may be of the year after or before.
    prepared = _BEGIN.search(text, moment.end if moment else named.start, named.end + 10)
    if held == year or (abs(held - year) == 1 and (moment is None or prepared)):
        return
    params: dict[str, object] = {"text": text[named.start : named.end], "right": f"{held}年"}
    spans = (Span(named.start, named.end),) if moment is None else _spans(moment, named)
    yield Issue("date_or_year", "date_or_year.named_day", "warning", spans, params)


def _spans(moment: Moment, named: _Named) -> tuple[Span, ...]:
    return Span(moment.start, moment.end), Span(named.start, named.end)


def _issue(text: str, moment: Moment, named: _Named, right: str) -> Issue:
    params: dict[str, object] = {"text": text[named.start : named.end], "right": right}
    return Issue("date_or_year", "date_or_year.named_day", "warning", _spans(moment, named), params)

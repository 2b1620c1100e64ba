"""Periods: an end before its beginning, 为期3天 from the 1st to the 5th, 任期五年 that ends after three."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from taizhang.engines.checking import numerals
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.durations import Duration, days_between, durations
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import around
from taizhang.engines.checking.times import Moment, precedes
from taizhang.engines.checking.types import Issue, Severity, Span

_OPENS = expression(
    r"[^，。；]{0,6}?(?:启动|开[始幕营班展课学工讲赛播]|动工|破土|进[村驻场]|出发|发车|出车|启程|铺开|奠基|报到|开启|开放|拉开|起|闭馆|部署|布展|上线|征集)"
)
_CLOSES = expression(
    r"[^，。；]{0,6}?(?:结束|闭幕|结业|结课|闭营|撤展|收官|落幕|落下帷幕|返回|返程|收车|交付|截止|关闭|完[工成]|竣工|验收|期满|届满|命名|下线|重新开放|收尾|终止|圆满)"
)
_FROM = expression(r"[自从由](?:.{0,6}的)?$")
_UNTIL = expression(r"(?:至|到|截[至止]|持续到|延续到|延续至)$")
_LINKS = expression(r"(?:并?于|直?至|到|持续[到至]|延续[到至]|共)?")
_EVERY = expression(r"每[年月季个周]?$")
_APART = expression(
    r"期间|[中内]，|其中|分|每|轮|先后|各(?=[自为场站期次批用])|次|期[，；]|全年|累计|今年|人均|平均|此前|以上|另"
)
_ELSEWHERE = expression(
    r"全年|累计|今年|人均|平均|此前|每|各(?=[自为场站期次批用])|其中|前身|近|第.?届|[0-9一二三四五六七八九十两][期轮批]|分"
)
_AT_ONCE = expression(r"[\u4e00-\u9fff]{0,4}[，（]?(?:共|总共|前后|整个[\u4e00-\u9fff]{2,6})?")
_LEADS_TO_DATES = expression(r"[（(，]|的[^，。；]{1,14}[于在]|[^，。；]{0,8}[，][^，。；]{0,6}")
_LISTS = frozenset("、和及")
_LONGEST = 31
_SEGMENT_END = expression(r"[。；\n]")
_start = attrgetter("start")
_AHEAD = 16
_BEHIND = 44
_TERM = expression(
    r"(?:任期|质保期?|保修期|有效期|合同期|聘期|服务期)[^，。；0-9]{0,4}?(?P<many>[0-9]{1,2}|[一二两三四五六七八九十])年"
)
_BEGINS_TERM = expression(r"换届|产生|选举|当选|成立|验收|交付|签订|聘|生效")
_ENDS_TERM = expression(r"届满|期满|到期|止|任期届|满")
_TERM_BEFORE = expression(r"(?:任期|质保期|保修期|有效期|合同期|聘期|服务期)?[^，。；]{0,4}至$")
_TERM_NEAR = 80
_TERM_SLACK = 100
_DAYS_OF_MONTH = 30.4


class Stretch(NamedTuple):
    """From one moment to another: one range, or a beginning and an end told apart."""

    start: int
    end: int
    first: Moment
    last: Moment


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.backwards`` and ``.duration``."""
    text = context.folded
    for stretch in stretches(context):
        if _EVERY.search(stretch.first.before):
            continue
        backwards = (
            stretch.first.backwards
            if stretch.first is stretch.last
            else precedes(stretch.last, stretch.first)
        )
        if backwards:
            span = (stretch.start, stretch.end)
            yield _issue("backwards", "error", (Span(*span),), {"text": text[span[0] : span[1]]})
        else:
            yield from _durations(context, stretch)
    yield from _terms(context)


def stretches(context: Context) -> Iterator[Stretch]:
    """Every range, and every beginning with its end: 自9月20日启动，12月20日结束; 2019年、2020年、2021年."""
    for moment in context.moments:
        if not moment.single:
            yield Stretch(moment.start, moment.end, moment, moment)
    for first, last in pairwise(context.moments):
        if first.single and last.single and _is_pair(first, last):
            yield Stretch(first.start, last.end, first, last)
    yield from _listed_years(context)


def _is_pair(first: Moment, last: Moment) -> bool:
    """Whether one thing is told to begin at a moment and to end at the next."""
    if first.segment != last.segment or (first.first.month is None) != (last.first.month is None):
        return False
    if not _LINKS.fullmatch(last.before):
        return False
    opens = _OPENS.match(first.after) or _FROM.search(first.before)
    closes = _CLOSES.match(last.after) or (
        _FROM.search(first.before) and _UNTIL.search(last.before)
    )
    if closes and first.precise and last.precise and precedes(last, first):
        # Told day by day in one sentence the end comes last, whatever the beginning is called.
        return "的" not in first.after + last.after
    return bool(opens and closes)


def _listed_years(context: Context) -> Iterator[Stretch]:
    """2020年、2021年、2022年: years one after another."""
    run: list[Moment] = []
    for moment in (*context.moments, None):
        follows = (
            moment is not None
            and run
            and moment.single
            and moment.first.month is None
            and context.folded[run[-1].end : moment.start] in ("、", "和")
            and moment.year == run[-1].year + 1
        )
        if not follows:
            if len(run) > 1:
                yield Stretch(run[0].start, run[-1].end, run[0], run[-1])
            run = []
        if moment is not None and moment.single and moment.first.month is None:
            run.append(moment)


def _durations(context: Context, stretch: Stretch) -> Iterator[Issue]:
    """5月1日至5日，为期3天: the days told and the days between the dates."""
    text = context.folded
    said = _behind(context, stretch) or _ahead(text, stretch)
    if said is None or text[stretch.start - 1 : stretch.start] in _LISTS:
        return
    duration, place = said
    fewest, most = days_between(stretch.first, stretch.last)
    if duration.unit == "年" and _fits_years(stretch, duration, adjacent=place in ("", "的")):
        return
    if duration.unit == "年" or most < duration.least:
        differs = True
    else:
        differs = (
            fewest - _slack(stretch, duration) > duration.most
            and duration.whole
            and not _APART.search(place)
            and _can_be_whole(stretch, duration, place, fewest)
        )
    if differs:
        span = Span(stretch.start, stretch.end)
        spans = tuple(sorted((span, Span(duration.start, duration.end)), key=_start))
        params: dict[str, object] = {
            "text": text[duration.start : duration.end],
            "other": text[span.start : span.end],
            "right": _length(stretch, duration, most),
        }
        yield _issue("duration", "warning", spans, params)


def _slack(stretch: Stretch, duration: Duration) -> int:
    """How many days fewer may be meant: none where 为期 counts the days from one to another of a month."""
    counted = duration.lead in ("为期", "会期", "展期", "营期", "赛期") and duration.unit == "天"
    alike = stretch.first.precise and stretch.last.precise
    return 0 if counted and alike and stretch.first.first.month == stretch.last.last.month else 1


def _behind(context: Context, stretch: Stretch) -> tuple[Duration, str] | None:
    """The first duration behind the dates in their sentence, before another date is told."""
    text = context.folded
    stop = min(stretch.end + _BEHIND, len(text))
    ends = _SEGMENT_END.search(text, stretch.end, stop)
    stop = ends.start() if ends else stop
    number = bisect_left(context.moments, stretch.end, key=_start)
    if number < len(context.moments):
        stop = min(stop, context.moments[number].start)
    for found in durations(text, stretch.end, stop):
        between = text[stretch.end : found.start]
        return None if _ELSEWHERE.search(between) else (found, between)
    return None


def _ahead(text: str, stretch: Stretch) -> tuple[Duration, str] | None:
    """为期5天的培训班于8月10日至12日举办."""
    for found in durations(
        text, max(stretch.first.sentence, stretch.start - _AHEAD), stretch.start
    ):
        place = text[found.end : stretch.start]
        if found.lead == "工期":
            return None  # what was agreed before the work began
        if _LEADS_TO_DATES.fullmatch(place) and not _APART.search(place):
            return found, place
    return None


def _can_be_whole(stretch: Stretch, duration: Duration, place: str, fewest: int) -> bool:
    """Whether a shorter time than between the dates can only be all of it.

    What takes ten days may lie anywhere within months, and what takes months within a year.
    """
    if duration.lead in ("历时", "前后", "持续") and _AT_ONCE.fullmatch(place):
        return True
    if not (stretch.first.precise and stretch.last.precise):
        return False
    return fewest <= _LONGEST or duration.unit not in ("天", "日")


def _fits_years(stretch: Stretch, duration: Duration, *, adjacent: bool) -> bool:
    """Years are counted one by one, or from a day to a day; 2019年到2023年 may be four or five."""
    years = stretch.last.last.year, stretch.first.first.year
    if years[0] is None or years[1] is None or not (duration.exact or duration.whole or adjacent):
        return True
    counted = years[0] - years[1] + 1
    if stretch.first.first.month is None:
        return duration.many == counted or (
            not duration.exact and not adjacent and duration.many == counted - 1
        )
    fewest, most = days_between(stretch.first, stretch.last)
    within = fewest - 40 <= duration.most and most + 20 >= duration.least
    return within or duration.many == counted


def _length(stretch: Stretch, duration: Duration, days: int) -> str:
    """The time between the dates, in the unit that the text counts in."""
    years = stretch.last.last.year, stretch.first.first.year
    if stretch.first.first.month is None and years[0] and years[1]:
        return f"{years[0] - years[1] + 1}年"
    if duration.unit in ("月", "年") and days > 45:
        return f"约{round(days / _DAYS_OF_MONTH)}个月"
    return f"{days}天"


def _terms(context: Context) -> Iterator[Issue]:
    """2021年11月换届，任期五年，将于2024年11月届满."""
    text, moments = context.folded, context.moments
    for match in _TERM.finditer(text):
        begin, end = around(text, *match.span(), "\n")
        begin, end = max(begin, match.start() - _TERM_NEAR), min(end, match.end() + _TERM_NEAR)
        near = moments[
            bisect_left(moments, begin, key=_start) : bisect_left(moments, end, key=_start)
        ]
        years = numerals.read(match["many"])
        for first, last in pairwise(one for one in near if one.first.month is not None):
            begins = first.own and _BEGINS_TERM.search(first.after)
            ends = _ENDS_TERM.match(last.after) or _TERM_BEFORE.search(last.before)
            lasts = last.high - first.low
            if (
                begins
                and ends
                and last.own
                and years
                and abs(lasts - 365.25 * float(years)) > _TERM_SLACK
            ):
                params: dict[str, object] = {
                    "text": match[0],
                    "other": text[first.start : last.end],
                    "right": f"约{round(lasts / _DAYS_OF_MONTH)}个月",
                }
                found = Span(first.start, last.end), Span(match.start(), match.end())
                spans = tuple(sorted(found, key=_start))
                yield _issue("duration", "warning", spans, params)


def _issue(
    code: str, severity: Severity, spans: tuple[Span, ...], params: dict[str, object]
) -> Issue:
    return Issue("date_or_year", f"date_or_year.{code}", severity, spans, params)

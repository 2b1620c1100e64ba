"""Every time a text tells of, read once: 2023年5月, 5月3日至7日, 去年底, 2021—2023年, 4月下旬.

A moment knows the first and the last day it can mean, whether its year is written there, and the words of
its clause; the checks of dates compare moments and need not read them again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from taizhang.engines.checking.expressions import expression

_POINT = expression(
    r"(?<![0-9.第〔\[#])"
    r"(?:(?P<dotted>(?:19|20)[0-9]{2}(?P<sign>[./-])[0-9]{1,2}(?P=sign)[0-9]{1,2})(?![0-9.])"
    r"|(?=[0-9今本去上前明次翌当同第])"
    r"(?:(?P<year>(?:19|20)[0-9]{2}) ?(?:年(?!代)|(?=[-—–~～至]{1,2}(?:19|20)[0-9]{2}年))|(?P<said>[今本去上前明次翌当同]年|第二年)的?(?=[0-9]))?"
    r"(?: ?(?P<month>[0-9]{1,2}) ?(?:月(?:份|(?P<part>[底末初]|[上中下]旬))?|(?=[-—–~～至到]{1,2}[0-9]{1,2}月)(?<!年[0-9])(?<!年[0-9]{2})|(?<=年[0-9])(?=[-—–~～至到]{1,2}[0-9]{1,2}月)|(?<=年[0-9]{2})(?=[-—–~～至到]{1,2}[0-9]{1,2}月)))?"
    r"(?: ?(?P<day>[0-9]{1,2}) ?(?:[日号]|(?<=月[0-9])(?=[-—–~～至到]{1,2} ?[0-9]{1,2}[日号])|(?<=月[0-9]{2})(?=[-—–~～至到]{1,2} ?[0-9]{1,2}[日号])))?)"
)
_STARTS = expression(r"[0-9]+|[今本去上前明次翌当同]年|第二年")
TO = expression(
    r"(?:[（(](?:星期|周).[）)])?(?:\s*(?:至|到|[-—–－~～]{1,2})\s*|(?:开始|起|启动)?，?(?:一直[\u4e00-\u9fff]?|持续|延续)?(?:至|到)|(?!推迟|顺?延|提前|调|改)[\u4e00-\u9fff]{1,4}至)"
)
_SHIFTS = {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1}
_AFTER_DATE = expression(
    r"(?:[（(](?:星期|周|礼拜).[）)])?(?:[上下]午|晚上?|凌晨|零时|24时|当[天日晚])?[，,]?"
)
_TENS = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_FIRST_OF_END = 25
_CLAUSE = "，。；：！？\n（(、"
_CLAUSE_END = expression(r"[，。；！？\n]")
_SENTENCE_END = expression(r"[。！？\n]")
_SEGMENT_END = expression(r"[。！？\n；]")
_LONGEST_CLAUSE = 40
_ANY_YEAR = 2023
"""Where no year is known any ordinary one will do for counting days."""


class Point(NamedTuple):
    """A year, a month or a day, as far as it is told; ``year`` is resolved, None where nothing tells it."""

    year: int | None
    month: int | None
    day: int | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it stands in the text, a single one or from one to another.

    ``own`` and ``last_own``: the year of its beginning, of its end is written there (or 当年, 去年); ``low`` and ``high`` count the days as ``date.toordinal``:
    the first and the last it can mean. ``before`` and ``after``: the rest of its clause. ``sentence``
    and ``segment``: where the sentence and its part between ； begin.
    """

    start: int
    end: int
    first: Point
    last: Point
    own: bool
    last_own: bool
    single: bool
    low: int
    high: int
    before: str
    after: str
    sentence: int
    segment: int

    @property
    def year(self) -> int:
        """The year of its first day, resolved."""
        return date.fromordinal(self.low).year

    @property
    def month(self) -> int:
        """The month of its first day."""
        return date.fromordinal(self.low).month

    @property
    def backwards(self) -> bool:
        """Whether its end surely lies before its beginning; a season goes over the end of the year."""
        if self.single or self.high >= self.low:
            return False
        winter = self.month >= (10 if self.first.day else 8) and (self.last.month or 12) <= 6
        return (self.own and self.last_own) or not winter

    @property
    def precise(self) -> bool:
        """Whether both ends are days."""
        return self.first.day is not None and self.last.day is not None


class _Read(NamedTuple):
    start: int
    end: int
    point: Point
    own: bool


def moments(text: str, year: int | None) -> tuple[Moment, ...]:
    """Read every time of a text whose report is about ``year``, in reading order."""
    found: list[Moment] = []
    reads = _points(text, year)
    sentences = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    segments = [0, *(match.end() for match in _SEGMENT_END.finditer(text))]
    at = 0
    while at < len(reads):
        first = last = reads[at]
        at += 1
        if at < len(reads):
            to = (
                TO.fullmatch(text, first.end, reads[at].start)
                if reads[at].start - first.end < 12
                else None
            )
            if to is not None:
                last = _filled(first, reads[at])
                at += 1
        previous = found[-1].end if found else 0
        following = reads[at].start if at < len(reads) else len(text)
        moment = _moment(text, first, last, previous, following, sentences, segments)
        if moment is not None:
            found.append(moment)
    return tuple(found)


def _points(text: str, year: int | None) -> list[_Read]:
    """The single points with their years: written, said as 去年, told before in the sentence, or the report's."""
    found: list[_Read] = []
    at, sentence = 0, 0
    carried = year
    for start in _STARTS.finditer(text):
        if start.start() < at:
            continue
        match = _POINT.match(text, start.start())
        if match is None or match.end() == match.start():
            continue
        if found and _SENTENCE_END.search(text, sentence, match.start()):
            carried = year
        sentence = at = match.end()
        if match["dotted"]:
            told, month, day = (int(word) for word in match["dotted"].split(match["sign"]))
            point, own = Point(told, month, day), True
        else:
            own = bool(match["year"] or match["said"])
            point = Point(
                _year(match, year, carried),
                int(match["month"]) if match["month"] else None,
                int(match["day"]) if match["day"] else None,
                match["part"] or "",
            )
        # 2022年度预算, 2022年立项的项目 say which one is meant; 2022年，… says when all that follows was.
        if point.year and (point.month is not None or text[at : at + 1] == "，"):
            carried = point.year
        if point.month is None and point.day is not None:
            earlier = found[-1] if found else None
            near = earlier is not None and match.start() - earlier.end < 16
            if earlier is None or not near or earlier.point.month is None:
                continue
            point = point._replace(month=earlier.point.month, year=earlier.point.year)
        if point.month is None and not own:
            continue
        found.append(_Read(match.start(), match.end(), point, own))
    return found


def _year(match: re.Match[str], year: int | None, carried: int | None) -> int | None:
    if match["year"]:
        return int(match["year"])
    said = match["said"]
    if not said:
        return carried
    if said[0] in _SHIFTS:
        return None if year is None else year + _SHIFTS[said[0]]
    if carried is None:
        return None
    return carried if said[0] in "当同" else carried + 1


def _filled(first: _Read, last: _Read) -> _Read:
    """The end with the month of the beginning where it has none of its own."""
    point = last.point
    if point.month is None and point.day is not None:
        point = point._replace(month=first.point.month)
    return _Read(first.start, last.end, point, last.own)


def bounds(point: Point) -> tuple[int, int] | None:
    """The first and the last day a point can mean; None where the calendar has no such day."""
    year, month = point.year or _ANY_YEAR, point.month
    if not 1900 < year < 2100:
        return None
    if month is None:
        return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    if not 1 <= month <= 12:
        return None
    days = monthrange(year if point.year else 2024, month)[1]
    if point.day is not None:
        if not 1 <= point.day <= days or (month, point.day, point.year) == (2, 29, None):
            return None
        day = date(year, month, point.day).toordinal()
        return day, day
    low, high = _TENS.get(point.part, (1, days))
    if point.part in ("底", "末"):
        low = _FIRST_OF_END
    high = min(high, monthrange(year, month)[1])
    return date(year, month, low).toordinal(), date(year, month, high).toordinal()


def _moment(
    text: str,
    first: _Read,
    last: _Read,
    previous: int,
    following: int,
    sentences: list[int],
    segments: list[int],
) -> Moment | None:
    low, high = bounds(first.point), bounds(last.point)
    if low is None or high is None:
        return None
    sentence = sentences[bisect_right(sentences, first.start) - 1]
    segment = segments[bisect_right(segments, first.start) - 1]
    begin = max(previous, segment, first.start - _LONGEST_CLAUSE)
    begin = max([begin, *(1 + text.rfind(sign, begin, first.start) for sign in _CLAUSE)])
    behind = _AFTER_DATE.match(text, last.end)
    stop = behind.end() if behind else last.end
    ends = _CLAUSE_END.search(text, stop, stop + _LONGEST_CLAUSE)
    end = min(following, ends.start() if ends else stop + _LONGEST_CLAUSE, len(text))
    single = first is last
    return Moment(
        start=first.start,
        end=last.end,
        first=first.point,
        last=last.point,
        own=first.own,
        last_own=last.own,
        single=single,
        low=low[0],
        high=high[1],
        before=text[begin : first.start],
        after=text[stop : max(end, stop)],
        sentence=sentence,
        segment=segment,
    )


def precedes(later: Moment, earlier: Moment) -> bool:
    """Whether ``later``, which should come after ``earlier``, surely lies before it.

    Months without years may lie on both sides of a winter (11月启动，3月结束).
    """
    if later.high >= earlier.low:
        return False
    winter = earlier.month >= 9 and later.month <= 6
    return (earlier.own and later.own) or not winter

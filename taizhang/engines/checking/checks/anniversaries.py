"""Years since something began: 成立于1998年，至今已有25年; 1988年出生，现年45岁; 2021年起每年开办，已连续六年.

A passage tells once when something began and how long ago that is; every statement of the first kind
is read into an origin, every one of the second into a count, and they are held against each other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from taizhang.engines.checking import numerals
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_YEAR = r"(?P<from>(?:19|20)[0-9]{2})年(?!代)(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?"
_MANY = r"(?P<many>[0-9]{1,3}|[一二三四五六七八九十百]{1,4})"
_FOUNDED = r"(?:成立|始建|创建|创办|创立|创刊|组建|建成|建馆|建会|建校|开馆|开放|落成|首创|诞生|开门迎客|揭牌)"
_WORKED = (
    r"(?:参加工作|入职|从教|从医|从业|任教|投身|扎根|(?:分配)?到[^，。；0-9]{2,10}?工作|毕业后)"
)
_ORIGINS = (
    (
        "founded",
        expression(
            rf"{_YEAR}(?:(?!迎|庆祝|庆典|是|为|届)[^，。；0-9]){{0,4}}{_FOUNDED}(?![^，。；0-9]{{0,4}}{_MANY}周年)"
        ),
    ),
    ("founded", expression(rf"(?:{_FOUNDED}|建|始)于{_YEAR}")),
    ("born", expression(rf"{_YEAR}(?:出?生(?!产|态|活|物|源|命|效|成)|诞生)")),
    ("born", expression(rf"(?:出生|生)于{_YEAR}")),
    ("worked", expression(rf"{_YEAR}(?:起|开始)?{_WORKED}")),
    (
        "yearly",
        expression(
            rf"{_YEAR}(?:的?首届|第一届|首次|起|创办|启动|开办|发起)(?:举办)?[^。；\n]{{0,16}}?(?:每年|一年|连续|逐年)"
        ),
    ),
)
_COUNT = expression(
    rf"{_MANY}(?:(?P<unit>周年|周?岁|届)|个春秋|个年头|年(?!代|度|级|前|起|，?(?:创|成|获|调|被)))"
)
_LEADS = (
    (
        "founded",
        expression(r"(?:至今|距今|迄今|已走过|今年)[^，。；0-9]{0,10}$|已[^，。；0-9]{0,4}$"),
    ),
    (
        "worked",
        expression(
            r"(?:至今[^，。；0-9]{0,4}|已经?有?|一干就是|整整|(?:扎根|坚守)[^，。；0-9]{0,6}|从[教医业]|工作|从事[^，。；0-9]{0,10})$"
        ),
    ),
    ("yearly", expression(r"已?连续(?:开展|举办|实施|进行|开办)?了?$")),
)
_SINCE = expression(r"(?:至今|距今|迄今|走过)[^，。；0-9]{0,10}$")
_HISTORY = expression(r"的?(?:悠久)?(?:历史|历程|风雨|光阴|岁月|发展)|[，。]?来")
_AGE = expression(r"(?:现年|今年已?|年仅|年龄|今已)[^，。；0-9]{0,4}$")
_AT = expression(
    r"(?:(?P<at>(?:19|20)[0-9]{2})年(?:[0-9]{1,2}月)?|(?P<next>明年))[^，。；0-9]{0,16}$"
)
_BEFORE = 24
_BROKEN = expression(
    r"停办|暂停|中断|除|疫情|两年|(?<![0-9])2年|隔年|每[两三]|虚岁|届时|先后[举开]|分别|退休|离岗|调入|以前|时年|享年|换届|任届|理事会|委员会|代表大会"
)
_SURE = expression(r"[^0-9]*(?:恰好|正好|整整)")
_SO_FAR = expression(r"(?:已|一干|整整|至今).{0,4}$")
_ONE_POST = expression(r"[0-9]|任|担")
_YEAR_TOLD = expression(r"(?:19|20)[0-9]{2}年")
_NEAR = 70
_FAR = 140
_ROUGH = expression(r"近|约|余|多|超|逾")


class _Origin(NamedTuple):
    kind: str
    start: int
    end: int
    year: int


class _Count(NamedTuple):
    """So many years, what they may be counted from, and the year that they are counted in."""

    start: int
    end: int
    kinds: frozenset[str]
    many: int
    unit: str
    at: int


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.years_since`` and ``.age`` where the years do not come to what is told."""
    text, year = context.folded, context.year
    if year is None:
        return
    origins = sorted(_origins(text), key=attrgetter("start"))
    told: set[int] = set()
    for match in _COUNT.finditer(text) if origins else ():
        count = _count(text, match, year)
        if count is None:
            continue
        for kind in sorted(count.kinds):
            origin = _nearest(
                text, [one for one in _around(origins, count) if one.kind == kind], count
            )
            if origin is not None and origin.start not in told and not _fits(text, origin, count):
                told.add(origin.start)
                yield _issue(text, origin, count)


def _origins(text: str) -> Iterator[_Origin]:
    found: dict[tuple[str, int], _Origin] = {}
    for kind, pattern in _ORIGINS:
        for match in pattern.finditer(text):
            origin = _Origin(kind, match.start(), match.end(), int(match["from"]))
            found.setdefault((kind, match.start("from")), origin)
    yield from found.values()


def _count(text: str, match: re.Match[str], year: int) -> _Count | None:
    start = match.start()
    many = numerals.read(match["many"])
    before = text[max(0, start - _BEFORE) : start]
    if many is None or _ROUGH.match(text, match.end("many")) or _ROUGH.match(text, match.end()):
        return None
    unit = match["unit"] or "年"
    if unit == "周年":
        kinds = {"founded"}
    elif unit == "届":
        kinds = {"yearly"} if before.endswith("第") else set()
    elif unit.endswith("岁"):
        kinds = {"born"} if _AGE.search(before) else set()
    else:
        kinds = {kind for kind, lead in _LEADS if lead.search(before)}
        if not _SINCE.search(before) and not _HISTORY.match(text, match.end()):
            kinds.discard("founded")  # 会长已连任8年
    if not kinds or _ROUGH.search(before[-1:]):
        return None
    told = _AT.search(before)
    at = year + bool(told and told["next"])
    if told and told["at"]:
        at = int(told["at"])
    return _Count(start, match.end(), frozenset(kinds), int(many), unit, at)


def _around(origins: list[_Origin], count: _Count) -> list[_Origin]:
    """The origins not far from a count."""
    start = attrgetter("start")
    first = bisect_left(origins, count.start - _FAR, key=start)
    return origins[first : bisect_left(origins, count.end + _FAR, key=start)]


def _nearest(text: str, origins: list[_Origin], count: _Count) -> _Origin | None:
    """The one origin of the passage: more than one, or a break, and nothing is known for sure."""
    near = []
    for one in origins:
        between = text[min(one.end, count.end) : max(one.start, count.start)]
        if len(between) <= _NEAR and "\n" not in between and between.count("。") <= 1:
            near.append(one)
    return near[0] if len({one.year for one in near}) == 1 else None


def _fits(text: str, origin: _Origin, count: _Count) -> bool:
    years = count.at - origin.year
    begin, end = min(origin.start, count.start), max(origin.end, count.end)
    if count.unit == "周年" and "周年" in text[origin.end : count.start]:
        return True  # of something else: 1964年成立，2024年欢庆60周年；会刊创刊40周年
    if years <= 0 or _BROKEN.search(text, begin, min(end + 12, len(text))):
        return True
    least, most = _allowed(text, origin, count, years)
    return least <= count.many <= most


def _allowed(text: str, origin: _Origin, count: _Count, years: int) -> tuple[int, int]:
    """The fewest and the most years that may be told when so many have passed."""
    between = text[origin.end : count.start]
    around = years - 1, years + 1
    if (
        origin.kind == "born"
        and count.end <= origin.start
        and text[count.end : origin.start] not in "，（("
    ):
        return 0, count.many  # 周老师今年70岁，他的学生1985年出生
    if origin.kind == "yearly":
        # What was held in its first year has its number, and its years, one ahead.
        at_once = re.search("首届|第一届|首次|年起", text[origin.start : origin.end])
        return (years + (count.unit == "届"), years + 1) if at_once else around
    if origin.kind == "worked":
        if count.start < origin.end:
            return 0, count.many
        # Years at one post are fewer than those since the first day, never more.
        all_of_them = _SO_FAR.search(between) and not _ONE_POST.search(between)
        return years - 1 if all_of_them else 0, years + 1
    if count.unit == "周年" or (origin.kind == "founded" and _SURE.match(between)):
        return years, years
    if origin.kind == "founded" and _YEAR_TOLD.search(between):
        return 0, count.many
    return around


def _issue(text: str, origin: _Origin, count: _Count) -> Issue:
    years = count.at - origin.year
    right = years + 1 if origin.kind == "yearly" else years
    spans = tuple(
        sorted(
            (Span(origin.start, origin.end), Span(count.start, count.end)), key=lambda s: s.start
        )
    )
    params: dict[str, object] = {
        "text": f"{text[origin.start : origin.end]}…{text[count.start : count.end]}",
        "right": f"{right}{count.unit}",
    }
    code = "date_or_year.age" if origin.kind == "born" else "date_or_year.years_since"
    return Issue("date_or_year", code, "warning", spans, params)

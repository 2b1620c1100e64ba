"""How long something took: 为期三天, 历时半年, 七天六晚, 两周时间, 连续四年; and whether two dates allow it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from taizhang.engines.checking import numerals
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.times import Moment

_MANY = r"(?P<many>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_DURATION = expression(
    r"(?P<whole>(?:为期|历时|历经|持续|会期|展期|营期|赛期|(?<!合同)(?<!计划)工期|前后|展出|角逐|培训期){1,2})?(?P<lead>连续|公示期|共计?|总共|用时|用|正好|开放|举办|长达|整整)?[了为约达]?(?:时间)?"
    rf"(?P<near>近|将近|不到)?{_MANY}(?P<over>[多余])?(?P<half>个半)?(?P<unit>天|日|周(?!年|[一二三四五六日岁边])|个?星期|(?:个|(?<=个半))月|年(?!代|级|度))(?P<past>[多余])?"
    r"(?P<tail>[一二两三四五六七八九十]{1,2}[晚夜]|的?时间|的?[间里]|来|中(?!旬))?"
)
_LIMITS = {
    "天": (1, 1),
    "日": (1, 1),
    "周": (5, 8),
    "星期": (5, 8),
    "月": (27.5, 32),
    "年": (335, 400),
}


class Duration(NamedTuple):
    """The days that it can mean, how it is measured, and whether it tells the whole time there was."""

    start: int
    end: int
    least: float
    most: float
    unit: str
    many: int
    whole: bool
    exact: bool
    """Whether it counts years one by one: 连续四年, 的五年里."""
    lead: str


def durations(text: str, start: int, end: int) -> Iterator[Duration]:
    """Every time that something is said to have taken, within a stretch of the text."""
    for match in _DURATION.finditer(text, start, end):
        tail = match["tail"] or ""
        if not (match["whole"] or match["lead"] or tail):
            continue
        found = _read(match, tail)
        if found is not None:
            yield found


def _read(match: re.Match[str], tail: str) -> Duration | None:
    half = match["many"] == "半"
    many = 0 if half else numerals.read(match["many"])
    unit = match["unit"].removeprefix("个")
    if many is None or (half and unit not in ("月", "年")):
        return None
    low, high = _LIMITS[unit]
    count = int(many)
    least, most = low * count, high * count
    if half:
        least, most, unit = (13, 17, unit) if unit == "月" else (150, 215, "月")
    if match["half"]:
        least, most = least + 13, most + 17
    if match["over"] or match["past"]:
        most += high
    if match["near"]:
        least -= high
    night = tail.endswith(("晚", "夜"))
    return Duration(
        match.start(),
        match.end(),
        least,
        most,
        unit,
        count,
        whole=bool(match["whole"]) or night or tail.endswith("时间"),
        exact=match["lead"] == "连续" or tail.endswith(("间", "里")),
        lead=match["whole"] or match["lead"] or "",
    )


def days_between(first: Moment, last: Moment) -> tuple[int, int]:
    """The fewest and the most days from a moment to another, both counted."""
    begin, end = _last_day_of_first(first), _first_day_of_last(last)
    return max(end - begin + 1, 1), last.high - first.low + 1


def _last_day_of_first(moment: Moment) -> int:
    if moment.first.month is None:
        return moment.low + 364
    return moment.low if moment.first.day else moment.low + (9 if moment.first.part else 29)


def _first_day_of_last(moment: Moment) -> int:
    if moment.last.month is None:
        return moment.high - 364
    return moment.high if moment.last.day else moment.high - (9 if moment.last.part else 29)

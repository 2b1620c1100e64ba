"""Hours that no clock has, and hours from a later one to an earlier: 14:75, 上午15时, 开放时间17:00至9:30."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_CLOCK = expression(r"(?P<hour>[0-9]{1,2})[:：](?P<minute>[0-9]{2})(?![0-9:：%])")
_IS_CLOCK = expression(
    r"(?:[上下中]午|早上?|晚上?|[日号于在]|每[天日]|时间[为：:]?|[0-9][—–\-至到~～]{1,2})\s*$"
)
_CLOCK_BEHIND = expression(
    r"\s*(?:[—–\-至到~～]{1,2}[0-9]|开[始馆放幕]|准时|[前起]|结束|召开|举行)"
)
_HOUR = expression(
    r"(?P<hour>[0-9]{1,2})(?P<sign>[时点])(?P<sure>[0-9]{1,2}分|整|许|半|[开起至前]|左右)?(?![\u4e00-\u9fff]?[长限])"
)
_BEFORE_NOON = frozenset({"上午", "凌晨", "早上"})
_NOON = _BEFORE_NOON | {"下午", "晚上"}
_RANGE = expression(
    r"(?<![0-9:：.])(?P<h1>[0-9]{1,2})[:：时](?P<m1>[0-9]{2})?分?\s?(?:[—–\-~～]{1,2}|至|到)\s?(?P<h2>[0-9]{1,2})(?:[:：](?P<m2>[0-9]{2})|时(?P<m3>[0-9]{2})?)(?![0-9:：])"
)
_OVERNIGHT = expression(r"夜|晚|次日|凌晨|通宵|跨年|值[班守]|翌|施工|闭馆|闭园|停[电水]|第二天|巡")
_BY_DAY = expression(r"开放|开馆|讲座|授课|上课|课程|会议|培训|接待|服务|活动|比赛|办公|咨询|义诊")
_EVENING = 18
_AROUND = 16


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.no_such_time`` and ``.backwards``."""
    yield from _clocks(context.folded)
    yield from _hours(context.folded)
    yield from _ranges(context.folded)


def is_time(hour: int, minute: int) -> bool:
    """Whether a clock shows it; 24:00 is the end of the day."""
    return minute < 60 and (hour < 24 or (hour == 24 and minute == 0))


def _clocks(text: str) -> Iterator[Issue]:
    """14:75, 上午15:00."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["hour"]), int(match["minute"])
        before = text[max(0, match.start() - 4) : match.start()]
        if is_time(hour, minute) and not (hour > 12 and before[-2:] in _BEFORE_NOON):
            continue
        if before[-1:] in (":", "：") or before[-1:].isdecimal():
            continue
        if _IS_CLOCK.search(before) or _CLOCK_BEHIND.match(text, match.end()):
            yield _issue("no_such_time", match.span(), text)


def _hours(text: str) -> Iterator[Issue]:
    """25时, 上午15时."""
    for match in _HOUR.finditer(text):
        hour, start = int(match["hour"]), match.start()
        noon = text[max(0, start - 2) : start]
        minutes = match["sure"] or ""
        late = minutes.endswith("分") and not is_time(hour, int(minutes[:-1]))
        if (hour <= 12 and not late) or noon[-1:].isdecimal() or noon[-1:] == ".":
            continue
        beyond = (hour > 24 or late) and match["sign"] == "时" and (match["sure"] or noon in _NOON)
        if noon in _BEFORE_NOON or beyond:
            begin = start - 2 if noon in _NOON else start
            yield _issue("no_such_time", (begin, match.end()), text)


def _ranges(text: str) -> Iterator[Issue]:
    """讲座时间为15:30至14:00; what is open from the evening to the morning may be a night."""
    for match in _RANGE.finditer(text):
        first = int(match["h1"]), int(match["m1"] or 0)
        last = int(match["h2"]), int(match["m2"] or match["m3"] or 0)
        if first <= last or not (is_time(*first) and is_time(*last)):
            continue
        before = (
            text[max(0, match.start() - _AROUND) : match.start()].split("。")[-1].split("\n")[-1]
        )
        behind = text[match.end() : match.end() + 4]
        # 2:30—5:00 in the afternoon is told without 14:30, and 9:00—5:00 is a day.
        if last[0] <= 6 and first[0] <= 12:
            continue
        if _OVERNIGHT.search(before) or _OVERNIGHT.search(behind):
            continue
        if first[0] < _EVENING or _BY_DAY.search(before) or _BY_DAY.search(behind):
            yield _issue("backwards", match.span(), text)


def _issue(code: str, span: tuple[int, int], text: str) -> Issue:
    params: dict[str, object] = {"text": text[span[0] : span[1]]}
    return Issue("date_or_year", f"date_or_year.{code}", "error", (Span(*span),), params)

"""Numbers of documents against the time they were issued: 2023年3月，印发《2023年工作要点》（云科协〔2022〕9号）."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.times import Moment
from taizhang.engines.checking.types import Issue, Span

_NAME = expression(r"[\u4e00-\u9fff]{0,10}$")
_NUMBER = expression(r"[〔\[［](?P<year>(?:19|20)[0-9]{2})[〕\]］] ?第?[0-9]{1,4}号")
_ISSUED = expression(
    r"^(?:[^。；《》]{0,16}[，于])?[^，。；《》]{0,14}(?:印发|出台|制定|下发|发布|制发|修订)了?[^，。；《》]{0,6}《[^》]{1,50}》[（(]$"
)
_ISSUED_BY = expression(r"(?:文件?)?(?:正式)?(?:印发|下发)")
_NOT_OURS = expression(r"的《|学习|传达|转发|根据|按照|落实|依据|对照|贯彻|执行")
_IN_TITLE = expression(r"《[^》]{0,40}$")
_NEAR = 90


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.document_year``."""
    text = context.folded
    starts = [one.start for one in context.moments]
    for match in _NUMBER.finditer(text):
        place = match.start("year") - 1
        number = bisect_left(starts, match.start()) - 1
        # The title of the document names a year that is no time of its own: 《2023年工作要点》.
        while number >= 0 and _IN_TITLE.search(text, max(0, starts[number] - 40), starts[number]):
            number -= 1
        if number < 0 or match.start() - starts[number] > _NEAR:
            continue
        moment = context.moments[number]
        if _is_of(text, moment, match) and int(match["year"]) != moment.year:
            yield _issue(text, moment, Span(place, match.end()))


def _is_of(text: str, moment: Moment, match: re.Match[str]) -> bool:
    """Whether the moment is the time when the document was issued.

    A document of January may carry the number of the year that is over.
    """
    if moment.first.month in (None, 1) or not moment.single or moment.first.year is None:
        return False
    name = _NAME.search(text, moment.end, match.start())
    between = text[moment.end : name.start() if name else match.start()]
    if "\n" in between or _NOT_OURS.search(between):
        return False
    if name and name[0].startswith(("当月以", "当日以", "随即以")):
        return bool(_ISSUED_BY.match(text, match.end()))
    return bool(_ISSUED.match(between))


def _issue(text: str, moment: Moment, number: Span) -> Issue:
    params: dict[str, object] = {
        "text": text[number.start : number.end],
        "when": f"{moment.year}年{moment.month}月",
    }
    spans = (Span(moment.start, moment.end), number)
    return Issue("date_or_year", "date_or_year.document_year", "warning", spans, params)

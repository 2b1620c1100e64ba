"""The sentence or paragraph around a place, and whether it looks ahead."""

from __future__ import annotations

from bisect import bisect_right

from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.sections import Sections

PLAN_HEADING = expression(
    r"计划|思路|要点|打算|安排|规划|方案|预算|展望|下一步|下步|明年|来年|今后|接下来|怎么干|努力方向"
)
FARTHEST = 600
"""No further than this is looked for the end of a sentence: some texts have none."""
_LONGEST_LINE, _HEADING = 2000, 24
_WILL = expression(
    r"将|拟|计划|预计|力争|准备|筹|争取|前|目标|确保|届时|起|打算|明年|要|推动(?!了)|谋划|应|到"
)


def around(text: str, start: int, end: int, signs: str) -> tuple[int, int]:
    """The stretch around a place between the nearest of the signs, and no further than a page."""
    first, last = max(start - FARTHEST, 0), min(end + FARTHEST, len(text))
    begin = max(first, 1 + max(text.rfind(sign, first, start + 1) for sign in signs))
    ends = [place for sign in signs if (place := text.find(sign, end, last)) >= 0]
    return begin, min(ends, default=last)


def line_start(text: str, place: int) -> int:
    """Where the line of a place begins, and no further than a long one: some texts have a single line."""
    first = max(0, place - _LONGEST_LINE)
    return max(first, text.rfind("\n", first, place) + 1)


def heading_above(text: str, sections: Sections, place: int) -> str:
    """The beginning of the highest heading that a place stands under; "" before the first."""
    top = sections.top_at(place)
    return "" if top is None else heading_at(text, top)


def heading_at(text: str, mark: int) -> str:
    """The beginning of the line that a mark leads."""
    return text[mark : mark + _HEADING].split("\n")[0]


def is_planned(text: str, sections: Sections, start: int, end: int) -> bool:
    """Whether a place stands in a plan: under such a heading, or with a word that looks ahead."""
    begin, stop = around(text, start, end, "。\n")
    if _WILL.search(text, begin, stop):
        return True
    if PLAN_HEADING.search(heading_above(text, sections, start)):
        return True
    number = bisect_right(sections.starts, start) - 1
    if number < 0:
        return False
    return bool(PLAN_HEADING.search(heading_at(text, sections.marks[number].start)))

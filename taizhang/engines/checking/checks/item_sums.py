"""A total and the items under it: 全年共开展活动45场。一是举办讲座12场；二是举办展览15场；三是组织竞赛18场."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import addable, amount, fits, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.sections import Mark
from taizhang.engines.checking.types import Issue, Quantity

_FIRST = frozenset({"一是", "1", "（1）", "（一）"})
_LEAD = expression(r"(?:共计|合计|总计|累计|一共|总共|共|全年)[^，。；：\n0-9]{0,12}$")
_BEHIND = expression(r"\s*(?:以上|上述)[^，。；\n]{0,20}")
_DISTANCE = 40
_LONGEST_ITEM = 400
_OVER, _UNDER = Decimal("0.13"), Decimal("0.07")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.among`` for three items or more, each with one number of the total's measure."""
    starts = [one.start for one in context.quantities]
    marks = context.sections.marks
    for at, mark in enumerate(marks):
        if mark.label not in _FIRST:
            continue
        items = _items(context, marks, at)
        whole = _whole(context, starts, mark) or _whole_behind(context, starts, items)
        if whole is None or len(items) < 3:
            continue
        parts = [_only(context, starts, item, whole) for item in items]
        told = [part for part in parts if part is not None]
        if len(told) == len(items) and _differs(whole, told):
            total = sum((amount(part) for part in told), Decimal(0))
            yield mismatch("sum_mismatch.among", whole, told, total)


def _whole(context: Context, starts: Sequence[int], mark: Mark) -> Quantity | None:
    """The total told right before the first item."""
    number = bisect_left(starts, mark.start) - 1
    if number < 0:
        return None
    one = context.quantities[number]
    lead = context.plain[max(0, one.start - 20) : one.start]
    near = mark.start - one.end <= _DISTANCE and one.qualifier == "exact"
    return one if near and _LEAD.search(lead) and one.value else None


def _whole_behind(
    context: Context, starts: Sequence[int], items: Sequence[tuple[int, int]]
) -> Quantity | None:
    """The total told right behind the last item: 以上板块活动总数为44项."""
    if not items:
        return None
    end = items[-1][1]
    number = bisect_left(starts, end)
    if number == len(starts) or not _BEHIND.fullmatch(context.plain, end, starts[number]):
        return None
    one = context.quantities[number]
    return one if one.qualifier == "exact" and one.value else None


def _items(context: Context, marks: Sequence[Mark], at: int) -> list[tuple[int, int]]:
    """Where the items stand, from one mark of the level to the next, the last to the end of its line."""
    level, found = marks[at].level, []
    for number in range(at, len(marks)):
        mark = marks[number]
        if mark.level < level or (number > at and mark.label in _FIRST and mark.level == level):
            break
        if mark.level == level:
            found.append(mark.start)
    ends = found[1:]
    line = context.plain.find("\n", found[-1])
    ends.append(line if line >= 0 else len(context.plain))
    items = list(zip(found, ends, strict=True))
    return items if all(end - start <= _LONGEST_ITEM for start, end in items) else []


def _only(
    context: Context, starts: Sequence[int], item: tuple[int, int], whole: Quantity
) -> Quantity | None:
    """The one number of the item that may be added to the others."""
    first, last = bisect_left(starts, item[0]), bisect_left(starts, item[1])
    found = [
        one
        for one in context.quantities[first:last]
        if addable(one, whole) and one.value is not None
    ]
    return found[0] if len(found) == 1 and found[0].qualifier == "exact" else None


def _differs(whole: Quantity, parts: Sequence[Quantity]) -> bool:
    total, value = sum((amount(part) for part in parts), Decimal(0)), amount(whole)
    distance = (total - value) / value
    return not fits(whole, total, parts) and -_UNDER <= distance <= _OVER

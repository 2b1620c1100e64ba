"""One thing told again in other words: 争取上级项目资金312万元 … 争取到的321万元上级项目资金.

``conflicts`` holds together what is called the same. Here only the end of the name has to agree, or
the name stands before the number in one place and behind it in the other. So more is asked for: the
numbers must look like one number mistyped (312 and 321, 9.4 and 8.4), and nothing around either of
them may speak of a part, another time, a plan, an occasion or somebody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.intervals import apart
from taizhang.engines.checking.likeness import Likeness, likeness
from taizhang.engines.checking.mentions import are_of_two_lines, is_of_another_year
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.restating import (
    Told,
    is_explained,
    is_of_one_doing,
    name_before,
    name_behind,
    shared_name,
    tell,
)
from taizhang.engines.checking.types import Issue, Quantity

_LONGEST = 6
_FARTHEST = 160
_MOST = 10
"""Of an ending with more statements than this each is about something of its own."""
_NEAREST, _HALF = Decimal("0.8"), Decimal("0.5")
_SLIPS = 100


def restated(context: Context, known: set[int]) -> Iterator[Issue]:
    """Yield ``conflict.values`` for two numbers of one thing that is named in two ways.

    ``known``: where the numbers start that are found to be in conflict already.
    """
    places: dict[tuple[str, str], list[tuple[Sentence, int]]] = defaultdict(list)
    for sentence in context.sentences:
        for number, one in enumerate(sentence.quantities):
            if _is_told(one):
                for ending in _endings(context, sentence, number):
                    places[ending, measure(one)].append((sentence, number))
    done: set[tuple[int, int]] = set()
    for told in places.values():
        if 1 < len(told) <= _MOST:
            for at, first in enumerate(told):
                for second in told[at + 1 :]:
                    for issue in _pair(context, first, second, done):
                        if not {span.start for span in issue.spans} <= known:
                            yield issue


def _is_told(one: Quantity) -> bool:
    """Whether it is one number, and of things: shares are told of many circles."""
    single = one.value is not None and one.value_max is None and one.value > 1
    return single and one.dimension not in ("share", "time")


def _endings(context: Context, sentence: Sentence, number: int) -> set[str]:
    """The last two characters of the name before a number, and the pairs of what is behind it."""
    left = name_before(sentence, number)
    right = "" if sentence.is_row else name_behind(context, sentence.quantities[number])
    found = {right[at : at + 2] for at in range(min(len(right), _LONGEST) - 1)}
    if len(left) > 1:
        found.add(left[-2:])
    if number and sentence.quantities[number].dimension in ("people", "person_times"):
        before = sentence.quantities[number - 1]
        if before.dimension == "events":
            # 12期培训860人次, 12期培训班共培训680人次.
            found.add(f"{before.value}{before.unit}")
    return found


def _pair(
    context: Context,
    first: tuple[Sentence, int],
    second: tuple[Sentence, int],
    done: set[tuple[int, int]],
) -> Iterator[Issue]:
    one, other = first[0].quantities[first[1]], second[0].quantities[second[1]]
    rows = first[0].is_row and second[0].is_row
    if rows or first[0].start == second[0].start or (one.fact and one.fact == other.fact):
        return
    if (one.start, other.start) in done or not _may_be_one(one, other):
        return
    done.add((one.start, other.start))
    if is_explained(first[0], one, other) or is_explained(second[0], other, one):
        return
    if are_of_two_lines(context, first[0], second[0]):
        return
    if _is_elsewhen(context, *first) != _is_elsewhen(context, *second):
        return
    left, right = tell(context, *first), tell(context, *second)
    if not _looks_mistyped(one, other) and not _is_meant_again(left, right):
        return
    name = shared_name(left, right) or (one.subject if is_of_one_doing(left, right) else "")
    together = "\n" not in context.plain[one.end : other.start]
    if name and _are_the_same(left, right, name, together=together):
        params = {"subject": name, "text": one.text, "other": other.text}
        yield Issue("conflict", "conflict.values", "error", (one.span, other.span), params)


def _is_elsewhen(context: Context, sentence: Sentence, number: int) -> bool:
    start = sentence.quantities[number].start
    begin = max(sentence.start, start - _FARTHEST)
    return is_of_another_year(context, context.plain[begin:start].rpartition("；")[2])


def _may_be_one(one: Quantity, other: Quantity) -> bool:
    """Whether their words are worth reading: the numbers differ, and not by more than half."""
    less, more = sorted((amount(one), amount(other)))
    return _looks_mistyped(one, other) or (apart(one, other) and less >= more * _HALF)


def _is_meant_again(first: Told, second: Told) -> bool:
    """新建专家工作站6个 … 新建的8个专家工作站: the words say that these are the ones told of before."""
    pairs = ((first, second), (second, first))
    return any(
        one.again and one.again in other.left and len(name) > 3 and other.left.endswith(name)
        for one, other in pairs
        for name in (one.right[:size] for size in range(4, len(one.right) + 1))
    )


def _looks_mistyped(one: Quantity, other: Quantity) -> bool:
    """Close, and yet no number is meant by both."""
    if not apart(one, other):
        return False
    less, more = sorted((amount(one), amount(other)))
    if less * 2 < more:
        return _is_slipped(one, other)
    return less >= more * _NEAREST or _is_written_alike(likeness(one, other))


def _is_written_alike(alike: Likeness) -> bool:
    """312 and 321, 9.4 and 8.4: the same digits in another order, or all but one of them."""
    return alike.transposed or (alike.one_off and alike.digits > 1)


def _is_slipped(one: Quantity, other: Quantity) -> bool:
    """12.5 and 125: ten times as much."""
    less, more = sorted((amount(one), amount(other)))
    return less > _SLIPS and less * 10 == more and more.normalize().as_tuple().digits[1:] != ()


def _are_the_same(first: Told, second: Told, name: str, *, together: bool) -> bool:
    """Whether the words are strong enough for how alike the numbers are.

    What the first of two in one paragraph names (a contest, a hall), the second need not name again.
    """
    if first.is_part or second.is_part:
        return False
    if any(
        here != there and not (together and here and not there)
        for here, there in zip(first.apart, second.apart, strict=True)
    ):
        return False
    one, other = first.quantity, second.quantity
    less, more = sorted((amount(one), amount(other)))
    least, most = sorted((first.weight, second.weight))
    if first.anchors & second.anchors:
        return True
    alike = likeness(one, other)
    if alike.transposed and alike.digits > 2:
        return len(name) > 2 or most == 2
    if _is_slipped(one, other):
        return least == 2 or (most == 2 and len(name) > 3)
    if _is_meant_again(first, second):
        return True
    if most < 2:
        # 选派科技特派员36名 … 38名科技特派员深入一线: these ones, told of as known.
        known = (first.is_known or second.is_known) and first.is_known != second.is_known
        return known and len(name) > 3 and one.dimension != "events"
    if _is_written_alike(alike):
        return least > 0 or len(name) > 3 or (len(name) > 2 and less >= more * _NEAREST)
    return least == most and less >= more * _NEAREST

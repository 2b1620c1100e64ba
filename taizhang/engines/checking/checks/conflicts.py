"""One thing, two numbers: 受训426人 here, 462名受过培训的人员 there.

Officials never name a thing twice in the same words, so no rule knows them: what speaks for one thing
and against it has points, found by weighing all the marked reports and passages of the tests; from a
threshold on it is a conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, takewhile
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.bigrams import bare
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.intervals import apart
from taizhang.engines.checking.likeness import likeness
from taizhang.engines.checking.mentions import Mention, are_of_two_lines, is_explained
from taizhang.engines.checking.neighbours import measure
from taizhang.engines.checking.overlaps import Overlaps, Shared
from taizhang.engines.checking.types import Issue, Quantity

POINTS: Mapping[str, float] = {
    "transposed": 4.5,
    "one_off": 1.75,
    "eight_tenths": 1.5,
    "below_six": -1.5,
    "per_cent": -1.25,
    "measures": -1.25,
    "words": 1.0,
    "crossed": 0.75,
    "hardly": -1.25,
    "rivals": -0.75,
    "same_ending": -1.75,
    "narrowed": -1.5,
    "event_same": 1.0,
    "event_differs": -1.0,
    "known": 1.75,
    "covers": 1.0,
    "every": -1.0,
    "elsewhen": -3.5,
    "planned": -1.75,
    "aims": -1.5,
    "among": -1.0,
    "listed": -1.75,
    "acts": -1.5,
    "level": -1.0,
    "near_kind": -0.75,
    "near_time": -1.0,
    "far": 1.25,
    "lines": -1.25,
    "row_part": -1.25,
}
ENOUGH = 4.75
_LEAST_SHARE, _SIX, _EIGHT = 0.5, 0.6, 0.8
_HARDLY, _FAR = 0.5, 100
"""Less than half a word in common, and characters between two numbers that no sentence is long."""
_MOST = 24
"""Of numbers with the same digits that are more than these each is of something of its own."""
_FEW_DAYS = 9
_PLACES = frozenset("家所处座")
_TASKS = frozenset("项件")
_WIDE = frozenset("国省")
_PERIOD = expression(r"[为营会展工学]期|历时")
_LASTING = frozenset({"天", "小时", "学时", "课时"})


class Told(NamedTuple):
    """All mentions in reading order, their amounts, and what they have in common."""

    mentions: Sequence[Mention]
    sizes: Sequence[float]
    overlaps: Overlaps


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values``, an error, for two numbers that must be of one thing."""
    told = read(context)
    known: set[int] = set()
    found = [(weigh(context, told, pair), pair) for pair in candidates(told)]
    for points, pair in sorted(found, key=lambda each: (-each[0], each[1])):
        if points <= ENOUGH:
            return
        first, second = (told.mentions[at] for at in pair)
        if first.quantity.start in known and second.quantity.start in known:
            continue
        known |= {first.quantity.start, second.quantity.start}
        params = {
            "subject": (second if second.definite else first).quantity.subject,
            "text": first.quantity.text,
            "other": second.quantity.text,
        }
        spans = (first.quantity.span, second.quantity.span)
        yield Issue("conflict", "conflict.values", "error", spans, params)


def read(context: Context) -> Told:
    """Every number that may be told again, with what it has in common with others."""
    mentions = [one for one in context.mentions if _is_told(context, one.quantity)]
    sizes = [float(amount(one.quantity)) for one in mentions]
    return Told(mentions, sizes, Overlaps(mentions))


def candidates(told: Told) -> Iterator[tuple[int, int]]:
    """Two numbers that share words or digits and may be of one thing by their amounts and measures."""
    alike = set(_alike(told))
    for pair in sorted(alike.union(told.overlaps)):
        less, more = sorted((told.sizes[pair[0]], told.sizes[pair[1]]))
        near = less >= more * _LEAST_SHARE or pair in alike
        if less != more and near and _may_be_one(*(told.mentions[at] for at in pair)):
            yield pair


def weigh(context: Context, told: Told, pair: tuple[int, int]) -> float:
    """The points of two numbers: what speaks for one thing less what speaks against it."""
    return sum(POINTS[name] * much for name, much in evidence(context, told, pair))


def evidence(context: Context, told: Told, pair: tuple[int, int]) -> Iterator[tuple[str, float]]:
    """What speaks for one thing and against it, by name, with how much of it there is."""
    first, second = (told.mentions[at] for at in pair)
    yield from _of_numbers(first.quantity, second.quantity)
    yield from _of_words(first, second, told.overlaps.of(pair))
    yield from _of_endings(first, second)
    yield from _of_marks(first, second)
    less, more = sorted((first, second), key=lambda each: amount(each.quantity))
    yield "every", more.every and not less.covers
    yield "rivals", told.overlaps.rivals(pair)
    yield "far", second.quantity.start - first.quantity.end > _FAR
    yield "lines", are_of_two_lines(context, first.sentence, second.sentence)


def _of_numbers(one: Quantity, other: Quantity) -> Iterator[tuple[str, float]]:
    alike = likeness(one, other)
    yield "transposed", alike.transposed
    yield "one_off", alike.one_off and alike.digits > 1
    yield "eight_tenths", alike.ratio >= _EIGHT
    yield "below_six", alike.ratio < _SIX
    yield "per_cent", one.dimension == "share"
    yield "measures", measure(one) != measure(other)


def _of_words(first: Mention, second: Mention, shared: Shared) -> Iterator[tuple[str, float]]:
    yield "words", shared.near
    yield "crossed", shared.crossed
    yield "hardly", shared.strength < _HARDLY
    yield "event_same", bool(first.events & second.events)
    yield "event_differs", bool(first.events and second.events and not first.events & second.events)


def _of_endings(first: Mention, second: Mention) -> Iterator[tuple[str, float]]:
    """服务群众 twice is how any list goes on; 各乡镇服务群众 behind 服务群众 is of a part of them."""
    ends = zip(reversed(first.left), reversed(second.left), strict=False)
    size = sum(1 for _sign in takewhile(lambda signs: signs[0] == signs[1], ends))
    others, own = (bare(each.left[: len(each.left) - size]) for each in (first, second))
    yield "same_ending", size > 1 and not (first.covers and second.covers)
    yield "narrowed", size > 1 and len(own) > 1 >= len(others)


def _of_marks(first: Mention, second: Mention) -> Iterator[tuple[str, float]]:
    yield "known", second.definite
    yield "elsewhen", first.elsewhen != second.elsewhen
    yield "planned", first.only_planned != second.only_planned
    yield "aims", first.aims != second.aims
    yield "among", first.among != second.among
    yield "covers", first.covers and second.covers
    yield "listed", first.listed != second.listed
    yield "acts", first.acts != second.acts
    yield "level", first.marks["level"] != second.marks["level"]
    for name in ("kind", "time"):
        yield f"near_{name}", first.near_marks[name] != second.near_marks[name]
    yield "row_part", first.row_part or second.row_part


def _is_told(context: Context, one: Quantity) -> bool:
    """Whether it is a single number of things, or of days and hours enough to be told again."""
    if one.value is None or one.value_max is not None or one.value <= 1:
        return False
    if one.dimension != "time":
        return True
    lasts = one.unit == "天" and _PERIOD.search(context.plain, max(0, one.start - 6), one.end + 6)
    return bool(lasts) or (one.unit in _LASTING and one.value > _FEW_DAYS)


def _alike(told: Told) -> Iterator[tuple[int, int]]:
    """Two numbers of the same digits, whatever is said of them."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(told.mentions):
        digits = "".join(sorted(f"{amount(one.quantity):f}".replace(".", "").replace("0", "")))
        if len(digits) > 1:
            groups[digits, one.quantity.dimension].append(at)
    for group in groups.values():
        if len(group) <= _MOST:
            yield from combinations(group, 2)


def _may_be_one(first: Mention, second: Mention) -> bool:
    """Whether their measures and amounts allow it, and no sentence tells both or their difference."""
    one, other = first.quantity, second.quantity
    if first.sentence.start == second.sentence.start or (one.fact and one.fact == other.fact):
        return False
    rows = first.sentence.is_row + second.sentence.is_row
    if rows == 2 or (rows and one.dimension == "share"):
        return False  # a share in a table is that of its row
    if not _measures(one, other) or not apart(one, other):
        return False
    if first.circle != second.circle and {first.circle, second.circle} & _WIDE:
        return False  # the county's share, and that of the province
    less, more = sorted((amount(one), amount(other)))
    if less * 2 < more and not first.near & second.near:
        return False
    return not is_explained(first, other) and not is_explained(second, one)


def _measures(one: Quantity, other: Quantity) -> bool:
    """Whether one thing may be counted in both: 27家 and 29个, 54人 and 45名."""
    units = {measure(one), measure(other)}
    if len(units) == 1 or one.dimension in ("people", "money", "events"):
        return True
    return one.dimension == "items" and ("个" in units or units <= _PLACES or units <= _TASKS)

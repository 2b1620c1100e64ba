"""One thing told again as something known, with another number: 市级学会达54个 … 在市科协主管的56家学会中.

Who speaks of 这56家学会 means those told of before. Which ones is said in any words, so no rule knows
them: what speaks for one thing and against it has points, found by weighing all the marked reports
and passages of the tests and rounded to halves; from a threshold on it is a conflict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.intervals import apart
from taizhang.engines.checking.likeness import likeness
from taizhang.engines.checking.mentions import (
    Mention,
    are_of_two_lines,
    is_explained,
    mention,
)
from taizhang.engines.checking.neighbours import measure
from taizhang.engines.checking.restating import tell
from taizhang.engines.checking.types import Issue, Quantity

_POINTS: Mapping[str, float] = {
    "transposed": 2.5,
    "transposed_short": 2.0,
    "one_off": 1.0,
    "close": 1.5,
    "far": -1.0,
    "words": 1.0,
    "crossed": 0.5,
    "heads": -1.0,
    "more": 1.0,
    "opening": 1.0,
    "area": 0.5,
    "row": -1.0,
    "kind": -0.5,
    "time": -1.0,
    "elsewhen": -1.0,
    "level": -0.5,
    "chosen": -0.5,
    "only_two": 1.0,
}
_ENOUGH = 3.0
_LEAST_SHARE, _SIX = 0.5, 0.6
_EIGHT = 0.8
_MOST_WORDS = 4.0
_OFTEN = ((4, 1.0), (8, 0.6))
_SELDOM = 0.3
_MOST = 24
"""Words that stand beside more numbers than this tell none from another."""
_SHORT = 2
_MANY_NUMBERS = 5
"""Of a text with fewer numbers it says nothing that two of them alone have a unit."""
_FEW_DAYS = 9
_PLACES = frozenset("家所处座")
_TASKS = frozenset("项件")
_LOWER = expression("乡镇|各[县区乡镇]|街道|社区|学校|分会")
_PERIOD = expression(r"[为营会展工学]期|历时")
_LASTING = frozenset({"天", "小时", "学时", "课时"})


class Told(NamedTuple):
    """All mentions in reading order, where each pair of characters stands, and what it says.

    ``sizes`` and ``digits``: their amounts, and the digits of these in order, to look at first.
    """

    mentions: Sequence[Mention]
    sizes: Sequence[float]
    digits: Sequence[str]
    units: Mapping[str, int]
    places: Mapping[tuple[str, str], Sequence[int]]
    weights: Mapping[str, float]


def retold(context: Context, told: Told, known: set[int]) -> Iterator[Issue]:
    """Yield ``conflict.values`` for two numbers of one thing, of which one speaks of it as known.

    ``told``: what ``read`` made of the report; ``known``: where the numbers start that are found to be in conflict already.
    """
    for pair in sorted(_close(told) | _alike(told) | _only_two(told)):
        first, second = (told.mentions[at] for at in pair)
        spans = (first.quantity.span, second.quantity.span)
        if {span.start for span in spans} <= known or not _may_be_one(first, second):
            continue
        if not (first.definite or second.definite or _is_mistyped(context, first, second)):
            continue
        if _weigh(told, first, second) > _ENOUGH:
            known.update(span.start for span in spans)
            params = {
                "subject": (second if second.definite else first).quantity.subject,
                "text": first.quantity.text,
                "other": second.quantity.text,
            }
            yield Issue("conflict", "conflict.values", "error", spans, params)


def is_likely(told: Told, issue: Issue) -> bool:
    """Whether more speaks for than against it that two numbers told to be in conflict are of one thing."""
    at = {one.quantity.start: one for one in told.mentions}
    ones = [at[span.start] for span in issue.spans if span.start in at]
    return len(ones) != 2 or _weigh(told, *ones) > 0


def _weigh(told: Told, first: Mention, second: Mention) -> float:
    return sum(_POINTS[name] * much for name, much in _evidence(told, first, second))


def read(context: Context) -> Told:
    """Every number that may be told again, with where the words around it stand and what they weigh."""
    mentions = [
        mention(context, sentence, number)
        for sentence in context.sentences
        for number, one in enumerate(sentence.quantities)
        if _is_told(context, one)
    ]
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for at, one in enumerate(mentions):
        for pair in one.near | one.topic:
            counts[pair] += 1
            places[pair, one.quantity.dimension].append(at)
    weights = {pair: _weight(pair, many) for pair, many in counts.items()}
    amounts = [amount(one.quantity) for one in mentions]
    digits = ["".join(sorted(f"{each:f}".replace(".", "").strip("0"))) for each in amounts]
    units = Counter(measure(one.quantity) for one in mentions)
    return Told(mentions, [float(each) for each in amounts], digits, units, places, weights)


def _is_told(context: Context, one: Quantity) -> bool:
    """Whether it is a single number of things, or of days and hours enough to be told again."""
    if one.value is None or one.value_max is not None or one.value <= 1:
        return False
    if one.dimension != "time":
        return True
    lasts = one.unit == "天" and _PERIOD.search(context.plain, max(0, one.start - 6), one.end + 6)
    return bool(lasts) or (one.unit in _LASTING and one.value > _FEW_DAYS)


def _weight(pair: str, many: int) -> float:
    """How much a pair of characters says: less if it stands beside many numbers, or is a single one."""
    often = next((weight for most, weight in _OFTEN if many <= most), _SELDOM)
    return often if len(pair) == _SHORT else often * _SELDOM


def _close(told: Told) -> set[tuple[int, int]]:
    """Two numbers that are close, one of them told as known, that share words around one of the two."""
    found: set[tuple[int, int]] = set()
    for at, one in enumerate(told.mentions):
        if not one.definite:
            continue
        least, most = told.sizes[at] * _LEAST_SHARE, told.sizes[at] / _LEAST_SHARE
        for pair in one.near | one.topic:
            together = told.places[pair, one.quantity.dimension]
            if len(together) > _MOST:
                continue
            near = pair in one.near
            found.update(
                (min(at, other), max(at, other))
                for other in together
                if other != at
                and least <= told.sizes[other] <= most
                and (near or pair in told.mentions[other].near)
            )
    return found


def _alike(told: Told) -> set[tuple[int, int]]:
    """Two numbers of the same digits that share words around one of the two."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, digits in enumerate(told.digits):
        if len(digits) > 1:
            groups[digits, told.mentions[at].quantity.dimension].append(at)
    return {
        (at, other)
        for group in groups.values()
        if len(group) <= _MOST
        for at, other in combinations(group, 2)
        if _share_words(told.mentions[at], told.mentions[other])
    }


def _only_two(told: Told) -> set[tuple[int, int]]:
    """The two numbers of a unit that the report has no third of: 营期5天 … 为期7天的夏令营."""
    if len(told.mentions) < _MANY_NUMBERS:
        return set()
    groups: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(told.mentions):
        groups[measure(one.quantity)].append(at)
    return {(group[0], group[1]) for group in groups.values() if len(group) == 2}


def _share_words(first: Mention, second: Mention) -> bool:
    return bool(first.near & second.near or first.near & second.topic or first.topic & second.near)


def _may_be_one(first: Mention, second: Mention) -> bool:
    """Whether their measures and amounts allow it, and no sentence tells both or their difference."""
    one, other = first.quantity, second.quantity
    if first.sentence.start == second.sentence.start or (one.fact and one.fact == other.fact):
        return False
    rows = first.sentence.is_row + second.sentence.is_row
    if rows == 2 or (rows and one.dimension == "share"):
        return False  # a share in a table is that of its row
    less, more = sorted((first, second), key=lambda each: amount(each.quantity))
    if more.every and not less.every:
        return False  # 深入14个乡镇, of 全县16个乡镇
    if first.planned != second.planned or not _measures(one, other) or not apart(one, other):
        return False
    alike = likeness(one, other)
    if alike.ratio < _LEAST_SHARE and not (alike.transposed and first.near & second.near):
        return False
    return not is_explained(first, other) and not is_explained(second, one)


def _is_mistyped(context: Context, first: Mention, second: Mention) -> bool:
    """Where neither speaks of what is known: the same digits in another order, and nothing apart."""
    if not likeness(first.quantity, second.quantity).transposed:
        return False
    if any(first.near_marks[name] != second.near_marks[name] for name in ("time", "new", "share")):
        return False
    acts, befell, *named = (
        (here, there)
        for here, there in zip(_apart(context, first), _apart(context, second), strict=True)
    )
    if acts[0] != acts[1] or befell[0] != befell[1]:
        return False
    if any(
        _LOWER.search(here) is not None for pair in named for here in pair if pair[0] != pair[1]
    ):
        return False  # what the townships did, and not all of it
    if are_of_two_lines(context, first.sentence, second.sentence):
        return False
    return all(here == there or not (here and there) for here, there in named)


def _apart(context: Context, one: Mention) -> tuple[str, ...]:
    return tell(context, one.sentence, one.sentence.quantities.index(one.quantity)).apart


def _measures(one: Quantity, other: Quantity) -> bool:
    """Whether one thing may be counted in both: 27家 and 29个, 54人 and 45名."""
    units = {measure(one), measure(other)}
    if len(units) == 1 or one.dimension in ("people", "money", "events"):
        return True
    return one.dimension == "items" and ("个" in units or units <= _PLACES or units <= _TASKS)


def _evidence(told: Told, first: Mention, second: Mention) -> Iterator[tuple[str, float]]:
    """What speaks for one thing and against it, by name, with how much of it there is."""
    yield from _of_numbers(told, first, second)
    yield from _of_words(told, first, second)
    yield "opening", float(first.opening and not second.opening)
    yield "elsewhen", float(first.elsewhen != second.elsewhen)
    yield "row", float(first.sentence.is_row or second.sentence.is_row)
    yield "chosen", float(first.marks["chosen"] != second.marks["chosen"])
    for name in ("time", "level", "kind"):
        yield name, float(first.near_marks[name] != second.near_marks[name])


def _of_numbers(told: Told, first: Mention, second: Mention) -> Iterator[tuple[str, float]]:
    one, other = first.quantity, second.quantity
    alike = likeness(one, other)
    if alike.transposed:
        yield "transposed" if alike.digits > _SHORT else "transposed_short", 1.0
    yield "one_off", float(alike.one_off)
    yield "close", float(alike.ratio >= _EIGHT)
    yield "far", float(alike.ratio < _SIX)
    yield "area", float(one.dimension == "area")
    if len(told.mentions) >= _MANY_NUMBERS and measure(one) == measure(other):
        yield "only_two", float(told.units[measure(one)] == 2)
    yield "more", float(second.definite and amount(other) > amount(one))


def _of_words(told: Told, first: Mention, second: Mention) -> Iterator[tuple[str, float]]:
    def weight(pairs: frozenset[str]) -> float:
        return sum(told.weights[pair] for pair in pairs)

    common = first.near & second.near
    crossed = (first.near & second.topic | first.topic & second.near) - common
    yield "words", min(weight(common), _MOST_WORDS)
    yield "crossed", min(weight(crossed), _MOST_WORDS)
    yield "heads", float(first.head not in second.near and second.head not in first.near)

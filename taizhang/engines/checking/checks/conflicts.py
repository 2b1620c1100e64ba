"""One thing, two numbers: 管理员215名 here, 198名管理员 there.

Two claims of the same thing conflict when no number can be meant by both: 12073名 is 1.2万余名 and no
conflict, 7800人次 is not 7800余人次.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.checks.restated import restated
from taizhang.engines.checking.checks.retold import is_likely, read, retold
from taizhang.engines.checking.claims import Claim, claim_of, key_of
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.intervals import apart
from taizhang.engines.checking.likeness import likeness
from taizhang.engines.checking.mentions import are_of_two_lines
from taizhang.engines.checking.neighbours import Sentence
from taizhang.engines.checking.restating import is_explained
from taizhang.engines.checking.types import Issue, Quantity

_Place = tuple[Sentence, int]
_MOST = 12
"""Of a noun with more statements than this each is about something of its own."""
_LONG = 6
_HALF = Decimal("0.5")
_CLOSE, _VERY_CLOSE, _NEARLY_SAME = Decimal("0.6"), Decimal("0.8"), Decimal("0.9")


def check(context: Context) -> Iterator[Issue]:
    """Yield what is called the same and has two numbers, then what is told again in other words."""
    known: set[int] = set()
    told = read(context)
    for issue in _of_one_name(context):
        if is_likely(told, issue):
            known.update(span.start for span in issue.spans)
            yield issue
    for issue in restated(context, known):
        if is_likely(told, issue):
            known.update(span.start for span in issue.spans)
            yield issue
    yield from retold(context, told, known)


def _of_one_name(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values``, an error, once for each thing that has numbers that differ."""
    places: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    longer: dict[tuple[str, str], list[tuple[tuple[str, str], _Place]]] = defaultdict(list)
    for sentence in context.sentences:
        for number, one in enumerate(sentence.quantities):
            key = key_of(context, one)
            if key is None:
                continue
            places[key].append((sentence, number))
            if len(key[0]) >= _LONG and not sentence.is_row:
                longer[key[0][-4:], key[1]].append((key, (sentence, number)))
    for key, told in places.items():
        if 1 < len(told) <= _MOST:
            yield from _conflicts(
                context, key[0], [claim_of(context, *place, key) for place in told]
            )
    for two in longer.values():
        if len(two) == 2 and two[0][0] != two[1][0]:
            claims = [claim_of(context, *place, key) for key, place in two]
            if _is_shortened(*claims):
                yield from _conflicts(context, claims[0].noun, claims)


def _is_shortened(first: Claim, second: Claim) -> bool:
    """党组理论学习中心组学习 and 党组中心组学习: one name with some of its characters left out."""
    short, long = sorted((first.noun, second.noun), key=len)
    if short[:2] != long[:2]:
        return False
    rest = iter(long)
    alike = all(sign in rest for sign in short)
    less, more = sorted(amount(claim.quantity) for claim in (first, second))
    return alike and less >= more * _VERY_CLOSE


def _conflicts(context: Context, noun: str, together: Sequence[Claim]) -> Iterator[Issue]:
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for one in together:
        groups[*one.aspect, one.event].append(one)
    for group in groups.values():
        wrong: dict[int, Quantity] = {}
        for at, first in enumerate(group):
            for second in group[at + 1 :]:
                lines = are_of_two_lines(context, first.sentence, second.sentence)
                if not lines and _contradict(first, second):
                    wrong[first.quantity.start] = first.quantity
                    wrong[second.quantity.start] = second.quantity
        if wrong:
            ones = [wrong[start] for start in sorted(wrong)]
            params = {
                "subject": noun,
                "text": ones[0].text,
                "other": next((o.text for o in ones if o.text != ones[0].text), ones[-1].text),
            }
            spans = tuple(one.span for one in ones)
            yield Issue("conflict", "conflict.values", "error", spans, params)


def _contradict(first: Claim, second: Claim) -> bool:
    one, other = first.quantity, second.quantity
    if first.sentence.start == second.sentence.start or (one.fact and one.fact == other.fact):
        return False
    if first.sentence.is_row and second.sentence.is_row:
        return False
    if not apart(one, other):
        return False
    if is_explained(first.sentence, one, other) or is_explained(second.sentence, other, one):
        return False
    if first.noun != second.noun:
        return True  # held together by their names already, and close
    if first.is_loose or second.is_loose or first.sentence.is_row or second.sentence.is_row:
        return _is_copied(one, other) or _is_transposed(one, other) or _are_wholes(first, second)
    # 15个科普e站作用不充分 speaks of some of the 415.
    less, more = sorted((amount(one), amount(other)))
    return first.weight == second.weight == 2 or less >= more * _HALF


def _is_copied(one: Quantity, other: Quantity) -> bool:
    """7800人次 and 7800余人次 of the same: one number, once exact and once not."""
    assert one.value is not None
    digits = Decimal(one.value).normalize().as_tuple().digits
    return one.value == other.value and len(digits) > 1


def _is_transposed(one: Quantity, other: Quantity) -> bool:
    """8044条 and 8440条: the same digits in another order are no chance."""
    exact = one.qualifier == other.qualifier == "exact"
    return exact and len(str(one.value)) > 2 and likeness(one, other).transposed


def _are_wholes(first: Claim, second: Claim) -> bool:
    """Whether both cover everything, or one does and the other, a part at most, is more than it."""
    less, more = sorted((first, second), key=lambda claim: amount(claim.quantity))
    if not amount(more.quantity):
        return False
    ratio = amount(less.quantity) / amount(more.quantity)
    weights = sorted((first.weight, second.weight))
    if first.event:
        # Two numbers of one event that are close are meant to be the same.
        return ratio >= _VERY_CLOSE
    if first.is_stock and weights[1]:
        return ratio >= _NEARLY_SAME
    if weights == [2, 2]:
        return ratio >= _CLOSE
    if weights == [1, 2]:
        return ratio >= _VERY_CLOSE
    return weights == [0, 2] and less.weight == 2 and ratio >= _VERY_CLOSE

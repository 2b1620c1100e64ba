"""Which paragraph became which, and what changed between two texts.

Made for files of anybody's: the work stays bounded for texts that are long, or all of one character.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeVar

LARGEST = 1_000_000
"""Pairs of equal signs up to which two texts are compared sign by sign."""
_LIKE_ENOUGH = 0.4
"""Of the short runs of two paragraphs, so much must be common to take one for the other."""
_RUN = 3
_SHORT = 20
_COMMON = 40
"""A run that stands in more paragraphs tells nothing."""
_WORD = re.compile(r"\d[\d.,]*|[A-Za-z]+|\s+|.", re.DOTALL)

T = TypeVar("T", bound=Hashable)
Step = Literal["same", "gone", "new"]


def paired(before: Sequence[str], after: Sequence[str], known: dict[int, int]) -> dict[int, int]:
    """For each paragraph of ``before`` the one of ``after`` it became, as far as there is one.

    ``known`` pairs are kept. Equal texts come first, then texts that differ in their numbers only,
    then the likest, then short ones that stand where the old one stood.
    """
    pairs = dict(known)
    for mask in (str.strip, _without_numbers):
        free: dict[str, list[int]] = defaultdict(list)
        taken = set(pairs.values())
        for j, text in enumerate(after):
            if j not in taken:
                free[mask(text)].append(j)
        for i, text in enumerate(before):
            if i not in pairs and (same := free.get(mask(text))):
                pairs[i] = same.pop(0)
    pairs |= _likest(before, after, pairs)
    return pairs | _between(before, after, pairs)


def _between(before: Sequence[str], after: Sequence[str], pairs: dict[int, int]) -> dict[int, int]:
    """Cells and short lines written anew: alone between the same neighbours as before."""
    taken = set(pairs.values())
    found = {}
    for i, text in enumerate(before):
        left = pairs.get(i - 1, -1 if i == 0 else None)
        right = pairs.get(i + 1, len(after) if i + 1 == len(before) else None)
        if i in pairs or left is None or right != left + 2 or left + 1 in taken:
            continue
        if max(len(text), len(after[left + 1])) <= _SHORT:
            found[i] = left + 1
    return found


def _without_numbers(text: str) -> str:
    return re.sub(r"\d[\d.,]*", "0", text.strip())


def _likest(before: Sequence[str], after: Sequence[str], pairs: dict[int, int]) -> dict[int, int]:
    taken = set(pairs.values())
    runs = {j: _runs(text) for j, text in enumerate(after) if j not in taken}
    standing: dict[str, list[int]] = defaultdict(list)
    for j, found in runs.items():
        for run in found:
            standing[run].append(j)
    offers: list[tuple[float, int, int]] = []
    for i, text in enumerate(before):
        if i in pairs:
            continue
        mine = _runs(text)
        common: Counter[int] = Counter()
        for run, times in mine.items():
            if len(standing[run]) <= _COMMON:
                for j in standing[run]:
                    common[j] += min(times, runs[j][run])
        for j, count in common.items():
            likeness = 2 * count / (mine.total() + runs[j].total())
            # Much that was added or cut: what is left of the shorter one still says which it is.
            part = count / min(mine.total(), runs[j].total())
            if likeness >= _LIKE_ENOUGH or (part >= 0.8 and count >= 6):
                offers.append((-max(likeness, part / 2), i, j))
    found_pairs: dict[int, int] = {}
    for _likeness, i, j in sorted(offers):
        if i not in found_pairs and j not in taken:
            found_pairs[i] = j
            taken.add(j)
    return found_pairs


def _runs(text: str) -> Counter[str]:
    words = _without_numbers(text)
    return Counter(words[k : k + _RUN] for k in range(max(1, len(words) - _RUN + 1)))


def out_of_order(pairs: dict[int, int]) -> set[int]:
    """The paragraphs of ``before`` that were moved: the fewest without which the order is kept."""
    order = sorted(pairs)
    tails: list[int] = []
    holders: list[int] = []
    earlier: dict[int, int | None] = {}
    for i in order:
        place = bisect_left(tails, pairs[i])
        earlier[i] = holders[place - 1] if place else None
        tails[place : place + 1] = [pairs[i]]
        holders[place : place + 1] = [i]
    kept = set()
    last = holders[-1] if holders else None
    while last is not None:
        kept.add(last)
        last = earlier[last]
    return set(order) - kept


def words_of(text: str) -> list[str]:
    """A text in words: numbers and Latin words whole, Chinese sign by sign."""
    return _WORD.findall(text)


def blocks(before: Sequence[T], after: Sequence[T]) -> list[tuple[int, int, int]]:
    """What is common to two sequences, as (place before, place after, length).

    Of sequences too large to compare, only their common beginning and end.
    """
    counted, other = Counter(before), Counter(after)
    if sum(times * other[each] for each, times in counted.items()) <= LARGEST:
        found = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        return [(block.a, block.b, block.size) for block in found if block.size]
    least = min(len(before), len(after))
    head = _common(zip(before, after, strict=False))
    tail = min(_common(zip(reversed(before), reversed(after), strict=False)), least - head)
    ends = [(0, 0, head), (len(before) - tail, len(after) - tail, tail)]
    return [block for block in ends if block[2]]


def _common(pairs: Iterable[tuple[T, T]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def steps(before: Sequence[T], after: Sequence[T]) -> list[tuple[Step, list[T]]]:
    """How one sequence becomes the other: what stays, what goes, what comes."""
    found: list[tuple[Step, list[T]]] = []
    a = b = 0
    for i, j, size in [*blocks(before, after), (len(before), len(after), 0)]:
        for step, some in (
            ("gone", before[a:i]),
            ("new", after[b:j]),
            ("same", before[i : i + size]),
        ):
            if some:
                found.append((step, list(some)))  # type: ignore[arg-type]
        a, b = i + size, j + size
    return found

"""The words that two mentions of a report have in common, weighed by how seldom each stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from taizhang.engines.checking.mentions import Mention

_OFTEN = ((4, 1.0), (8, 0.6))
_SELDOM = 0.3
_MOST = 24
"""Words that stand beside more numbers than this tell none from another."""
_MOST_WORDS = 4.0
_CLEARLY = 0.3
_PAIR = 2

_Two = tuple[int, int]
_Places = dict[str, tuple[list[int], list[int]]]
"""By pair of characters: the mentions right around whose number it stands, and those it leads to."""


class Shared(NamedTuple):
    """What two mentions share: right around both numbers, and around one and earlier in the other's sentence."""

    near: float
    crossed: float

    @property
    def strength(self) -> float:
        """Both together, the words that stand farther off for half."""
        return self.near + self.crossed / 2


class Overlaps:
    """All pairs of mentions of one dimension that share words.

    Linear in the length of the report: of words that stand beside many numbers no pairs are made.
    """

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._near: dict[_Two, float] = defaultdict(float)
        self._crossed: dict[_Two, float] = defaultdict(float)
        places = _places(mentions)
        for of_one in places.values():
            for pair, (here, there) in of_one.items():
                if 1 < len(here) + len(there) <= _MOST:
                    self._add(_weight(pair, places.values()), here, there)
        self._best: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for two in self._near.keys() | self._crossed.keys():
            first, second = two
            if mentions[first].sentence.start != mentions[second].sentence.start:
                self._rank(two, self.of(two).strength)

    def __iter__(self) -> Iterator[_Two]:
        """The places of two mentions that share words."""
        return iter(self._near.keys() | self._crossed.keys())

    def of(self, two: _Two) -> Shared:
        """What two of them share."""
        near, crossed = self._near.get(two, 0.0), self._crossed.get(two, 0.0)
        return Shared(min(near, _MOST_WORDS), min(crossed, _MOST_WORDS))

    def rivals(self, two: _Two) -> int:
        """How many of the two have clearly more in common with another mention."""
        own = self.of(two).strength + _CLEARLY
        return sum(
            any(strength > own and other not in two for strength, other in self._best[at])
            for at in two
        )

    def _add(self, weight: float, here: Sequence[int], there: Sequence[int]) -> None:
        for number, first in enumerate(here):
            for second in here[number + 1 :]:
                self._near[first, second] += weight
            for second in there:
                self._crossed[min(first, second), max(first, second)] += weight

    def _rank(self, two: _Two, strength: float) -> None:
        """Keep the two that each has most in common with."""
        for at, other in (two, two[::-1]):
            best = self._best[at]
            if len(best) < _PAIR:
                best.append((strength, other))
            elif (least := min(best)) < (strength, other):
                best[best.index(least)] = (strength, other)


def _places(mentions: Sequence[Mention]) -> Mapping[str, _Places]:
    """Where each pair of characters stands that is right around a number, by the dimension of it."""
    found: dict[str, _Places] = {}
    for at, one in enumerate(mentions):
        of_one = found.setdefault(one.quantity.dimension, {})
        for pair in one.near:
            if pair in of_one:
                of_one[pair][0].append(at)
            else:
                of_one[pair] = ([at], [])
    for at, one in enumerate(mentions):
        of_one = found[one.quantity.dimension]
        for pair in of_one.keys() & one.topic - one.near:
            of_one[pair][1].append(at)
    return found


def _weight(pair: str, places: Iterable[_Places]) -> float:
    """How much a pair of characters says: less if it stands beside many numbers, or is a single one."""
    many = sum(len(side) for of_one in places if pair in of_one for side in of_one[pair])
    often = next((weight for most, weight in _OFTEN if many <= most), _SELDOM)
    return often if len(pair) == _PAIR else often * _SELDOM

"""The closure of a tree whose branches move in time: who stood below whom, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from taizhang.engines.findings import Refused

# Days are counted as ordinals here, and an open end is the day after the last day there is: so
# intersecting and joining spans needs no special cases.
_OPEN = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class Placement:
    """``child`` stood under ``parent`` (None: at the top) from ``first`` to ``last``, inclusive.

    ``last`` None means until further notice.
    """

    child: int
    parent: int | None
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """``descendant`` stood ``depth`` steps below ``ancestor`` on these days (0: itself)."""

    ancestor: int
    descendant: int
    first: date
    last: date | None
    depth: int


@dataclass(frozen=True, slots=True)
class _Span:
    parent: int | None
    first: int
    last: int


def closure(placements: Iterable[Placement]) -> list[Path]:
    """Return every path of the tree, sorted by ancestor, descendant, depth and day.

    A path holds on the days on which every node along it, the ancestor included, is placed: a
    unit that has ended is nobody's ancestor. Spans that touch are joined. Raises Refused:
    ``tree.backwards`` (a span ends before it begins), ``tree.two-parents`` (on one day), and
    ``tree.cycle``.
    """
    spans = _spans(placements)
    found: dict[tuple[int, int, int], list[tuple[int, int]]] = defaultdict(list)
    for child in spans:
        for ancestor, depth, first, last in _upwards((child,), 1, _OPEN, spans):
            found[ancestor, child, depth].append((first, last))
    return [
        Path(
            ancestor,
            descendant,
            date.fromordinal(first),
            None if last == _OPEN else date.fromordinal(last),
            depth,
        )
        for (ancestor, descendant, depth), held in sorted(found.items())
        for first, last in _joined(held)
    ]


def _spans(placements: Iterable[Placement]) -> dict[int, list[_Span]]:
    spans: dict[int, list[_Span]] = defaultdict(list)
    for placement in placements:
        last = _OPEN if placement.last is None else placement.last.toordinal()
        span = _Span(placement.parent, placement.first.toordinal(), last)
        if span.last < span.first:
            raise Refused.because(
                "tree.backwards", child=placement.child, first=placement.first, last=placement.last
            )
        spans[placement.child].append(span)
    for child, own in spans.items():
        own.sort(key=lambda span: span.first)
        # The span that reaches furthest so far overlaps whatever any earlier one overlaps.
        reach = own[0]
        for span in own[1:]:
            if span.first <= reach.last and span.parent != reach.parent:
                day = date.fromordinal(span.first)
                raise Refused.because("tree.two-parents", child=child, day=day)
            reach = max(reach, span, key=lambda one: one.last)
    return spans


def _upwards(
    chain: tuple[int, ...], first: int, last: int, spans: dict[int, list[_Span]]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield (ancestor, depth, first, last) from the chain's upper end upwards."""
    for span in spans.get(chain[-1], ()):
        begin, end = max(first, span.first), min(last, span.last)
        if begin > end:
            continue
        yield chain[-1], len(chain) - 1, begin, end
        if span.parent in chain:
            start = chain.index(span.parent)
            raise Refused.because("tree.cycle", nodes=(*chain[start:], span.parent))
        if span.parent is not None:
            yield from _upwards((*chain, span.parent), begin, end, spans)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined

"""Find the points of ``checks/conflicts`` anew: ``python -m tests.engines.checking.weighing``.

All pairs of numbers that may be of one thing are taken from what may be read – open reports, passages,
contradictions, and the sentences told twice – as true or false; a logistic regression says how much each
kind of evidence speaks for one thing. Points are printed rounded to quarters. What is printed belongs in ``POINTS`` by
hand, with the threshold that suits: the table shows what each would find and what it would wrongly find.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from taizhang.engines import checking
from taizhang.engines.checking.checks import conflicts
from taizhang.engines.checking.types import Span

from . import markup
from .scorer import SETS
from .sentences import read

STEP = 0.25
_PENALTY, _ROUNDS = 1.0, 12


class Report(NamedTuple):
    """A text with the spans of each of its conflicts."""

    text: str
    year: int | None
    known: Sequence[Sequence[tuple[int, int]]]


class Pair(NamedTuple):
    """What speaks for and against two numbers, and whether they are of one thing; None for nobody knows."""

    report: int
    evidence: Mapping[str, float]
    conflicts: frozenset[int]
    true: bool | None


def reports() -> Iterator[Report]:
    """All that rules may be made from; what the sentences mean is as the checker reads them now."""
    for name in ("open", "passages", "contradictions"):
        for each in markup.read_all(SETS[name]):
            marked = [one for one in each.issues if one.type == "conflict"]
            yield Report(
                each.text,
                each.year,
                [[(start, end) for start, end, _text in one.spans] for one in marked],
            )
    for line in read("told-twice.txt"):
        found = () if line.right else checking.check(line.text, year=2023).issues
        spans = [one.spans for one in found if one.type == "conflict"]
        if line.right or spans:
            yield Report(line.text, 2023, [[(s.start, s.end) for s in each] for each in spans])


def pairs(told: Sequence[Report]) -> Iterator[Pair]:
    """Every pair that the check would weigh."""
    for number, report in enumerate(told):
        context = checking.read(report.text, year=report.year)
        mentions = conflicts.read(context)
        for two in conflicts.candidates(mentions):
            spans = [mentions.mentions[at].quantity.span for at in two]
            touched = [
                {n for n, known in enumerate(report.known) if _touches(span, known)}
                for span in spans
            ]
            both = touched[0] & touched[1]
            either = frozenset(touched[0] | touched[1])
            evidence = {
                name: float(much)
                for name, much in conflicts.evidence(context, mentions, two)
                if much
            }
            yield Pair(number, evidence, either, True if both else None if either else False)


def _touches(span: Span, known: Sequence[tuple[int, int]]) -> bool:
    return any(start < span.end and span.start < end for start, end in known)


def points(weighed: Sequence[Pair]) -> tuple[dict[str, float], float]:
    """The weight of each kind of evidence and what is needed together, as a logistic regression has them.

    Newton's method, each weight held a little to nought.
    """
    sure = [one for one in weighed if one.true is not None]
    names = sorted({name for one in sure for name in one.evidence})
    rows = [[one.evidence.get(name, 0.0) for name in names] + [1.0] for one in sure]
    weights = [0.0] * (len(names) + 1)
    held = [_PENALTY] * len(names) + [0.0]
    for _round in range(_ROUNDS):
        gradient = [h * w for h, w in zip(held, weights, strict=True)]
        bend = [[0.0] * len(weights) for _weight in weights]
        for row, one in zip(rows, sure, strict=True):
            full = [(at, much) for at, much in enumerate(row) if much]
            likely = 1 / (1 + math.exp(-sum(weights[at] * much for at, much in full)))
            for at, much in full:
                gradient[at] += (likely - bool(one.true)) * much
                for other, more in full:
                    bend[at][other] += likely * (1 - likely) * much * more
        for at, h in enumerate(held):
            bend[at][at] += h
        steps = _solved(bend, gradient)
        weights = [weight - step for weight, step in zip(weights, steps, strict=True)]
    return dict(zip(names, weights, strict=False)), -weights[-1]


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss's elimination, the largest pivot first."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for row in range(size):
            if row != at and rows[row][at]:
                times = rows[row][at] / rows[at][at]
                rows[row] = [a - times * b for a, b in zip(rows[row], rows[at], strict=True)]
    return [rows[at][size] / rows[at][at] for at in range(size)]


def main() -> None:
    """Print the points, and what each threshold finds, misses and finds wrongly."""
    told = list(reports())
    weighed = list(pairs(told))
    print(Counter(one.true for one in weighed))
    found, needed = points(weighed)
    rounded = {name: round(weight / STEP) * STEP for name, weight in found.items()}
    for name in conflicts.POINTS:
        print(f"    {name!r}: {rounded.pop(name, 0.0)},")
    print("not in POINTS:", rounded, f"needed: {needed:.2f}")
    every = sum(len(report.known) for report in told)
    used = {name: round(weight / STEP) * STEP for name, weight in found.items()}
    for threshold in (needed + STEP * n for n in range(-3, 4)):
        over = [
            one
            for one in weighed
            if sum(used[name] * much for name, much in one.evidence.items()) > threshold
        ]
        hits: dict[int, set[int]] = defaultdict(set)
        for one in over:
            hits[one.report] |= one.conflicts
        right = sum(map(len, hits.values()))
        wrong = sum(one.true is False for one in over)
        print(f"{threshold:.2f}: {right} of {every} found, {wrong} pairs wrongly")


if __name__ == "__main__":
    main()

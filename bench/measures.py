"""What was measured, with its target."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Measure:
    """A number with its target: ``at_most``, ``at_least``, or neither when it only informs."""

    group: str
    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is met; blank without a target."""
        if self.at_most is not None:
            return "meets" if self.value <= self.at_most else "MISSES"
        if self.at_least is not None:
            return "meets" if self.value >= self.at_least else "MISSES"
        return ""

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else ""

    def as_json(self) -> dict[str, Any]:
        """The measure with its verdict, as other programs read it."""
        return asdict(self) | {"verdict": self.verdict}


def table(measures: list[Measure]) -> str:
    """The measures as lines of text, a blank line between groups."""
    lines: list[str] = []
    group = ""
    for m in measures:
        if m.group != group:
            lines += ["", m.group]
            group = m.group
        value = f"{m.value:,.0f}" if m.value >= 1000 else f"{m.value:.3g}"
        line = f"  {m.name:<34} {value:>9} {m.unit:<7} {m.target:<7} {m.verdict:<7} {m.note}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def percentile(times: list[float], share: float) -> float:
    """The value that ``share`` of the times do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what the work gave."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def side_by_side(
    first: Callable[[], Any], second: Callable[[], Any], rounds: int
) -> tuple[float, float]:
    """Median seconds of two pieces of work done in turn, so that noise meets both."""
    first(), second()
    pairs = [(timed(first)[0], timed(second)[0]) for _round in range(rounds)]
    return median(a for a, _b in pairs), median(b for _a, b in pairs)


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """A list that holds the seconds once the block is done."""
    found: list[float] = []
    start = time.perf_counter()
    yield found
    found.append(time.perf_counter() - start)

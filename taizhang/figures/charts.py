"""Charts as plain SVG numbers: x in percent, y in pixels, so that text keeps its size at any width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

FOOT = 22
HEAD = 18


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: its place, the number above it, the label below, last year's mark."""

    x: str
    width: str
    middle: str
    y: str
    height: str
    value_y: str
    value: str
    label: str
    mark_y: str
    mark_from: str
    mark_to: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart as the template draws it."""

    height: int
    axis: int
    label_y: int
    bars: list[Bar]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw, this year or last."""
        return not any(bar.value or bar.mark_y for bar in self.bars)


def bars(
    labels: Sequence[str],
    values: Sequence[Decimal | None],
    before: Sequence[Decimal | None] | None = None,
    height: int = 190,
) -> Chart:
    """A column for each value, with a mark where last year's stood."""
    last = list(before) if before is not None else [None] * len(values)
    known = [value for value in (*values, *last) if value is not None]
    top = max([*known, Decimal(1)])
    axis = height - FOOT
    room = Decimal(axis - HEAD)
    step = Decimal(100) / max(len(values), 1)
    share = Decimal("0.516")
    found = []
    for number, (label, value, earlier) in enumerate(zip(labels, values, last, strict=True)):
        width = step * share
        x = step * number + (step - width) / 2
        tall = room * max(value or Decimal(0), Decimal(0)) / top
        mark = axis - room * earlier / top if earlier else None
        found.append(
            Bar(
                x=f"{x:.2f}%",
                width=f"{width:.2f}%",
                middle=f"{x + width / 2:.2f}%",
                y=f"{axis - tall:.1f}",
                height=f"{tall:.1f}",
                value_y=f"{_above(axis - tall, mark):.1f}",
                value=_short(value) if value else "",
                label=label,
                mark_y="" if mark is None else f"{mark:.1f}",
                mark_from=f"{x - Decimal('0.8'):.2f}%",
                mark_to=f"{x + width + Decimal('0.8'):.2f}%",
            )
        )
    return Chart(height, axis, height - 5, found)


def _above(top: Decimal, mark: Decimal | None) -> Decimal:
    """Where the number stands: over its column, or over last year's mark if that is in the way."""
    in_the_way = mark is not None and top - 20 <= mark <= top
    return (mark if in_the_way and mark is not None else top) - 5


def _short(value: Decimal) -> str:
    """A number short enough to stand above a column."""
    if value >= 100_000:
        return f"{value / 10_000:.0f}万"
    return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.1f}"

"""The years and months of a unit as the page of closes draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from taizhang.engines.periods import Period
from taizhang.ledger.render import period_label
from taizhang.org.models import Path, Unit

from .models import Close
from .standing import standing

OWN, WIDER, ABOVE, OPEN, RUNNING = "own", "wider", "above", "open", "running"
COLUMNS = (
    *("01", "02", "03", "Q1", "04", "05", "06", "Q2", "H1"),
    *("07", "08", "09", "Q3", "10", "11", "12", "Q4", "H2"),
)

_HEADS = {
    "Q1": _("Q1"),
    "Q2": _("Q2"),
    "Q3": _("Q3"),
    "Q4": _("Q4"),
    "H1": _("H1"),
    "H2": _("H2"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A period of a year.

    ``how``: closed by the unit itself, within a wider period of its own, by a unit above, open, or
    not over yet. ``close`` is the one that covers it.
    """

    period: Period
    how: str
    close: Close | None

    @property
    def label(self) -> str:
        """The period as people say it."""
        return period_label(self.period)

    @property
    def head(self) -> str:
        """What stands above its column."""
        if self.is_month:
            return date_format(self.period.first, "M")
        return str(_HEADS[self.period.text[-2:]])

    @property
    def begins(self) -> bool:
        """Whether it is the first month of a quarter."""
        return self.is_month and self.period.first.month % 3 == 1

    @property
    def is_month(self) -> bool:
        """Whether it is a month."""
        return self.period.kind == "month"


@dataclass(frozen=True, slots=True)
class Year:
    """A year: the whole of it, then its months with the quarters and halves after them."""

    whole: Cell
    parts: tuple[Cell, ...]


def closes_over(unit: Unit, first: date, last: date) -> list[Close]:
    """The standing closes of a unit and of those that stood above it in these days; two queries."""
    above = Path.objects.filter(descendant=unit, first__lte=last, last__gte=first)
    numbers = set(above.values_list("ancestor_id", flat=True))
    found = standing().filter(unit__in=numbers, first__lte=last, last__gte=first)
    return list(found.order_by("closed_at", "pk"))


def years(unit: Unit, numbers: Iterable[int], closes: Sequence[Close], today: date) -> list[Year]:
    """These years of a unit."""
    found = []
    for number in numbers:
        parts = [cell_of(unit, f"{number:04}-{name}", closes, today) for name in COLUMNS]
        found.append(Year(cell_of(unit, f"{number:04}", closes, today), tuple(parts)))
    return found


def cell_of(unit: Unit, text: str, closes: Sequence[Close], today: date) -> Cell:
    """One period of a unit; the unit's own close of it is told before any wider one."""
    period = Period.parse(text)
    covering = [c for c in closes if c.first <= period.first and period.last <= c.last]
    mine = [c for c in covering if c.unit_id == unit.pk]
    for how, some in (
        (OWN, [c for c in mine if c.period == period.text]),
        (WIDER, mine),
        (ABOVE, covering),
    ):
        if some:
            return Cell(period, how, some[0])
    return Cell(period, RUNNING if period.last >= today else OPEN, None)

"""Periods of time: a year, a half, a quarter, a month or a day, as inclusive days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from taizhang.engines.findings import Refused

Kind = Literal["year", "half", "quarter", "month", "day"]

_FORM = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-H(?P<half>[12])|-Q(?P<quarter>[1-4])|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days from ``first`` to ``last``, both included; ``text`` is how it is written.

    Make one with :meth:`parse`: then the text and the days agree.
    """

    text: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2021``, ``2021-H1``, ``2021-Q1``, ``2021-03`` or ``2021-09-18``.

        Raises Refused ``period.unknown`` for anything else, days that do not exist included.
        """
        form = _FORM.fullmatch(text)
        if form is None:
            raise Refused.because("period.unknown", text=text)
        year = int(form["year"])
        try:
            if form["day"]:
                day = date(year, int(form["month"]), int(form["day"]))
                return cls(text, day, day)
            if form["month"]:
                start, length = int(form["month"]), 1
            elif form["quarter"]:
                start, length = int(form["quarter"]) * 3 - 2, 3
            elif form["half"]:
                start, length = int(form["half"]) * 6 - 5, 6
            else:
                start, length = 1, 12
            return cls(text, date(year, start, 1), _month_end(year, start + length - 1))
        except ValueError:
            raise Refused.because("period.unknown", text=text) from None

    @property
    def kind(self) -> Kind:
        """Which kind of period this is."""
        if "H" in self.text:
            return "half"
        if "Q" in self.text:
            return "quarter"
        kinds: tuple[Kind, ...] = ("year", "month", "day")
        return kinds[self.text.count("-")]

    @property
    def year(self) -> int:
        """The calendar year in which the period lies; no period crosses a year's end."""
        return self.first.year

    def months(self) -> tuple[Period, ...]:
        """Return the months that the period touches, in order; a day gives its month."""
        return tuple(
            Period.parse(f"{self.year:04}-{month:02}")
            for month in range(self.first.month, self.last.month + 1)
        )

    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1

    def weeks(self) -> int:
        """Return the number of Mondays: a week belongs to the period in which it begins."""
        # The proleptic calendar begins on a Monday (ordinal 1), so up to the day n there are
        # as many Mondays as (n + 6) // 7 says.
        return (self.last.toordinal() + 6) // 7 - (self.first.toordinal() + 5) // 7

    def a_year_before(self) -> Period:
        """Return the same kind of period a year earlier; 29 February gives 28 February.

        Raises Refused ``period.unknown`` for the year 1, before which the calendar has none.
        """
        rest = self.text[4:]
        if rest == "-02-29":
            rest = "-02-28"
        return Period.parse(f"{self.year - 1:04}{rest}")

    def contains(self, day: date) -> bool:
        """Tell whether ``day`` lies in the period; the first and the last day do."""
        return self.first <= day <= self.last


def _month_end(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)

"""Work that is due every week: the weeks in which it fell short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The Monday on or before a day: weeks begin on Mondays (GB/T 7408, ISO 8601)."""
    return day - timedelta(days=day.weekday())


def weeks_missed(done: Iterable[tuple[date, int]], due: int) -> list[date]:
    """The Mondays of the weeks with fewer than ``due`` pieces, in order.

    ``done`` are days with the number of pieces done on each, in any order. Looked at are the weeks
    from that of the first day to that of the last, both included; without any day there are none.
    """
    by_week: Counter[date] = Counter()
    for day, pieces in done:
        by_week[monday(day)] += pieces
    if not by_week:
        return []
    first, last = min(by_week), max(by_week)
    weeks = (first + WEEK * number for number in range((last - first) // WEEK + 1))
    return [week for week in weeks if by_week[week] < due]

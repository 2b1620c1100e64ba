"""What a record's page and its form say about closed periods."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from taizhang.engines.findings import Finding
from taizhang.engines.periods import Period
from taizhang.ledger import access
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.ledger.render import period_label

from . import standing
from .field import ADDED, CORRECTED, how_late
from .models import Close

UNITS_NAMED = 4
_SAVED = {ADDED: "close.saved-added", CORRECTED: "close.saved-corrected"}


class ClosesAside:
    """In the margin of a record's page: that its period is closed, and whether it came late."""

    template = "closes/aside.html"

    def context(self, register: Register, record: Record, user: Any) -> dict[str, Any] | None:
        """The close over the record; None where its period is open."""
        close = standing.over(register, [record]).get(record.pk)
        if close is None:
            return None
        is_late = bool(standing.late(register, [record]))
        return {
            "close": close,
            "period": period_label(Period.parse(close.period)),
            "late": how_late(record, close) if is_late else "",
        }


class ClosesCaution:
    """What a form says before and after saving; nothing is refused."""

    def before(self, register: Register, record: Record | None, user: Any) -> list[Finding]:
        """Of a record: that it lies in a closed period. Of a new one: which days are closed."""
        if not register.dated:
            return []
        if record is not None:
            close = standing.over(register, [record]).get(record.pk)
            return [_finding("close.record-in-closed", close)] if close else []
        days = _closed_days(user)
        if not days:
            return []
        text = "；".join(f"{unit} {spans}" for unit, spans in days[:UNITS_NAMED])
        return [Finding("close.days-closed", "hint", "", {"days": text})]

    def after(self, register: Register, record: Record) -> list[Finding]:
        """That what was just saved came after the close of its period."""
        close = standing.late(register, [record]).get(record.pk)
        if close is None:
            return []
        return [_finding(_SAVED[how_late(record, close)], close)]


def _finding(code: str, close: Close) -> Finding:
    params = {
        "period": period_label(Period.parse(close.period)),
        "unit": str(close.unit),
        "day": timezone.localtime(close.closed_at).date().isoformat(),
    }
    return Finding(code, "hint", "", params)


def _closed_days(user: Any) -> list[tuple[str, str]]:
    """The closed days of the units somebody records in and of those above: unit, spans of days."""
    mine = access.of(user).units("recorder")
    above = access.provider.above(access.of(user).roots, timezone.localdate())
    by_unit: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for close in standing.standing().filter(unit__in=mine | above).order_by("unit__code", "first"):
        by_unit[str(close.unit)].append((close.first, close.last))
    return [
        (unit, "、".join(f"{first} – {last}" for first, last in _joined(spans)))
        for unit, spans in by_unit.items()
    ]


def _joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans in the order of their first days; what overlaps or follows on stands as one."""
    found: list[tuple[date, date]] = []
    for first, last in spans:
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found

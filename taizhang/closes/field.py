"""``late``: which records came, or were corrected, after the close of their period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Empty, Exact, Range
from taizhang.ledger import access, fields
from taizhang.ledger.models import Entry, Record
from taizhang.ledger.register import Register
from taizhang.org.models import Path

from . import standing
from .models import Close

ADDED, CORRECTED = "added", "corrected"
_SHOWN = {ADDED: _("Recorded late"), CORRECTED: _("Corrected late")}


MOST_SPANS = 60
"""Spans of days that one condition names; of more, only their whole extent."""


def _as_one(spans: Sequence[standing.Span]) -> list[standing.Span]:
    firsts, lasts, moments = zip(*spans, strict=True)
    return [(min(firsts), max(lasts), min(moments))]


def how_late(record: Record, close: Close) -> str:
    """Whether a late record came after the close, or was only corrected after it."""
    return ADDED if record.created_at > close.closed_at else CORRECTED


class LateField(fields.Computed):
    """``late=1`` finds what came after the close, ``late=0`` the rest; or how it came late."""

    kind = "late"
    name = "late"
    title = _("After the close")
    marks = True

    @classmethod
    def suits(cls, register: Register) -> bool:
        """Without a day a row belongs to no period."""
        return bool(register.dated)

    def load(self, records: Sequence[Record]) -> dict[int, Any]:
        found = standing.late(self.register, records)
        return {
            record.pk: how_late(record, found[record.pk]) if record.pk in found else ""
            for record in records
        }

    def show(self, value: Any) -> str:
        return str(_SHOWN[value]) if value else ""

    def options(self) -> list[tuple[str, str]]:
        whole = [("1", str(_("Late"))), ("0", str(_("In time, or not closed")))]
        return whole + [(code, str(label)) for code, label in _SHOWN.items()]

    def condition(self, prefix: str, value: fields.Value) -> Q:
        if prefix:  # of a row that is referred to
            rows = self.register.model._default_manager.order_by()
            return Q(Exists(rows.filter(self.condition("", value), pk=OuterRef(prefix + "pk"))))
        match value:
            case Exact("1"):
                return self._added() | self._written()
            case Exact("0") | Empty():
                return ~(self._added() | self._written())
            case Exact("added"):
                return self._added()
            case Exact("corrected"):
                return ~self._added() & self._written()
            case Range():
                raise Refused.because("query.no-range", self.name, field=self.label)
            case Exact(text):
                raise self.unknown(text, ("1", "0", ADDED, CORRECTED))

    def _late(self, then: Q) -> Q:
        """Rows under a close that stands, of which ``then`` is true.

        Where the row's unit stood on the row's day is joined with the closes of those units; ``then``
        speaks of the same join, so all of it stands in one filter. That is asked only of rows of
        closed days that were touched after the close: most never were.
        """
        spans = access.remembered("closed spans", standing.spans)
        touched = Q(pk__in=[])
        for first, last, closed_at in spans if len(spans) <= MOST_SPANS else _as_one(spans):
            days = {f"{self.register.dated_lookup}__range": (first, last)}
            touched |= Q(changed_at__gt=closed_at, **days)
        day = OuterRef(self.register.dated_lookup)
        covering = Q(
            descendant_id=OuterRef(self.register.scope_lookup),
            first__lte=day,
            last__gte=day,
            ancestor__closes__first__lte=day,
            ancestor__closes__last__gte=day,
            ancestor__closes__reopened_at__isnull=True,
        )
        return touched & Q(Exists(Path.objects.filter(covering & then)))

    def _added(self) -> Q:
        return self._late(Q(ancestor__closes__closed_at__lt=OuterRef("created_at")))

    def _written(self) -> Q:
        entries = Entry.objects.filter(
            register=self.register.name,
            record_id=OuterRef(OuterRef("pk")),
            verb__in=standing.WRITTEN,
            at__gt=OuterRef("ancestor__closes__closed_at"),
        )
        return self._late(Q(Exists(entries)))

"""Closing a period and opening it again; the history of the unit keeps who did it, when and why."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.ledger import access, catalogue, write
from taizhang.ledger.render import period_label
from taizhang.org.models import Unit

from .models import Close


def close(unit: Unit, text: str, *, actor: Any, note: str = "") -> Close:
    """Declare a month, quarter, half or year of a unit's whole subtree closed.

    Refuses who does not manage the unit, a day, a period that is not over, and one that already is
    closed by this unit.
    """
    period = Period.parse(text.strip())
    _allow(unit, actor)
    if period.kind == "day":
        raise Refused.because("close.no-day", "period", text=period.text)
    now = timezone.now()
    if period.last >= timezone.localdate(now):
        raise Refused.because("close.not-over", "period", period=period_label(period))
    held = Close.objects.filter(unit=unit, reopened_at__isnull=True)
    try:
        with transaction.atomic():
            if held.filter(first__lte=period.first, last__gte=period.last).exists():
                raise Refused.because("close.already", "period", period=period_label(period))
            made = Close.objects.create(
                unit=unit,
                period=period.text,
                first=period.first,
                last=period.last,
                closed_at=now,
                closed_by=actor,
                note=note.strip()[:500],
            )
            _remember(made, "close", actor, [None, period.text], made.note)
    except IntegrityError as error:  # somebody closed it at the same moment
        raise Refused.because("close.already", "period", period=period_label(period)) from error
    return made


def reopen(closed: Close, *, actor: Any, reason: str) -> Close:
    """Open a closed period again, for a reason; what was closed, and that, stays on record."""
    _allow(closed.unit, actor)
    if not reason.strip():
        raise Refused.because("close.reason-needed", "reason")
    with transaction.atomic():
        locked = Close.objects.select_for_update(of=("self",)).select_related("unit")
        fresh = locked.filter(pk=closed.pk, reopened_at__isnull=True).first()
        if fresh is None:
            period = period_label(Period.parse(closed.period))
            raise Refused.because("close.not-closed", "period", period=period)
        Close.objects.filter(pk=fresh.pk).update(
            reopened_at=timezone.now(), reopened_by=actor, reason=reason.strip()[:500]
        )
        fresh.refresh_from_db()
        _remember(fresh, "reopen", actor, [fresh.period, None], fresh.reason)
    return fresh


def _allow(unit: Unit, actor: Any) -> None:
    if unit.pk not in access.of(actor).units("manager"):
        raise Refused.because("close.not-yours", unit.code, unit=unit.name)


def _remember(closed: Close, verb: str, actor: Any, change: list[Any], reason: str) -> None:
    register = catalogue.get("org.unit")
    write.note(
        register, closed.unit, actor=actor, verb=verb, changes={"period": change}, reason=reason
    )

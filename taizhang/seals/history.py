"""The history sealed day by day by the unit that keeps the ledger, and checked against its seals."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing import auditing, journal, signed
from taizhang.engines.sealing.canonical import as_text
from taizhang.ledger import write
from taizhang.ledger.models import Entry
from taizhang.org.models import Unit

from . import keys
from .models import DaySeal

SETTLING = timedelta(hours=1)
"""How long after midnight a day's history is sealed: work of the day before may still be ending."""
WHO = "taizhang"
"""Who signs a day: nobody presses a button for it."""
_PART = 2000

kept_heads: list[Callable[[], Iterable[Mapping[str, object]]]] = []
"""Where heads of earlier days are kept; so days taken off the end are missed."""

log = logging.getLogger(__name__)


def seal_days(now: datetime | None = None) -> int:
    """Seal every day that is over and has entries; how many days that were.

    A day whose work is still being written is left for the next time.
    """
    moment = timezone.localtime(now)
    sealed = 0
    while (until := _next_end(moment)) is not None:
        with transaction.atomic():
            _seal(until)
        sealed += 1
    return sealed


def check(progress: Callable[[int], None] = write.silent) -> list[Finding]:
    """What does not fit: entries changed, removed or slipped in since they were sealed."""
    seals = [one.seal for one in DaySeal.objects.order_by("day").iterator(50)]
    known = [head for source in kept_heads for head in source()]
    return auditing.check(seals, _told(_entries(_sealed()), progress), keys.known_keys(), known)


def extent() -> dict[str, object]:
    """How far the history is sealed: ``day`` (None for not at all) and the ``count`` of entries."""
    last = DaySeal.objects.order_by("-day").first()
    return {"day": last.day if last else None, "count": last.seal["size"] if last else 0}


def whole() -> Finding:
    """What to say when everything fits."""
    known = extent()
    code = "journal.whole" if known["day"] else "journal.not-sealed"
    return Finding(code, "hint", "", known if known["day"] else {})


def newest_head() -> dict[str, object] | None:
    """What to keep elsewhere of the day sealed last; None when no day is sealed yet."""
    last = DaySeal.objects.order_by("-day").first()
    return None if last is None else journal.head(last.seal)


def sealed_entries() -> int:
    """How many entries there are up to the last one that was sealed."""
    return _sealed().count()


def latest(most: int) -> list[DaySeal]:
    """The days sealed last, newest first."""
    return list(DaySeal.objects.order_by("-day")[:most])


def keeper() -> Unit | None:
    """The unit that keeps the ledger: the one it was founded with."""
    return Unit.objects.order_by("pk").first()


def _sealed() -> QuerySet[Entry]:
    last = DaySeal.objects.order_by("-day").values_list("last_entry", flat=True).first()
    return Entry.objects.filter(pk__lte=last or 0)


def _next_end(moment: datetime) -> datetime | None:
    """The end of the first day that is over and not sealed yet; None when there is none."""
    last = DaySeal.objects.order_by("-day").first()
    rows = Entry.objects.filter(pk__gt=last.last_entry if last else 0)
    first = rows.order_by("pk").values_list("at", flat=True).first()
    if first is None:
        return None
    day = timezone.localtime(first).date()
    if last is not None:
        day = max(day, last.day + timedelta(days=1))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return end if moment >= end + SETTLING and not _being_written(end) else None


def _being_written(end: datetime) -> bool:
    """Whether work that began before the day's end has not come to its own: its entries have low
    numbers and would seem to have slipped in."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS(SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_xid IS NOT NULL AND pid <> pg_backend_pid() AND xact_start < %s)",
            [end],
        )
        return bool(cursor.fetchone()[0])


def _seal(end: datetime) -> None:
    last = DaySeal.objects.select_for_update().order_by("-day").first()
    day = end.date() - timedelta(days=1)
    rows = Entry.objects.filter(pk__gt=last.last_entry if last else 0)
    # The numbers rule, not the clock: whatever came before the day's last entry is the day's.
    newest = rows.filter(at__lt=end).aggregate(number=Max("pk"))["number"]
    rows = rows.filter(pk__lte=newest)
    seal = journal.seal_day(day, _entries(rows), last.seal if last else None)
    seal["signatures"] = _signatures(journal.subject(seal))
    DaySeal.objects.create(day=day, last_entry=newest, seal=seal, sealed_at=timezone.now())


def _signatures(subject: dict[str, object]) -> list[dict[str, object]]:
    """The founding unit's signature; a day is sealed without one rather than not at all."""
    unit = keeper()
    if unit is None:
        return []
    try:
        return [keys.sign(subject, unit, role=signed.UNIT, who=WHO, at=timezone.now())]
    except Refused as refused:
        log.error("A day of the history is sealed without a signature: %s", refused)
        return []


def _entries(rows: Any) -> Iterator[dict[str, object]]:
    """Entries as the plain data that is sealed: everything they say."""
    names = [field.attname for field in Entry._meta.concrete_fields]
    for values in rows.order_by("pk").values_list(*names).iterator(_PART):
        yield {name: _plain(value) for name, value in zip(names, values, strict=True)}


def _plain(value: Any) -> object:
    """A value without fractions in binary, of which every machine writes others."""
    if isinstance(value, datetime | date):
        return as_text(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _told(
    entries: Iterator[dict[str, object]], progress: Callable[[int], None]
) -> Iterator[dict[str, object]]:
    for number, entry in enumerate(entries, 1):
        yield entry
        if number % _PART == 0:
            progress(_PART)

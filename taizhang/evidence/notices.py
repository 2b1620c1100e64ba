"""What a person should look at on a proof: taken on another day, or seen at another record.

Everything is looked up anew for whoever asks and only among the records that exist for them: that
another unit holds the same file cannot be noticed, here or anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q

from taizhang.engines import pictures
from taizhang.engines.findings import Finding
from taizhang.ledger import access, catalogue, cells, query
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import Register

from .models import Blob, Evidence

TAKEN_WITHIN = timedelta(days=3)
"""So long before its first or after its last day a picture may be of a record's preparation."""
USES_SHOWN = 3
USES_READ = 300
"""A file with more uses than this, say a letter-head, is no proof of any of them anyway."""
TELLS_ITS_DAY = (Evidence.Kind.PHOTO, Evidence.Kind.CHECK_IN)
"""Papers may be older than the event or be scanned later."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to look at on one proof; ``url`` leads to the other record, if one is meant."""

    proof: Evidence
    finding: Finding
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Use:
    """A file at a record that the asking user may see."""

    proof: Evidence
    register: Register
    record: Record
    first: date
    last: date


def notices(
    register: Register, record: Record, proofs: Sequence[Evidence], user: Any
) -> list[Notice]:
    """What there is to say about these proofs of one record; their blobs should be at hand.

    A fixed number of queries: one for pictures that are alike, two for each register they stand in.
    """
    first, last = _days(register, record)
    if first is None or last is None or record.state == State.VOID:
        return []
    found = [notice for proof in proofs if (notice := _of_another_day(proof, first, last))]
    twins = _twins(proofs)
    wanted = {proof.blob_id for proof in proofs}.union(*twins.values())
    uses: dict[int, list[_Use]] = defaultdict(list)
    for use in _uses(wanted, register, record, user):
        if use.first > last or use.last < first:
            uses[use.proof.blob_id].append(use)
    for proof in proofs:
        found += [_same(proof, use, user) for use in uses[proof.blob_id][:USES_SHOWN]]
        alike = [use for blob in sorted(twins[proof.blob_id]) for use in uses[blob]]
        photos = [use for use in alike if use.proof.kind == Evidence.Kind.PHOTO]
        found += [_alike(proof, use, user) for use in photos[:USES_SHOWN]]
    return found


def _days(register: Register, record: Record) -> tuple[date | None, date | None]:
    """The first and the last day of a record; None where it has none."""
    first = day_at(record, register.dated)
    return first, day_at(record, register.ended) or first


def day_at(record: Any, path: str) -> date | None:
    """The day a record has at this path (``activity.held_on``); None for none or a blank path."""
    value = record
    for part in path.split(".") if path else ():
        value = getattr(value, part)
    return value if isinstance(value, date) else None


def _of_another_day(proof: Evidence, first: date, last: date) -> Notice | None:
    """A picture that was taken, as it says itself or as somebody says, on a day that does not fit."""
    if proof.kind not in TELLS_ITS_DAY:
        return None
    for taken in (proof.blob.taken_on, proof.taken_on):
        if taken and not first - TAKEN_WITHIN <= taken <= last + TAKEN_WITHIN:
            days = (first - taken if taken < first else taken - last).days
            params = {"name": proof.name, "taken": taken, "days": days}
            return Notice(proof, Finding("evidence.taken-another-day", "hint", "", params))
    return None


def _twins(proofs: Sequence[Evidence]) -> dict[int, set[int]]:
    """Pictures that look like these: blob → other blobs. One query, whatever their number."""
    looks = {
        proof.blob_id: look
        for proof in proofs
        if proof.kind == Evidence.Kind.PHOTO and (look := proof.blob.look)
    }
    found: dict[int, set[int]] = defaultdict(set)
    if not looks:
        return found
    near: dict[str, set[int]] = defaultdict(set)
    for look in looks.values():
        for number, band in enumerate(pictures.bands(look.mark), start=1):
            near[f"band_{number}__in"].update(pictures.near_bands(band))
    among = reduce(or_, (Q(**{path: sorted(bands)}) for path, bands in near.items()))
    for other in Blob.objects.filter(among).iterator(chunk_size=500):
        seen = other.look
        for mine, look in looks.items():
            if seen and mine != other.pk and pictures.alike(look, seen):
                found[mine].add(other.pk)
    return found


def _uses(blobs: set[int], register: Register, record: Record, user: Any) -> Iterator[_Use]:
    """Where else these files prove something that this user may see and that counts, newest first."""
    everywhere = Evidence.objects.filter(blob__in=blobs).order_by("-pk")
    here = Q(register=register.name, record_id=record.pk)
    names = everywhere.exclude(here).order_by("register").values_list("register", flat=True)
    for name in names.distinct():
        known = catalogue.find(name)
        if known is None or not known.dated:
            continue
        seen = access.visible(user, known).exclude(state=State.VOID)
        bare = query.bare(seen)
        # Row by row: the visible rows themselves may be a million.
        shown = Exists(bare.filter(pk=OuterRef("record_id")))
        found = list(everywhere.filter(shown, register=name).exclude(here)[:USES_READ])
        rows = known.queryset().prefetch_related(None).in_bulk({use.record_id for use in found})
        for use in found:
            other = rows.get(use.record_id)
            starts, ends = _days(known, other) if other else (None, None)
            if other is not None and starts is not None and ends is not None:
                yield _Use(use, known, other, starts, ends)


def _same(proof: Evidence, use: _Use, user: Any) -> Notice:
    paper = proof.kind in (Evidence.Kind.DOCUMENT, Evidence.Kind.STATEMENT)
    params = _params(proof, use, user)
    finding = Finding("evidence.used-elsewhere", "hint" if paper else "look", "", params)
    return Notice(proof, finding, f"/{use.register.path}/{use.record.pk}/")


def _alike(proof: Evidence, use: _Use, user: Any) -> Notice:
    finding = Finding("evidence.looks-like-elsewhere", "look", "", _params(proof, use, user))
    return Notice(proof, finding, f"/{use.register.path}/{use.record.pk}/")


def _params(proof: Evidence, use: _Use, user: Any) -> dict[str, object]:
    title = use.register.title_of(use.record)
    known = access.of(user)
    if use.register.title_is_personal and not known.may(Verb.PERSONAL, use.register, use.record):
        title = cells.masked(title)
    return {
        "name": proof.name,
        "day": use.first,
        "title": title,
        "register": use.register.label_plural,
    }

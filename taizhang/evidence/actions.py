"""Taking in and giving up proofs: content-checked, stored once, every step in the history."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from taizhang.engines import pictures
from taizhang.engines.findings import Refused
from taizhang.ledger import write
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

from . import contents, store
from .models import Blob, Evidence, Strength

_STRENGTHS = {
    Evidence.Kind.CHECK_IN: Strength.MACHINE,
    Evidence.Kind.SHEET: Strength.FILE,
    Evidence.Kind.PHOTO: Strength.FILE,
    Evidence.Kind.DOCUMENT: Strength.FILE,
    Evidence.Kind.STATEMENT: Strength.LATER,
}


def check_size(size: int, name: str) -> None:
    """Refuse a file larger than ``UPLOAD_LIMIT_MB``, before it is read."""
    limit = settings.UPLOAD_LIMIT_MB
    if size > limit * 1024 * 1024:
        shown = f"{size / 1024 / 1024:.1f}"
        raise Refused.because("document.too-large", name, name=name, size=shown, limit=limit)


def attach(
    register: Register,
    record: Record,
    *,
    actor: Any,
    content: bytes,
    name: str,
    kind: str,
    taken_on: date | None = None,
) -> Evidence:
    """Attach a file to a record, wholly or not at all. Without ``taken_on`` a picture tells its day.

    Refuses what is too large, not what its name says, or attached to this record already.
    """
    check_size(len(content), name)
    if kind not in Evidence.Kind.values:
        raise Refused.because("evidence.unknown-kind", name, kind=kind)
    found = contents.look_at(content, name)
    digest = hashlib.sha256(content).hexdigest()
    shown = Path(name).name[-160:]
    with transaction.atomic():
        changes = {"evidence": [None, shown]}
        write.note(register, record, actor=actor, verb="attach", changes=changes)
        blob = _blob(digest, len(content), found)
        if _uses(register, record).filter(blob=blob).exists():
            raise Refused.because("evidence.already-attached", name, name=name)
        store.keep(digest, content)
        evidence = Evidence.objects.create(
            register=register.name,
            record_id=record.pk,
            blob=blob,
            kind=kind,
            strength=_STRENGTHS[Evidence.Kind(kind)],
            name=shown,
            taken_on=taken_on or found.taken_on,
            added_by=actor,
            added_at=timezone.now(),
        )
    store.keep_copies(digest, found.copies)
    return evidence


def _blob(digest: str, size: int, found: contents.Content) -> Blob:
    """The row of a file, locked: nobody sweeps it away before it is used."""
    bands = pictures.bands(found.look.mark) if found.look else (None,) * pictures.BANDS
    known: dict[str, Any] = {f"band_{number}": band for number, band in enumerate(bands, 1)}
    blob, _new = Blob.objects.select_for_update().get_or_create(
        sha256=digest,
        defaults={
            "size": size,
            "media_type": found.media_type,
            "width": found.width,
            "height": found.height,
            "taken_on": found.taken_on,
            "grain": found.look.grain if found.look else None,
            **known,
        },
    )
    return blob


def _uses(register: Register, record: Record) -> Any:
    return Evidence.objects.filter(register=register.name, record_id=record.pk)


def detach(
    register: Register, record: Record, evidence: Evidence, *, actor: Any, reason: str = ""
) -> None:
    """Take a proof away from a record; for ``BIN_DAYS`` it can be put back."""
    with transaction.atomic():
        changes = {"evidence": [evidence.name, None]}
        write.note(register, record, actor=actor, verb="detach", changes=changes, reason=reason)
        gone = Evidence.objects.filter(pk=evidence.pk).update(
            removed_by=actor, removed_at=timezone.now()
        )
        if not gone:  # somebody was faster
            raise Refused.because("evidence.not-there", evidence.name, name=evidence.name)


def restore(register: Register, record: Record, evidence: Evidence, *, actor: Any) -> None:
    """Put back a proof that was taken away. A record that was verified with it stays submitted."""
    name = evidence.name
    with transaction.atomic():
        changes = {"evidence": [None, name]}
        write.note(register, record, actor=actor, verb="attach", changes=changes)
        if _uses(register, record).filter(blob=evidence.blob_id).exists():
            raise Refused.because("evidence.already-attached", name, name=name)
        back = Evidence.everything.filter(pk=evidence.pk, removed_at__isnull=False).update(
            removed_by=None, removed_at=None
        )
        if not back:  # swept away meanwhile
            raise Refused.because("evidence.not-there", name, name=name)

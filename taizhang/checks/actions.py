"""Handing manuscripts in and taking them away; setting remarks aside and asking for them again."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from taizhang.documents.files import atomic_target
from taizhang.documents.manuscripts import Manuscript as Read
from taizhang.documents.manuscripts import read_manuscript
from taizhang.documents.packages import MB
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.ledger import access

from .models import Dismissal, Manuscript

LONGEST = 200_000
"""Characters; a longer one takes the page too long, and the command line has no limit."""
LONGEST_REASON = 200


def hand_in_file(given: Any, *, unit: Any, period: Period, by: Any) -> Manuscript:
    """Keep an uploaded file; refuses what cannot be read and what is too long."""
    name = (given.name or "")[-120:]
    size, limit = given.size or 0, settings.UPLOAD_LIMIT_MB
    if size > limit * MB:
        raise Refused.because(
            "document.too-large", name, name=name, size=f"{size / MB:.1f}", limit=limit
        )
    kind = Path(name).suffix.lower().lstrip(".")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "manuscript"
        with path.open("wb") as file:
            for chunk in given.chunks():
                file.write(chunk)
        read = read_manuscript(path, name, limit=limit * MB)
        return _keep(path.read_bytes(), kind, read, unit=unit, period=period, by=by)


def hand_in_text(text: str, name: str, *, unit: Any, period: Period, by: Any) -> Manuscript:
    """Keep a pasted text; refuses one without words and one that is too long."""
    if not text.strip():
        raise Refused.because("manuscript.nothing-given")
    # A browser sends CRLF for every line of a text area; what was pasted had its own.
    plain = text.replace("\r\n", "\n").replace("\0", "")
    read = Read(name, plain, ())
    return _keep(plain.encode("utf-8"), "txt", read, unit=unit, period=period, by=by)


def _keep(
    content: bytes, kind: str, read: Read, *, unit: Any, period: Period, by: Any
) -> Manuscript:
    if len(read.text) > LONGEST:
        raise Refused.because(
            "manuscript.too-long", read.name, name=read.name, count=len(read.text), limit=LONGEST
        )
    token = secrets.token_hex(16)
    manuscript = Manuscript(
        unit=unit,
        period=period.text,
        name=read.name,
        kind=kind,
        stored=token,
        length=len(read.text),
        handed_in_by=by,
        handed_in_at=timezone.now(),
    )
    path = path_of(manuscript)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_target(path) as file:
        file.write(content)
    try:
        manuscript.save()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return manuscript


def path_of(manuscript: Manuscript) -> Path:
    """Where the file of a manuscript lies."""
    root: Path = settings.UPLOAD_ROOT
    return root / "checks" / f"{manuscript.stored}.{manuscript.kind}"


def take_away(manuscript: Manuscript, *, by: Any) -> None:
    """Delete a manuscript and its file; refuses somebody who neither handed it in nor may edit."""
    if not may_take_away(manuscript, by):
        raise Refused.because("manuscript.not-yours", manuscript.name)
    path = path_of(manuscript)
    with transaction.atomic():
        manuscript.delete()

        def gone() -> None:
            with suppress(OSError):
                path.unlink(missing_ok=True)

        transaction.on_commit(gone)


def may_take_away(manuscript: Manuscript, user: Any) -> bool:
    """Whoever handed it in, and those who may edit for the unit."""
    return manuscript.handed_in_by_id == user.pk or may_dismiss(manuscript, user)


def may_dismiss(manuscript: Manuscript, user: Any) -> bool:
    """Whether the user may speak for the unit: recorders and above, today."""
    return manuscript.unit_id in access.of(user).units("recorder")


def compare_with(manuscript: Manuscript, period: Period) -> None:
    """Compare with another period of the ledger from now on."""
    manuscript.period = period.text
    manuscript.save(update_fields=["period"])


def dismiss(
    manuscript: Manuscript, *, key: str, code: str, words: str, reason: str, by: Any
) -> Dismissal:
    """Set a remark aside for the unit; refuses one without a reason, or by somebody who may not."""
    if not may_dismiss(manuscript, by):
        raise Refused.because("manuscript.may-not-dismiss")
    reason = " ".join(reason.split())
    if not reason:
        raise Refused.because("manuscript.no-reason")
    if len(reason) > LONGEST_REASON:
        raise Refused.because("manuscript.reason-too-long", count=len(reason), limit=LONGEST_REASON)
    dismissal, _new = Dismissal.objects.update_or_create(
        unit_id=manuscript.unit_id,
        key=key,
        defaults={
            "code": code,
            "words": words[:200],
            "reason": reason,
            "by": by,
            "at": timezone.now(),
        },
    )
    return dismissal


def ask_again(manuscript: Manuscript, *, key: str, by: Any) -> None:
    """Undo a dismissal: the remark stands again."""
    if not may_dismiss(manuscript, by):
        raise Refused.because("manuscript.may-not-dismiss")
    Dismissal.objects.filter(unit_id=manuscript.unit_id, key=key).delete()

"""The bytes of proofs on the disk: kept once by their SHA-256, with small copies of pictures."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from taizhang.documents.files import atomic_target
from taizhang.engines.findings import Refused

from . import contents
from .models import Blob, Evidence

YOUNG = 24 * 3600
"""Seconds for which a file without a row may belong to an upload that is still going on."""


def blob_path(digest: str) -> Path:
    """Where the bytes of a file lie."""
    root: Path = settings.EVIDENCE_ROOT
    return root / digest[:2] / digest


def copy_path(digest: str, edge: int) -> Path:
    """Where the reduced copy of a picture lies."""
    return blob_path(digest).with_suffix(f".{edge}.jpg")


def keep(digest: str, content: bytes) -> None:
    """Write a file, also when it is there: how long it takes must not tell that somebody has it."""
    path = blob_path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_target(path) as file:
        file.write(content)


def keep_copies(digest: str, copies: tuple[tuple[int, bytes], ...]) -> None:
    """Write the small copies of a picture; without room for them they are made when asked for."""
    for edge, content in copies:
        with suppress(Refused), atomic_target(copy_path(digest, edge)) as file:
            file.write(content)


def copy(blob: Blob, edge: int) -> Path:
    """The file of a picture's reduced copy, without position or any other metadata."""
    path = copy_path(blob.sha256, edge)
    if not path.exists():
        content = contents.reduced(blob_path(blob.sha256), edge)
        with atomic_target(path) as file:
            file.write(content)
    return path


def sweep() -> int:
    """Forget what was taken away longer than ``BIN_DAYS`` ago; returns how many files went.

    A file goes with its last use, its small copies with it.
    """
    before = timezone.now() - timedelta(days=settings.BIN_DAYS)
    old = Evidence.everything.filter(removed_at__lt=before).order_by("blob_id")
    gone = []
    for number in list(old.values_list("blob_id", flat=True).distinct()):
        with transaction.atomic():
            # Whoever attaches the same file now waits for us, or we for them.
            blob = Blob.objects.select_for_update().filter(pk=number).first()
            if blob is None:
                continue
            Evidence.everything.filter(blob=number, removed_at__lt=before).delete()
            if not Evidence.everything.filter(blob=number).exists():
                gone.append(blob.sha256)
                blob.delete()
    return sum(_forget(digest, _files_of(digest)) for digest in gone)


def sweep_left_over() -> int:
    """Remove what interrupted uploads left behind more than a day ago; looks at every file there is.

    Returns how many files went.
    """
    root: Path = settings.EVIDENCE_ROOT
    young, count = time.time() - YOUNG, 0
    for folder in sorted(path for path in root.glob("??") if path.is_dir()):
        found: dict[str, list[Path]] = {}
        for path in folder.iterdir():
            digest = path.name.lstrip(".").partition(".")[0]
            found.setdefault(digest, []).append(path)
        known = set(
            Blob.objects.filter(sha256__startswith=folder.name).values_list("sha256", flat=True)
        )
        for digest, paths in found.items():
            if digest not in known and all(_changed_at(path) < young for path in paths):
                count += _forget(digest, paths)
    return count


def _files_of(digest: str) -> list[Path]:
    return list(blob_path(digest).parent.glob(f"{digest}*"))


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _forget(digest: str, paths: list[Path]) -> int:
    """Remove these files while nobody else can make a blob of them; returns how many went."""
    try:
        with transaction.atomic():
            # The row holds the place of the digest: an upload of this very file has to wait for us.
            place = Blob.objects.create(sha256=digest, size=0, media_type="")
            for path in paths:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            Blob.objects.filter(pk=place.pk).delete()
    except IntegrityError:  # attached again meanwhile
        return 0
    return len(paths)

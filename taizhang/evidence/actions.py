"""Taking in and giving up proofs: content-checked, stored once, every step in the history."""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps

from taizhang.documents.files import atomic_target
from taizhang.engines.findings import Refused
from taizhang.ledger import write
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

from .models import Blob, Evidence, Strength

PIXEL_LIMIT = 60_000_000
THUMB, PREVIEW = 480, 1600
_STRENGTHS = {
    Evidence.Kind.CHECK_IN: Strength.MACHINE,
    Evidence.Kind.SHEET: Strength.FILE,
    Evidence.Kind.PHOTO: Strength.FILE,
    Evidence.Kind.DOCUMENT: Strength.FILE,
    Evidence.Kind.STATEMENT: Strength.LATER,
}
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}
_SUFFIXES = {
    "image/jpeg": {".jpg", ".jpeg"},
    "image/png": {".png"},
    "image/webp": {".webp"},
    "application/pdf": {".pdf"},
    _OFFICE["word/document.xml"]: {".docx"},
    _OFFICE["xl/workbook.xml"]: {".xlsx"},
    _OFFICE["ppt/presentation.xml"]: {".pptx"},
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a file really is: its media type and, for a picture, its size."""

    media_type: str
    width: int | None = None
    height: int | None = None


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
    """Attach a file to a record. Refuses what is too large or not what its name says."""
    limit = settings.UPLOAD_LIMIT_MB
    if len(content) > limit * 1024 * 1024:
        size = f"{len(content) / 1024 / 1024:.1f}"
        raise Refused.because("document.too-large", name, name=name, size=size, limit=limit)
    if kind not in Evidence.Kind.values:
        raise Refused.because("evidence.unknown-kind", name, kind=kind)
    found = look_at(content, name)
    digest = hashlib.sha256(content).hexdigest()
    path = blob_path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_target(path) as file:
            file.write(content)
    with transaction.atomic():
        blob, _new = Blob.objects.get_or_create(
            sha256=digest,
            defaults={
                "size": len(content),
                "media_type": found.media_type,
                "width": found.width,
                "height": found.height,
            },
        )
        mine = Evidence.objects.filter(register=register.name, record_id=record.pk, blob=blob)
        if mine.exists():
            raise Refused.because("evidence.already-attached", name, name=name)
        evidence = Evidence.objects.create(
            register=register.name,
            record_id=record.pk,
            blob=blob,
            kind=kind,
            strength=_STRENGTHS[Evidence.Kind(kind)],
            name=Path(name).name[-160:],
            taken_on=taken_on,
            added_by=actor,
            added_at=timezone.now(),
        )
        write.note(
            register,
            record,
            actor=actor,
            verb="attach",
            changes={"evidence": [None, evidence.name]},
        )
    return evidence


def detach(
    register: Register, record: Record, evidence: Evidence, *, actor: Any, reason: str = ""
) -> None:
    """Take a proof away from a record; the file goes when no record uses it any more."""
    with transaction.atomic():
        write.note(
            register,
            record,
            actor=actor,
            verb="detach",
            changes={"evidence": [evidence.name, None]},
            reason=reason,
        )
        blob = evidence.blob
        evidence.delete()
        if not blob.uses.exists():
            blob.delete()
            transaction.on_commit(lambda: _remove_files(blob.sha256))


def _remove_files(digest: str) -> None:
    if Blob.objects.filter(sha256=digest).exists():  # attached again meanwhile
        return
    blob_path(digest).unlink(missing_ok=True)
    for edge in (THUMB, PREVIEW):
        copy_path(digest, edge).unlink(missing_ok=True)


def blob_path(digest: str) -> Path:
    """Where the bytes of a file lie."""
    root: Path = settings.EVIDENCE_ROOT
    return root / digest[:2] / digest


def copy_path(digest: str, edge: int) -> Path:
    """Where the reduced copy of a picture lies."""
    return blob_path(digest).with_suffix(f".{edge}.jpg")


def look_at(content: bytes, name: str) -> Content:
    """Find out what a file is by its content; refuses what its name does not say or we do not take."""
    found = _sniff(content, name)
    suffixes = _SUFFIXES[found.media_type]
    if Path(name).suffix.lower() not in suffixes:
        kind = "/".join(sorted(suffixes))
        raise Refused.because("document.not-what-its-name-says", name, name=name, found=kind)
    return found


def _sniff(content: bytes, name: str) -> Content:
    if content.startswith(b"%PDF-"):
        return Content("application/pdf")
    if content.startswith(b"PK\x03\x04"):
        return Content(_office_type(content, name))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
                width, height = picture.size
                if width * height > PIXEL_LIMIT:
                    raise Refused.because("evidence.too-many-pixels", name, name=name)
                picture.verify()
                media_type = Image.MIME[picture.format or ""]
    except Refused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused.because("evidence.too-many-pixels", name, name=name) from None
    except (OSError, SyntaxError, ValueError, KeyError, Warning):
        kinds = "、".join(sorted(s for group in _SUFFIXES.values() for s in group))
        raise Refused.because("evidence.unknown-file", name, name=name, kinds=kinds) from None
    return Content(media_type, width, height)


def _office_type(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if any(part.endswith("vbaProject.bin") for part in names):
                raise Refused.because("evidence.macros", name, name=name)
    except zipfile.BadZipFile:
        raise Refused.because("document.damaged", name, name=name) from None
    for part, media_type in _OFFICE.items():
        if part in names:
            return media_type
    kinds = "、".join(sorted(s for group in _SUFFIXES.values() for s in group))
    raise Refused.because("evidence.unknown-file", name, name=name, kinds=kinds)


def reduced(blob: Blob, edge: int) -> Path:
    """A copy of a picture no longer than ``edge`` pixels, without position or any other metadata."""
    path = copy_path(blob.sha256, edge)
    if path.exists():
        return path
    with Image.open(blob_path(blob.sha256)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((edge, edge))
        # A new picture: nothing of the old file but its pixels comes along.
        clean = Image.new("RGB", upright.size)
        clean.paste(upright)
        with atomic_target(path) as file:
            clean.save(file, "JPEG", quality=82, optimize=True)
    return path

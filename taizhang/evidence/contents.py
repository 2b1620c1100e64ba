"""What an uploaded file really is, judged by its content, and what a picture in it shows."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone
from PIL import ExifTags, Image, ImageOps

from taizhang.documents import packages
from taizhang.engines import pictures
from taizhang.engines.findings import Refused
from taizhang.engines.pictures import Look

PIXEL_LIMIT = 60_000_000
THUMB, PREVIEW = 480, 1600
"""Longest edge of the copies shown in the gallery and on the screen."""
FILING_LIMIT = 2_000_000
"""Registrars' sites say “2M” and do not say which; so many bytes are below either."""
FILING_EDGES = (4000, 3000, 2400, 1920, 1600, 1280, 960)
FILING_QUALITIES = (92, 85, 75, 65)

_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}
SUFFIXES = {
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    _OFFICE["word/document.xml"]: (".docx",),
    _OFFICE["xl/workbook.xml"]: (".xlsx",),
    _OFFICE["ppt/presentation.xml"]: (".pptx",),
}
"""Media types taken as evidence, each with the endings of names it goes by, the usual one first."""
_MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # what many telephones write: a JPEG with a second picture behind it
    "PNG": "image/png",
    "WEBP": "image/webp",
}
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_WRITTEN, _OFFSET = 0x9003, 0x9011  # EXIF: DateTimeOriginal, OffsetTimeOriginal
_PHOTOGRAPHERS_PART = ExifTags.IFD.Exif


@dataclass(frozen=True, slots=True)
class Content:
    """What a file really is; of a picture also its size, its copies, its look and its own day."""

    media_type: str
    width: int | None = None
    height: int | None = None
    taken_on: date | None = None
    look: Look | None = None
    copies: tuple[tuple[int, bytes], ...] = ()


def look_at(content: bytes, name: str) -> Content:
    """Find out what a file is; refuses what its name does not say, or we do not take, or is broken."""
    found = _sniff(content, name)
    suffixes = SUFFIXES[found.media_type]
    if Path(name).suffix.lower() not in suffixes:
        kind = "/".join(suffixes)
        raise Refused.because("document.not-what-its-name-says", name, name=name, found=kind)
    return found


def filing_copy(path: Path) -> bytes:
    """A picture as registrars' sites take it: a JPEG below 2 MB without any metadata.

    As many pixels as fit; of equally large ones the better quality.
    """
    with _opened(path) as picture:
        edge = max(picture.size)
        picture.draft("RGB", (FILING_EDGES[0], FILING_EDGES[0]))
        clean = _clean(picture)
    for limit in FILING_EDGES:
        if limit >= edge and limit != FILING_EDGES[0]:
            continue  # the picture itself was smaller, and has been tried
        clean.thumbnail((limit, limit))
        for quality in FILING_QUALITIES:
            content = _jpeg(clean, quality)
            if len(content) <= FILING_LIMIT:
                return content
    return content


def reduced(path: Path, edge: int) -> bytes:
    """A copy of a picture no longer than ``edge`` pixels, without position or any other metadata."""
    with _opened(path) as picture:
        picture.draft("RGB", (edge, edge))
        clean = _clean(picture)
    clean.thumbnail((edge, edge))
    return _jpeg(clean, 82)


def _sniff(content: bytes, name: str) -> Content:
    if content.startswith(b"%PDF-"):
        return Content("application/pdf")
    if content.startswith(b"PK\x03\x04"):
        return Content(_office_type(content, name))
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise Refused.because("evidence.heic", name, name=name)
    try:
        with _opened(io.BytesIO(content)) as picture:
            width, height = picture.size
            if width * height > PIXEL_LIMIT:
                raise Refused.because("evidence.too-many-pixels", name, name=name)
            media_type = _MEDIA_TYPES[picture.format or ""]
            picture.verify()
    except Refused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused.because("evidence.too-many-pixels", name, name=name) from None
    except (OSError, SyntaxError, ValueError, KeyError):
        raise _unknown(name) from None
    return _pictured(content, name, media_type, width, height)


def _opened(source: Path | io.BytesIO) -> Image.Image:
    # Only what we take: Pillow's readers of rare formats need not meet what strangers send.
    return Image.open(source, formats=["JPEG", "PNG", "WEBP"])


def _unknown(name: str) -> Refused:
    kinds = "、".join(sorted(suffix for group in SUFFIXES.values() for suffix in group))
    return Refused.because("evidence.unknown-file", name, name=name, kinds=kinds)


def _pictured(content: bytes, name: str, media_type: str, width: int, height: int) -> Content:
    """What a picture shows, from one decoding; refuses one that breaks off."""
    try:
        with _opened(io.BytesIO(content)) as picture:
            own_day = _own_day(picture)
            picture.draft("RGB", (PREVIEW, PREVIEW))
            clean = _clean(picture)
    except (OSError, SyntaxError, ValueError):
        raise packages.damaged(name) from None
    clean.thumbnail((PREVIEW, PREVIEW))
    preview = _jpeg(clean, 82)
    edge = pictures.EDGE
    greys = clean.convert("L").resize((edge, edge), Image.Resampling.BOX)
    clean.thumbnail((THUMB, THUMB))
    return Content(
        media_type,
        width,
        height,
        own_day,
        pictures.look(greys.tobytes()),
        ((PREVIEW, preview), (THUMB, _jpeg(clean, 82))),
    )


def _own_day(picture: Image.Image) -> date | None:
    """The day a picture says it was taken on; None when it does not say, or says a day to come."""
    try:
        told = picture.getexif().get_ifd(_PHOTOGRAPHERS_PART)
        written, offset = str(told.get(_WRITTEN, "")), str(told.get(_OFFSET, ""))
    except Exception:  # cameras and chat programs break EXIF in every way there is
        return None
    found = pictures.taken_on(written, offset, timezone.get_default_timezone())
    return found if found is not None and found <= timezone.localdate() else None


def _clean(picture: Image.Image) -> Image.Image:
    """The picture upright on white paper: a new one, to which nothing comes along but pixels."""
    picture.load()
    try:
        upright = ImageOps.exif_transpose(picture)
    except Exception:  # the turn is written in EXIF, which may be broken though the picture is not
        upright = picture
    clean = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        layered = upright.convert("RGBA")
        clean.paste(layered, mask=layered)
    else:
        clean.paste(upright.convert("RGB"))
    return clean


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()


def _office_type(content: bytes, name: str) -> str:
    file = io.BytesIO(content)
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
            packages.check_members(package, file, name)
    except packages.BROKEN:
        raise packages.damaged(name) from None
    if any(part.endswith("vbaProject.bin") for part in names):
        raise Refused.because("evidence.macros", name, name=name)
    for part, media_type in _OFFICE.items():
        if part in names:
            return media_type
    raise _unknown(name)

"""Opening zipped office files (.xlsx, .docx) without trusting them.

The kind is told by content, never by name. The declared sizes in a zip are not believed either:
the native reader behind our back would unpack whatever the data says, so every member is unpacked
once here, without keeping it, and counted.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from taizhang.engines.findings import Refused
from taizhang.engines.names import Bilingual

MB = 1024 * 1024
UNPACKED_LIMIT = 400 * MB
RATIO_LIMIT = 200
"""Honest office XML packs 10 to 40 times; only entries above ``RATIO_FLOOR`` are judged."""
RATIO_FLOOR = 10 * MB
MEMBER_LIMIT = 10_000
TREE_LIMIT = 64 * MB
"""A part parsed into a tree takes about ten times its size in memory."""

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError)
"""What reading a damaged archive may raise."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MIME_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE_REL = "/officeDocument"
_MAIN_PARTS = {"xl/": ".xlsx", "word/": ".docx", "ppt/": ".pptx"}


def check_size(path: Path, name: str, limit: int) -> int:
    """Return the size of the file in bytes; refuse an unreadable, empty or too large one."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused.because(
            "document.cannot-read", name, name=name, reason=error.strerror or "?"
        ) from error
    if size == 0:
        raise Refused.because("document.empty", name, name=name)
    if size > limit:
        shown = f"{size / MB:.1f}"
        raise Refused.because(
            "document.too-large", name, name=name, size=shown, limit=f"{limit / MB:g}"
        )
    return size


def found_kind(path: Path) -> str:
    """Tell what a file is by its content: ``.xlsx``, ``.xls``, ``.html``, ``text`` … or ``?``.

    ``encrypted`` is an office file with a password (an OLE box with an ``EncryptedPackage``).
    """
    with path.open("rb") as handle:
        head = handle.read(4096)
        if head.startswith(_OLE):
            return _ole_kind(head + handle.read())
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(b"%PDF"):
        return ".pdf"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        return ".html"
    if start.startswith(b"<?xml"):
        return ".xml"
    return "?" if b"\0" in head else "text"


def _ole_kind(content: bytes) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return "encrypted"
    if has("WordDocument"):
        return ".doc"
    # WPS writes the same streams into .et as Excel into .xls.
    return ".xls/.et" if has("Workbook") or has("Book") else "OLE"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                main = _main_part(archive)
                return next((k for p, k in _MAIN_PARTS.items() if main.startswith(p)), ".zip")
            if "mimetype" in names and "content.xml" in names:
                with archive.open("mimetype") as stream:
                    return ".ods" if stream.read(200).startswith(_MIME_ODS) else ".odt"
            return ".zip"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return "damaged"
    except (zlib.error, EOFError, struct.error):
        return "damaged"


def _main_part(archive: zipfile.ZipFile) -> str:
    """The part that ``_rels/.rels`` calls the office document (``word/document.xml``)."""
    try:
        if archive.getinfo("_rels/.rels").file_size > MB:
            return ""
        root = fromstring(archive.read("_rels/.rels"), forbid_dtd=True)
    except (KeyError, ParseError, DefusedXmlException):
        return ""
    for relation in root:
        if relation.get("Type", "").endswith(_OFFICE_REL):
            return str(relation.get("Target", "")).lstrip("/")
    return ""


class Package:
    """An opened office package whose sizes have been checked."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.main = _main_part(archive)

    def parts(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self.archive.namelist())

    def xml(self, part: str) -> Element:
        """Parse one part; entities and document types are refused as ``document.damaged``."""
        if part in self.parts() and self.archive.getinfo(part).file_size > TREE_LIMIT:
            raise Refused.because(
                "document.too-large-unpacked",
                self.name,
                name=self.name,
                limit=f"{TREE_LIMIT / MB:g}",
            )
        try:
            root: Element = fromstring(self.archive.read(part), forbid_dtd=True)
        except (KeyError, ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise damaged(self.name) from error
        return root

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of a part: id → (type, name of the other part). External ones are left out."""
        folder, _, leaf = part.rpartition("/")
        relations = f"{folder}/_rels/{leaf}.rels" if folder else f"_rels/{leaf}.rels"
        if relations not in self.parts():
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self.xml(relations):
            if relation.get("TargetMode") == "External":
                continue
            target = _resolved(folder, relation.get("Target", ""))
            found[relation.get("Id", "")] = (relation.get("Type", ""), target)
        return found


def damaged(name: str) -> Refused:
    """The refusal of a file that cannot be opened."""
    return Refused.because("document.damaged", name, name=name)


@contextmanager
def opened_package(path: Path, name: str, kind: str, *, limit: int) -> Iterator[Package]:
    """Open a package of ``kind`` (``.xlsx``, ``.docx``) after all checks.

    Raises Refused: ``document.cannot-read``, ``.empty``, ``.too-large`` (size and limit in MB),
    ``.not-what-its-name-says`` (found), ``.encrypted``, ``.damaged``, ``.too-large-unpacked``.
    """
    check_size(path, name, limit)
    expect_kind(path, name, kind)
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            check_members(archive, raw, name)
            yield Package(archive, name)
    except BROKEN as error:
        raise damaged(name) from error


_SHOWN = {
    ".html": Bilingual("网页（.html）", "a web page (.html)"),
    "text": Bilingual("纯文本", "plain text"),
    "OLE": Bilingual("旧版 Office 文件", "an old Office file"),
    "?": Bilingual("无法识别的内容", "unknown content"),
}


def not_as_named(name: str, found: str) -> Refused:
    """The refusal of a file whose content is not what its name says."""
    shown = _SHOWN.get(found, found)
    return Refused.because("document.not-what-its-name-says", name, name=name, found=shown)


def expect_kind(path: Path, name: str, kind: str) -> None:
    """Refuse a file whose content is not ``kind``."""
    try:
        found = found_kind(path)
    except OSError as error:
        raise Refused.because(
            "document.cannot-read", name, name=name, reason=error.strerror or "?"
        ) from error
    if found == kind:
        return
    if found == "encrypted":
        raise Refused.because("document.encrypted", name, name=name)
    if found == "damaged":
        raise damaged(name)
    raise not_as_named(name, found)


def check_members(archive: zipfile.ZipFile, raw: BinaryIO, name: str) -> None:
    """Refuse an archive with a password, or one that unpacks to more than is honest; ``raw`` is it.

    Raises Refused ``document.encrypted``, ``.too-large-unpacked``, ``.damaged``, or one of BROKEN.
    """
    members = archive.infolist()
    total = 0
    for member in members:
        if member.flag_bits & 1:
            raise Refused.because("document.encrypted", name, name=name)
        size = _true_size(raw, member, UNPACKED_LIMIT - total)
        total += size
        packed = max(member.compress_size, 1)
        if (
            total > UNPACKED_LIMIT
            or len(members) > MEMBER_LIMIT
            or (size > RATIO_FLOOR and size / packed > RATIO_LIMIT)
        ):
            raise Refused.because(
                "document.too-large-unpacked", name, name=name, limit=f"{UNPACKED_LIMIT / MB:g}"
            )
        if size != member.file_size:
            raise damaged(name)


def _true_size(raw: BinaryIO, member: zipfile.ZipInfo, limit: int) -> int:
    """Unpacked size of a member by unpacking it; stops soon after ``limit``."""
    raw.seek(member.header_offset)
    header = raw.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no local header")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    raw.seek(name_length + extra_length, 1)
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("compression not used by office files")
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    left, size = member.compress_size, 0
    while left > 0 and not engine.eof and size <= limit:
        piece = raw.read(min(left, 64 * 1024))
        if not piece:
            raise zipfile.BadZipFile("cut off")
        left -= len(piece)
        # At most 1 MB at a time, so that a bomb cannot fill the memory while we count it.
        while piece and not engine.eof and size <= limit:
            size += len(engine.decompress(piece, MB))
            piece = engine.unconsumed_tail
    if size <= limit:
        size += len(engine.flush())  # at most the rest of one match
    return size


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)

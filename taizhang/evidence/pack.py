"""A list's evidence as one archive: the files by record, an index, and the sum of each file.

Names are made of the record's key, the kind and a number, never of what somebody called a file:
that may be a person's name.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.engines.findings import Refused
from taizhang.engines.queries import Query
from taizhang.ledger import access, cells, query, write
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

from . import contents, store
from .models import Evidence
from .notices import day_at

BYTES_LIMIT = 2 * 1024**3
FILES_LIMIT = 20_000
CHUNK = 200
"""Records that are held at once."""
PIECE = 1024 * 1024
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a pack would hold."""

    records: int
    files: int
    size: int

    def refusal(self, where: str) -> Refused | None:
        """Why it cannot be made, if so."""
        if not self.files:
            return Refused.because("evidence.nothing-to-pack", where)
        if self.files > FILES_LIMIT:
            return Refused.because("evidence.pack-too-many", where, limit=FILES_LIMIT)
        if self.size > BYTES_LIMIT:
            size, limit = f"{self.size / 1024**3:.1f}", f"{BYTES_LIMIT / 1024**3:g}"
            return Refused.because("evidence.pack-too-large", where, size=size, limit=limit)
        return None


@dataclass
class Made:
    """What went into a pack; ``faulty`` are proofs whose file is gone or no longer what it was."""

    records: int = 0
    files: int = 0
    faulty: list[str] = field(default_factory=list)


def extent(register: Register, asked: Query, user: Any) -> Extent:
    """How much the evidence of these rows is; counts no further than is allowed."""
    rows = query.rows(register, asked, user).order_by()
    bare = rows.select_related(None).prefetch_related(None)
    mine = Evidence.objects.filter(register=register.name, record_id__in=bare.values("pk"))
    some = mine.order_by()[: FILES_LIMIT + 1]
    found = some.aggregate(
        files=Count("pk"), records=Count("record_id", distinct=True), size=Sum("blob__size")
    )
    return Extent(found["records"], found["files"], found["size"] or 0)


def write_pack(
    register: Register,
    asked: Query,
    user: Any,
    target: Path,
    progress: write.Progress = write.silent,
) -> Made:
    """Write the archive of all evidence of these rows, as far as the user may see them."""
    made = Made()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        pack = _Pack(archive, register, user)
        for record, proofs in _records(register, asked, user):
            made.records += 1
            for number, proof in enumerate(proofs, start=1):
                line = pack.add(record, proof, number)
                if line.is_faulty:
                    made.faulty.append(line.name or line.key)
                made.files += 1
                progress(1)
        pack.finish()
    return made


def _records(
    register: Register, asked: Query, user: Any
) -> Iterator[tuple[Record, list[Evidence]]]:
    """The records that have evidence, in the order of the list, a few at a time."""
    rows = query.rows(register, asked, user)
    proved = Evidence.objects.filter(register=register.name, record_id=OuterRef("pk"))
    ordered = query.ordered(register, rows.filter(Exists(proved)), asked.sort, user)
    bare: QuerySet[Any] = ordered.select_related(None).prefetch_related(None)
    keys = list(bare.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        records = register.queryset().in_bulk(part)
        proofs: dict[int, list[Evidence]] = {key: [] for key in part}
        found = Evidence.objects.filter(register=register.name, record_id__in=part)
        for proof in found.select_related("blob"):
            proofs[proof.record_id].append(proof)
        for key in part:
            if key in records and proofs[key]:
                yield records[key], proofs[key]


@dataclass(frozen=True, slots=True)
class _Line:
    """A file of the pack, as the index has it."""

    key: str
    title: str
    day: date | None
    kind: str
    taken_on: date | None
    digest: str
    size: int
    name: str
    remark: str
    is_faulty: bool


class _Pack:
    """The archive while it is written."""

    def __init__(self, archive: zipfile.ZipFile, register: Register, user: Any) -> None:
        self.archive, self.register = archive, register
        self.known = access.of(user)
        self.lines: list[_Line] = []
        self.sums: list[tuple[str, str]] = []
        self.root = _safe(register.label_plural)
        self._folders: dict[str, int] = {}

    def add(self, record: Record, proof: Evidence, number: int) -> _Line:
        """Put one proof in, and return its line of the index."""
        blob = proof.blob
        may_original = self.known.may(Verb.ATTACH, self.register, record)
        reduced = blob.is_picture and not may_original
        suffix = ".jpg" if reduced else contents.SUFFIXES[blob.media_type][0]
        kind = str(proof.get_kind_display())
        name = f"{self._folder(record)}/{number:02d}-{_safe(kind)}{suffix}"
        remark, digest, size = "", "", 0
        try:
            path = store.blob_path(blob.sha256)
            if reduced:
                remark, path = _("copy without position"), store.copy(blob, contents.PREVIEW)
            digest, size = self._write(name, path, proof.added_at)
        except FileNotFoundError:
            remark, name = _("the file is gone"), ""
        faulty = not name or (not reduced and digest != blob.sha256)
        line = _Line(
            key=self._key(record),
            title=self._title(record),
            day=day_at(record, self.register.dated),
            kind=kind,
            taken_on=proof.taken_on,
            digest=digest,
            size=size,
            name=name,
            remark=_("the file is no longer what was uploaded") if name and faulty else remark,
            is_faulty=faulty,
        )
        self.lines.append(line)
        return line

    def finish(self) -> None:
        """Add the index in both forms and the sums of everything."""
        now = timezone.now()
        self._write_bytes("index.xlsx", self._workbook(), now)
        self._write_bytes("index.html", self._page().encode(), now)
        sums = "".join(f"{digest}  {name}\n" for digest, name in self.sums)
        self._write_bytes("SHA256SUMS", sums.encode(), now)

    def _key(self, record: Record) -> str:
        """The record's key; a number where the key would name a person."""
        if set(self.register.key) & set(self.register.personal):
            return str(record.pk)
        return self.register.key_text(record)

    def _title(self, record: Record) -> str:
        title = self.register.title_of(record)
        # A pack leaves the house: names are masked in it whoever makes it, as in every export.
        return cells.masked(title) if self.register.title_is_personal else title

    def _folder(self, record: Record) -> str:
        parts = [self.root, *(_safe(part) for part in self._key(record).split("/"))]
        folder = "/".join(parts)
        # Two keys may become one name, and Windows does not tell capitals apart.
        if self._folders.setdefault(folder.casefold(), record.pk) != record.pk:
            folder = f"{folder}-{record.pk}"
        return folder

    def _write(self, name: str, path: Path, at: datetime) -> tuple[str, int]:
        """Copy a file in, a piece at a time; returns its sum and size."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as source, self.archive.open(_entry(name, at), "w") as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.sums.append((digest.hexdigest(), name))
        return digest.hexdigest(), size

    def _write_bytes(self, name: str, content: bytes, at: datetime) -> None:
        self.archive.writestr(_entry(name, at), content, zipfile.ZIP_DEFLATED)
        self.sums.append((hashlib.sha256(content).hexdigest(), name))

    def _heads(self) -> list[OutColumn]:
        return [
            OutColumn(_("Record")),
            OutColumn(_("Title")),
            OutColumn(_("Date"), "date"),
            OutColumn(_("Kind of evidence")),
            OutColumn(_("Taken on"), "date"),
            OutColumn("SHA-256"),
            OutColumn(_("Bytes"), "number"),
            OutColumn(_("File in this pack")),
            OutColumn(_("Remark")),
        ]

    def _rows(self) -> Iterator[Sequence[Any]]:
        for line in self.lines:
            yield (
                *(line.key, line.title, line.day, line.kind, line.taken_on),
                *(line.digest, line.size, line.name, line.remark),
            )

    def _workbook(self) -> bytes:
        target = io.BytesIO()
        write_xlsx(target, [OutSheet(_("Index"), self._heads(), self._rows())])
        return target.getvalue()

    def _page(self) -> str:
        """The index for a browser: the same table, where each file can be opened."""
        heads = "".join(f"<th>{escape(column.title)}</th>" for column in self._heads())
        body = []
        for row in self._rows():
            shown = [escape("" if value is None else str(value)) for value in row]
            if name := str(row[7]):
                shown[7] = f'<a href="{quote(name)}">{escape(name)}</a>'
            body.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in shown) + "</tr>\n")
        title = escape(f"{self.register.label_plural} – {_('Evidence')}")
        return _PAGE.format(
            language=get_language() or "zh", title=title, heads=heads, rows="".join(body)
        )


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<style>body {{ font-family: sans-serif; margin: 2rem }} table {{ border-collapse: collapse }}
th, td {{ border-bottom: 1px solid #bbb; padding: .3rem .6rem; text-align: left; vertical-align: top }}
td:nth-child(6) {{ font-family: monospace; font-size: .75rem; word-break: break-all }}</style></head>
<body><h1>{title}</h1>
<table><thead><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody></table></body></html>
"""


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    local = timezone.localtime(at)
    info = zipfile.ZipInfo(name, (max(local.year, 1980), *local.timetuple()[1:6]))
    info.external_attr = 0o644 << 16
    return info


def _safe(text: str) -> str:
    """A name that every system takes: no path of its own, nothing reserved, not too long."""
    plain = _FORBIDDEN.sub("_", text.replace("/", "_")).strip(" .")[:60].strip(" .")
    return f"_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain

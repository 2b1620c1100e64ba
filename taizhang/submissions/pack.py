"""The pack with which anybody can check a signed report, on any machine, off-line."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taizhang.engines.findings import Finding
from taizhang.evidence.models import Blob
from taizhang.evidence.store import blob_path
from taizhang.ledger import access, catalogue
from taizhang.outlines import files
from taizhang.seals import keys
from taizhang.verifier.archive import verifier
from taizhang.verifier.check import keys_file

from . import sealed
from .models import Submission
from .stored import Frozen

_PART = 2000
_READ_ME = """{title}（第{number}版）校验包

report.json   封存文件：正文、指标、指标定义、记录、签名，逐项封存
report.docx report.pdf report.html   由封存文件打印
keys.json     本系统所知各单位的公钥；请以另行送达的为准
evidence/     佐证原件，文件名为其 SHA-256；可能含拍摄位置，请勿公开
verify.pyz    校验程序，只需 Python 3.11，不联网

核对报告：python verify.pyz report.json --keys keys.json
核对佐证：python verify.pyz report.json --keys keys.json --evidence evidence
对照纸质件：加上 --seal "二维码中的文字" 或 --root "纸上的封存值"

{caption}。
"""


@dataclass
class Made:
    """What went into a pack: evidence files, those that are gone, those the person may not see."""

    files: int = 0
    gone: int = 0
    hidden: int = 0

    def findings(self) -> list[Finding]:
        """What the person should know about the pack."""
        found = []
        if self.gone:
            found.append(Finding("submission.pack-gone", "look", "", {"count": self.gone}))
        if self.hidden:
            found.append(Finding("submission.pack-hidden", "look", "", {"count": self.hidden}))
        return found


def write_pack(
    submission: Submission,
    user: Any,
    target: Path,
    total: Callable[[int], None],
    progress: Callable[[int], None],
) -> Made:
    """Write the archive: evidence of the records that the user may see is in it."""
    frozen, made = Frozen(submission.root), Made()
    total(submission.row_count)
    paper = sealed.printed(frozen)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr(
            "README.txt",
            _READ_ME.format(
                title=submission.title, number=submission.number, caption=frozen.head["caption"]
            ),
        )
        archive.write(frozen.path, "report.json")
        for kind in files.KINDS:
            buffer = io.BytesIO()
            files.write(paper, kind, buffer)
            archive.writestr(f"report.{kind}", buffer.getvalue())
        archive.writestr("keys.json", keys_file(keys.known_keys()))
        archive.writestr("verify.pyz", verifier())
        there: set[str] = set()
        for digests in _evidence(frozen, user, made, progress):
            blobs = Blob.objects.filter(sha256__in=set(digests) - there)
            for digest, media_type in blobs.values_list("sha256", "media_type"):
                there.add(digest)
                path = blob_path(digest)
                if not path.exists():
                    made.gone += 1
                    continue
                suffix = mimetypes.guess_extension(media_type) or ""
                archive.write(path, f"evidence/{digest}{suffix}", zipfile.ZIP_STORED)
                made.files += 1
    return made


def _evidence(
    frozen: Frozen, user: Any, made: Made, progress: Callable[[int], None]
) -> Iterator[list[str]]:
    """The digests that frozen records name, a part of them at a time."""
    for register in frozen.index.spans:
        part: dict[int, list[str]] = {}
        read = 0
        for row in frozen.rows(register):
            read += 1
            if row.get("evidence"):
                part[row["id"]] = row["evidence"]
            if read == _PART:
                yield _seen(register, part, user, made)
                progress(read)
                part, read = {}, 0
        yield _seen(register, part, user, made)
        progress(read)


def _seen(register: str, part: dict[int, list[str]], user: Any, made: Made) -> list[str]:
    if not part:
        return []
    rows = access.visible(user, catalogue.get(register)).filter(pk__in=part)
    seen = set(rows.values_list("pk", flat=True))
    made.hidden += len(set(part) - seen)
    return [digest for number in seen for digest in part[number]]

"""What does not fit in a sealed file, whatever kind of file it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing import checking, layout
from taizhang.engines.sealing.frozen import INCLUSION_FORMAT
from taizhang.engines.sealing.printed import PrintedSeal, read_seal
from taizhang.engines.sealing.signed import Key

KEYS_FORMAT = "taizhang-keys-1"
PROOF_LIMIT = 64 * 1024 * 1024
"""Bytes of a proof; a report is read line by line and may be of any size."""
_PIECE = 1 << 20


def check_file(
    path: Path,
    *,
    keys: Iterable[Key] | None = None,
    seal: str = "",
    root: str = "",
    evidence: Path | None = None,
) -> list[Finding]:
    """Say what does not fit in a sealed report or in the proof that a record was in one.

    ``keys`` are those known from elsewhere, ``seal`` what a phone read from the QR code, ``root`` the root
    copied from paper, ``evidence`` the folder with the evidence of a report. Nothing to say means
    that all of it fits. Raises Refused: ``seal.file-unreadable``, ``seal.print-broken``.
    """
    stated = read_seal(seal) if seal else None
    expected = "".join(root.split()).lower() or (stated.root if stated else None)
    try:
        if _is_proof(path):
            with path.open("rb") as file:
                proof = json.loads(file.read(PROOF_LIMIT))
            return checking.check_inclusion(proof, keys, expected)
        with path.open("rb") as file:
            found = checking.check_lines(file, keys, expected)
        if stated is not None:
            found += _other_report(path, stated)
        if evidence is not None:
            found += list(_check_evidence(path, evidence))
    except (OSError, ValueError, RecursionError) as error:
        raise Refused.because("seal.file-unreadable", path.name, reason=str(error)[:200]) from error
    return found


def told(path: Path) -> dict[str, Any]:
    """What a sealed report says of itself: title, unit, period, version, people; {} for a proof."""
    found: dict[str, Any] = {}
    with path.open("rb") as file:
        next(file, b"")
        for line in layout.scan(file):
            if isinstance(line, Finding) or line.part != "head":
                break
            key, value, _data = layout.read_line(line)
            if key is not None:
                found[key] = value
    return found


def read_keys(path: Path) -> list[Key]:
    """Read a file of known keys, as ``keys_file`` writes it. Raises Refused ``seal.keys-broken``."""
    try:
        given = json.loads(path.read_text("utf-8"))
        if given["format"] != KEYS_FORMAT:
            raise ValueError("format")
        return [
            Key(str(one["unit"]), str(one["key"]), str(one["algorithm"])) for one in given["keys"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused.because("seal.keys-broken", path.name) from error


def keys_file(keys: Iterable[Key]) -> str:
    """Known keys as a file, to be handed over by another way than the reports."""
    rows = [{"unit": one.unit, "algorithm": one.algorithm, "key": one.public_key} for one in keys]
    return json.dumps({"format": KEYS_FORMAT, "keys": rows}, ensure_ascii=False, indent=1) + "\n"


def _is_proof(path: Path) -> bool:
    with path.open("rb") as file:
        return INCLUSION_FORMAT.encode() in file.read(200)


def _other_report(path: Path, stated: PrintedSeal) -> Iterator[Finding]:
    head = told(path)
    unit = head.get("unit")
    code = unit.get("code") if isinstance(unit, Mapping) else None
    here = {
        "unit": code,
        "report": head.get("code"),
        "period": head.get("period"),
        "version": head.get("version"),
    }
    for name, value in here.items():
        expected = getattr(stated, name)
        if value != expected:
            params = {"name": name, "here": str(value), "expected": str(expected)}
            yield Finding("seal.print-other", "must", f"head/{name}", params)


def _check_evidence(path: Path, folder: Path) -> Iterator[Finding]:
    """Every file in the folder is one the report names; what is not there is only said."""
    wanted: dict[str, str] = {}
    with path.open("rb") as file:
        next(file, b"")
        for line in layout.scan(file):
            if isinstance(line, Finding) or line.part != "rows":
                continue
            _key, row, _data = layout.read_line(line)
            if isinstance(row, dict):
                for digest in row.get("evidence") or ():
                    wanted.setdefault(str(digest), f"rows/{row.get('register')}/{row.get('id')}")
    there: set[str] = set()
    for one in sorted(folder.iterdir()):
        if not one.is_file():
            continue
        digest = _digest(one)
        there.add(digest)
        if digest not in wanted:
            row = wanted.get(one.stem, "")
            params = {"name": one.name, "row": row}
            yield Finding("seal.evidence-changed", "must", f"evidence/{one.name}", params)
    if missing := len(set(wanted) - there):
        yield Finding("seal.evidence-missing", "look", "evidence", {"count": missing})


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()

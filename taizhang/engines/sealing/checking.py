"""Does a sealed report still say what was sealed? If not: which item does not fit, and why.

Nothing here needs a database, and every line of a file may be damaged in any way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing import layout
from taizhang.engines.sealing.canonical import canonical
from taizhang.engines.sealing.comparing import compare
from taizhang.engines.sealing.frozen import INCLUSION_FORMAT, leaf_data, subject
from taizhang.engines.sealing.layout import NAMES, PARTS
from taizhang.engines.sealing.merkle import SHA_256, Builder, hashing, is_included
from taizhang.engines.sealing.merkle import root as root_over
from taizhang.engines.sealing.signed import Key, check_signatures


def check(
    document: Mapping[str, object], keys: Iterable[Key] | None = None, root: str | None = None
) -> list[Finding]:
    """Say what does not fit in a sealed document; nothing to say means that it is as sealed.

    A finding's ``where`` is the item's name (``rows/activities.activity/12``), or the part or
    entry of the seal. ``keys`` are the public keys known from elsewhere, ``root`` is the root as
    the reader has it on paper. Only findings that *must* be cured mean that something is wrong;
    those to *look* at say what could not be checked.
    """
    try:
        lines = list(layout.lay_out(document))
    except Refused as refused:
        return list(refused.findings)
    return check_lines(lines, keys, root)


def check_lines(
    lines: Iterable[bytes], keys: Iterable[Key] | None = None, root: str | None = None
) -> list[Finding]:
    """Do as ``check`` with the lines of a file: an open binary file will do, in any state."""
    pending = iter(lines)
    algorithm, found = _algorithm(next(pending, b""))
    scanned = _Scanned(algorithm)
    for line in layout.scan(pending):
        if isinstance(line, Finding):
            scanned.misplaced.append(line)
        else:
            scanned.take(line)
    here, size = scanned.builder.root().hex(), scanned.builder.size
    stated, stated_size = scanned.seal.get("root"), scanned.seal.get("size")
    if scanned.read == scanned.stated:
        if stated != here:
            found.append(_seal_changed("root"))
    elif stated == here:
        # Every item is as sealed: it is the list that was changed.
        found.append(_first_other_entry(scanned))
    else:
        found += compare(scanned.read, scanned.stated, scanned.unreadable)
        if stated != root_over(scanned.stated, algorithm).hex():
            found.append(Finding("seal.list-unproved", "must", "leaves"))
    if stated_size != (size if stated == here else len(scanned.stated)):
        found.append(_seal_changed("size"))
    if root is not None and root not in (stated, here):
        found.append(_other_root(root, here))
    subjects = [subject(algorithm, here, size)]
    if isinstance(stated, str) and isinstance(stated_size, int):
        subjects.append(subject(algorithm, stated, stated_size))
    found += check_signatures(scanned.signatures, subjects, keys, scanned.unit)
    return found + _thinned(scanned.misplaced)


def check_inclusion(
    proof: object, keys: Iterable[Key] | None = None, root: str | None = None
) -> list[Finding]:
    """Say what does not fit in a proof of ``frozen.inclusion``; ``keys`` and ``root`` as above.

    Whoever has neither the keys nor the root learns only that the proof agrees with itself.
    """
    try:
        algorithm, stated, size, items, signatures = _proof(proof)
        hash_, expected = hashing(algorithm), bytes.fromhex(stated)
    except Refused as refused:
        return [finding.at("seal/hash") for finding in refused.findings]
    except (AttributeError, KeyError, TypeError, ValueError):
        return [Finding("seal.proof-broken", "must", "proof")]
    found: list[Finding] = []
    unit = None
    for part, key, item, index, steps in items:
        name, fits = f"{part}/{key}", part in layout.MAPPINGS or layout.key_of(part, item) == key
        try:
            leaf = leaf_data(part, key, canonical(item, name), hash_)
            fits = fits and is_included(leaf, index, size, steps, expected, algorithm)
        except Refused:
            fits = False
        if not fits:
            params = {"part": NAMES[part], "key": key}
            found.append(Finding("seal.proof-wrong", "must", name, params))
        elif name == "head/unit":
            unit = _unit(item)
    if root is not None and root != stated:
        found.append(_other_root(root, stated))
    return found + check_signatures(signatures, [subject(algorithm, stated, size)], keys, unit)


class _Scanned:
    """What a file holds. A leaf is kept once where the file states it as it was found."""

    def __init__(self, algorithm: str) -> None:
        self._hash = hashing(algorithm)
        self.builder = Builder(algorithm)
        self.read: list[bytes] = []
        self.unreadable: dict[int, int] = {}
        self.stated: list[bytes] = []
        self.seal: dict[str, object] = {}
        self.signatures: list[object] = []
        self.misplaced: list[Finding] = []
        self.unit: str | None = None

    def take(self, line: layout.Line) -> None:
        """Take in the next item."""
        if line.part == "leaves":
            index = len(self.stated)
            found = self.read[index] if index < len(self.read) else line.data
            self.stated.append(found if found == line.data else line.data)
            return
        key, value, data = layout.read_line(line)
        if line.part == "signatures":
            # No hash stands for this line, so its way of writing is looked at here.
            self.signatures.append(value if _canonical(value) == line.data else None)
        elif line.part == "seal":
            if key not in ("root", "size") or key in self.seal or _canonical(value) != data:
                self.misplaced.append(layout.misplaced(line.number, line.part))
            else:
                self.seal[key] = value
        else:
            if key is None:
                self.unreadable[len(self.read)] = line.number
            elif line.part == "head" and key == "unit":
                self.unit = _unit(value)
            leaf = leaf_data(line.part, key or "", data, self._hash)
            self.read.append(leaf)
            self.builder.add(leaf)


def _canonical(value: object) -> bytes | None:
    """The canonical JSON of what was read; None where it could never have been written."""
    try:
        return canonical(value)
    except Refused:
        return None


def _algorithm(line: bytes) -> tuple[str, list[Finding]]:
    """The hash that the first line names; where it names none, the usual one and what is wrong."""
    algorithm = layout.algorithm_in(line)
    if algorithm is None:
        params = {"expected": layout.FORMAT}
        return SHA_256, [Finding("seal.unknown-format", "must", "format", params)]
    try:
        hashing(algorithm)
    except Refused as refused:
        return SHA_256, [finding.at("hash") for finding in refused.findings]
    return algorithm, []


def _first_other_entry(scanned: _Scanned) -> Finding:
    pairs = zip_longest(scanned.read, scanned.stated)
    index = next(n for n, (read, stated) in enumerate(pairs) if read != stated)
    return Finding("seal.list-changed", "must", f"leaves/{index + 1}", {"number": index + 1})


def _seal_changed(field: str) -> Finding:
    return Finding("seal.seal-changed", "must", f"seal/{field}", {"field": field})


def _other_root(expected: str, here: str) -> Finding:
    params = {"expected": expected[:16], "here": here[:16]}
    return Finding("seal.other-root", "must", "seal/root", params)


def _unit(value: object) -> str:
    """The code of the unit whose report it is; one that nobody has where it does not say."""
    code = value.get("code") if isinstance(value, dict) else None
    return code if isinstance(code, str) else ""


def _thinned(misplaced: Sequence[Finding]) -> list[Finding]:
    """One damaged line may be told at its neighbours too: tell it once."""
    kept: list[Finding] = []
    last = -2
    for finding in sorted(misplaced, key=_line):
        if _line(finding) > last + 1:
            kept.append(finding)
        last = _line(finding)
    return kept


def _line(finding: Finding) -> int:
    line = finding.params["line"]
    assert isinstance(line, int), "what is misplaced has a line"
    return line


_Steps = list[bytes]
_ProofItem = tuple[str, str, object, int, _Steps]


def _proof(proof: Any) -> tuple[str, str, int, list[_ProofItem], list[object]]:
    """Take a proof to pieces; whatever is missing or of another kind raises one error or another."""
    seal = proof["seal"]
    algorithm, stated, size = seal["hash"], seal["root"], seal["size"]
    texts = [algorithm, stated]
    items: list[_ProofItem] = []
    for one in proof["items"]:
        part, key, index = one["part"], one["key"], one["index"]
        texts += [part, key, *one["path"]]
        if part not in PARTS or type(index) is not int:
            raise ValueError(part)
        items.append((part, key, one["item"], index, [bytes.fromhex(s) for s in one["path"]]))
    signatures = proof["signatures"]
    whole = (
        proof.keys() == {"format", "items", "seal", "signatures"}
        and proof["format"] == INCLUSION_FORMAT
        and seal == subject(algorithm, stated, size)
        and type(size) is int
        and items
        and isinstance(signatures, list)
        and all(isinstance(text, str) for text in texts)
    )
    if not whole:
        raise ValueError("proof")
    return algorithm, stated, size, items, signatures

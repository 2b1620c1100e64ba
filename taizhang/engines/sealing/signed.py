"""Signatures on a seal: what exactly is signed, and whether each fits.

A signature is a mapping: ``role`` (``unit``, or ``parent`` for a counter-signature), ``unit`` (its
code), ``who``, ``at``, ``algorithm``, ``key_id``, ``public_key`` and ``signature``, the last two in
hexadecimal digits. All of it but the signature itself is signed along with the seal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing.canonical import canonical
from taizhang.engines.sealing.signatures import is_key, key_id, verify

UNIT = "unit"
PARENT = "parent"
FIELDS = frozenset({"role", "unit", "who", "at", "algorithm", "key_id", "public_key", "signature"})


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that is known, from elsewhere than the file, to be that unit's."""

    unit: str
    public_key: str
    algorithm: str = "ed25519"


def message(subject: Mapping[str, object], signature: Mapping[str, object]) -> bytes:
    """Return the bytes to be signed: the subject, and who signs it, when and with which key.

    The subject of a report is ``frozen.subject``, that of a day of history ``journal.subject``;
    they name their formats, so that a signature on one never fits the other.
    """
    signer = {name: value for name, value in signature.items() if name != "signature"}
    return canonical({"signs": dict(subject), "by": signer})


def check_signatures(
    signatures: Sequence[object],
    subjects: Sequence[Mapping[str, object]],
    keys: Iterable[Key] | None,
    unit: str | None = None,
) -> list[Finding]:
    """Say which signatures do not fit any of the subjects, or are not by a known key.

    ``keys`` None means that nobody said which keys are known: the findings then say that too.
    ``unit`` is whose report it is; its own signature must be there and by that unit.
    """
    known = None if keys is None else {(key.unit, key.algorithm, key.public_key) for key in keys}
    found: list[Finding] = []
    for number, signature in enumerate(signatures, 1):
        where = f"signatures/{number}"
        if not _is_whole(signature):
            found.append(Finding("seal.signature-broken", "must", where, {"number": number}))
            continue
        assert isinstance(signature, dict), "a whole signature is a mapping"
        told = _checked(signature, subjects, known, number)
        if told is None and signature["role"] == UNIT and unit not in (None, signature["unit"]):
            params = {"number": number, "unit": signature["unit"], "expected": unit}
            told = Finding("seal.signature-foreign", "must", where, params)
        if told is not None:
            found.append(told.at(where))
    if not any(isinstance(one, dict) and one.get("role") == UNIT for one in signatures):
        found.append(Finding("seal.unsigned", "look" if known is None else "must", "signatures"))
    elif known is None and not found:
        found.append(Finding("seal.keys-not-given", "look", "signatures"))
    return found


def _is_whole(signature: object) -> bool:
    return (
        isinstance(signature, dict)
        and signature.keys() == FIELDS
        and all(isinstance(value, str) for value in signature.values())
        and signature["role"] in (UNIT, PARENT)
    )


def _checked(
    signature: Mapping[str, str],
    subjects: Sequence[Mapping[str, object]],
    known: set[tuple[str, str, str]] | None,
    number: int,
) -> Finding | None:
    algorithm, named = signature["algorithm"], signature["key_id"]
    unit, who = signature["unit"], signature["who"]
    key, digits = _bytes(signature["public_key"]), _bytes(signature["signature"])
    try:
        if not is_key(algorithm, key) or key_id(algorithm, key) != named:
            return Finding("seal.key-broken", "must", "", {"number": number, "key": named})
    except Refused as refused:
        return refused.findings[0]
    if not any(verify(algorithm, key, message(one, signature), digits) for one in subjects):
        return Finding(
            "seal.signature-wrong", "must", "", {"number": number, "unit": unit, "who": who}
        )
    if known is not None and (unit, algorithm, signature["public_key"]) not in known:
        return Finding(
            "seal.key-unknown", "must", "", {"number": number, "unit": unit, "key": named}
        )
    return None


def _bytes(digits: str) -> bytes:
    """Read lower-case hexadecimal digits; what is anything else is no bytes at all."""
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        return b""
    return data if data.hex() == digits else b""

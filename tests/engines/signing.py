"""Ed25519 signing after RFC 8032, as its text says it: slow, and apart from what checks it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from taizhang.engines.sealing.signatures import key_id
from taizhang.engines.sealing.signed import Key, message

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)


def add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    (a, b), (c, d) = one, other
    t = D * a * b * c * d % P
    x = (a * d + b * c) * pow(1 + t, -1, P) % P
    return x, (b * d + a * c) * pow(1 - t, -1, P) % P


def times(number: int) -> bytes:
    found, doubled = (0, 1), BASE
    while number:
        if number & 1:
            found = add(found, doubled)
        doubled, number = add(doubled, doubled), number >> 1
    return (found[1] | (found[0] & 1) << 255).to_bytes(32, "little")


@cache
def halves(secret: bytes) -> tuple[int, bytes, bytes]:
    """The secret scalar, the prefix and the public key."""
    digest = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    return scalar, digest[32:], times(scalar)


def public(secret: bytes) -> bytes:
    return halves(secret)[2]


def sign(secret: bytes, data: bytes) -> bytes:
    scalar, prefix, key = halves(secret)
    number = int.from_bytes(hashlib.sha512(prefix + data).digest(), "little") % L
    point = times(number)
    challenge = int.from_bytes(hashlib.sha512(point + key + data).digest(), "little")
    return point + ((number + challenge * scalar) % L).to_bytes(32, "little")


def key(unit: str) -> Key:
    """The key that a unit has in these tests."""
    return Key(unit, public(_secret(unit)).hex())


def signature(unit: str, subject: Mapping[str, object], role: str = "unit") -> dict[str, object]:
    """A unit's signature on a subject."""
    of = public(_secret(unit))
    entry: dict[str, object] = {
        "role": role,
        "unit": unit,
        "who": "李主任",
        "at": "2022-01-05T01:02:03.000000Z",
        "algorithm": "ed25519",
        "key_id": key_id("ed25519", of),
        "public_key": of.hex(),
    }
    return {**entry, "signature": sign(_secret(unit), message(subject, entry)).hex()}


def _secret(unit: str) -> bytes:
    return hashlib.sha256(unit.encode()).digest()

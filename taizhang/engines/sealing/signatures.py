"""Whose signature it is: checking only, with public data only.

Ed25519 is written out after RFC 8032, so that a report is checked wherever Python is. It takes its
time in steps that depend on the data, which is harmless here: nothing in it is secret. Signing is
not done by this engine. A further algorithm, SM2 for instance, is one more line in ``SIGNATURES``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from taizhang.engines.findings import Refused

ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class Signing:
    """What is needed of an algorithm: is this a public key; did its owner sign the message."""

    is_key: Callable[[bytes], bool]
    verify: Callable[[bytes, bytes, bytes], bool]


def verify(algorithm: str, key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the owner of the public key signed the message. Broken keys signed nothing.

    Raises Refused: ``seal.unknown-algorithm``.
    """
    return _signing(algorithm).verify(key, message, signature)


def is_key(algorithm: str, key: bytes) -> bool:
    """Say whether this can be somebody's public key. Raises Refused as ``verify`` does."""
    return _signing(algorithm).is_key(key)


def key_id(algorithm: str, key: bytes) -> str:
    """Return the short name of a public key: 16 hexadecimal digits that follow from it."""
    return hashlib.sha256(algorithm.encode() + b"\x00" + key).hexdigest()[:16]


def _signing(algorithm: str) -> Signing:
    if algorithm not in SIGNATURES:
        raise Refused.because("seal.unknown-algorithm", algorithm=algorithm)
    return SIGNATURES[algorithm]


# The curve of RFC 8032, section 5.1. Points are in extended coordinates (X, Y, Z, T) with
# x = X/Z, y = Y/Z and xy = T/Z.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def _verify_ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    owner = _key_point(key)
    if owner is None or len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= _L or _point(signature[:32]) is None:
        # A scalar beyond the order would make a second signature out of every one.
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % _L
    # s·B = R + c·A is asked as s·B - c·A = R.
    x, y, z, t = owner
    found = _double_multiply(scalar, _BASE, challenge, (_P - x, y, z, _P - t))
    return _encoded(found) == signature[:32]


def _key_point(key: bytes) -> _Point | None:
    """The point of a public key. One of small order would fit messages nobody signed."""
    point = _point(key)
    if point is None:
        return None
    multiple = _add(point, point)
    multiple = _add(multiple, multiple)
    multiple = _add(multiple, multiple)
    return None if multiple[0] % _P == 0 else point


def _point(data: bytes) -> _Point | None:
    """Read a point as RFC 8032, 5.1.3 says; None when there is none."""
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * v**3 * pow(u * v**7 % _P, (_P - 5) // 8, _P) % _P
    if v * x * x % _P == _P - u and u:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if v * x * x % _P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _encoded(point: _Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, _P)
    x, y = x * inverse % _P, y * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _add(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double_multiply(one: int, point: _Point, other: int, second: _Point) -> _Point:
    """Return one·point + other·second, doubling once for both."""
    table = (_NEUTRAL, point, second, _add(point, second))
    found = _NEUTRAL
    for bit in range(max(one.bit_length(), other.bit_length()) - 1, -1, -1):
        found = _add(found, found)
        which = (one >> bit & 1) | (other >> bit & 1) << 1
        if which:
            found = _add(found, table[which])
    return found


def _base() -> _Point:
    found = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert found is not None, "the base point is on the curve"
    return found


_BASE = _base()

SIGNATURES: dict[str, Signing] = {
    ED25519: Signing(lambda key: _key_point(key) is not None, _verify_ed25519)
}

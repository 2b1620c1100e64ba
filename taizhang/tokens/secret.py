"""The secret of a token: how it is made, what is kept of it, and how it is compared.

Pure. ``tzh_`` and 64 characters of base32; the first eight of these name the token and may be
shown, the other 56 (280 bits) are the secret. What is kept is the SHA-256 of the whole: with that
much randomness a slow password hash would protect nothing more and cost every request.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

_SHAPE = re.compile(r"tzh_[a-z2-7]{64}")
PREFIX_LENGTH = len("tzh_") + 8


def fresh() -> str:
    """A new secret."""
    return "tzh_" + base64.b32encode(secrets.token_bytes(40)).decode("ascii").lower()


def prefix(secret: str) -> str:
    """The part that may be shown."""
    return secret[:PREFIX_LENGTH]


def digest(secret: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def is_shaped(text: str) -> bool:
    """Whether a text can be a secret at all."""
    return _SHAPE.fullmatch(text) is not None


def matches(secret: str, kept: str) -> bool:
    """Whether this secret is the one that was kept; takes as long for any wrong one."""
    return hmac.compare_digest(digest(secret), kept)

"""Keys that units sign with: Ed25519, each secret half a file that only the server may read."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.engines.sealing import signed
from taizhang.engines.sealing.canonical import as_text
from taizhang.engines.sealing.signatures import key_id
from taizhang.org.models import Unit

from .models import SigningKey

ALGORITHM = "ed25519"


def key_of(unit: Unit) -> SigningKey:
    """The key a unit signs with; made when it signs for the first time."""
    known = SigningKey.objects.filter(unit=unit).order_by("-pk").first()
    if known is not None:
        return known
    secret = Ed25519PrivateKey.generate()
    public = secret.public_key().public_bytes_raw()
    name = key_id(ALGORITHM, public)
    root: Path = settings.KEYS_ROOT
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret.private_bytes_raw().hex())
        file.flush()
        os.fsync(file.fileno())  # the ledger must not know a key that a power cut takes away
    return SigningKey.objects.create(
        unit=unit,
        algorithm=ALGORITHM,
        key_id=name,
        public_key=public.hex(),
        created_at=timezone.now(),
    )


def sign(
    subject: dict[str, object], unit: Unit, *, role: str, who: str, at: datetime
) -> dict[str, object]:
    """The signature of a unit on a subject, as ``engines.sealing.signed`` describes it.

    Raises Refused ``seal.key-gone`` when the secret half is not where it was kept, and
    ``seal.key-other`` when it is no longer the one that belongs to the public half.
    """
    key = key_of(unit)
    try:
        secret = Ed25519PrivateKey.from_private_bytes(
            bytes.fromhex(_path(key.key_id).read_text("ascii"))
        )
    except (OSError, ValueError) as error:
        raise Refused.because("seal.key-gone", unit.code, unit=unit.name) from error
    if secret.public_key().public_bytes_raw().hex() != key.public_key:
        raise Refused.because("seal.key-other", unit.code, unit=unit.name)
    entry: dict[str, object] = {
        "role": role,
        "unit": unit.code,
        "who": who,
        "at": as_text(at),
        "algorithm": key.algorithm,
        "key_id": key.key_id,
        "public_key": key.public_key,
    }
    entry["signature"] = secret.sign(signed.message(subject, entry)).hex()
    return entry


def known_keys() -> list[signed.Key]:
    """The public keys of this ledger's units."""
    return [
        signed.Key(key.unit.code, key.public_key, key.algorithm)
        for key in SigningKey.objects.select_related("unit")
    ]


def _path(name: str) -> Path:
    root: Path = settings.KEYS_ROOT
    return root / f"{name}.key"

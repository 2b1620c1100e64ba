"""Ed25519 after RFC 8032: its vectors, and whatever must not pass for a signature."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.engines.sealing.signatures import is_key, key_id, verify

from . import signing
from .helpers import codes

# RFC 8032, section 7.1, tests 1 to 3 and the one with the digest of "abc": secret, message, both.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
KEY, SIGNATURE = (bytes.fromhex(VECTORS[2][at]) for at in (1, 3))
MESSAGE = bytes.fromhex("af82")


def fits(key: bytes, message: bytes, signature: bytes) -> bool:
    return verify("ed25519", key, message, signature)


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_the_standard(vector: tuple[str, str, str, str]) -> None:
    secret, key, message, signature = (bytes.fromhex(digits) for digits in vector)
    assert fits(key, message, signature)
    assert not fits(key, message + b"x", signature)
    assert (signing.public(secret), signing.sign(secret, message)) == (key, signature)


def test_every_flipped_bit_of_a_signature_is_noticed() -> None:
    for at in range(0, 512, 7):
        broken = bytearray(SIGNATURE)
        broken[at // 8] ^= 1 << at % 8
        assert not fits(KEY, MESSAGE, bytes(broken))


def test_a_second_signature_cannot_be_made_of_the_first() -> None:
    scalar = int.from_bytes(SIGNATURE[32:], "little") + signing.L
    assert not fits(KEY, MESSAGE, SIGNATURE[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_keys_of_another_length_are_no_keys(length: int) -> None:
    assert not is_key("ed25519", KEY[:31] + bytes(length)[:33] if length > 31 else KEY[:length])
    assert not fits(KEY[:length] if length < 32 else KEY + b"x", MESSAGE, SIGNATURE)


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:63], SIGNATURE + b"x"])
def test_signatures_of_another_length_are_none(signature: bytes) -> None:
    assert not fits(KEY, MESSAGE, signature)


@pytest.mark.parametrize("y", [0, 1, signing.P - 1, signing.P, signing.P + 1, 2, 2**255 - 1])
def test_points_of_small_order_or_off_the_curve_are_no_keys(y: int) -> None:
    assert not is_key("ed25519", y.to_bytes(32, "little"))
    assert not is_key("ed25519", (y | 1 << 255).to_bytes(32, "little"))
    # With such a key, a signature of noughts would fit messages that nobody signed.
    assert not fits(y.to_bytes(32, "little"), MESSAGE, (1).to_bytes(32, "little") + bytes(32))


def test_a_key_has_a_short_name_that_follows_from_it() -> None:
    assert key_id("ed25519", KEY) == key_id("ed25519", KEY)
    assert len({key_id("ed25519", KEY), key_id("sm2", KEY), key_id("ed25519", KEY[::-1])}) == 3
    assert len(key_id("ed25519", KEY)) == 16


def test_an_algorithm_that_we_do_not_have_is_refused_by_name() -> None:
    assert codes(lambda: verify("sm2", KEY, MESSAGE, SIGNATURE)) == ["seal.unknown-algorithm"]
    assert codes(lambda: is_key("sm2", KEY)) == ["seal.unknown-algorithm"]


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_it_says_what_cryptography_says(secret: bytes, message: bytes, bit: int) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(secret)
    signature = private.sign(message)
    assert fits(private.public_key().public_bytes_raw(), message, signature)
    broken = bytearray(signature)
    broken[bit // 8] ^= 1 << bit % 8
    assert not fits(private.public_key().public_bytes_raw(), message, bytes(broken))
    with pytest.raises(InvalidSignature):
        private.public_key().verify(bytes(broken), message)

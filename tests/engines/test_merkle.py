"""The tree of RFC 6962: its known roots, its proofs, and nothing else that passes for one."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.sealing.merkle import (
    HASHES,
    Builder,
    Tree,
    is_consistent,
    is_included,
    root,
)

from .helpers import codes

# The leaves and roots with which Certificate Transparency tests its logs.
LEAVES = [
    bytes.fromhex(digits)
    for digits in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = [b"%d" % number for number in range(40)]


def tree(leaves: list[bytes]) -> Tree:
    return Tree(hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves)


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]
    assert tree(LEAVES[:size]).root().hex() == ROOTS[size]


def test_a_known_proof_of_inclusion() -> None:
    path = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in tree(LEAVES).inclusion(5)] == path


def test_known_proofs_of_consistency() -> None:
    assert [step.hex() for step in tree(LEAVES[:5]).consistency(2)] == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]
    assert [step.hex() for step in tree(LEAVES).consistency(6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", range(1, 41))
def test_every_leaf_is_proved_at_its_place_and_at_no_other(size: int) -> None:
    found = tree(MANY[:size])
    for index in range(size):
        path = found.inclusion(index)
        assert is_included(MANY[index], index, size, path, found.root())
        assert not is_included(b"other", index, size, path, found.root())
        assert not is_included(MANY[index], index, size, (*path, bytes(32)), found.root())
        assert not is_included(MANY[index], (index + 1) % size, size, path, found.root()) or (
            size == 1
        )
        if path:
            assert not is_included(MANY[index], index, size, path[1:], found.root())


@pytest.mark.parametrize("later", range(1, 41))
def test_every_tree_is_shown_to_begin_with_every_earlier_one(later: int) -> None:
    new = tree(MANY[:later])
    roots = [root(MANY[:size]) for size in range(later + 1)]
    for earlier in range(1, later + 1):
        proof = new.consistency(earlier)
        assert is_consistent(earlier, later, roots[earlier], new.root(), proof)
        assert not is_consistent(earlier, later, bytes(32), new.root(), proof)
        assert not is_consistent(earlier, later, roots[earlier], bytes(32), proof)
        assert not is_consistent(
            earlier, later, roots[earlier], new.root(), (*proof, roots[earlier])
        )
        if proof:
            assert not is_consistent(earlier, later, roots[earlier], new.root(), proof[1:])


def test_a_tree_with_another_beginning_is_not_consistent() -> None:
    changed = tree([b"x", *MANY[1:]])
    for earlier in range(1, 40):
        proof = changed.consistency(earlier)
        assert not is_consistent(earlier, 40, root(MANY[:earlier]), changed.root(), proof)


@given(st.integers(0, 40), st.integers(0, 40))
def test_work_taken_up_again_gives_the_same_root(one: int, other: int) -> None:
    begun = Builder()
    for leaf in MANY[:one]:
        begun.add(leaf)
    again = Builder("sha-256", begun.size, begun.peaks)
    for leaf in MANY[one : one + other]:
        again.add(leaf)
    assert again.root() == root(MANY[: one + other])
    assert len(begun.peaks) <= 6


def test_peaks_that_are_not_those_of_the_size_are_a_mistake() -> None:
    with pytest.raises(ValueError):
        Builder("sha-256", 3, [bytes(32)])


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        tree(MANY).inclusion(40)
    with pytest.raises(IndexError):
        tree(MANY).consistency(41)
    assert not is_included(b"", 0, 0, (), root([]))
    assert not is_consistent(0, 5, root([]), root(MANY[:5]), ())
    assert not is_consistent(3, 5, root(MANY[:3]), root(MANY[:5]), ())


def test_a_further_algorithm_is_one_more_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(lambda: Builder("sm3")) == ["seal.unknown-algorithm"]
    monkeypatch.setitem(HASHES, "other", lambda data: hashlib.sha3_256(data).digest())
    assert len({root(MANY, name) for name in ("sha-256", "other")}) == 2


def test_roots_of_different_sizes_differ() -> None:
    roots = [root([b""] * size) for size in range(9)]
    assert all(one != other for one, other in pairwise(roots))
    assert len(set(roots)) == 9

"""Merkle trees after RFC 6962, section 2.1: many things proved by one short hash.

A leaf is hashed behind a 0x00 and a node behind a 0x01, so that neither can pass for the other.
Algorithms go by name: a further one, SM3 for instance, is one more line in ``HASHES``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from taizhang.engines.findings import Refused

Hash = Callable[[bytes], bytes]

SHA_256 = "sha-256"
HASHES: dict[str, Hash] = {SHA_256: lambda data: hashlib.sha256(data).digest()}


def hashing(algorithm: str) -> Hash:
    """Return the hash of that name. Raises Refused: ``seal.unknown-algorithm``."""
    if algorithm not in HASHES:
        raise Refused.because("seal.unknown-algorithm", algorithm=algorithm)
    return HASHES[algorithm]


class Builder:
    """The root over leaves that come one by one; it keeps one hash for each level.

    ``peaks`` are these hashes, of the largest subtree first. With them and ``size`` the work is
    taken up again later: they say as much as all the leaves so far.
    """

    def __init__(
        self, algorithm: str = SHA_256, size: int = 0, peaks: Iterable[bytes] = ()
    ) -> None:
        self._hash = hashing(algorithm)
        self.size = size
        self._peaks = list(peaks)
        if len(self._peaks) != size.bit_count():
            raise ValueError("there is one peak for each bit of the size")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, the largest first."""
        return tuple(self._peaks)

    def add(self, leaf: bytes) -> bytes:
        """Add a leaf and return its hash."""
        hashed = self._hash(b"\x00" + leaf)
        self.add_hash(hashed)
        return hashed

    def add_hash(self, hashed: bytes) -> None:
        """Add a leaf whose hash is known."""
        peaks, full = self._peaks, self.size
        while full & 1:
            hashed = self._hash(b"\x01" + peaks.pop() + hashed)
            full >>= 1
        peaks.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over the leaves so far; that of no leaf is the hash of nothing."""
        if not self._peaks:
            return self._hash(b"")
        *others, found = self._peaks
        for peak in reversed(others):
            found = self._hash(b"\x01" + peak + found)
        return found


class Tree:
    """All hashes of a tree, for many proofs: each proof only looks them up."""

    def __init__(self, hashes: Iterable[bytes], algorithm: str = SHA_256) -> None:
        hash_ = hashing(algorithm)
        self._empty = hash_(b"")
        level = list(hashes)
        self._levels = [level]
        while len(level) > 1:
            pairs = zip(level[::2], level[1::2], strict=False)
            above = [hash_(b"\x01" + left + right) for left, right in pairs]
            if len(level) % 2:
                # The last one has no neighbour; RFC 6962 takes it up as it is.
                above.append(level[-1])
            self._levels.append(above)
            level = above

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def root(self) -> bytes:
        """Return the root."""
        return self._levels[-1][0] if self.size else self._empty

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """Return the proof that leaf ``index`` stands under the root (RFC 6962, 2.1.1)."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        path = []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                path.append(level[index ^ 1])
            index >>= 1
        return tuple(path)

    def consistency(self, earlier: int) -> tuple[bytes, ...]:
        """Return the proof that the tree of the first leaves is part of this one (2.1.2)."""
        if not 0 < earlier <= self.size:
            raise IndexError(earlier)
        first, last, whole = 0, self.size, True
        proof: list[bytes] = []
        while earlier < last:
            middle = first + _split(last - first)
            if earlier <= middle:
                proof.append(self._subtree(middle, last))
                last = middle
            else:
                proof.append(self._subtree(first, middle))
                first, whole = middle, False
        if not whole:
            proof.append(self._subtree(first, last))
        return tuple(reversed(proof))

    def _subtree(self, first: int, last: int) -> bytes:
        height = (last - first - 1).bit_length()
        return self._levels[height][first >> height]


def root(leaves: Iterable[bytes], algorithm: str = SHA_256) -> bytes:
    """Return the root over leaves."""
    builder = Builder(algorithm)
    for leaf in leaves:
        builder.add(leaf)
    return builder.root()


def is_included(
    leaf: bytes,
    index: int,
    size: int,
    path: Sequence[bytes],
    expected: bytes,
    algorithm: str = SHA_256,
) -> bool:
    """Say whether the path leads from the leaf, the ``index``-th of ``size``, to the root."""
    hash_ = hashing(algorithm)
    if not 0 <= index < size:
        return False
    found, last = hash_(b"\x00" + leaf), size - 1
    for step in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            found = hash_(b"\x01" + step + found)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            found = hash_(b"\x01" + found + step)
        index, last = index >> 1, last >> 1
    return last == 0 and found == expected


def is_consistent(
    earlier: int,
    later: int,
    earlier_root: bytes,
    later_root: bytes,
    proof: Sequence[bytes],
    algorithm: str = SHA_256,
) -> bool:
    """Say whether the later tree begins with all the leaves of the earlier one, unchanged."""
    hash_ = hashing(algorithm)
    if not 0 < earlier <= later:
        return False
    if earlier == later:
        return not proof and earlier_root == later_root
    index, last = earlier - 1, later - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    steps = list(proof) if index else [earlier_root, *proof]
    if not steps:
        return False
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            old, new = hash_(b"\x01" + step + old), hash_(b"\x01" + step + new)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            new = hash_(b"\x01" + new + step)
        index, last = index >> 1, last >> 1
    return last == 0 and old == earlier_root and new == later_root


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1

"""What was sealed beside what is there: which items changed, are missing, came in or moved."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from taizhang.engines.findings import Finding
from taizhang.engines.sealing.layout import NAMES, PARTS


@dataclass(frozen=True, slots=True)
class _Entry:
    """A leaf in words. ``again`` counts those before it of the same name."""

    part: str
    key: str
    again: int
    digest: str

    @property
    def name(self) -> tuple[str, str, int]:
        return self.part, self.key, self.again


def compare(
    read: Sequence[bytes], stated: Sequence[bytes], unreadable: Mapping[int, int]
) -> list[Finding]:
    """Say what became of the items whose leaves are ``stated``; ``read`` are those found.

    ``unreadable`` maps the positions in ``read`` of which nothing can be read to their lines. Such a
    line is called by the item that is missing where it stands.
    """
    there = list(_entries(read, unreadable))
    sealed = list(_entries(stated, ()))
    position = {entry.name: at for at, entry in enumerate(sealed) if entry is not None}
    common = [
        (at, position[entry.name])
        for at, entry in enumerate(there)
        if entry is not None and entry.name in position
    ]
    anchors = _rising(common)
    moved = set(common) - set(anchors)
    found = []
    for at, was in common:
        entry, before = there[at], sealed[was]
        assert entry is not None, "what is common has a name"
        assert before is not None, "what is common has a name"
        if entry.digest != before.digest:
            found.append(_told("seal.item-changed", entry))
        elif (at, was) in moved:
            found.append(_told("seal.item-moved", entry))
    known = {at for at, _ in common}, {was for _, was in common}
    begin = (-1, -1)
    for end in [*anchors, (len(there), len(sealed))]:
        spare = [at for at in range(begin[0] + 1, end[0]) if at not in known[0]]
        lost = [was for was in range(begin[1] + 1, end[1]) if was not in known[1]]
        found += _gap([(at, there[at]) for at in spare], [sealed[was] for was in lost], unreadable)
        begin = end
    return found


def _gap(
    spare: Sequence[tuple[int, _Entry | None]],
    lost: Sequence[_Entry | None],
    unreadable: Mapping[int, int],
) -> Iterator[Finding]:
    """What stands between two items that are in place, and what should."""
    missing = [entry for entry in lost if entry is not None]
    for at, entry in spare:
        if entry is not None:
            yield _told("seal.item-added", entry)
        elif missing:
            yield _told("seal.item-changed", missing.pop(0))
        else:
            line = unreadable[at]
            yield Finding("seal.line-unreadable", "must", f"line {line}", {"line": line})
    for entry in missing:
        yield _told("seal.item-missing", entry)


def _told(code: str, entry: _Entry) -> Finding:
    params = {"part": NAMES[entry.part], "key": entry.key}
    return Finding(code, "must", f"{entry.part}/{entry.key}", params)


def _entries(leaves: Iterable[bytes], unreadable: Iterable[int]) -> Iterator[_Entry | None]:
    """Read leaves; None for one that says nothing."""
    without, seen = set(unreadable), Counter[tuple[str, str]]()
    for at, leaf in enumerate(leaves):
        entry = None
        if at not in without:
            try:
                part, key, digest = json.loads(leaf)
            except (ValueError, TypeError, RecursionError):
                part = key = digest = None
            if isinstance(key, str) and isinstance(digest, str) and part in tuple(PARTS):
                entry = _Entry(part, key, seen[part, key], digest)
                seen[part, key] += 1
        yield entry


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, not necessarily neighbours, in which both numbers rise."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for at, (_, was) in enumerate(pairs):
        length = bisect_left(ends, was)
        before.append(at_end[length - 1] if length else -1)
        if length == len(ends):
            ends.append(was)
            at_end.append(at)
        else:
            ends[length], at_end[length] = was, at
    found = []
    at = at_end[-1] if at_end else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]

"""What differs between two versions of an outline, block by block and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from taizhang.engines.outlines.draft import Block, Draft

_WORD = re.compile(r"\{[^{}]*\}|[A-Za-z0-9.%]+|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。！？；]*[。！？；]?")
_FINE = 1200
"""Texts with more words than this are compared by sentences."""
_SHORT = 2
"""Words that stay between two changes and are so few are shown as changed: else nobody can read it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed (``same``), went (``gone``) or came (``new``)."""

    how: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A block that differs; ``moved`` also tells that it stands elsewhere."""

    block: Block
    how: Literal["added", "removed", "changed", "moved"]
    pieces: tuple[Piece, ...]
    moved: bool = False


def compare(old: Draft, new: Draft) -> tuple[Change, ...]:
    """What differs, in the order of the new version; what is gone stands where it stood."""
    before = {block.id: block for block in old.blocks}
    after = {block.id: block for block in new.blocks}
    moved = _moved([k for k in before if k in after], [k for k in after if k in before])
    found: list[Change] = []
    for block in _in_order(old.blocks, new.blocks):
        if block.id not in after:
            found.append(Change(block, "removed", (Piece("gone", block.text),)))
        elif block.id not in before:
            found.append(Change(block, "added", (Piece("new", block.text),)))
        else:
            was = before[block.id]
            if (was.text, was.kind, was.level) != (block.text, block.kind, block.level):
                pieces = words(was.text, block.text)
                found.append(Change(block, "changed", pieces, block.id in moved))
            elif block.id in moved:
                found.append(Change(block, "moved", (Piece("same", block.text),), moved=True))
    return tuple(found)


def words(old: str, new: str) -> tuple[Piece, ...]:
    """What differs between two texts; figures count as one word, long texts go by sentences."""
    cut = _WORD
    if max(len(old), len(new)) > _FINE:
        cut = _SENTENCE
    was, now = cut.findall(old), cut.findall(new)
    found: list[Piece] = []
    gone = come = ""
    for how, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        kept = "".join(was[a:b])
        between = a > 0 and b < len(was)
        if how == "equal" and not (between and cut is _WORD and b - a <= _SHORT):
            found += _pair(gone, come)
            gone = come = ""
            found.append(Piece("same", kept))
        else:
            gone += kept
            come += "".join(now[c:d])
    found += _pair(gone, come)
    return tuple(found)


def _pair(gone: str, come: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if come:
        yield Piece("new", come)


def _moved(old: list[str], new: list[str]) -> frozenset[str]:
    """The ids that do not stand in the order of the others."""
    matched = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stayed = {key for match in matched for key in new[match.b : match.b + match.size]}
    return frozenset(new) - stayed


def _in_order(old: Sequence[Block], new: Sequence[Block]) -> list[Block]:
    """The new blocks, with each one that is gone after the one it followed."""
    kept = {block.id for block in new}
    following: dict[str, list[Block]] = {}
    last = ""
    for block in old:
        if block.id in kept:
            last = block.id
        else:
            following.setdefault(last, []).append(block)
    found = list(following.get("", ()))
    for block in new:
        found += [block, *following.get(block.id, ())]
    return found

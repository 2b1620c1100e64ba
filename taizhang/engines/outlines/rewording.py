"""What was said before and what is said now, word by word, numbers of ours standing for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from taizhang.engines.outlines.likeness import steps, words_of

Cut = Literal["same", "new", "gone", "figure", "figure-gone"]
Token = tuple[str, str]
"""A word and, for a number of ours, its id."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph: words that stayed, came or went, or a number of ours by its id."""

    cut: Cut
    text: str
    figure: str = ""


def tokens(text: str, figures: Sequence[tuple[int, int, str]]) -> list[Token]:
    """The words of a text, with our numbers where they stand."""
    found: list[Token] = []
    position = 0
    for start, end, key in figures:
        found += [(word, "") for word in words_of(text[position:start])]
        found.append((text[start:end], key))
        position = end
    return found + [(word, "") for word in words_of(text[position:])]


def key_of(token: Token) -> str:
    """What makes two tokens the same: a number of ours is itself whatever it says."""
    return f"\0{token[1]}" if token[1] else token[0]


def pieces(old: list[Token], new: list[Token]) -> tuple[Piece, ...]:
    """How the old words became the new ones."""
    found: list[Piece] = []
    texts = {key: text for text, key in new if key}
    was = {key: text for text, key in old if key}
    for step, keys in steps([key_of(t) for t in old], [key_of(t) for t in new]):
        for key in keys:
            name = key.removeprefix("\0")
            if key == name:
                _add(found, step, key)
            elif step != "gone":
                found.append(Piece("figure", texts[name], name))
            elif name not in texts:
                found.append(Piece("figure-gone", was[name], name))
    return tuple(_joined(found))


def _add(found: list[Piece], cut: Cut, text: str) -> None:
    if found and found[-1].cut == cut:
        found[-1] = Piece(cut, found[-1].text + text)
    else:
        found.append(Piece(cut, text))


def _joined(found: Sequence[Piece]) -> Iterator[Piece]:
    """A single sign that happens to stay between changed ones reads better as changed too."""
    open_: list[Piece] = []
    for place, piece in enumerate(found):
        island = (
            piece.cut == "same"
            and len(piece.text) == 1
            and 0 < place < len(found) - 1
            and {found[place - 1].cut, found[place + 1].cut} <= {"new", "gone"}
        )
        if piece.cut in ("new", "gone"):
            open_.append(piece)
        elif island:
            open_ += [Piece("gone", piece.text), Piece("new", piece.text)]
        else:
            yield from _together(open_)
            open_ = []
            yield piece
    yield from _together(open_)


def _together(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for cut in ("gone", "new"):
        text = "".join(piece.text for piece in pieces if piece.cut == cut)
        if text:
            yield Piece(cut, text)

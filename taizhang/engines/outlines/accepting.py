"""Words that somebody changed on paper become the text of an outline again, its figures kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taizhang.engines.outlines.likeness import blocks, words_of
from taizhang.engines.outlines.parse import Fault, Listing, Piece, Slot, Variable
from taizhang.engines.outlines.readback import ReadBlock


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of an outline's text: as it is written there, and as it was printed.

    ``figure`` is the number's id in the file; ``fixed``: it stays what it is where its printed words
    still stand, such as a variable. A sentence that was not printed stays where it stood. A plain
    text is neither.
    """

    written: str
    printed: str
    figure: str = ""
    fixed: bool = False


def written(piece: Piece) -> str:
    """A piece as it is written in an outline."""
    match piece:
        case Slot(code, style):
            return f"{{{code}}}" if style is None else f"{{{code}|{style}}}"
        case Variable(name):
            return f"{{@{name}}}"
        case Listing(name, most):
            return f"{{list:{name}}}" if most is None else f"{{list:{name}|{most}}}"
        case Fault(text):
            return text
        case _:
            return escaped(piece.text)


def escaped(text: str) -> str:
    """Words as they are written in an outline, where a brace begins a figure."""
    return text.replace("{", "{{").replace("}", "}}")


def accepted(
    sources: Sequence[Source], number: str, block: ReadBlock, slots: Mapping[str, str]
) -> str | None:
    """The text of a block with the words of the file, every figure again as its slot.

    ``number`` is what stands before a heading and is no part of its text, ``slots`` the written form
    of every figure by its id. What was typed over a figure is not taken. None when a figure of the
    block does not stand in the paragraph any more, or the heading has lost its number.
    """
    if not {one.figure for one in sources if one.figure} <= set(block.figures):
        return None
    old, spans = _old(sources, number)
    new = _new(block)
    where = {a + k: b + k for a, b, size in blocks(old, new) for k in range(size)}
    texts = [slots[word[1:]] if word.startswith("\0") else escaped(word) for word in new]
    behind: list[list[str]] = [[] for _word in range(len(new) + 1)]
    for start, end, text in spans:
        if start == end:
            behind[_behind(start, where)].append(text)
            continue
        places = [where.get(k) for k in range(start, end)]
        first = places[0]
        if first is None or places != list(range(first, first + end - start)):
            if start == 0 and number:
                return None
            continue
        texts[first : first + len(places)] = [text] + [""] * (len(places) - 1)
    whole = (text + "".join(kept) for text, kept in zip(["", *texts], behind, strict=True))
    return "".join(whole).strip() or None


def _behind(place: int, where: Mapping[int, int]) -> int:
    """How many new words stand before what stood before the old word ``place`` and was not printed."""
    return next((where[k] + 1 for k in range(place - 1, -1, -1) if k in where), 0)


def _old(sources: Sequence[Source], number: str) -> tuple[list[str], list[tuple[int, int, str]]]:
    """The old words, and where in them stands what is written otherwise than it is printed."""
    words: list[str] = []
    spans: list[tuple[int, int, str]] = []
    for one in (Source("", number, fixed=True), *sources):
        some = [f"\0{one.figure}"] if one.figure else words_of(one.printed)
        if one.fixed and (some or one.written):
            spans.append((len(words), len(words) + len(some), one.written))
        words += some
    return words, spans


def _new(block: ReadBlock) -> list[str]:
    words: list[str] = []
    text = ""
    for piece in block.pieces:
        if piece.cut == "figure":
            words += [*words_of(text), f"\0{piece.figure}"]
            text = ""
        elif piece.cut in ("same", "new"):
            text += piece.text
    return words + words_of(text)

"""The blocks of a draft as an editor shows them: numbered, worded, with what is wrong in each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from taizhang.engines.findings import Finding
from taizhang.engines.names import Bilingual
from taizhang.engines.outlines.compile import LEVELS, ListFact, ReportFact, compile_pieces
from taizhang.engines.outlines.draft import Block, Draft
from taizhang.engines.outlines.parse import Listing, Sentence, Slot, parse_text, split_sentences
from taizhang.engines.tree import Run


@dataclass(frozen=True, slots=True)
class Read:
    """A block and the pieces of its text."""

    block: Block
    pieces: Sentence

    def figures(self) -> frozenset[str]:
        """The codes of the figures in it."""
        return frozenset(piece.code for piece in self.pieces if isinstance(piece, Slot))

    def lists(self) -> frozenset[Listing]:
        """The lists of names in it."""
        return frozenset(piece for piece in self.pieces if isinstance(piece, Listing))


@dataclass(frozen=True, slots=True)
class Shown:
    """A block on the paper: its number if it is a heading, its runs, what is to be said.

    ``left_out``: nothing of it is printed, since all it says awaits its registers.
    """

    block: Block
    number: str
    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]
    left_out: bool = False


def still_awaited(draft: Draft, known: Collection[str]) -> dict[str, Bilingual]:
    """The figures a draft waits for that have not come meanwhile."""
    return {code: name for code, name in draft.awaits.items() if code not in known}


def read_blocks(draft: Draft, known: Collection[str], lists: Collection[str]) -> tuple[Read, ...]:
    """Read every block; what cannot be read is a fault in its place."""
    awaited = still_awaited(draft, known)
    return tuple(
        Read(
            block,
            parse_text(
                block.text, known, awaited, lists, figures=block.takes_figures, lenient=True
            ),
        )
        for block in draft.blocks
    )


def show_blocks(
    read: Iterable[Read],
    awaits: Mapping[str, Bilingual],
    facts: Mapping[str, ReportFact],
    variables: Mapping[str, str],
    lists: Mapping[Listing, ListFact],
) -> tuple[Shown, ...]:
    """Show blocks that were read; a heading's number counts only what is printed."""
    shown = []
    for one in read:
        runs, findings = compile_pieces(one.pieces, awaits, facts, variables, lists)
        out = one.block.takes_figures and not any(
            not _awaited(sentence, awaits) for sentence in split_sentences(one.pieces)
        )
        shown.append(Shown(one.block, "", runs, findings, out))
    return tuple(_numbered(_without_empty_headings(shown)))


def _awaited(sentence: Sentence, awaits: Mapping[str, Bilingual]) -> bool:
    return any(isinstance(piece, Slot) and piece.code in awaits for piece in sentence)


def _without_empty_headings(shown: list[Shown]) -> list[Shown]:
    """Mark the headings under which nothing is printed."""
    above: list[int] = []
    printed: set[int] = set()
    for place, one in enumerate(shown):
        if one.block.level:
            del above[one.block.level - 1 :]
            above.append(place)
        elif one.block.kind == "body" and not one.left_out:
            printed.update(above)
    return [
        replace(one, left_out=place not in printed) if one.block.level else one
        for place, one in enumerate(shown)
    ]


def _numbered(shown: Iterable[Shown]) -> list[Shown]:
    found: list[Shown] = []
    counts = [0] * len(LEVELS)
    for one in shown:
        level = one.block.level
        if level and not one.left_out:
            counts[level - 1] += 1
            counts[level:] = [0] * (len(LEVELS) - level)
            one = replace(one, number=LEVELS[level - 1][1](counts[level - 1]))
        found.append(one)
    return found

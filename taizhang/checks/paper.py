"""The manuscript as the page shows it: paragraphs and tables, their words cut where marks begin."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from taizhang.checker.rendering import Marks, Piece
from taizhang.documents.manuscripts import Block
from taizhang.engines.checking import Issue, Span

from .comparing import Compared, Remark

_FIRST = re.compile(r"[一二三四五六七八九十]{1,3}、[^。；]{1,40}$")
_SECOND = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；]{1,30}$")
_TITLE = 40
"""Characters a title has at most."""


@dataclass(frozen=True)
class Shown:
    """A piece of text with its mark: ``look`` is blank, ``q``, ``q none`` or ``q bad``.

    ``anchors`` are the ids of places that begin here, ``numbers`` the remarks to jump to.
    """

    text: str
    look: str = ""
    anchors: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """A paragraph (``h1 h2 h3 p note box``) with its pieces, or a ``table`` with rows of cells."""

    kind: str
    pieces: tuple[Shown, ...] = ()
    rows: list[list[tuple[Shown, ...]]] = field(default_factory=list)


def paper(found: Compared, numbered: Sequence[Remark]) -> list[Part]:
    """The parts of the page; remark n of ``numbered`` is the one marked n."""
    issues = [_as_issue(remark) for remark in numbered]
    blocks = found.read.blocks
    marks = Marks(found.report, issues, [(block.start, block.end) for block in blocks])
    parts: list[Part] = []
    table: tuple[int, int] | None = None
    for number, block in enumerate(blocks):
        pieces = tuple(_shown(found, marks.pieces(number)))
        cell = block.cell
        if cell is None:
            table = None
            if block.text.strip():
                parts.append(Part(_kind(block, parts), pieces))
            continue
        if table is None or table[0] != cell.table:
            parts.append(Part("table"))
            table = (cell.table, -1)
        if table[1] != cell.row:
            parts[-1].rows.append([])
            table = (cell.table, cell.row)
        row = parts[-1].rows[-1]
        while len(row) < cell.column:
            row.append(())
        if len(row) > cell.column:
            row[-1] = (*row[-1], Shown(" "), *pieces)
        else:
            row.append(pieces)
    return parts


def _as_issue(remark: Remark) -> Issue:
    return remark.issue or Issue("conflict", remark.code, "error", remark.spans)


def _kind(block: Block, before: Sequence[Part]) -> str:
    if block.kind in ("footnote", "textbox"):
        return {"footnote": "note", "textbox": "box"}[block.kind]
    if not before and len(block.text) <= _TITLE and not block.text.rstrip().endswith(("。", "：")):
        return "h1"
    if block.kind == "heading":
        return "h2" if block.level <= 1 else "h3"
    text = block.text.strip()
    return "h2" if _FIRST.match(text) else "h3" if _SECOND.match(text) else "p"


def _shown(found: Compared, pieces: Sequence[Piece]) -> Iterator[Shown]:
    for piece in pieces:
        anchors = tuple(place(n, k) for n, k in piece.begins)
        yield Shown(piece.text, _look(found, piece), anchors, tuple(piece.ends))


def _look(found: Compared, piece: Piece) -> str:
    if piece.issues:
        return "q bad"
    if piece.quantity is None:
        return ""
    return "q" if found.verdicts[piece.quantity].state == "agrees" else "q none"


def place(number: int, span: int) -> str:
    """The anchor of the n-th place that a remark speaks of."""
    return f"q{number}" if not span else f"q{number}-{span}"


def sections(found: Compared, spans: Sequence[Span]) -> list[dict[str, Any]]:
    """For each place of a remark the part of the text it stands in, and its words."""
    plain = found.report.text.plain
    return [
        {"where": _section(found, span), "words": " ".join(plain[span.start : span.end].split())}
        for span in spans
    ]


def _section(found: Compared, span: Span) -> str:
    quantities = found.report.quantities
    at = bisect_left(quantities, span.start, key=lambda quantity: quantity.start)
    if at < len(quantities) and quantities[at].start < span.end:
        return quantities[at].section
    return ""

"""The document tree: what a report is before it becomes a page, a .docx or a PDF.

Plain nodes, no behaviour. Compilers make it, renderers in ``documents`` and ``reports`` draw it,
and readers of foreign files fill the same nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["title", "byline", "heading1", "heading2", "heading3", "body", "signature", "note"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class FigureRun:
    """A printed number that knows its fact.

    ``id`` is short and unique in the document (``f1``, ``f2`` …): it is the tag of the content
    control in .docx and the anchor in HTML. ``text`` is what stands on the paper (``7800余人次``),
    ``value`` the exact decimal as text or None when there is none. ``marks`` are states the page
    shows beside it: ``same`` (counts the same rows as another sentence), ``weak`` (proof is weak),
    ``missing`` (no value or nought where a sentence needs one).
    """

    id: str
    code: str
    text: str
    value: str | None
    unit: str
    rows: int
    query: str | None
    marks: tuple[str, ...] = ()


Run = Text | FigureRun


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph or heading; ``id`` (``p-3``) is its anchor for findings."""

    id: str
    role: Role
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The plain text, figures as printed."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first ``header_rows`` rows repeat on every page."""

    id: str
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    header_rows: int = 1


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text. ``title`` is for the file's properties; the printed title is a block."""

    title: str
    language: str
    blocks: tuple[Block, ...]

    def figures(self) -> tuple[FigureRun, ...]:
        """Every figure in reading order."""
        found: list[FigureRun] = []
        for block in self.blocks:
            cells = (
                (block.runs,)
                if isinstance(block, Paragraph)
                else (c for r in block.rows for c in r)
            )
            for runs in cells:
                found.extend(run for run in runs if isinstance(run, FigureRun))
        return tuple(found)

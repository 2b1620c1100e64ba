"""Remarks on a report as Word comments at their places, in a copy; the text stays as it is.

Word allows no comment in a footnote or a text box: such a remark hangs on what the note or the box
hangs on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.text.run import Run as DocxRun
from lxml.etree import LxmlError

from taizhang.documents.docx_reader import DocxParagraph, notes_of, paragraphs_of
from taizhang.documents.docx_writer import write_docx
from taizhang.documents.files import Target, opened
from taizhang.documents.layout import DocProperties
from taizhang.documents.manuscripts import SIZE_LIMIT, Manuscript, laid_out
from taizhang.documents.packages import damaged, opened_package
from taizhang.engines.tree import Document, Paragraph, Text

AUTHOR, INITIALS = "台账核稿", "核"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of ``start:end`` of a manuscript's text."""

    start: int
    end: int
    text: str


def write_commented(
    path: Path,
    remarks: Sequence[Remark],
    target: Target,
    name: str | None = None,
    *,
    limit: int = SIZE_LIMIT,
) -> int:
    """Write a copy of a .docx with the remarks as comments; returns how many found their place.

    Offsets are those of ``read_manuscript``. Refuses what ``read_docx`` refuses.
    """
    shown = name or path.name
    with opened_package(path, shown, ".docx", limit=limit) as package:
        package.xml(package.main)  # refuses what is no honest XML
        try:
            document = docx.Document(str(path))
            body = document.element.body
            paragraphs = paragraphs_of(body)
            paragraphs += notes_of(package, paragraphs)
            for node, offset in sorted(_cuts(paragraphs, remarks), key=lambda cut: -cut[1]):
                _cut(node, offset)
            notes = [paragraph for paragraph in paragraphs if paragraph.note]
            paragraphs = [*paragraphs_of(body), *notes]
            written = _attach(document, paragraphs, remarks)
        except (LxmlError, KeyError, ValueError, RecursionError) as error:
            raise damaged(shown) from error
        with opened(target) as file:
            document.save(file)
        return written


def write_text_commented(
    manuscript: Manuscript, remarks: Sequence[Remark], target: Target, *, title: str, at: datetime
) -> int:
    """Write a plain text as a .docx with the remarks as comments; ``at`` is when it was made."""
    plain = _UNWRITABLE.sub("\ufffd", manuscript.text)
    lines = [line.removesuffix("\r") for line in plain.split("\n")]
    blocks = tuple(
        Paragraph(f"p-{n}", "body", (Text(line),)) for n, line in enumerate(lines, start=1)
    )
    made = BytesIO()
    write_docx(Document(title, "zh", blocks), made, facts={}, properties=DocProperties(title, at))
    dropped = [match.start() for match in re.finditer("\r(?=\n|$)", plain)]

    def moved(offset: int) -> int:
        return offset - bisect_right(dropped, offset - 1)

    made.seek(0)
    document = docx.Document(made)
    body = document.element.body
    shifted = [Remark(moved(one.start), moved(one.end), one.text) for one in remarks]
    for node, offset in sorted(_cuts(paragraphs_of(body), shifted), key=lambda cut: -cut[1]):
        _cut(node, offset)
    written = _attach(document, paragraphs_of(body), shifted)
    with opened(target) as file:
        document.save(file)
    return written


def _cuts(
    paragraphs: Iterable[DocxParagraph], remarks: Sequence[Remark]
) -> Iterator[tuple[Any, int]]:
    """Where runs have to be divided, so that each remark covers whole runs: node and offset in it."""
    edges = sorted({edge for remark in remarks for edge in (remark.start, remark.end)})
    for _between, start, paragraph in laid_out(paragraphs):
        if paragraph.note or paragraph.in_box:
            continue
        first = bisect_right(edges, start - 1)
        last = bisect_right(edges, start + len(paragraph.text))
        for edge in edges[first:last]:
            if spot := _node_at(paragraph, edge - start):
                yield spot


def _node_at(paragraph: DocxParagraph, offset: int) -> tuple[Any, int] | None:
    """The node that holds the character at ``offset``, and where in it; None past the end."""
    if not 0 <= offset < len(paragraph.text):
        return None
    found = None
    for start, node in paragraph.nodes:
        if start > offset:
            break
        found = (node, offset - start)
    return found


def _cut(node: Any, offset: int) -> None:
    """Divide the run of ``node`` so that a new run begins with its character ``offset``."""
    run = node.getparent()
    if run is None or run.tag != qn("w:r"):
        return
    later = list(node.itersiblings())
    if offset:
        rest = deepcopy(node)
        rest.tail = None
        rest.text = node.text[offset:]
        node.text = node.text[:offset]
        for part in (node, rest):
            part.set(_SPACE, "preserve")
        later = [rest, *later]
    else:
        before = [one for one in node.itersiblings(preceding=True) if one.tag != qn("w:rPr")]
        if not before:
            return
        later = [node, *later]
    fresh = run.makeelement(run.tag, dict(run.attrib), run.nsmap)
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        fresh.append(deepcopy(properties))
    for one in later:
        fresh.append(one)
    run.addnext(fresh)


def _attach(document: Any, paragraphs: Sequence[DocxParagraph], remarks: Iterable[Remark]) -> int:
    """Attach every remark to the runs it covers; returns how many found some."""
    laid = [(start, paragraph) for _between, start, paragraph in laid_out(paragraphs)]
    starts = [start for start, _paragraph in laid]
    written = 0
    for remark in remarks:
        first = max(bisect_right(starts, remark.start) - 1, 0)
        last = bisect_right(starts, remark.end)
        if runs := _runs(laid[first:last], remark):
            ends = [DocxRun(runs[0], document), DocxRun(runs[-1], document)]
            document.add_comment(ends, remark.text, AUTHOR, INITIALS)
            written += 1
    return written


def _runs(laid: Iterable[tuple[int, DocxParagraph]], remark: Remark) -> list[Any]:
    """The runs that a remark covers, in the paragraphs it touches."""
    found: list[Any] = []
    node: Any
    for start, paragraph in laid:
        if start + len(paragraph.text) < remark.start:
            continue
        if paragraph.note or paragraph.in_box:
            found = found or _holding(paragraph)
            continue
        for at, node in paragraph.nodes:
            length = len(node.text or "") if node.tag == qn("w:t") else 1
            if remark.start < start + at + length and start + at < remark.end:
                run = node.getparent()
                if run is not None and run.tag == qn("w:r"):
                    found.append(run)
    return found


def _holding(paragraph: DocxParagraph) -> list[Any]:
    """The run in the body that a note or a box hangs on."""
    holder: Any = paragraph.holder
    if holder is None:
        return []
    kind, _, number = paragraph.note.partition("-")
    sign = qn(f"w:{kind.removesuffix('s')}Reference") if kind else qn("w:txbxContent")
    for run in holder.iter(qn("w:r")):
        for node in run.iter(sign):
            if not kind or node.get(qn("w:id")) == number:
                return [run]
    return []

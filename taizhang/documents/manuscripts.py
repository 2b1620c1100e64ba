"""Any work report, ours or not, as one plain text with a map back: .docx and .txt.

Paragraphs stand one a line, the cells of a table's row in one line with tabs between, footnotes and
text boxes as paragraphs of their own. What is not on the paper (comments, deleted text) is not in
the text. Offsets count characters; nothing is translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from taizhang.documents.docx_facts import control_id
from taizhang.documents.docx_reader import Cell, DocxParagraph, read_docx
from taizhang.documents.packages import MB, check_size, damaged, found_kind, not_as_named
from taizhang.engines.checking import text as checking
from taizhang.engines.findings import Refused

KINDS = (".docx", ".txt")
SIZE_LIMIT = 20 * MB

BlockKind = Literal["paragraph", "heading", "cell", "footnote", "textbox"]

_KINDS: Mapping[BlockKind, checking.Kind] = {
    "paragraph": "paragraph",
    "heading": "heading",
    "cell": "cell",
    "footnote": "footnote",
    "textbox": "text_box",
}
_HEADING = re.compile(r"(?:heading|title|标题)?\s*(\d)?", re.IGNORECASE)
_ENOUGH = 4
"""So many Chinese characters in UTF-8 in one line are no chance among bytes of another encoding."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a paragraph in a cell; ``start`` is its place in the whole text."""

    kind: BlockKind
    start: int
    text: str
    level: int = 0
    cell: Cell | None = None

    @property
    def end(self) -> int:
        """Where it ends in the whole text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Control:
    """A number of ours: what stands at ``start:end`` of the whole text is fact ``id``."""

    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What was read. ``facts`` is our map id → fact; empty if the file is not ours."""

    name: str
    text: str
    blocks: tuple[Block, ...]
    controls: tuple[Control, ...] = ()
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def tree(self) -> checking.Text:
        """The text as the checker takes it: paragraphs of one cell are one block, blank lines none.

        A control is known by its figure, unit and period, so that the same fact printed twice is
        the same fact.
        """
        blocks: list[checking.Block] = []
        for block in self.blocks:
            cell = block.cell
            kind = _KINDS[block.kind]
            if cell is None:
                if block.text:
                    blocks.append(checking.Block(kind, block.start, block.end))
                continue
            last = blocks[-1] if blocks else None
            at = (cell.table, cell.row, cell.column)
            if last is not None and at == (last.table, last.row, last.column):
                blocks[-1] = replace(last, end=block.end)
            else:
                blocks.append(checking.Block(kind, block.start, block.end, *at))
        facts = [checking.Fact(self._fact(one.id), one.start, one.end) for one in self.controls]
        return checking.Text(self.text, tuple(blocks), tuple(facts))

    def _fact(self, control: str) -> str:
        fact = self.facts.get(control, {})
        known = [str(fact.get(key, "")) for key in ("code", "unit_code", "period")]
        return "@".join(known) if known[0] else control


def read_manuscript(path: Path, name: str | None = None, *, limit: int = SIZE_LIMIT) -> Manuscript:
    """Read a .docx or .txt. ``name`` is the name the user gave, ``limit`` the size in bytes.

    Raises Refused: ``document.unknown-kind``, ``.cannot-read``, ``.empty``, ``.too-large``,
    ``.not-what-its-name-says``, ``.encrypted``, ``.damaged``, ``.too-large-unpacked``,
    ``.no-text``, ``.mixed-encoding``.
    """
    shown = name or path.name
    suffix = Path(shown).suffix.lower()
    if suffix not in KINDS:
        _refuse_kind(path, shown)
    read = _docx(path, shown, limit) if suffix == ".docx" else _txt(path, shown, limit)
    if not read.text.strip():
        raise Refused.because("document.no-text", shown, name=shown)
    return read


def of_text(text: str, name: str = "") -> Manuscript:
    """A plain text as a manuscript: each line a block, a line with tabs the row of a table."""
    return Manuscript(name, text, tuple(_lines(text)))


def _refuse_kind(path: Path, shown: str) -> None:
    check_size(path, shown, SIZE_LIMIT * 10)
    raise Refused.because("document.unknown-kind", shown, name=shown, kinds="、".join(KINDS))


def _docx(path: Path, shown: str, limit: int) -> Manuscript:
    read = read_docx(path, shown, limit=limit, notes=True)
    pieces: list[str] = []
    blocks: list[Block] = []
    controls: list[Control] = []
    for between, start, paragraph in laid_out(read.paragraphs):
        blocks.append(_block(paragraph, start))
        for span in paragraph.spans:
            if key := control_id(span, read.facts):
                controls.append(Control(start + span.start, start + span.end, key))
        pieces += (between, paragraph.text)
    return Manuscript(shown, "".join(pieces), tuple(blocks), tuple(controls), read.facts)


def laid_out(paragraphs: Iterable[DocxParagraph]) -> Iterator[tuple[str, int, DocxParagraph]]:
    """The paragraphs with what stands before each in the plain text, and where each begins in it."""
    length = 0
    before: DocxParagraph | None = None
    for paragraph in paragraphs:
        between = "" if before is None else _between(before, paragraph)
        length += len(between)
        yield between, length, paragraph
        length += len(paragraph.text)
        before = paragraph


def _between(before: DocxParagraph, after: DocxParagraph) -> str:
    one, other = before.cell, after.cell
    if one is None or other is None or (one.table, one.row) != (other.table, other.row):
        return "\n"
    return " " if one.column == other.column else "\t"


def _block(paragraph: DocxParagraph, start: int) -> Block:
    if paragraph.note:
        return Block("footnote", start, paragraph.text)
    if paragraph.cell is not None:
        return Block("cell", start, paragraph.text, cell=paragraph.cell)
    if paragraph.in_box:
        return Block("textbox", start, paragraph.text)
    level = _level(paragraph.style)
    return Block("heading" if level else "paragraph", start, paragraph.text, level)


def _level(style: str) -> int:
    """The level of a heading by the id of its style, 1 for a title; Word in Chinese names them 1, 2."""
    match = _HEADING.fullmatch(style.replace(" ", "")) if style else None
    return 0 if match is None else min(int(match.group(1) or 1), 6)


def _txt(path: Path, shown: str, limit: int) -> Manuscript:
    check_size(path, shown, limit)
    try:
        kind = found_kind(path)
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "?"
        raise Refused.because("document.cannot-read", shown, name=shown, reason=reason) from error
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if kind == "damaged":
        raise damaged(shown)
    if kind != "text" and not wide and kind not in (".html", ".xml"):
        raise not_as_named(shown, kind)
    return of_text(_decoded(content, shown, wide=wide), shown)


def _decoded(content: bytes, shown: str, *, wide: bool) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB 18030; never a guess between them."""
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    if wide or _partly_utf8(content):
        raise Refused.because("document.mixed-encoding", shown, name=shown)
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        raise Refused.because("document.mixed-encoding", shown, name=shown) from None


def _partly_utf8(content: bytes) -> bool:
    """Whether single lines are UTF-8: files pasted together from two encodings."""
    for line in content.split(b"\n"):
        if line.isascii():
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if sum(sign > "\u2e80" for sign in text) >= _ENOUGH:
            return True
    return False


def _lines(text: str) -> Iterator[Block]:
    start, table, row = 0, -1, 0
    inside = False
    for line in text.split("\n"):
        shown = line.removesuffix("\r")
        if "\t" in shown.strip():
            table, row = (table, row + 1) if inside else (table + 1, 0)
            inside = True
            at = start
            for column, cell in enumerate(shown.split("\t")):
                yield Block("cell", at, cell, cell=Cell(table, row, column))
                at += len(cell) + 1
        else:
            inside = False
            yield Block("paragraph", start, shown)
        start += len(line) + 1

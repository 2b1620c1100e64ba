"""Reading the text of a .docx, ours or anyone's, with its content controls.

The XML is read directly: python-docx's ``paragraph.text`` leaves out what stands in content
controls, which is where our numbers are. Deleted and moved-away text, comments, hidden text and
field codes are no part of what the paper says; inserted text is. Numbers that Word counts by
itself (automatic lists) are not in the file and cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from taizhang.documents.docx_parts import FACTS
from taizhang.documents.packages import MB, Package, opened_package
from taizhang.engines.findings import Refused

SIZE_LIMIT = 20 * MB

_SKIPPED = frozenset(
    {
        "del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr",
        "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "Fallback", "rt",
        "annotationRef", "footnoteReference", "endnoteReference", "commentReference",
    }
)  # fmt: skip
"""``Fallback`` repeats a text box for old programs; ``rt`` is the pinyin above a character."""
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_DEPTH = 200
"""Elements within elements; real documents stay under 60, and recursion must not overflow."""


@dataclass(frozen=True, slots=True)
class Span:
    """A content control: ``text`` stands at ``start:end`` of its paragraph."""

    tag: str
    alias: str
    start: int
    end: int
    text: str
    binding: str = ""
    """The XPath of its data binding, empty if it has none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in a table something stands: all numbers from 0, a wide cell by its first column."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class DocxParagraph:
    """One paragraph as printed. ``style`` is the style's id; cells give paragraphs of their own.

    ``cell`` is where in its table it stands, ``in_box`` that it stands in a text box, ``note`` the
    id of the footnote it belongs to. ``nodes`` are the elements its text comes from with where each
    begins in it, ``holder`` the paragraph in the body that a box or a note hangs on.
    """

    text: str
    style: str
    spans: tuple[Span, ...] = ()
    in_table: bool = False
    cell: Cell | None = None
    in_box: bool = False
    note: str = ""
    nodes: tuple[tuple[int, Element], ...] = field(default=(), compare=False, repr=False)
    holder: Element | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DocxText:
    """What was read. ``facts`` is our map id → fact (``prints`` as printed); empty if foreign."""

    paragraphs: tuple[DocxParagraph, ...]
    facts: Mapping[str, Mapping[str, Any]]

    @property
    def text(self) -> str:
        """All paragraphs, one a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


def read_docx(
    path: Path, name: str | None = None, *, limit: int = SIZE_LIMIT, notes: bool = False
) -> DocxText:
    """Read a .docx. ``name`` is the name the user gave, ``limit`` the size in bytes.

    ``notes`` adds the footnotes and endnotes behind the text.

    Raises Refused: ``document.unknown-kind``, ``.cannot-read``, ``.empty``, ``.too-large``,
    ``.not-what-its-name-says``, ``.encrypted``, ``.damaged``, ``.too-large-unpacked``.
    """
    shown = name or path.name
    if Path(shown).suffix.lower() != ".docx":
        raise Refused.because("document.unknown-kind", shown, name=shown, kinds=".docx")
    with opened_package(path, shown, ".docx", limit=limit) as package:
        root = package.xml(package.main)
        body = next((node for node in root if _local(node) == "body"), None)
        if body is None:
            raise Refused.because("document.damaged", shown, name=shown)
        try:
            paragraphs = _Collector().collect(body)
            if notes:
                paragraphs += notes_of(package, paragraphs)
        except RecursionError as error:
            raise Refused.because("document.damaged", shown, name=shown) from error
        return DocxText(tuple(paragraphs), _facts(package))


def paragraphs_of(body: Element) -> list[DocxParagraph]:
    """The paragraphs of a body, in the order of the paper; RecursionError if it is too deep."""
    return _Collector().collect(body)


def notes_of(package: Package, paragraphs: Iterable[DocxParagraph]) -> list[DocxParagraph]:
    """The footnotes and endnotes that the text refers to, in its order."""
    parts = {
        kind: package.xml(part)
        for relation, part in package.related(package.main).values()
        if (kind := relation.rpartition("/")[2]) in ("footnotes", "endnotes")
        and part in package.parts()
    }
    bodies = {(kind, _attribute(node, "id")): node for kind, root in parts.items() for node in root}
    found: list[DocxParagraph] = []
    for paragraph in paragraphs:
        if paragraph.holder is None:
            continue
        for node in paragraph.holder.iter():
            kind = _local(node).replace("Reference", "s")
            key = (kind, _attribute(node, "id"))
            if kind in parts and key in bodies:
                note = f"{kind}-{key[1]}"
                read = _Collector().collect(bodies.pop(key))
                found += [replace(one, note=note, holder=paragraph.holder) for one in read]
    return found


def _local(node: Element) -> str:
    # Both the transitional and the strict namespace are met; the local name is enough.
    return str(node.tag).rpartition("}")[2]


def _attribute(node: Element, name: str) -> str:
    return next((v for k, v in node.items() if k.rpartition("}")[2] == name), "")


def _child(node: Element, name: str) -> Element | None:
    return next((child for child in node if _local(child) == name), None)


@dataclass(slots=True)
class _Open:
    """A paragraph being read."""

    style: str
    in_table: bool
    cell: Cell | None
    holder: Element
    in_box: bool
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    nodes: list[tuple[int, Element]] = field(default_factory=list)

    def add(self, text: str, node: Element) -> None:
        self.pieces.append(text)
        self.nodes.append((self.length, node))
        self.length += len(text)

    def done(self) -> DocxParagraph:
        return DocxParagraph(
            "".join(self.pieces),
            self.style,
            tuple(self.spans),
            self.in_table,
            self.cell,
            self.in_box,
            nodes=tuple(self.nodes),
            holder=self.holder,
        )


class _Collector:
    def __init__(self) -> None:
        self.found: list[DocxParagraph] = []
        self.joined: _Open | None = None  # a paragraph whose end mark was deleted
        self.tables = 0
        self.cell: Cell | None = None
        self.next_column = 0
        self.holder: Element | None = None  # of the text box being read

    def collect(self, body: Element) -> list[DocxParagraph]:
        self._blocks(body, in_table=False, depth=0)
        if self.joined is not None:
            self.found.append(self.joined.done())
        return self.found

    def _blocks(self, node: Element, *, in_table: bool, depth: int) -> None:
        if depth > _DEPTH:
            raise RecursionError
        for child in node:
            name = _local(child)
            if name == "p":
                self._paragraph(child, in_table, depth)
            elif name == "sdt" and _is_plain_cell(child):
                self._block_control(child, in_table, depth)
            elif name == "tbl":
                outside, column = self.cell, self.next_column
                self.cell, self.next_column = Cell(self.tables, -1, 0), 0
                self.tables += 1
                self._blocks(child, in_table=True, depth=depth + 1)
                self.cell, self.next_column = outside, column
            elif name not in _SKIPPED:
                self._enter(child, name)
                self._blocks(child, in_table=in_table, depth=depth + 1)

    def _enter(self, node: Element, name: str) -> None:
        """Keep count of rows and columns."""
        if self.cell is None:
            return
        if name == "tr":
            self.cell, self.next_column = Cell(self.cell.table, self.cell.row + 1, 0), 0
        elif name == "tc":
            self.cell = replace(self.cell, column=self.next_column)
            properties = _child(node, "tcPr")
            span = None if properties is None else _child(properties, "gridSpan")
            wide = "" if span is None else _attribute(span, "val")
            self.next_column += int(wide) if wide.isdecimal() and len(wide) < 4 else 1

    def _block_control(self, control: Element, in_table: bool, depth: int) -> None:
        """A control around whole paragraphs (Word makes one of a control alone in its line)."""
        before = len(self.found)
        content = _child(control, "sdtContent")
        if content is not None:
            self._blocks(content, in_table=in_table, depth=depth + 1)
        if len(self.found) == before + 1:
            only = self.found[before]
            span = _span(control, 0, only.text)
            self.found[before] = replace(only, spans=(span, *only.spans))

    def _paragraph(self, node: Element, in_table: bool, depth: int) -> None:
        properties = _child(node, "pPr")
        style, mark_deleted = "", False
        if properties is not None:
            style_node = _child(properties, "pStyle")
            style = "" if style_node is None else _attribute(style_node, "val")
            mark = _child(properties, "rPr")
            mark_deleted = mark is not None and _child(mark, "del") is not None
        current = self.joined or _Open(
            style,
            in_table,
            self.cell,
            node if self.holder is None else self.holder,
            self.holder is not None,
        )
        self.joined = None
        boxes: list[Element] = []
        self._inline(node, current, boxes, depth)
        if mark_deleted:
            self.joined = current
        else:
            self.found.append(current.done())
        outside = self.holder
        for box in boxes:
            self.holder = current.holder
            self._blocks(box, in_table=in_table, depth=depth + 1)
        self.holder = outside

    def _inline(self, node: Element, current: _Open, boxes: list[Element], depth: int) -> None:
        if depth > _DEPTH:
            raise RecursionError
        for child in node:
            name = _local(child)
            if name in _SKIPPED or (name == "r" and _hidden(child)):
                continue
            if name == "t":
                current.add(child.text or "", child)
            elif name in _SIGNS:
                current.add(_SIGNS[name], child)
            elif name == "txbxContent":
                boxes.append(child)
            elif name == "sdt":
                start, position = current.length, len(current.spans)
                content = _child(child, "sdtContent")
                if content is not None:
                    self._inline(content, current, boxes, depth + 1)
                text = "".join(current.pieces)[start:]
                current.spans.insert(position, _span(child, start, text))
            else:
                self._inline(child, current, boxes, depth + 1)


def _is_plain_cell(control: Element) -> bool:
    content = _child(control, "sdtContent")
    return content is not None and _child(content, "p") is not None


def _hidden(run: Element) -> bool:
    properties = _child(run, "rPr")
    vanish = None if properties is None else _child(properties, "vanish")
    return vanish is not None and _attribute(vanish, "val") not in ("0", "false", "off")


def _span(control: Element, start: int, text: str) -> Span:
    properties = _child(control, "sdtPr")
    values = {"tag": "", "alias": "", "dataBinding": ""}
    for node in () if properties is None else properties:
        name = _local(node)
        if name in values:
            values[name] = _attribute(node, "xpath" if name == "dataBinding" else "val")
    return Span(
        values["tag"], values["alias"], start, start + len(text), text, values["dataBinding"]
    )


def _facts(package: Package) -> dict[str, dict[str, Any]]:
    """Our map of facts. Only parts related to the document count; others are left-overs."""
    for kind, part in package.related(package.main).values():
        if kind.endswith("/customXml") and part in package.parts():
            root = package.xml(part)
            if root.tag == f"{{{FACTS}}}facts":
                return dict(_fact_rows(root))
    return {}


def _fact_rows(root: Element) -> Iterator[tuple[str, dict[str, Any]]]:
    for node in root:
        key, data = node.get("id", ""), _child(node, "data")
        try:
            fact = json.loads((data.text if data is not None else None) or "{}")
        except (ValueError, RecursionError):
            continue  # edited by hand; the number is then found without its fact
        if key and isinstance(fact, dict):
            yield key, fact

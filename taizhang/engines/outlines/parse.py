"""Outlines: the text of a report with figures in it, read from TOML.

``{volunteering.events}`` is a figure in its default wording, ``{aid.funds|万}`` in another,
``{list:campaigns}`` names from a register, ``{list:top-activities|3}`` at most three of them,
``{@unit}`` a variable; ``{{`` and ``}}`` are literal braces. A paragraph is kept as sentences,
because a sentence is what is left out while a figure in it cannot be had yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from taizhang.engines.figures.numerals import check_style
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import Bilingual, nearest
from taizhang.engines.tables import TableReader
from taizhang.engines.tree import Text

VARIABLES = ("unit", "year", "next_year", "period", "version", "date")

_KEYS = (
    *("code", "name", "title", "byline", "opening", "parts", "closing", "signature", "awaits"),
)
_PART_KEYS = ("heading", "paragraphs", "sections")
DEEPEST = 4
"""Levels of headings: 一、 （一） 1. （1）"""
MOST_NAMES = 20
"""So many names at most stand in one list in the text."""
_LIST = "list:"
_PIECE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")
_ENDS = frozenset("。！？")
_OPENERS = "“‘（『「《〈【"
_CLOSERS = "”’）』」》〉】"


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure in the text; ``style`` None is the figure's own wording."""

    code: str
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A word that the report supplies: one of ``VARIABLES``."""

    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Names from a register; ``most`` None is as many as the list itself says."""

    name: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece that cannot be read any more, as it is written, and why."""

    text: str
    findings: tuple[Finding, ...]


Piece = Text | Slot | Variable | Listing | Fault
Sentence = tuple[Piece, ...]
Sentences = tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its paragraphs, then its sections, which are parts one level down."""

    heading: Sentence
    paragraphs: tuple[Sentences, ...]
    sections: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A report's text. ``awaits`` names the figures whose registers do not exist yet."""

    code: str
    name: Bilingual
    title: tuple[Sentence, ...]
    byline: Sentence
    opening: tuple[Sentences, ...]
    parts: tuple[Part, ...]
    closing: tuple[Sentences, ...]
    signature: tuple[Sentence, ...]
    awaits: Mapping[str, Bilingual]

    def figures(self) -> tuple[str, ...]:
        """Return the codes of the figures that must have facts, in reading order."""
        codes = (piece.code for piece in self._pieces() if isinstance(piece, Slot))
        return tuple(dict.fromkeys(code for code in codes if code not in self.awaits))

    def lists(self) -> tuple[Listing, ...]:
        """Return the lists of names that stand in the text, in reading order."""
        return tuple(dict.fromkeys(piece for piece in self._pieces() if isinstance(piece, Listing)))

    def _pieces(self) -> Iterator[Piece]:
        def walk(parts: tuple[Part, ...]) -> Iterator[Sentences]:
            for part in parts:
                yield from part.paragraphs
                yield from walk(part.sections)

        for paragraph in (*self.opening, *walk(self.parts), *self.closing):
            for sentence in paragraph:
                yield from sentence


def parse_outline(
    doc: Mapping[str, Any],
    known: Collection[str],
    source: str,
    *,
    lists: Collection[str] = (),
    lenient: bool = False,
) -> Outline:
    """Read an outline from its TOML; ``known`` are the codes of the figures that exist.

    Raises one Refused with everything that is wrong, ``where`` being like
    ``source: parts[3].sections[1].paragraphs[0]``: ``outline.unknown-figure``,
    ``outline.no-longer-awaited``, ``outline.unknown-variable``, ``outline.unbalanced-brace``,
    ``outline.figure-outside-paragraph``, ``outline.unknown-list``, ``outline.bad-count``,
    ``outline.too-deep``, ``style.*`` and ``table.*``. When ``lenient``, what is wrong within a text
    becomes a ``Fault`` in its place, so that an outline outlives a figure that vanished.
    """
    findings: list[Finding] = []
    root = TableReader(doc, _KEYS, f"{source}:", findings)
    awaits = _awaits(root, known, source, findings)
    names = frozenset(known), frozenset(awaits), frozenset(lists)
    reader = _Reader(*names, source, findings, lenient)
    name = root.bilingual("name")
    outline = Outline(
        code=root.text("code"),
        name=name or Bilingual("", ""),
        title=reader.lines("title", root.texts("title", required=True)),
        byline=reader.line("byline", root.text("byline", required=False)),
        opening=reader.paragraphs("opening", root.texts("opening")),
        parts=reader.parts("parts", root.tables("parts", required=True), 1),
        closing=reader.paragraphs("closing", root.texts("closing")),
        signature=reader.lines("signature", root.texts("signature")),
        awaits=awaits,
    )
    if findings:
        raise Refused(*findings)
    return outline


def parse_text(
    text: str,
    known: Collection[str],
    awaited: Collection[str] = (),
    lists: Collection[str] = (),
    *,
    figures: bool = True,
    lenient: bool = False,
) -> Sentence:
    """Read one text of an outline; ``figures`` tells whether figures may stand in it.

    Raises Refused as ``parse_outline``, the place left blank; a ``lenient`` reading gives faults.
    """
    findings: list[Finding] = []
    names = frozenset(known), frozenset(awaited), frozenset(lists)
    pieces = _Reader(*names, "", findings, lenient)._pieces("", text, figures=figures)
    if findings:
        raise Refused(*(finding.at("") for finding in findings))
    return pieces


def split_sentences(pieces: Sentence) -> Sentences:
    """Cut a paragraph after each 。！？, closing quotes and brackets staying with their sentence.

    An end inside quotes or brackets that go on is not an end: leaving out one of the two
    sentences of ``“甲。乙。”`` would leave half a pair of quotes.
    """
    sentences: list[Sentence] = []
    current: list[Piece] = []
    depth = 0
    ended = False
    for piece in pieces:
        words = ""
        for sign in piece.text if isinstance(piece, Text) else "\0":
            if ended and sign not in _ENDS and sign not in _CLOSERS:
                ended = False
                if depth == 0:
                    if words:
                        current.append(Text(words))
                    sentences.append(tuple(current))
                    current, words = [], ""
            if sign in _OPENERS:
                depth += 1
            elif sign in _CLOSERS:
                depth = max(0, depth - 1)
            elif sign in _ENDS:
                ended = True
            words += sign
        if not isinstance(piece, Text):
            current.append(piece)
        elif words:
            current.append(Text(words))
    if current:
        sentences.append(tuple(current))
    return tuple(sentences)


def _awaits(
    root: TableReader, known: Collection[str], source: str, findings: list[Finding]
) -> dict[str, Bilingual]:
    named = root.table.get("awaits", {})
    where = f"{source}: awaits"
    if not isinstance(named, Mapping):
        params = {"key": "awaits", "expected": "table"}
        findings.append(Finding("table.wrong-type", "must", where, params))
        return {}
    reader = TableReader(named, tuple(named), where, findings)
    awaits: dict[str, Bilingual] = {}
    for code in named:
        if code in known:
            finding = Finding("outline.no-longer-awaited", "must", where, {"code": code})
            findings.append(finding)
        awaits[code] = reader.bilingual(code) or Bilingual(code, code)
    return awaits


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads texts at their places, with what may be named in them."""

    known: frozenset[str]
    awaited: frozenset[str]
    lists: frozenset[str]
    source: str
    findings: list[Finding] = field(repr=False)
    lenient: bool = False

    def parts(self, at: str, tables: tuple[Mapping[str, Any], ...], level: int) -> tuple[Part, ...]:
        return tuple(
            self._part(f"{at}[{index}]", table, level) for index, table in enumerate(tables)
        )

    def paragraphs(self, at: str, texts: tuple[str, ...]) -> tuple[Sentences, ...]:
        return tuple(
            split_sentences(self._pieces(f"{at}[{index}]", text, figures=True))
            for index, text in enumerate(texts)
        )

    def lines(self, at: str, texts: tuple[str, ...]) -> tuple[Sentence, ...]:
        return tuple(self.line(f"{at}[{index}]", text) for index, text in enumerate(texts))

    def line(self, at: str, text: str) -> Sentence:
        return self._pieces(at, text, figures=False)

    def _part(self, at: str, table: Mapping[str, Any], level: int) -> Part:
        reader = TableReader(table, _PART_KEYS, f"{self.source}: {at}", self.findings)
        sections = reader.tables("sections")
        if sections and level == DEEPEST:
            self._find("outline.too-deep", at, {"levels": DEEPEST})
            sections = ()
        return Part(
            self.line(f"{at}.heading", reader.text("heading")),
            self.paragraphs(f"{at}.paragraphs", reader.texts("paragraphs")),
            self.parts(f"{at}.sections", sections, level + 1),
        )

    def _pieces(self, at: str, text: str, *, figures: bool) -> Sentence:
        pieces: list[Piece] = []
        for cut in _PIECE.findall(text):
            before = len(self.findings)
            piece = self._piece(at, cut, text, figures)
            if self.lenient and len(self.findings) > before:
                piece = Fault(cut, tuple(self.findings[before:]))
                del self.findings[before:]
            if isinstance(piece, Text) and pieces and isinstance(pieces[-1], Text):
                pieces[-1] = Text(pieces[-1].text + piece.text)
            elif piece != Text(""):
                pieces.append(piece)
        return tuple(pieces)

    def _piece(self, at: str, cut: str, text: str, figures: bool) -> Piece:
        if len(cut) == 1 and cut in "{}":
            self._find("outline.unbalanced-brace", at, {"text": text})
            return Text("")
        if cut in ("{{", "}}"):
            return Text(cut[0])
        if not cut.startswith("{"):
            return Text(cut)
        body = cut[1:-1].strip()
        return (
            self._list(at, body, figures)
            if body.startswith(_LIST)
            else self._slot(at, body, figures)
        )

    def _list(self, at: str, body: str, figures: bool) -> Piece:
        name, bar, most = body.removeprefix(_LIST).partition("|")
        if not figures:
            self._find("outline.figure-outside-paragraph", at, {"code": body})
        if name not in self.lists:
            params = {"name": name, "nearest": nearest(name, self.lists)}
            self._find("outline.unknown-list", at, params)
        if bar and not (re.fullmatch("[1-9][0-9]?", most) and int(most) <= MOST_NAMES):
            self._find("outline.bad-count", at, {"text": most, "most": MOST_NAMES})
            most = "1"
        return Listing(name, int(most) if bar else None)

    def _slot(self, at: str, body: str, figures: bool) -> Piece:
        if body.startswith("@"):
            name = body[1:]
            if name not in VARIABLES:
                params = {"name": name, "nearest": nearest(name, VARIABLES)}
                self._find("outline.unknown-variable", at, params)
            return Variable(name)
        code, bar, style = body.partition("|")
        if not figures:
            self._find("outline.figure-outside-paragraph", at, {"code": code})
        elif code not in self.known and code not in self.awaited:
            params = {"code": code, "nearest": nearest(code, self.known | self.awaited)}
            self._find("outline.unknown-figure", at, params)
        try:
            check_style(style)
        except Refused as refused:
            self.findings.extend(one.at(f"{self.source}: {at}") for one in refused.findings)
        return Slot(code, style if bar else None)

    def _find(self, code: str, at: str, params: Mapping[str, object]) -> None:
        self.findings.append(Finding(code, "must", f"{self.source}: {at}", params))

"""An outline with its facts becomes a document, and what is to be said about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from taizhang.engines.figures.numerals import hanzi, plain, spell
from taizhang.engines.findings import Finding
from taizhang.engines.names import Bilingual
from taizhang.engines.outlines.parse import (
    Fault,
    Listing,
    Outline,
    Part,
    Piece,
    Sentence,
    Sentences,
    Slot,
    Variable,
)
from taizhang.engines.tree import Document, FigureRun, Paragraph, Role, Run, Text

MISSING = "缺项"

LEVELS: tuple[tuple[Role, Callable[[int], str]], ...] = (
    ("heading1", lambda number: f"{hanzi(number)}、"),
    ("heading2", lambda number: f"（{hanzi(number)}）"),
    ("heading3", lambda number: f"{number}."),
    ("heading3", lambda number: f"（{number}）"),
)


@dataclass(frozen=True, slots=True)
class ReportFact:
    """A figure's value for the report's unit and period.

    ``unit`` is the measure word, ``style`` the default wording, ``query`` the address of its list.
    Equal ``row_group``: the very same ``row_group_size`` rows were counted; None for a formula.
    ``weak``: too many of its rows lack proof.
    """

    code: str
    name: str
    value: Decimal | None
    rows: int
    unit: str
    style: str = ""
    zero: str | None = None
    query: str | None = None
    row_group: str | None = None
    row_group_size: int = 0
    weak: bool = False


@dataclass(frozen=True, slots=True)
class ListFact:
    """The names of a list for the report's unit and period, joined; blank when there are none."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ToCome:
    """A sentence left out because registers for its figures do not exist yet.

    ``headings`` is where it belongs, without numbers; ``text`` is the sentence with the awaited
    figures' Chinese names in 〔〕.
    """

    headings: tuple[str, ...]
    text: str
    codes: tuple[str, ...]
    names: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The document, what must or may be looked at in it, and what is not in it yet."""

    document: Document
    findings: tuple[Finding, ...]
    to_come: tuple[ToCome, ...]


def compile_outline(
    outline: Outline,
    facts: Mapping[str, ReportFact],
    variables: Mapping[str, str],
    lists: Mapping[Listing, ListFact] | None = None,
) -> Compiled:
    """Return the document of an outline, numbered and with every figure worded.

    A sentence with an awaited figure is left out and listed in ``to_come``; a paragraph, section
    or part that is left with nothing disappears, and the numbering closes up. Findings, in reading
    order, ``where`` being the paragraph's id: ``report.missing-value`` (no value, or nought
    without a wording for it), ``report.same-rows`` (two sentences count the very same rows: one
    finding for the pair, at the later one), ``report.weak-proof``, ``report.empty-list``, and the
    findings of every ``Fault``.

    ``facts`` must hold every code in ``outline.figures()``, ``lists`` every one in
    ``outline.lists()``, and ``variables`` every variable that the outline names: else KeyError.
    """
    writer = _Writer(outline.awaits, facts, variables, lists or {})
    for line in outline.title:
        writer.line("title", line)
    if outline.byline:
        writer.line("byline", outline.byline)
    writer.paragraphs(writer.kept(outline.opening, ()), ())
    writer.parts(writer.kept_parts(outline.parts, ()), 0, ())
    writer.paragraphs(writer.kept(outline.closing, ()), ())
    for line in outline.signature:
        writer.line("signature", line)
    same, marked = _same_rows(writer.groups)
    blocks = tuple(_marked(paragraph, marked) for paragraph in writer.blocks)
    title = "".join(block.text for block in blocks if block.role == "title")
    # The sort is stable: within a paragraph, missing and weak figures before shared rows.
    findings = sorted(writer.findings + same, key=lambda one: int(one.where.removeprefix("p-")))
    document = Document(title, "zh-Hans", blocks)
    return Compiled(document, tuple(findings), tuple(writer.to_come))


def compile_pieces(
    pieces: Sentence,
    awaits: Mapping[str, Bilingual],
    facts: Mapping[str, ReportFact],
    variables: Mapping[str, str],
    lists: Mapping[Listing, ListFact],
) -> tuple[tuple[Run, ...], tuple[Finding, ...]]:
    """Return one text of an outline as an editor shows it, awaited figures as names in 〔〕."""
    writer = _Writer(awaits, facts, variables, lists)
    runs = tuple(
        Text(writer.promised((piece,)))
        if isinstance(piece, Slot) and piece.code in awaits
        else writer.run(piece, "")
        for piece in pieces
    )
    return runs, tuple(writer.findings)


@dataclass(frozen=True, slots=True)
class _Use:
    """What one sentence says from one group of rows."""

    paragraph: str
    headings: tuple[str, ...]
    runs: tuple[FigureRun, ...]
    rows: int


@dataclass(slots=True)
class _Writer:
    """Writes blocks in reading order, noting on the way what is to be said."""

    awaits: Mapping[str, Bilingual]
    facts: Mapping[str, ReportFact]
    variables: Mapping[str, str]
    lists: Mapping[Listing, ListFact]
    blocks: list[Paragraph] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    to_come: list[ToCome] = field(default_factory=list)
    groups: dict[str, list[_Use]] = field(default_factory=lambda: defaultdict(list))
    figures: int = 0

    def kept(
        self, paragraphs: tuple[Sentences, ...], headings: tuple[str, ...]
    ) -> tuple[Sentences, ...]:
        """Return the paragraphs without what is to come, which is noted."""
        kept: list[Sentences] = []
        for paragraph in paragraphs:
            sentences: list[Sentence] = []
            for sentence in paragraph:
                codes = dict.fromkeys(
                    piece.code
                    for piece in sentence
                    if isinstance(piece, Slot) and piece.code in self.awaits
                )
                if codes:
                    names = tuple(self.awaits[code] for code in codes)
                    text = self.promised(sentence)
                    self.to_come.append(ToCome(headings, text, tuple(codes), names))
                else:
                    sentences.append(sentence)
            if sentences:
                kept.append(tuple(sentences))
        return tuple(kept)

    def kept_parts(self, parts: tuple[Part, ...], headings: tuple[str, ...]) -> tuple[Part, ...]:
        """Return the parts that still have something under their heading."""
        kept: list[Part] = []
        for part in parts:
            path = (*headings, self._words(part.heading))
            paragraphs = self.kept(part.paragraphs, path)
            sections = self.kept_parts(part.sections, path)
            if paragraphs or sections:
                kept.append(Part(part.heading, paragraphs, sections))
        return tuple(kept)

    def line(self, role: Role, line: Sentence, prefix: str = "") -> None:
        """Write a line without figures."""
        text = prefix + self._words(line)
        self._note_faults(line, self._next_id())
        self.blocks.append(Paragraph(self._next_id(), role, (Text(text),)))

    def parts(self, parts: tuple[Part, ...], level: int, headings: tuple[str, ...]) -> None:
        """Write parts with their numbered headings."""
        for number, part in enumerate(parts, 1):
            role, numbering = LEVELS[level]
            self.line(role, part.heading, numbering(number))
            path = (*headings, self._words(part.heading))
            self.paragraphs(part.paragraphs, path)
            self.parts(part.sections, level + 1, path)

    def paragraphs(self, paragraphs: tuple[Sentences, ...], headings: tuple[str, ...]) -> None:
        """Write paragraphs of body text."""
        for sentences in paragraphs:
            where = self._next_id()
            runs: list[Run] = []
            for sentence in sentences:
                written = [self.run(piece, where) for piece in sentence]
                self._note_groups(written, where, headings)
                self._note_weak(written, where)
                for run in written:
                    if isinstance(run, Text) and runs and isinstance(runs[-1], Text):
                        runs[-1] = Text(runs[-1].text + run.text)
                    else:
                        runs.append(run)
            self.blocks.append(Paragraph(where, "body", tuple(runs)))

    def _next_id(self) -> str:
        return f"p-{len(self.blocks) + 1}"

    def _words(self, line: Sentence) -> str:
        """Return the text of a line, which has no figures."""
        return "".join(
            self.variables[piece.name] if isinstance(piece, Variable) else piece.text
            for piece in line
            if not isinstance(piece, Slot | Listing)
        )

    def promised(self, sentence: Sentence) -> str:
        """Return a sentence with the names of its figures and lists in 〔〕."""
        names = {code: name.zh for code, name in self.awaits.items()}
        return "".join(
            f"〔{names.get(piece.code) or self.facts[piece.code].name}〕"
            if isinstance(piece, Slot)
            else f"〔{self.lists[piece].name}〕"
            if isinstance(piece, Listing)
            else self._words((piece,))
            for piece in sentence
        )

    def run(self, piece: Piece, where: str) -> Run:
        """Write one piece of a paragraph, noting what is missing."""
        if isinstance(piece, Listing):
            return self._list(piece, where)
        if not isinstance(piece, Slot):
            self._note_faults((piece,), where)
            return Text(self._words((piece,)))
        self.figures += 1
        fact = self.facts[piece.code]
        style = fact.style if piece.style is None else piece.style
        text = spell(fact.value, fact.unit, style, fact.zero)
        value = None if fact.value is None else plain(fact.value)
        marks: tuple[str, ...] = ()
        if text is None or (value == "0" and fact.zero is None):
            text, marks = MISSING, ("missing",)
            params = {"code": fact.code, "name": fact.name, "rows": fact.rows}
            self.findings.append(Finding("report.missing-value", "must", where, params))
        elif fact.weak:
            marks = ("weak",)
        identity = f"f{self.figures}"
        return FigureRun(identity, fact.code, text, value, fact.unit, fact.rows, fact.query, marks)

    def _list(self, piece: Listing, where: str) -> Run:
        found = self.lists[piece]
        if not found.text:
            params = {"name": found.name}
            self.findings.append(Finding("report.empty-list", "must", where, params))
        return Text(found.text or MISSING)

    def _note_faults(self, pieces: Sentence, where: str) -> None:
        for piece in pieces:
            if isinstance(piece, Fault):
                self.findings.extend(finding.at(where) for finding in piece.findings)

    def _note_groups(self, written: list[Run], where: str, headings: tuple[str, ...]) -> None:
        uses: dict[str, list[FigureRun]] = defaultdict(list)
        for run in written:
            if isinstance(run, FigureRun):
                fact = self.facts[run.code]
                # Counting no rows twice is not counting anything twice.
                if fact.row_group is not None and fact.row_group_size:
                    uses[fact.row_group].append(run)
        for group, runs in uses.items():
            rows = self.facts[runs[0].code].row_group_size
            self.groups[group].append(_Use(where, headings, tuple(runs), rows))

    def _note_weak(self, written: list[Run], where: str) -> None:
        """One finding for what a sentence says of one set of weakly proved rows."""
        weak: dict[str, list[FigureRun]] = defaultdict(list)
        for run in written:
            if isinstance(run, FigureRun) and "weak" in run.marks:
                weak[self.facts[run.code].row_group or run.code].append(run)
        for runs in weak.values():
            params = {
                "name": tuple(self.facts[run.code].name for run in runs),
                "text": tuple(run.text for run in runs),
                "code": tuple(run.code for run in runs),
                "rows": runs[0].rows,
            }
            self.findings.append(Finding("report.weak-proof", "look", where, params))


def _same_rows(groups: Mapping[str, list[_Use]]) -> tuple[list[Finding], frozenset[str]]:
    """Return the findings, and the ids of the figures that share their rows with a sentence.

    Each later use is set beside the first: all pairs of thousands would be millions.
    """
    findings: list[Finding] = []
    marked: set[str] = set()
    for uses in groups.values():
        first, *others = uses
        for second in others:
            params = {
                "first": first.paragraph,
                "second": second.paragraph,
                "first_headings": " / ".join(first.headings),
                "second_headings": " / ".join(second.headings),
                "first_text": tuple(run.text for run in first.runs),
                "second_text": tuple(run.text for run in second.runs),
                "first_codes": tuple(run.code for run in first.runs),
                "second_codes": tuple(run.code for run in second.runs),
                "rows": first.rows,
            }
            findings.append(Finding("report.same-rows", "look", second.paragraph, params))
            marked.update(run.id for run in (*first.runs, *second.runs))
    return findings, frozenset(marked)


def _marked(paragraph: Paragraph, same: frozenset[str]) -> Paragraph:
    runs = tuple(
        replace(run, marks=("same", *run.marks))
        if isinstance(run, FigureRun) and run.id in same
        else run
        for run in paragraph.runs
    )
    return replace(paragraph, runs=runs)

"""A report's .docx that came back from Word or WPS, read beside the outline and the ledger."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.documents.docx_facts import control_id
from taizhang.documents.docx_parts import STYLE_IDS
from taizhang.documents.docx_reader import DocxParagraph, DocxText, read_docx
from taizhang.documents.files import atomic_target
from taizhang.engines.figures.numerals import plain, spell
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.outlines import accepting, likeness
from taizhang.engines.outlines.parse import Slot, split_sentences
from taizhang.engines.outlines.readback import (
    Control,
    Present,
    Printed,
    ReadBack,
    ReadBlock,
    ReadParagraph,
    read_back,
)
from taizhang.engines.outlines.showing import Read, Shown, read_blocks, still_awaited
from taizhang.engines.tree import Document, FigureRun, Paragraph, Run, Table, Text
from taizhang.figures.definitions import definitions
from taizhang.figures.facts import Fact, facts

from . import catalogue, compile, lists, own, paper
from .own import Place

KEPT_SECONDS = 24 * 3600
"""A copy is kept so long, that pages about it can be loaded again; nothing else is."""
MOST_PARAGRAPHS, MOST_SIGNS, MOST_NUMBERS = 5_000, 400_000, 2_000
_OURS = 0.3
"""Of a report's paragraphs, so many stand in a file that lost its map of numbers and is still ours."""


@dataclass(frozen=True)
class Target:
    """The block of the outline a paragraph comes from.

    ``text`` is what accepting the paragraph would write, blank where it cannot be accepted;
    ``hindrance`` is why, as the code of a sentence.
    """

    key: str
    base: int
    text: str
    hindrance: str = ""


@dataclass(frozen=True)
class Returned:
    """A file that came back: what became of it, and the blocks that its paragraphs come from."""

    result: ReadBack
    facts: Mapping[str, Fact]
    targets: Mapping[str, Target]
    notes: tuple[Finding, ...]


def keep(given: Any, name: str, user: Any) -> str:
    """Keep an upload for a day under a name of our own, for this user only; returns that name."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    _forget_old(folder)
    token = secrets.token_hex(16)
    with atomic_target(path_of(token, user)) as file:
        for chunk in given.chunks():
            file.write(chunk)
    return token


def path_of(token: str, user: Any) -> Path:
    """Where a kept upload of a user lies."""
    return _folder() / f"{user.pk}-{token}.docx"


def drop(token: str, user: Any) -> None:
    """Forget an upload."""
    path_of(token, user).unlink(missing_ok=True)


def _folder() -> Path:
    root: Path = settings.UPLOAD_ROOT
    return root / "readback"


def _forget_old(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # somebody else's request may remove it too
            if path.stat().st_mtime < oldest:
                path.unlink()


def returned(place: Place, path: Path, name: str) -> Returned:
    """Read a file back for a report; a fixed number of queries.

    Refuses what ``read_docx`` refuses, ``readback.too-long``, ``readback.other-report`` and
    ``readback.not-ours``.
    """
    read = read_docx(path, name, limit=settings.UPLOAD_LIMIT_MB * 1024 * 1024)
    _check_size(read, name)
    _check_report(read, place, name)
    outline = catalogue.find(place.code, place.unit, place.period)
    made = compile.report(outline, place.unit, place.period)
    document = made.compiled.document
    printed = _map(read)
    notes: list[Finding] = []
    if not printed:
        if not _is_ours(read, document):
            raise Refused.because("readback.not-ours", name, name=name)
        notes.append(Finding("readback.map-lost", "look"))
        printed = {f.id: Printed(f.code, f.text, f.value) for f in document.figures()}
    ids = _ids(printed, document)
    original = _as_printed(document, ids, printed)
    known = dict(made.facts)
    missing = {one.code for one in printed.values()} & definitions().keys() - known.keys()
    known |= facts(sorted(missing), place.unit.code, place.period) if missing else {}
    present = {key: _present(one.code, known) for key, one in printed.items() if one.code in known}
    present |= {ids[f.id]: Present(f.text, f.value) for f in document.figures() if f.id in ids}
    result = read_back(original, _paragraphs(read, printed, document), printed, present)
    return Returned(result, known, _targets(place, document, ids, result), tuple(notes))


def _check_size(read: DocxText, name: str) -> None:
    signs = sum(len(paragraph.text) for paragraph in read.paragraphs)
    too_many = len(read.paragraphs) > MOST_PARAGRAPHS or len(read.facts) > MOST_NUMBERS
    if too_many or signs > MOST_SIGNS:
        params = {"name": name, "paragraphs": MOST_PARAGRAPHS, "signs": MOST_SIGNS}
        raise Refused.because("readback.too-long", name, **params)


def _check_report(read: DocxText, place: Place, name: str) -> None:
    """Refuse the report of another unit or period: every number would seem changed."""
    for fact in read.facts.values():
        unit, period = fact.get("unit_code"), fact.get("period")
        if unit != place.unit.code or period != place.period.text:
            raise Refused.because(
                "readback.other-report", name, name=name, unit=str(unit), period=str(period)
            )


def _map(read: DocxText) -> dict[str, Printed]:
    """What the file says of its numbers; whoever edits that by hand only deceives themselves."""
    return {
        key: Printed(str(fact["code"]), str(fact.get("prints", "")), _text(fact.get("value")))
        for key, fact in read.facts.items()
        if fact.get("code")
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _is_ours(read: DocxText, document: Document) -> bool:
    before = [b.text for b in document.blocks if isinstance(b, Paragraph) and b.text.strip()]
    after = [paragraph.text for paragraph in read.paragraphs if paragraph.text.strip()]
    return len(likeness.paired(before, after, {})) >= max(2, _OURS * len(before))


def _ids(printed: Mapping[str, Printed], document: Document) -> dict[str, str]:
    """Which id a number of today's text has in the file: they count on, and texts change."""
    keys = sorted(printed, key=lambda key: (len(key), key))
    figures = document.figures()
    common = likeness.blocks([printed[k].code for k in keys], [f.code for f in figures])
    return {figures[b + n].id: keys[a + n] for a, b, size in common for n in range(size)}


def _as_printed(
    document: Document, ids: Mapping[str, str], printed: Mapping[str, Printed]
) -> Document:
    """Today's text with the numbers as the file says they were printed."""

    def run(one: Run) -> Run:
        if not isinstance(one, FigureRun):
            return one
        if one.id not in ids:
            return Text(one.text)
        then = printed[ids[one.id]]
        return replace(one, id=ids[one.id], text=then.text, value=then.value)

    def cells(row: Iterable[Iterable[Run]]) -> tuple[tuple[Run, ...], ...]:
        return tuple(tuple(map(run, cell)) for cell in row)

    blocks = tuple(
        replace(block, rows=tuple(map(cells, block.rows)))
        if isinstance(block, Table)
        else replace(block, runs=tuple(map(run, block.runs)))
        for block in document.blocks
    )
    return replace(document, blocks=blocks)


def _present(code: str, known: Mapping[str, Fact]) -> Present:
    """A number that today's text does not hold, as it would be printed in its own wording."""
    fact = known[code]
    d = fact.definition
    value = None if fact.value is None else plain(fact.value)
    return Present(spell(fact.value, d.unit, d.style, d.zero) or "", value)


def _paragraphs(
    read: DocxText, printed: Mapping[str, Printed], document: Document
) -> list[ReadParagraph]:
    """What was read, without what only a signed report has: the lines of its seal, its own byline."""
    signed = {
        block.text.replace(compile.DRAFT, compile.FINAL): block.text
        for block in document.blocks
        if isinstance(block, Paragraph) and compile.DRAFT in block.text
    }
    found = []
    for paragraph in read.paragraphs:
        if paragraph.style == STYLE_IDS["note"] and not paragraph.spans:
            continue
        text, controls = _unrepeated(paragraph, printed)
        found.append(ReadParagraph(text if controls else signed.get(text, text), controls))
    return found


def _unrepeated(
    paragraph: DocxParagraph, printed: Mapping[str, Printed]
) -> tuple[str, tuple[Control, ...]]:
    """A paragraph with each number once.

    LibreOffice writes a bound control anew for every change of script in it, each time with its
    whole text: 8场次 becomes 8场次场次8场次8场次, in controls that touch each other.
    """
    pieces: list[str] = []
    controls: list[Control] = []
    position = length = 0
    last = ("", -1)
    for span in sorted(paragraph.spans, key=lambda span: (span.start, -span.end)):
        key = control_id(span, printed)
        if not key or span.start < position:
            continue
        pieces.append(paragraph.text[position : span.start])
        length += span.start - position
        if (key, span.start) != last:
            pieces.append(span.text)
            controls.append(Control(key, length, length + len(span.text)))
            length += len(span.text)
        position = span.end
        last = (key, span.end)
    return "".join([*pieces, paragraph.text[position:]]), tuple(controls)


def block_of(place: Place, where: str) -> str:
    """The id of the outline's block that is printed as paragraph ``where``; blank if there is none."""
    text, _kept = own.text_of(place)
    shown = [one for one in paper.shown(place, text) if not one.left_out]
    number = where.removeprefix("p-")
    return (
        shown[int(number) - 1].block.id if number.isdecimal() and int(number) <= len(shown) else ""
    )


def _targets(
    place: Place, document: Document, ids: Mapping[str, str], result: ReadBack
) -> dict[str, Target]:
    """The outline's blocks by the id of the printed paragraph; only of paragraphs that changed."""
    changed = {block.where: block for block in result.blocks if block.kind == "changed"}
    text, _kept = own.text_of(place)
    shown = [one for one in paper.shown(place, text) if not one.left_out]
    if len(shown) != len(document.blocks):
        return {}
    reads = {one.block.id: one for one in read_blocks(text, definitions(), lists.LISTS)}
    found = {}
    awaited = still_awaited(text, definitions())
    slots: dict[str, str] = {}
    sources: dict[str, list[accepting.Source]] = {}
    for one, block in zip(shown, document.blocks, strict=True):
        pieces = _sources(reads[one.block.id], one, block, ids, awaited)
        sources[block.id] = pieces
        slots |= {piece.figure: piece.written for piece in pieces if piece.figure}
    for one, block in zip(shown, document.blocks, strict=True):
        if block.id in changed:
            read = reads[one.block.id]
            back = changed[block.id]
            found[block.id] = _target(read, one.number, sources[block.id], slots, back)
    return found


def _sources(
    read: Read,
    shown: Shown,
    block: Paragraph | Table,
    ids: Mapping[str, str],
    awaited: Collection[str],
) -> list[accepting.Source]:
    """The pieces of a block's text as they are written and printed; what awaits is not printed."""
    figures = iter([run for run in getattr(block, "runs", ()) if isinstance(run, FigureRun)])
    runs = iter(
        [r for p, r in zip(read.pieces, shown.runs, strict=True) if not isinstance(p, Text)]
    )
    found = []
    for sentence in split_sentences(read.pieces):
        printed = [p.text if isinstance(p, Text) else next(runs).text for p in sentence]
        if any(isinstance(piece, Slot) and piece.code in awaited for piece in sentence):
            text = "".join(map(accepting.written, sentence))
            found.append(accepting.Source(text, "", fixed=True))
            continue
        for piece, words in zip(sentence, printed, strict=True):
            text = accepting.written(piece)
            if isinstance(piece, Slot):
                here = next(figures)
                found.append(accepting.Source(text, words, ids.get(here.id, f"?{here.id}")))
            else:
                found.append(accepting.Source(text, words, fixed=not isinstance(piece, Text)))
    return found


def _target(
    read: Read,
    number: str,
    sources: list[accepting.Source],
    slots: Mapping[str, str],
    block: ReadBlock,
) -> Target:
    key, base = read.block.id, read.block.version
    new = accepting.accepted(sources, number, block, slots)
    if new is None:
        lost = {one.figure for one in sources if one.figure} - set(block.figures)
        return Target(key, base, "", "readback.figure-gone" if lost else "readback.number-gone")
    if new == read.block.text:
        return Target(key, base, "", "readback.numbers-only")
    return Target(key, base, new)

"""Finding each fact again in a .docx that people have worked on.

A content control keeps its tag through most editing. Where it was lost (text typed anew, pasted
as plain text, saved by a program without controls) the original text is aligned with what stands
there now, and the number is what stands between the same words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from taizhang.documents.docx_reader import DocxText, Span
from taizhang.documents.layout import clean
from taizhang.engines.tree import Document, FigureRun, Paragraph, Run

How = Literal["tag", "binding", "aligned"]

_LIKE_ENOUGH = 0.5
"""Least likeness of two paragraphs to be taken for the same one."""
_LONGER = 30
"""Characters a number's wording may grow by; beyond that the sentence was written anew."""
_NUMBER = re.compile(r"[约近超逾]?\d[\d,，.]*[^\d，,。；;、]*")
_BOUND_ID = re.compile(r"fact\[@id='([^']*)'\]")
_SLOT = 0xF0000  # private use plane: stands for figure n in the text to align


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact found again; ``text`` is what stands there now."""

    id: str
    text: str
    how: How


def find_facts(read: DocxText, original: Document | None) -> dict[str, FoundFact]:
    """Find facts by tag, else by data binding, else by alignment with ``original``.

    Looked for are the ids of the file's own map and of ``original``; one that is missing in the
    answer is not in the text any more (or its sentence was written anew). Of several controls
    with the same tag (copied text) the first counts.
    """
    wanted = dict.fromkeys(read.facts)
    if original is not None:
        wanted.update(dict.fromkeys(figure.id for figure in original.figures()))
    found: dict[str, FoundFact] = {}
    spans = [span for paragraph in read.paragraphs for span in paragraph.spans]
    for span in spans:
        if span.tag in wanted and span.tag not in found:
            found[span.tag] = FoundFact(span.tag, span.text, "tag")
    for span in spans:
        bound = _BOUND_ID.search(span.binding)
        if bound and bound[1] in wanted and bound[1] not in found:
            found[bound[1]] = FoundFact(bound[1], span.text, "binding")
    if original is not None:
        missing = {key for key in wanted if key not in found}
        if missing:
            found.update(_aligned(read, original, missing))
    return found


def _aligned(read: DocxText, original: Document, missing: set[str]) -> dict[str, FoundFact]:
    before = list(_paragraphs(original))
    after = [paragraph.text for paragraph in read.paragraphs]
    pairs = _pairs([_flat(runs) for runs in before], after, _wanted(before, missing))
    found: dict[str, FoundFact] = {}
    for index, other in pairs.items():
        figures = [run for run in before[index] if isinstance(run, FigureRun)]
        for number, text in _slots(_slotted(before[index]), after[other], figures).items():
            key = figures[number].id
            if key in missing:
                found[key] = FoundFact(key, text, "aligned")
    return found


def _paragraphs(document: Document) -> Iterator[tuple[Run, ...]]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.runs
        else:
            for row in block.rows:
                yield from row


def _wanted(paragraphs: Sequence[tuple[Run, ...]], missing: set[str]) -> set[int]:
    return {
        index
        for index, runs in enumerate(paragraphs)
        if any(isinstance(run, FigureRun) and run.id in missing for run in runs)
    }


def _flat(runs: tuple[Run, ...]) -> str:
    return clean("".join(run.text for run in runs))


def _slotted(runs: tuple[Run, ...]) -> str:
    pieces: list[str] = []
    number = 0
    for run in runs:
        if isinstance(run, FigureRun):
            pieces.append(chr(_SLOT + number))
            number += 1
        else:
            pieces.append(clean(run.text))
    return "".join(pieces)


def _pairs(before: Sequence[str], after: Sequence[str], wanted: set[int]) -> dict[int, int]:
    """Which paragraph became which: equal ones first, the others by likeness between them."""
    # Digits change, words stay: compare with all digits alike.
    left = [re.sub(r"\d", "0", text) for text in before]
    right = [re.sub(r"\d", "0", text) for text in after]
    pairs: dict[int, int] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs.update(zip(range(i1, i2), range(j1, j2), strict=True))
        elif tag == "replace":
            pairs.update(_likest(left, right, [i for i in range(i1, i2) if i in wanted], (j1, j2)))
    # A paragraph that was moved is in no gap: look among all that nobody claimed.
    taken = set(pairs.values())
    free = [j for j in range(len(right)) if j not in taken]
    for i in sorted(wanted - pairs.keys()):
        best = _best(left[i], right, free)
        if best is not None:
            pairs[i] = best
            free.remove(best)
    return pairs


def _likest(
    left: Sequence[str], right: Sequence[str], wanted: Sequence[int], gap: tuple[int, int]
) -> Mapping[int, int]:
    pairs: dict[int, int] = {}
    free = list(range(*gap))
    for i in wanted:
        best = _best(left[i], right, free)
        if best is not None:
            pairs[i] = best
            free = [j for j in free if j > best]  # order is kept within a gap
    return pairs


def _best(text: str, right: Sequence[str], among: Sequence[int]) -> int | None:
    best, likeness = None, _LIKE_ENOUGH
    matcher = SequenceMatcher(None, "", text, autojunk=False)
    for j in among:
        matcher.set_seq1(right[j])
        if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness:
            ratio = matcher.ratio()
            if ratio > likeness:
                best, likeness = j, ratio
    return best


def _slots(before: str, after: str, figures: Sequence[FigureRun]) -> dict[int, str]:
    """What stands in ``after`` where ``before`` has its slots: the text between the same words."""
    found: dict[int, str] = {}
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    left_before = left_after = 0
    for block in blocks:
        numbers = [ord(c) - _SLOT for c in before[left_before : block.a] if ord(c) >= _SLOT]
        if numbers:
            text = after[left_after : block.b]
            found.update(_shared(numbers, text, figures))
        left_before, left_after = block.a + block.size, block.b + block.size
    return found


def _shared(numbers: Sequence[int], text: str, figures: Sequence[FigureRun]) -> dict[int, str]:
    if len(numbers) == 1:
        number = numbers[0]
        text = text.strip()
        fits = text and len(text) <= len(figures[number].text) + _LONGER
        return {number: text} if fits else {}
    # No word kept its place between these figures: share out only when the numbers agree in count.
    pieces = [piece.strip() for piece in _NUMBER.findall(text)]
    return dict(zip(numbers, pieces, strict=True)) if len(pieces) == len(numbers) else {}


def control_id(span: Span, known: Collection[str]) -> str:
    """The ``known`` id that a content control carries: its tag, else its data binding; else blank."""
    if span.tag in known:
        return span.tag
    bound = _BOUND_ID.search(span.binding)
    return bound[1] if bound and bound[1] in known else ""

"""A report that people changed in Word or WPS, compared with what was written: words and numbers.

``read_back`` tells of every paragraph what became of it, and of every number whether it still is
what was printed, was changed by hand, lost its content control, is gone, or has been overtaken by
the ledger. Moved paragraphs, tables put in, controls stripped and numbers typed over are expected.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from taizhang.engines.figures.reading import value_of
from taizhang.engines.outlines import likeness, locating
from taizhang.engines.outlines.likeness import words_of
from taizhang.engines.outlines.rewording import Piece, Token, key_of, pieces, tokens
from taizhang.engines.tree import Document, FigureRun, Paragraph, Role, Run

Kind = Literal["unchanged", "changed", "added", "removed", "moved"]
State = Literal["agreed", "changed", "lost", "gone", "stale"]


@dataclass(frozen=True, slots=True)
class Control:
    """A content control that survived: the figure's id and where it stands in its paragraph."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph, or a cell of a table, as it was read."""

    text: str
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """What the file's own map says of a number: what was printed, and of which value."""

    code: str
    text: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Present:
    """What the ledger says today, and how it would be printed."""

    text: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """What became of one number.

    ``text`` is what stands in the file, empty when it is gone; ``value`` what that means, where it
    is not what was printed. ``outdated``: the ledger's value is another one than was printed, which
    may be true beside any state. ``follows``: what somebody typed is what the ledger says today.
    """

    id: str
    code: str
    state: State
    printed: str
    printed_value: str | None
    text: str = ""
    value: Decimal | None = None
    has_control: bool = False
    present: Present | None = None
    outdated: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A paragraph or cell: what it was and what became of it.

    ``where`` is the id of the block as it was written (``p-3``; a table's cells share the table's),
    empty for an added one; ``after`` its place in the file, None for a removed one. ``moved`` may be
    true of a changed one too.
    """

    kind: Kind
    where: str
    role: Role | Literal["cell"]
    after: int | None
    moved: bool
    pieces: tuple[Piece, ...]

    @property
    def figures(self) -> tuple[str, ...]:
        """The ids of the numbers that still stand in it."""
        return tuple(piece.figure for piece in self.pieces if piece.cut == "figure")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The blocks in the order of the file, removed ones where they stood; the numbers in theirs."""

    blocks: tuple[ReadBlock, ...]
    numbers: tuple[Number, ...]

    def counts(self) -> dict[State, int]:
        """How many numbers are in which state."""
        found: dict[State, int] = dict.fromkeys(("agreed", "stale", "changed", "lost", "gone"), 0)
        for number in self.numbers:
            found[number.state] += 1
        return found


def read_back(
    original: Document,
    found: Sequence[ReadParagraph],
    printed: Mapping[str, Printed],
    present: Mapping[str, Present],
) -> ReadBack:
    """Compare what was written with what was read.

    ``original`` is the text as it was printed, its figures under the ids of the file's map
    ``printed``; ids of the map that ``original`` lacks are looked for by their controls only.
    """
    before = [one for one in _written(original) if one.text.strip()]
    after = [one for one in found if one.text.strip()]
    controls = _controls(after, printed)
    pairs = likeness.paired(
        [one.text for one in before], [one.text for one in after], _by_controls(before, controls)
    )
    spots = _spots(before, after, pairs, controls)
    numbers = [
        _number(key, known, spots.get(key), after, key in controls, present.get(key))
        for key, known in printed.items()
    ]
    return ReadBack(tuple(_blocks(before, after, pairs, spots)), tuple(numbers))


@dataclass(frozen=True, slots=True)
class _Written:
    """A paragraph or a cell of the original."""

    where: str
    role: Role | Literal["cell"]
    runs: tuple[Run, ...]
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "".join(run.text for run in self.runs))

    @property
    def figures(self) -> list[FigureRun]:
        return [run for run in self.runs if isinstance(run, FigureRun)]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a number stands in the file."""

    paragraph: int
    start: int
    end: int


def _written(document: Document) -> Iterator[_Written]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield _Written(block.id, block.role, block.runs)
        else:
            for row in block.rows:
                for cell in row:
                    yield _Written(block.id, "cell", cell)


def _controls(after: Sequence[ReadParagraph], printed: Mapping[str, Printed]) -> dict[str, _Spot]:
    """Of several controls with the same id (copied text) the first counts."""
    found: dict[str, _Spot] = {}
    for j, paragraph in enumerate(after):
        for control in paragraph.controls:
            if control.id in printed and paragraph.text[control.start : control.end].strip():
                found.setdefault(control.id, _Spot(j, control.start, control.end))
    return found


def _by_controls(before: Sequence[_Written], controls: Mapping[str, _Spot]) -> dict[int, int]:
    """Paragraphs that share the most numbers are the same, whatever was written around these."""
    votes: list[tuple[int, int, int]] = []
    for i, one in enumerate(before):
        shared: dict[int, int] = {}
        for figure in one.figures:
            if figure.id in controls:
                j = controls[figure.id].paragraph
                shared[j] = shared.get(j, 0) + 1
        votes += [(-count, i, j) for j, count in shared.items()]
    pairs: dict[int, int] = {}
    for _count, i, j in sorted(votes):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _spots(
    before: Sequence[_Written],
    after: Sequence[ReadParagraph],
    pairs: Mapping[int, int],
    controls: Mapping[str, _Spot],
) -> dict[str, _Spot]:
    """Where each number stands: by its control, by its paragraph, or by the words around it."""
    spots = dict(controls)
    taken: dict[int, list[_Spot]] = {}
    for spot in spots.values():
        taken.setdefault(spot.paragraph, []).append(spot)

    def take(j: int, places: Mapping[str, locating.Place]) -> None:
        for key, (start, end) in places.items():
            if all(end <= spot.start or spot.end <= start for spot in taken.get(j, ())):
                spots[key] = _Spot(j, start, end)
                taken.setdefault(j, []).append(spots[key])

    for i, j in pairs.items():
        if missing := {figure.id for figure in before[i].figures} - spots.keys():
            take(j, locating.places(before[i].runs, after[j].text, missing))
    for i, one in enumerate(before):
        for j in range(len(after)):
            missing = {figure.id for figure in one.figures} - spots.keys()
            if not missing:
                break
            if pairs.get(i) != j:
                take(j, locating.elsewhere(one.runs, after[j].text, missing))
    return spots


def _number(
    key: str,
    known: Printed,
    spot: _Spot | None,
    after: Sequence[ReadParagraph],
    has_control: bool,
    present: Present | None,
) -> Number:
    outdated = present is not None and present.value != known.value
    base = Number(
        key, known.code, "gone", known.text, known.value, present=present, outdated=outdated
    )
    if spot is None:
        return base
    text = after[spot.paragraph].text[spot.start : spot.end].strip()
    base = replace(base, text=text, has_control=has_control)
    if _alike(text, known.text):
        state: State = "lost" if not has_control else "stale" if outdated else "agreed"
        return replace(base, state=state)
    follows = present is not None and _alike(text, present.text)
    return replace(base, state="changed", value=value_of(text), follows=follows)


def _alike(one: str, other: str) -> bool:
    """Programs change widths and blanks; that changes no number."""
    plain = [
        "".join(unicodedata.normalize("NFKC", text).split()).replace(",", "")
        for text in (one, other)
    ]
    return plain[0] == plain[1]


def _blocks(
    before: Sequence[_Written],
    after: Sequence[ReadParagraph],
    pairs: Mapping[int, int],
    spots: Mapping[str, _Spot],
) -> Iterator[ReadBlock]:
    """The blocks in the order of the file; what was removed stands after what it stood after."""
    moved = likeness.out_of_order(dict(pairs))
    came_from = {j: i for i, j in pairs.items()}
    here: dict[int, list[tuple[int, int, str]]] = {}
    for key, spot in spots.items():
        here.setdefault(spot.paragraph, []).append((spot.start, spot.end, key))
    removed = [i for i in range(len(before)) if i not in pairs]
    for i in _before_all(removed, pairs):
        yield _removed(before[i])
    for j, paragraph in enumerate(after):
        new = tokens(paragraph.text, sorted(here.get(j, ())))
        if j not in came_from:
            yield ReadBlock("added", "", "body", j, False, pieces([], new))
        else:
            i = came_from[j]
            yield _paired(before[i], new, j, i in moved)
            for later in _right_after(i, removed):
                yield _removed(before[later])


def _before_all(removed: Sequence[int], pairs: Mapping[int, int]) -> list[int]:
    first = min(pairs, default=len(removed) + len(pairs))
    return [i for i in removed if i < first]


def _right_after(i: int, removed: Sequence[int]) -> Iterator[int]:
    gone = set(removed)
    while (i := i + 1) in gone:
        yield i


def _paired(one: _Written, new: list[Token], j: int, moved: bool) -> ReadBlock:
    old = _own_tokens(one)
    cut = pieces(old, new)
    same = [key_of(token) for token in old] == [key_of(token) for token in new]
    retyped = any(
        piece.cut == "figure" and not _alike(piece.text, text)
        for piece in cut
        for text, key in old
        if key == piece.figure
    )
    kind: Kind = "changed" if retyped or not same else "moved" if moved else "unchanged"
    return ReadBlock(kind, one.where, one.role, j, moved, cut)


def _removed(one: _Written) -> ReadBlock:
    return ReadBlock("removed", one.where, one.role, None, False, pieces(_own_tokens(one), []))


def _own_tokens(one: _Written) -> list[Token]:
    found: list[Token] = []
    for run in one.runs:
        if isinstance(run, FigureRun):
            found.append((run.text, run.id))
        else:
            found += [(word, "") for word in words_of(run.text)]
    return found

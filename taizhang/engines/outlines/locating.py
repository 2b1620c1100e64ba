"""Where a number stands in a text that has lost its content controls."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass

from taizhang.engines.figures.reading import NUMERAL
from taizhang.engines.outlines.likeness import blocks
from taizhang.engines.tree import FigureRun, Run

Place = tuple[int, int]
_SLOT = 0xF0000
"""Private use plane: stands for figure n in the text to align."""
_LONGER = 20
"""Signs a number's wording may grow by; beyond that the sentence was written anew."""
_NUMBER = re.compile(
    r"(?:百分之)?[约近超逾]?(?:\d[\d,，.]*|[两一二三四五六七八九十百千万]+)[^\d，,。；;、\s]{0,12}"
)
_AROUND = (12, 8, 5, 3)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A figure of the old text and where it stood."""

    figure: FigureRun
    start: int
    end: int


def places(runs: Sequence[Run], after: str, wanted: Set[str]) -> dict[str, Place]:
    """Where the ``wanted`` figures of a paragraph stand in what became of it.

    First those whose wording stands untouched between the same words, then what stands between
    the same words where a number was.
    """
    before = "".join(run.text for run in runs)
    slots = list(_slots(runs))
    found = _untouched(before, after, [slot for slot in slots if slot.figure.id in wanted])
    # The last sign of one number may have been taken for that of another.
    for key, place in elsewhere(runs, after, wanted - found.keys(), near=True).items():
        if all(place[1] <= start or end <= place[0] for start, end in found.values()):
            found[key] = place
    missing = {slot.figure.id for slot in slots if slot.figure.id in wanted} - found.keys()
    return found | _between(slots, before, after, found, missing) if missing else found


def elsewhere(
    runs: Sequence[Run], after: str, wanted: Collection[str], *, near: bool = False
) -> dict[str, Place]:
    """Figures whose untouched wording stands in another paragraph, between words it stood between.

    ``near``: in the same one, where the words on one side are enough.
    """
    before = "".join(run.text for run in runs)
    found = {}
    for slot in _slots(runs):
        if slot.figure.id in wanted and (place := _by_words(before, slot, after, near)):
            found[slot.figure.id] = place
    return found


def _by_words(before: str, slot: _Slot, after: str, near: bool) -> Place | None:
    text = slot.figure.text
    for width in _AROUND:
        left, right = before[max(0, slot.start - width) : slot.start], before[slot.end :][:width]
        sides = [(left, right), (left, ""), ("", right)] if near else [(left, right)]
        for head, foot in sides:
            around = head + text + foot
            if len(head) + len(foot) < width or after.count(around) != 1:
                continue
            start = after.index(around) + len(head)
            if _ends_here(before, slot, after, start, start + len(text)):
                return start, start + len(text)
    return None


def _slots(runs: Sequence[Run]) -> Iterator[_Slot]:
    position = 0
    for run in runs:
        end = position + len(run.text)
        if isinstance(run, FigureRun):
            yield _Slot(run, position, end)
        position = end


def _untouched(before: str, after: str, slots: Sequence[_Slot]) -> dict[str, Place]:
    found = {}
    common = blocks(before, after)
    for slot in slots:
        for a, b, size in common:
            if a <= slot.start and slot.end <= a + size and slot.end > slot.start:
                start, end = b + slot.start - a, b + slot.end - a
                if _ends_here(before, slot, after, start, end):
                    found[slot.figure.id] = (start, end)
    return found


def _ends_here(before: str, slot: _Slot, after: str, start: int, end: int) -> bool:
    """Whether the number is no part of a longer one: 24 is not untouched in 124 or in 24.5."""
    left_was, left = before[slot.start - 1 : slot.start], after[start - 1 : start] if start else ""
    right_was, right = before[slot.end : slot.end + 1], after[end : end + 1]
    text = after[start:end]
    grows_left = bool(re.search(r"[\d.,]$", left) and text[0].isdigit())
    grows_left |= bool(NUMERAL.match(left) and NUMERAL.match(text[0]))
    numeral_last = bool(NUMERAL.match(text[-1]))
    grows_right = numeral_last and bool(NUMERAL.match(right) or re.match(r"[余多]", right))
    grows_right |= text[-1].isdigit() and bool(re.match(r"[.,]\d", after[end : end + 2]))
    return (not grows_left or left == left_was) and (not grows_right or right == right_was)


def _between(
    slots: Sequence[_Slot], before: str, after: str, found: dict[str, Place], missing: set[str]
) -> dict[str, Place]:
    """What stands where the missing figures stood: the text between the same words."""
    old = _marked(before, [(slot.start, slot.end) for slot in slots])
    known = sorted(
        (found[slot.figure.id], k) for k, slot in enumerate(slots) if slot.figure.id in found
    )
    pieces: list[str] = []
    origin: list[int] = []  # of each sign of the new text its place in ``after``
    position = 0
    for (start, end), k in known:
        pieces.append(after[position:start] + chr(_SLOT + k))
        origin += [*range(position, start), start]
        position = end
    pieces.append(after[position:])
    origin += [*range(position, len(after)), len(after)]
    new = "".join(pieces)
    located: dict[str, Place] = {}
    last_a = last_b = 0
    for a, b, size in [*blocks(old, new), (len(old), len(new), 0)]:
        inside = [slots[ord(c) - _SLOT] for c in old[last_a:a] if ord(c) >= _SLOT]
        inside = [slot for slot in inside if slot.figure.id in missing]
        gap = new[last_b:b]
        if inside and not any(ord(c) >= _SLOT for c in gap):
            start, end = origin[last_b], origin[b - 1] + 1 if b > last_b else origin[last_b]
            located |= _shared(inside, after[start:end], start)
        last_a, last_b = a + size, b + size
    return located


def _marked(text: str, spans: Sequence[Place]) -> str:
    pieces, position = [], 0
    for k, (start, end) in enumerate(spans):
        pieces.append(text[position:start] + chr(_SLOT + k))
        position = end
    return "".join([*pieces, text[position:]])


def _shared(slots: Sequence[_Slot], gap: str, offset: int) -> dict[str, Place]:
    """One number each for the figures between the same words, when there are as many."""
    numbers = list(_NUMBER.finditer(gap))
    if len(slots) == 1:
        stripped = gap.strip()
        longest = len(slots[0].figure.text) + _LONGER
        if NUMERAL.search(stripped) and len(stripped) <= longest and len(numbers) <= 1:
            start = offset + gap.index(stripped)
            return {slots[0].figure.id: (start, start + len(stripped))}
    if len(numbers) != len(slots):
        return {}
    return {
        slot.figure.id: (offset + number.start(), offset + number.end())
        for slot, number in zip(slots, numbers, strict=True)
    }

"""Two people wrote to one record: what each changed, what both keep, what somebody has to choose.

A cell is the text of one field, or the set of words of a many-valued one. Three states of a record
meet: *base*, from which both began; *theirs*, which was saved meanwhile; *mine*, about to be saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Cell = str | frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was saved otherwise meanwhile. ``base`` is None where nobody knows it any more.

    It is a ``conflict`` when both wrote something else into it: ``merged`` is then *mine*, until a
    person has chosen.
    """

    name: str
    base: Cell | None
    theirs: Cell
    mine: Cell
    merged: Cell
    conflict: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome: every field's cell, and the fields that were saved otherwise meanwhile."""

    cells: Mapping[str, Cell]
    differences: tuple[Difference, ...]

    @property
    def conflicts(self) -> tuple[Difference, ...]:
        """The differences about which a person has to decide."""
        return tuple(difference for difference in self.differences if difference.conflict)


def merge(base: Mapping[str, Cell], theirs: Mapping[str, Cell], mine: Mapping[str, Cell]) -> Merge:
    """Merge two ways on from ``base``, field by field, in the order of ``mine``.

    What only one of the two changed is taken; what both changed to the same is taken once; words of
    a set are added and taken away one by one and never conflict. A field that ``base`` lacks counts
    as changed by both, so that nothing is overwritten unseen; one that ``theirs`` lacks is *mine*.
    """
    cells: dict[str, Cell] = {}
    differences = []
    for name, own in mine.items():
        other = theirs.get(name, own)
        before = base.get(name)
        merged, conflict = _merged(before, other, own)
        cells[name] = merged
        if other != before and not (before is None and other == own):
            differences.append(Difference(name, before, other, own, merged, conflict))
    return Merge(cells, tuple(differences))


def _merged(base: Cell | None, theirs: Cell, mine: Cell) -> tuple[Cell, bool]:
    if theirs in (mine, base):
        return mine, False
    if mine == base:
        return theirs, False
    if (
        isinstance(base, frozenset)
        and isinstance(theirs, frozenset)
        and isinstance(mine, frozenset)
    ):
        return (theirs - (base - mine)) | (mine - base), False
    return mine, True

"""Drift: what has become of the records behind a signed report, and why its figures are others now.

A record is compared with itself as it was frozen. Its effect is worked out figure by figure from
what it contributes, and the cause is read from the history since; nothing here needs a database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

Cause = Literal["added", "corrected", "retagged", "voided", "moved", "related", "definition"]

CAUSES: tuple[Cause, ...] = (
    *("added", "corrected", "retagged", "voided", "moved", "related", "definition"),
)
VOID = "void"
VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Counting:
    """How a figure counts: over which list of records, what of each.

    ``kind`` is the measure's, ``field`` what it adds up or tells apart.
    """

    code: str
    list: str
    kind: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A record as a report sees it: the lists it stands in, and the fields they ask about."""

    version: int
    state: str
    unit: str
    label: str
    lists: frozenset[str]
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the history: what was done, to which fields, by whom, when and why."""

    verb: str
    fields: frozenset[str]
    who: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one record changed in one figure; None where the figure's value is no sum of parts."""

    code: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """How much more the figure is now, because of this record."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Change:
    """A record that counts otherwise than when the report was signed.

    ``pending``: it left the figures because it was corrected and waits to be verified again.
    ``left`` and ``joined`` are the lists it no longer stands in, or stands in now.
    """

    register: str
    number: int
    label: str
    unit: str
    cause: Cause
    pending: bool
    effects: tuple[Effect, ...]
    told: tuple[Told, ...]
    left: frozenset[str]
    joined: frozenset[str]

    def moves(self, name: str) -> int:
        """How many more records the list of that name has because of this one: -1, 0 or 1."""
        return (name in self.joined) - (name in self.left)

    @property
    def deciding(self) -> Told | None:
        """What made the difference: the first entry of what came late, else the last change."""
        if self.cause == "added":
            return self.told[0] if self.told else None
        changes = [one for one in self.told if one.fields or one.reason]
        return (changes or [*self.told])[-1] if self.told else None


def changed(
    register: str,
    number: int,
    before: Row | None,
    after: Row | None,
    told: Sequence[Told],
    countings: Iterable[Counting],
    tags: Collection[str],
    related: bool = False,
) -> Change | None:
    """Compare a record with what it was; None when no figure counts it otherwise.

    ``before`` is None for a record that was not frozen, ``after`` for one that is gone. ``told`` is
    its history since, oldest first; ``tags`` are the fields that only sort it under words;
    ``related`` says that a record it refers to was changed.
    """
    effects = tuple(_effects(before, after, countings))
    if not effects:
        return None
    known = after or before
    assert known is not None, "a record with an effect was there or is there"
    cause = _cause(before, after, told, tags, related)
    pending = cause == "corrected" and after is not None and after.state != VERIFIED
    was, now = _lists(before), _lists(after)
    return Change(
        register=register,
        number=number,
        label=known.label,
        unit=known.unit,
        cause=cause,
        pending=pending,
        effects=effects,
        told=tuple(told),
        left=was - now,
        joined=now - was,
    )


def difference(changes: Iterable[Change], code: str) -> Decimal:
    """How much more a counted or added-up figure is now, because of these changes."""
    parts = (effect for change in changes for effect in change.effects if effect.code == code)
    return sum((part.difference or Decimal(0) for part in parts), Decimal(0))


def _effects(
    before: Row | None, after: Row | None, countings: Iterable[Counting]
) -> Iterable[Effect]:
    for counting in countings:
        there = before is not None and counting.list in before.lists
        here = after is not None and counting.list in after.lists
        if not there and not here:
            continue
        was = _part(counting, before) if there else None
        now = _part(counting, after) if here else None
        if there and here and was == now:
            continue
        if counting.kind == "distinct":
            yield Effect(counting.code, None, None)
        else:
            yield Effect(counting.code, _number(was), _number(now))


def _lists(row: Row | None) -> frozenset[str]:
    return frozenset() if row is None else row.lists


def _part(counting: Counting, row: Row | None) -> object:
    assert row is not None
    return 1 if counting.kind == "count" else row.fields.get(counting.field)


def _number(value: object) -> Decimal:
    """What a record adds to a sum; one without a value adds nothing."""
    try:
        return Decimal(str(value)) if value is not None else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def _cause(
    before: Row | None,
    after: Row | None,
    told: Sequence[Told],
    tags: Collection[str],
    related: bool,
) -> Cause:
    if before is not None and (after is None or after.state == VOID):
        return "voided"
    if before is None and _came_late(told):
        return "added"
    fields = frozenset[str]().union(*(one.fields for one in told))
    if fields:
        return "retagged" if fields <= set(tags) else "corrected"
    if any(one.verb == "correct" for one in told) or (after and after.state != VERIFIED):
        return "corrected"
    return "related" if related else "moved"


def _came_late(told: Sequence[Told]) -> bool:
    """Whether the record was not among the verified ones when the report was signed."""
    return bool(told) and told[0].verb != "correct"

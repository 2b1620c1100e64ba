"""The rows of a plan, and reading them: cells become values or reasons why they cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from taizhang.documents.sheets import ABSENT, Sheet, Trouble
from taizhang.engines.findings import Finding, Refused
from taizhang.ledger import cells
from taizhang.ledger.fields import Field
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.ledger.resolve import Pending, Resolver

NEW, CHANGED, SAME, INVALID = "new", "changed", "same", "invalid"
VERDICTS = (NEW, CHANGED, SAME, INVALID)
_REMEMBERED = frozenset({"choice", "term", "terms", "reference", "boolean"})
"""Kinds of fields whose cells repeat: the same words are read once."""
_MOST_WORDS = 20_000
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""What no database and no file can hold: the null character, halves of characters."""


class Reason(NamedTuple):
    """Why a row cannot be imported: at a cell of a field, or at the row as a whole (no field)."""

    place: str
    field: str
    finding: Finding


class Change(NamedTuple):
    """What a row changes in its record, as a person reads it."""

    field: str
    old: str
    new: str


@dataclass(slots=True)
class Row:
    """One row of the file and what is to become of it.

    ``values`` are kept only as long as somebody needs them. ``owner`` is the unit of a new row, or
    what stands for a unit of the same file. ``pending`` are the new rows of the file that this one
    refers to; it ``waits`` when one of these cannot be imported.
    """

    number: int
    verdict: str = INVALID
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    record: Record | None = None
    version: int = 0
    changes: Sequence[Change] = ()
    troubles: list[Reason] = field(default_factory=list)
    doubts: tuple[Finding, ...] = ()
    owner: Any = None
    pending: tuple[Pending, ...] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Masked:
    """A personal value as it is shown to others; it came back in a file."""

    text: str


class Reader:
    """Reads the rows of one sheet; everything the cells refer to must have been loaded."""

    def __init__(
        self,
        register: Register,
        sheet: Sheet,
        columns: dict[int, str],
        resolver: Resolver,
        unit: Any,
    ) -> None:
        self.register, self.sheet, self.resolver = register, sheet, resolver
        self.columns = [(index, register.fields[name]) for index, name in columns.items()]
        self.index = {name: index for index, name in columns.items()}
        self.unit = unit if register.scope == "unit" else None
        self._words: dict[str, dict[Any, Any]] = {
            known.name: {} for _index, known in self.columns if known.kind in _REMEMBERED
        }

    def read(self, number: int, row: Sequence[Any]) -> Row:
        """Parse the cells; each trouble names its cell."""
        found = Row(number)
        values = found.values
        if self.unit is not None and "unit" not in self.index:
            values["unit"] = self.unit
        for index, known in self.columns:
            cell = row[index]
            if cell is ABSENT:
                if known.name == "unit" and self.unit is not None:
                    values["unit"] = self.unit
            elif isinstance(cell, Trouble):
                finding = Finding(cell.code, "must", "", dict(cell.params))
                found.troubles.append(self.reason(known.name, number, finding))
            elif cells.is_empty(cell):
                self._empty(known, found)
            elif known.masks and "*" in cells.text(cell):
                values[known.name] = Masked(cells.text(cell))
            else:
                try:
                    if type(cell) is str and _UNWRITABLE.search(cell):
                        raise Refused.because("import.unwritable")
                    values[known.name] = self._parse(known, cell)
                except Refused as refused:
                    found.troubles += [self.reason(known.name, number, f) for f in refused.findings]
        return found

    def _empty(self, known: Field, found: Row) -> None:
        if known.name == "unit" and self.unit is not None:
            found.values["unit"] = self.unit
        elif known.name != "code" or not self.register.code_prefix:
            found.values[known.name] = known.empty()
            if known.required and found.values[known.name] in (None, "", []):
                found.troubles.append(self.missing(known, found.number))

    def _parse(self, known: Field, cell: Any) -> Any:
        if known.kind == "date" and type(cell) in (int, float):
            # A day that lost its format is the number of a day.
            cell = self.sheet.day(cell) or cell
        words = self._words.get(known.name)
        if words is None or type(cell) is not str:
            return known.parse(cell, self.resolver)
        if cell not in words:
            value = known.parse(cell, self.resolver)
            if len(words) >= _MOST_WORDS:
                return value
            words[cell] = value
        return words[cell]

    def reason(self, name: str, number: int, finding: Finding) -> Reason:
        """A reason at a field's cell, at the row when the sheet has no column for it."""
        index = self.index.get(name)
        sheet = self.sheet
        place = sheet.row_place(number) if index is None else sheet.place(index, number)
        return Reason(place, name, finding)

    def missing(self, known: Field, number: int) -> Reason:
        """The reason that a required field has no value."""
        finding = Finding("import.required", "must", "", {"field": known.label})
        return self.reason(known.name, number, finding)


def words_in(rows: Iterable[Any], index: int) -> set[str]:
    """The different texts of a column."""
    found = set()
    for row in rows:
        cell = row.cells[index]
        if cell is not ABSENT and not isinstance(cell, Trouble):
            found.add(cells.text(cell))
    return {text for text in found if text and not _UNWRITABLE.search(text)}

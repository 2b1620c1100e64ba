"""An import before it happens: every row read, matched and judged; nothing written."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from taizhang.documents.sheets import Row as SheetRow
from taizhang.documents.sheets import Sheet
from taizhang.engines.findings import Finding
from taizhang.ledger import relations, write
from taizhang.ledger.models import State
from taizhang.ledger.register import Register
from taizhang.ledger.resolve import Pending, Resolver

from .columns import Columns, read_columns
from .judging import Judge
from .rows import CHANGED, INVALID, NEW, SAME, VERDICTS, Reader, Row, words_in

__all__ = ["CHANGED", "INVALID", "NEW", "SAME", "VERDICTS", "FilePlan", "Plan", "Row", "make"]

SHOWN = 200
"""So many rows of each verdict can be looked at; the others are treated in the same way."""
_SLICE = 2000


@dataclass
class Plan:
    """What an import would do to one register. ``waiting`` rows refer to rows that are invalid."""

    register: Register
    sheet: str
    columns: Columns
    header: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    corrections: int = 0
    """How many verified records would change; these need a reason."""
    doubtful: int = 0
    """How many rows have an unusual value that somebody should look at."""
    _sha: Any = None

    @property
    def ignored(self) -> list[str]:
        """Headers of columns that are not read."""
        return self.columns.ignored

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found.get(verdict, 0) for verdict in VERDICTS}

    @property
    def waiting(self) -> int:
        """How many valid rows refer to rows that are not."""
        return sum(row.waits for row in self.rows)

    def take(self, row: Row) -> None:
        """Add a judged row."""
        if self._sha is None:
            self._sha = hashlib.sha256(self.register.name.encode())
        if row.verdict == CHANGED and row.record and row.record.state == State.VERIFIED:
            self.corrections += 1
        self.doubtful += bool(row.doubts)
        self._sha.update(_fingerprint(self.register, row))
        self.rows.append(row)

    def digest(self) -> str:
        """A fingerprint of the plan: equal as long as file and ledger give the same plan."""
        return "" if self._sha is None else str(self._sha.hexdigest())


def _fingerprint(register: Register, row: Row) -> bytes:
    """What a person said yes to: the same in every language."""
    new = [(name, _raw(register, name, row.values[name])) for name, _old, _new in row.changes]
    troubles = [(reason.place, reason.finding.code) for reason in row.troubles]
    told = [row.number, row.verdict, row.key, row.version, new, troubles]
    return json.dumps(told, ensure_ascii=False, default=str).encode()


def _raw(register: Register, name: str, value: Any) -> Any:
    return str(value) if isinstance(value, Pending) else register.fields[name].raw(value)


@dataclass
class FilePlan:
    """What a whole file would do: one plan a sheet, in the order of writing."""

    plans: list[Plan]
    notes: list[Finding] = field(default_factory=list)
    """What a person should know about the file: sheets that are not read and the like."""

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict, of all sheets."""
        return {v: sum(plan.counts[v] for plan in self.plans) for v in VERDICTS}

    @property
    def total(self) -> int:
        """All rows."""
        return sum(len(plan.rows) for plan in self.plans)

    def digest(self) -> str:
        """A fingerprint of all plans."""
        return hashlib.sha256("".join(plan.digest() for plan in self.plans).encode()).hexdigest()


def make(
    register: Register,
    sheet: Sheet,
    *,
    actor: Any,
    unit: Any = None,
    progress: Callable[[int], None] = write.silent,
    resolver: Resolver | None = None,
    announced: bool = False,
    look: bool = False,
) -> Plan:
    """Plan the import of a sheet into a register for this user.

    ``unit`` owns the rows of a file without a unit column. ``resolver`` knows the rows that other
    sheets of the file create, and with ``announced`` learns those of this one. With ``look`` the
    plan is only to be looked at: it keeps no values, and the sheet's rows are used up. Refuses a
    file whose columns make no sense; everything about single rows becomes their troubles.
    """
    columns = read_columns(register, sheet)
    resolver = resolver or Resolver(actor, unit)
    own = _load(register, sheet, columns.fields, resolver)
    reader = Reader(register, sheet, columns.fields, resolver, unit)
    judge = Judge(register, reader, actor)
    plan = Plan(register, sheet.name, columns, sheet.header)
    shown: Counter[str] = Counter()
    for part in _slices(sheet.rows, consume=look):
        rows = []
        for source in part:
            row = reader.read(source.number, source.cells)
            if own is not None:
                own.bind(source, row)
            rows.append(row)
        judge.judge(rows)
        for row in rows:
            plan.take(row)
            if announced:
                _announce(register, row, resolver)
            if look:
                shown[row.verdict] += 1
                _slim(row, kept=shown[row.verdict] <= SHOWN)
        progress(len(rows))
    hold_back([plan])
    return plan


def _slices(rows: list[SheetRow], *, consume: bool) -> Iterator[Sequence[SheetRow]]:
    if not consume:
        yield from (rows[start : start + _SLICE] for start in range(0, len(rows), _SLICE))
        return
    rows.reverse()
    while rows:
        part = rows[-_SLICE:]
        part.reverse()
        del rows[-_SLICE:]
        yield part


class _Own:
    """Rows of the sheet that other rows of the same sheet refer to."""

    def __init__(self, column: int) -> None:
        self.column = column
        self.pending: dict[str, Pending] = {}

    def bind(self, source: SheetRow, row: Row) -> None:
        """Say which row of the plan a text in the key's column means: the first one."""
        for text in words_in([source], self.column):
            pending = self.pending.get(text)
            if pending is not None and pending.row is None:
                pending.row = row


def _load(
    register: Register, sheet: Sheet, columns: dict[int, str], resolver: Resolver
) -> _Own | None:
    """Look up what the cells refer to; returns what the sheet's own rows are referred to by."""
    own = None
    for index, name in columns.items():
        reference = register.fields[name]
        if not isinstance(reference, relations.ReferenceField):
            continue
        resolver.load(reference, words_in(sheet.rows, index))
        if reference.target() is register and register.key[-1] in columns.values() and own is None:
            own = _Own(next(i for i, n in columns.items() if n == register.key[-1]))
            for text in words_in(sheet.rows, own.column):
                own.pending[text] = Pending(text)
                resolver.expect(register, text, pending=own.pending[text])
    return own


def _announce(register: Register, row: Row, resolver: Resolver) -> None:
    """Tell the sheets that follow by which names they may refer to this row."""
    values = row.values
    last = values.get(register.key[-1])
    names = [str(last)] if last not in (None, "") else []
    if row.record is not None:
        resolver.expect(register, row.key, names)
        return
    if not register.title_is_personal:
        names += [str(values[n]) for n in (register.title, "short_name") if values.get(n)]
    if names:
        complete = all(values.get(name) not in (None, "") for name in register.key)
        key = row.key if complete else f"{names[-1]}#{row.number}"
        resolver.expect(register, key, names, Pending(row.key if complete else names[-1], row))


def _slim(row: Row, *, kept: bool) -> None:
    row.record = None
    if not kept:
        row.values, row.changes = {}, ()


def hold_back(plans: Iterable[Plan]) -> None:
    """Mark the rows that refer to invalid rows of the file, directly or not."""
    rows = [row for plan in plans for row in plan.rows if row.pending and row.verdict != INVALID]
    found = True
    while found:
        found = False
        for row in rows:
            if not row.waits and any(_stuck(pending) for pending in row.pending):
                row.waits = found = True


def _stuck(pending: Pending) -> bool:
    row = pending.row
    return row is None or row.verdict == INVALID or row.waits

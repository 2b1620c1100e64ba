"""Carrying out plans: everything of a file in one transaction, as one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.ledger import doubts, write
from taizhang.ledger.models import Batch, Entry
from taizhang.ledger.register import Register
from taizhang.ledger.resolve import Pending

from . import plans

MANY = 1000
_SLICE = 5000
"""Rows that become records at one time: a record takes ten times the memory of its row."""


def carry_out(
    made: list[plans.Plan],
    *,
    actor: Any,
    source: str,
    reason: str = "",
    progress: Callable[[int], None] = write.silent,
    only_valid: bool = False,
    looked: bool = False,
) -> Batch:
    """Write plans in one transaction as one batch, and use them up.

    Refuses while a row is invalid; with ``only_valid`` such rows are left out, and the rows that
    refer to them. ``looked`` keeps with the records that somebody found their unusual values right.
    """
    invalid = sum(plan.counts[plans.INVALID] for plan in made)
    if invalid and not only_valid:
        raise Refused.because("import.invalid-rows", source, count=invalid)
    corrections = sum(plan.corrections for plan in made)
    if corrections and not reason.strip():
        raise Refused.because("import.reason-needed", source, count=corrections)
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=Batch.Kind.IMPORT,
            actor=actor,
            at=timezone.now(),
            source=source[:200],
            register=made[0].register.name if len(made) == 1 else "",
        )
        referred = {id(p.row) for plan in made for row in plan.rows for p in row.pending}
        for plan in made:
            writer = _Writer(plan, actor, batch, progress, looked, referred)
            batch.created += writer.create()
            batch.changed += writer.change(reason)
        batch.save()
        if batch.created >= MANY:
            transaction.on_commit(lambda: _count_anew([plan.register for plan in made]))
    return batch


class _Writer:
    """Writes one plan; a row gives up its values when it has become a record."""

    def __init__(
        self,
        plan: plans.Plan,
        actor: Any,
        batch: Batch,
        progress: Callable[[int], None],
        looked: bool,
        referred: set[int],
    ) -> None:
        self.referred = referred
        self.plan, self.register = plan, plan.register
        self.actor, self.batch, self.progress, self.looked = actor, batch, progress, looked

    def create(self) -> int:
        """New rows; those that refer to other new rows of the sheet wait for them."""
        waiting = [r for r in self.plan.rows if r.verdict == plans.NEW and not r.waits]
        total = len(waiting)
        while waiting:
            ready: list[plans.Row] = []
            later: list[plans.Row] = []
            for row in waiting:
                (ready if _settled(row) else later).append(row)
            if not ready:
                names = "、".join(str(p) for row in later for p in row.pending)
                raise Refused.because("import.circle", self.plan.sheet, names=names)
            for part in _slices(ready):
                self._create(part)
            waiting = later
        return total

    def _create(self, rows: Sequence[plans.Row]) -> None:
        records = write.create_many(
            self.register,
            [row.values for row in rows],
            actor=self.actor,
            batch=self.batch,
            progress=self.progress,
        )
        for row, record in zip(rows, records, strict=True):
            row.record = record
            self._written(row)

    def change(self, reason: str) -> int:
        """Rows that change what stands in the ledger."""
        rows = [r for r in self.plan.rows if r.verdict == plans.CHANGED and not r.waits]
        done = 0
        for part in _slices(rows):
            for row in part:
                _settled(row)
            done += write.change_many(
                self.register,
                [(row.record, row.values) for row in part if row.record is not None],
                actor=self.actor,
                reason=reason,
                batch=self.batch,
                progress=self.progress,
            )
            for row in part:
                self._written(row)
        return done

    def _written(self, row: plans.Row) -> None:
        """Keep what somebody found right, and let go of what no later row needs."""
        if self.looked and row.doubts and row.record is not None:
            names = {finding.where for finding in row.doubts}
            doubts.answer(self.register, row.record, names, actor=self.actor)
        row.values = {}
        if id(row) not in self.referred:
            row.record = None


def _settled(row: plans.Row) -> bool:
    """Put records in place of what stood for them; false while one of them is not written yet."""
    if not row.pending:
        return True
    for name, value in row.values.items():
        if isinstance(value, Pending) and value.row is not None and value.row.record is not None:
            row.values[name] = value.row.record
    return not any(isinstance(value, Pending) for value in row.values.values())


def _slices(rows: list[plans.Row]) -> Iterator[list[plans.Row]]:
    return (rows[start : start + _SLICE] for start in range(0, len(rows), _SLICE))


def _count_anew(registers: list[Register]) -> None:
    """Have the database look at its tables anew: it planned its queries for an emptier ledger."""
    tables = {Entry._meta.db_table}
    for register in registers:
        tables.add(register.model._meta.db_table)
        for name in register.many:
            tables.add(register.fields[name].source.m2m_db_table())
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")

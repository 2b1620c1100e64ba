"""Files in and out of a register: carrying out a plan, and exporting what a list shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from taizhang.documents.files import atomic_target
from taizhang.documents.workbook_writer import (
    ColumnKind,
    OutColumn,
    OutSheet,
    write_csv,
    write_xlsx,
)
from taizhang.engines.findings import Refused

from . import access, cells, plans, write
from .models import Batch, Entry, Record
from .register import Register
from .resolve import Pending

FORMATS = ("xlsx", "csv", "json")
MANY = 1000
_COLUMN_KINDS: dict[str, ColumnKind] = {"integer": "number", "decimal": "number", "date": "date"}


def carry_out(
    made: list[plans.Plan],
    *,
    actor: Any,
    source: str,
    reason: str = "",
    progress: Callable[[int], None] = write.silent,
) -> Batch:
    """Write plans in one transaction as one batch; refuses while a row is invalid."""
    invalid = sum(plan.counts[plans.INVALID] for plan in made)
    if invalid:
        raise Refused.because("import.invalid-rows", source, count=invalid)
    corrections = sum(plan.corrections for plan in made)
    if corrections and not reason.strip():
        raise Refused.because("import.reason-needed", source, count=corrections)
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=Batch.Kind.IMPORT, actor=actor, at=timezone.now(), source=source[:200]
        )
        for plan in made:
            batch.created += _create(plan, actor, batch, progress)
            changes = [(r.record, r.values) for r in plan.rows if r.verdict == plans.CHANGED]
            batch.changed += write.change_many(
                plan.register,
                [(record, values) for record, values in changes if record is not None],
                actor=actor,
                reason=reason,
                batch=batch,
                progress=progress,
            )
        batch.save()
        if batch.created >= MANY:
            transaction.on_commit(lambda: _count_anew([plan.register for plan in made]))
    return batch


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


def _create(plan: plans.Plan, actor: Any, batch: Batch, progress: Callable[[int], None]) -> int:
    """New rows; those that refer to other new rows of the file wait for them."""
    register = plan.register
    waiting = [row.values for row in plan.rows if row.verdict == plans.NEW]
    done: dict[str, Record] = {}
    total = len(waiting)
    while waiting:
        ready: list[dict[str, Any]] = []
        later: list[dict[str, Any]] = []
        for values in waiting:
            for name, value in values.items():
                if isinstance(value, Pending) and value.key in done:
                    values[name] = done[value.key]
            blocked = any(isinstance(value, Pending) for value in values.values())
            (later if blocked else ready).append(values)
        if not ready:
            names = "、".join(
                str(v) for values in later for v in values.values() if isinstance(v, Pending)
            )
            raise Refused.because("import.circle", plan.sheet, names=names)
        for record in write.create_many(
            register, ready, actor=actor, batch=batch, progress=progress
        ):
            if later:
                done[register.key_text(record)] = record
        waiting = later
    return total


def export_names(register: Register) -> list[str]:
    """The fields of a full export: everything an import can read back, and the state."""
    return [*register.editable, "state"]


def cells_of(register: Register, record: Record, names: list[str], personal: bool) -> list[Any]:
    """A record as the cells of a file; personal values masked unless asked for."""
    found = []
    for name in names:
        known = register.fields[name]
        cell = known.cell(known.value(record))
        found.append(cells.masked(cell) if known.masks and not personal else cell)
    return found


def _rows(register: Register, rows: QuerySet[Any], names: list[str]) -> Iterator[list[Any]]:
    for record in rows.iterator(chunk_size=2000):
        yield cells_of(register, record, names, personal=False)


def export(
    register: Register,
    rows: QuerySet[Any],
    kind: str,
    target: Path | BinaryIO,
    progress: Callable[[int], None] = write.silent,
) -> None:
    """Write these rows as .xlsx, .csv or .json; to a path atomically."""
    if isinstance(target, Path):
        with atomic_target(target) as file:
            export(register, rows, kind, file, progress)
        return
    names = export_names(register)
    columns = [
        OutColumn(
            register.fields[name].label, _COLUMN_KINDS.get(register.fields[name].kind, "text")
        )
        for name in names
    ]

    def watched() -> Iterator[list[Any]]:
        for row in _rows(register, rows, names):
            progress(1)
            yield row

    if kind == "xlsx":
        write_xlsx(target, [OutSheet(register.label_plural, columns, watched())])
    elif kind == "csv":
        write_csv(target, [column.title for column in columns], watched())
    elif kind == "json":
        _write_json(register, rows, names, target)
    else:
        raise Refused.because("export.unknown-kind", kind, kinds="、".join(FORMATS))


def _write_json(
    register: Register, rows: QuerySet[Any], names: list[str], target: BinaryIO
) -> None:
    """The read API: raw codes and ISO days, the key of each row, and the total."""
    target.write(
        f'{{"register":{json.dumps(register.name)},"total":{rows.order_by().count()},"rows":['.encode()
    )
    for position, record in enumerate(rows.iterator(chunk_size=2000)):
        row: dict[str, Any] = {"id": record.pk, "key": register.key_text(record)}
        for name in names:
            known = register.fields[name]
            value = known.value(record)
            raw = known.cell(value) if known.kind == "reference" else known.raw(value)
            row[name] = cells.masked(raw) if known.masks else raw
        row["version"] = record.version
        target.write((b"," if position else b"") + json.dumps(row, ensure_ascii=False).encode())
    target.write(b"]}")


def default_unit(actor: Any) -> Any:
    """The unit that owns rows of a file without a unit column: the one place the user records in."""
    from django.apps import apps

    memberships = apps.get_model("accounts", "Membership")._default_manager.filter(user=actor)
    owned = list(memberships.select_related("unit")[:2])
    if len(owned) == 1 and owned[0].unit_id in access.of(actor).units("recorder"):
        return owned[0].unit
    return None

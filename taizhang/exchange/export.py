"""Files out of a register: what a list shows, as a workbook, as text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.documents.csvfiles import write_csv
from taizhang.documents.files import atomic_target
from taizhang.documents.large_sheets import write_large_xlsx
from taizhang.documents.workbook_writer import ColumnKind, OutColumn, OutSheet
from taizhang.engines.findings import Refused
from taizhang.ledger import cells, write
from taizhang.ledger.register import Register

from . import lines

FORMATS = ("xlsx", "csv", "json")
_COLUMN_KINDS: dict[str, ColumnKind] = {"integer": "number", "decimal": "number", "date": "date"}


def file_name(register: Register, kind: str) -> str:
    """What an exported file is called."""
    return f"{register.label_plural}-{timezone.localdate().isoformat()}.{kind}"


def export_names(register: Register) -> list[str]:
    """The fields of a full export: everything an import can read back, and the state."""
    return [*register.editable, "state"]


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

    def watched() -> Iterator[Sequence[Any]]:
        for part in lines.in_parts(register, rows, names):
            yield from part
            progress(len(part))

    if kind == "xlsx":
        write_large_xlsx(target, OutSheet(register.label_plural, columns, watched()))
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

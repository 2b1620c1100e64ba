"""A JSON document as the source of a plan: its rows read like the rows of a sheet.

``{"rows": [{"code": "HD-1", "title": "…", "themes": ["rural"]}, …]}``: a key is a field's name or
label; a key left out means "as it was", null means empty. What the read API gives (``id``, ``key``,
``state``, ``version``) may stand in a row and is not read. Places are told as ``rows[3].title``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from taizhang.documents.sheets import ABSENT, Cell, Row, Sheet, Trouble, too_many_rows
from taizhang.engines.findings import Finding, Refused
from taizhang.ledger.fields import Field
from taizhang.ledger.register import Register

_NOT_READ = ("id", "key")
_TOLD = 50
"""More rows of a wrong shape than this are the same mistake."""


@dataclass(frozen=True, slots=True)
class JsonSheet(Sheet):
    """The rows of a document; ``number`` of a row counts from 1, its place from 0 as JSON does."""

    def place(self, column: int, row: int) -> str:
        return f"rows[{row - 1}].{self.header[column]}"

    def row_place(self, row: int) -> str:
        return f"rows[{row - 1}]"


def sheet_of_json(register: Register, document: object) -> Sheet:
    """The rows of a parsed JSON document as a sheet that can be planned.

    Raises Refused ``import.json-shape``, ``.json-row-shape`` (each with its row), ``.json-no-name``
    or ``document.rows-limit``; what is wrong with a single value becomes a trouble of its cell.
    """
    rows = document.get("rows") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise Refused.because("import.json-shape", "rows")
    if len(rows) > settings.IMPORT_ROWS:
        raise too_many_rows("rows", len(rows), settings.IMPORT_ROWS)
    wrong = [
        Finding("import.json-row-shape", "must", f"rows[{position}]")
        for position, row in enumerate(rows)
        if not isinstance(row, dict)
    ]
    if wrong:
        raise Refused(*wrong[:_TOLD])
    header = tuple(
        name for name in dict.fromkeys(key for row in rows for key in row) if name not in _NOT_READ
    )
    if any(not name.strip() for name in header):
        raise Refused.because("import.json-no-name", "rows")
    known = [_field(register, name) for name in header]
    read = [
        Row(
            position + 1,
            tuple(
                _cell(row[name], field) if name in row else ABSENT
                for name, field in zip(header, known, strict=True)
            ),
        )
        for position, row in enumerate(rows)
    ]
    return JsonSheet("rows", header, 0, read)


def _field(register: Register, name: str) -> Field | None:
    """The field a key names, so that a value of the wrong type is told; None if it names none."""
    if found := register.fields.get(name):
        return found
    return next((field for field in register.fields.values() if name in field.labels()), None)


def _cell(value: Any, field: Field | None) -> Cell:
    if isinstance(value, list):
        return _many(value, field)
    if isinstance(value, dict):
        return Trouble("import.json-not-a-value")
    if isinstance(value, bool) and field is not None and field.kind != "boolean":
        return Trouble("import.json-not-yes-no", {"text": "true" if value else "false"})
    if value is None or isinstance(value, str | int | float):
        return value
    return Trouble("import.json-not-a-value")


def _many(values: list[Any], field: Field | None) -> Cell:
    if field is not None and not field.many:
        return Trouble("import.json-not-a-value")
    if not all(isinstance(value, str) for value in values):
        return Trouble("import.json-not-words")
    return "、".join(values) or None

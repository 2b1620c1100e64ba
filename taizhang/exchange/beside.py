"""A plan as it is kept beside its upload: what a person looks at, and every reason.

Two files: the counts and the rows that are shown, read whenever the page is shown; and the reasons
of every row that cannot be imported, one row a line, read when the workbook with them is made.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taizhang.documents.files import atomic_target
from taizhang.engines.findings import Finding, Refused
from taizhang.jobs import told
from taizhang.ledger import catalogue
from taizhang.ledger.register import Register

from .plans import CHANGED, INVALID, NEW, SHOWN, VERDICTS, FilePlan, Plan, Row
from .rows import Change, Reason

_SUMMARY = 5
"""Fields of a row that are shown beside its name."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a plan as it is looked at; ``summary`` are (field, text)."""

    number: int
    verdict: str
    key: str
    title: str
    summary: list[tuple[str, str]]
    changes: list[Change]
    troubles: list[Reason]
    doubts: list[Finding]
    waits: bool


@dataclass(slots=True)
class KeptSheet:
    """The plan of one sheet as it is looked at: all counts, and the first rows of each verdict."""

    register: Register
    sheet: str
    counts: dict[str, int]
    ignored: list[str]
    corrections: int
    doubtful: int
    waiting: int
    rows: list[KeptRow]

    @property
    def total(self) -> int:
        """All rows of the sheet."""
        return sum(self.counts.values())


@dataclass(slots=True)
class KeptPlan:
    """What is known of an upload: its sheets, or why it could not be read as a whole."""

    sheets: list[KeptSheet] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict, of all sheets."""
        return {v: sum(sheet.counts[v] for sheet in self.sheets) for v in VERDICTS}

    @property
    def total(self) -> int:
        """All rows of the file."""
        return sum(sheet.total for sheet in self.sheets)

    @property
    def corrections(self) -> int:
        """Verified records that would change."""
        return sum(sheet.corrections for sheet in self.sheets)

    @property
    def doubtful(self) -> int:
        """Rows with unusual values."""
        return sum(sheet.doubtful for sheet in self.sheets)

    @property
    def left(self) -> int:
        """Rows that would stay behind if the valid ones were written now."""
        return sum(sheet.counts[INVALID] + sheet.waiting for sheet in self.sheets)

    @property
    def writes(self) -> int:
        """Rows that can be written now."""
        waiting = sum(sheet.waiting for sheet in self.sheets)
        return self.counts[NEW] + self.counts[CHANGED] - waiting


def keep(upload: Path, made: FilePlan) -> None:
    """Keep a plan beside its upload; the rows of the plan need not be kept any longer."""
    with atomic_target(_reasons(upload)) as file:
        for plan in made.plans:
            for row in plan.rows:
                if row.troubles or row.waits:
                    line = [plan.sheet, row.number, _packed(row.troubles), row.waits]
                    file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    found = {
        "sheets": [_sheet(plan) for plan in made.plans],
        "notes": told.pack(made.notes),
        "problems": [],
    }
    _write(upload, found)


def keep_problems(upload: Path, problems: Iterable[Finding]) -> None:
    """Keep why an upload could not be read as a whole."""
    _write(upload, {"sheets": [], "notes": [], "problems": told.pack(problems)})


def read(upload: Path) -> KeptPlan:
    """What is kept beside an upload. Raises Refused ``import.file-gone``."""
    try:
        found = json.loads(_shown(upload).read_bytes())
    except FileNotFoundError:
        raise Refused.because("import.file-gone") from None
    return KeptPlan(
        [_unpack_sheet(one) for one in found["sheets"]],
        told.unpack(found["notes"]),
        told.unpack(found["problems"]),
    )


def reasons(upload: Path) -> Iterator[tuple[str, int, list[Reason], bool]]:
    """Sheet, row, reasons and whether it only waits, of every row that stays behind."""
    try:
        with _reasons(upload).open("rb") as file:
            for line in file:
                sheet, number, troubles, waits = json.loads(line)
                yield sheet, number, _unpacked(troubles), waits
    except FileNotFoundError:
        raise Refused.because("import.file-gone") from None


def forget(upload: Path) -> None:
    """Remove an upload and all that is kept beside it."""
    for path in (upload, _shown(upload), _reasons(upload)):
        path.unlink(missing_ok=True)


def _shown(upload: Path) -> Path:
    return upload.with_name(f"{upload.name}.plan")


def _reasons(upload: Path) -> Path:
    return upload.with_name(f"{upload.name}.reasons")


def _write(upload: Path, found: dict[str, Any]) -> None:
    with atomic_target(_shown(upload)) as file:
        file.write(json.dumps(found, ensure_ascii=False).encode())


def _sheet(plan: Plan) -> dict[str, Any]:
    shown: Counter[str] = Counter()
    rows = []
    for row in plan.rows:
        kinds = {row.verdict, *(["doubtful"] if row.doubts else []), *(["waits"] * row.waits)}
        if any(shown[kind] < SHOWN for kind in kinds):
            rows.append(_row(plan.register, row))
        shown.update(kinds)
    return {
        "register": plan.register.name,
        "sheet": plan.sheet,
        "counts": plan.counts,
        "ignored": plan.ignored,
        "corrections": plan.corrections,
        "doubtful": plan.doubtful,
        "waiting": plan.waiting,
        "rows": rows,
    }


def _row(register: Register, row: Row) -> dict[str, Any]:
    title = row.values.get(register.title) if register.title else None
    names = [n for n in register.columns if n in row.values and n not in (register.title, "code")]
    summary = [(name, register.fields[name].show(row.values[name])) for name in names[:_SUMMARY]]
    return {
        "number": row.number,
        "verdict": row.verdict,
        "key": row.key,
        "title": str(title or row.key or "–"),
        "summary": [pair for pair in summary if pair[1]],
        "changes": row.changes,
        "troubles": _packed(row.troubles),
        "doubts": told.pack(row.doubts),
        "waits": row.waits,
    }


def _packed(troubles: Iterable[Reason]) -> list[Any]:
    return [[r.place, r.field, told.pack([r.finding])[0]] for r in troubles]


def _unpacked(troubles: Iterable[Any]) -> list[Reason]:
    return [Reason(place, name, told.unpack([one])[0]) for place, name, one in troubles]


def _unpack_sheet(found: dict[str, Any]) -> KeptSheet:
    rows = [
        KeptRow(
            **row
            | {
                "summary": [tuple(pair) for pair in row["summary"]],
                "changes": [Change(*change) for change in row["changes"]],
                "troubles": _unpacked(row["troubles"]),
                "doubts": told.unpack(row["doubts"]),
            }
        )
        for row in found["rows"]
    ]
    return KeptSheet(**found | {"register": catalogue.get(found["register"]), "rows": rows})

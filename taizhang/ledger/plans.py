"""An import before it happens: every row read, matched and judged; nothing written."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from taizhang.documents.sheets import Sheet, Trouble, cell_name
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest

from . import access, cells, relations, write
from .models import Record, State
from .register import Register
from .resolve import Pending, Resolver, void_reference

NEW, CHANGED, SAME, INVALID = "new", "changed", "same", "invalid"
VERDICTS = (NEW, CHANGED, SAME, INVALID)


@dataclass(slots=True)
class Row:
    """One row of the file and what is to become of it.

    ``changes`` are (label, old, new) as a person reads them; ``troubles`` (cell, label, finding).
    """

    number: int
    verdict: str
    key: str
    values: dict[str, Any]
    record: Record | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    troubles: list[tuple[str, str, Finding]] = field(default_factory=list)


@dataclass
class Plan:
    """What an import would do to one register."""

    register: Register
    sheet: str
    columns: dict[int, str]
    ignored: list[str]
    rows: list[Row]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found.get(verdict, 0) for verdict in VERDICTS}

    @property
    def corrections(self) -> int:
        """How many verified records would change; these need a reason."""
        return sum(
            1
            for row in self.rows
            if row.verdict == CHANGED and row.record and row.record.state == State.VERIFIED
        )

    def digest(self) -> str:
        """A fingerprint of the plan: equal as long as file and ledger give the same plan."""
        sha = hashlib.sha256(self.register.name.encode())
        for row in self.rows:
            version = row.record.version if row.record else 0
            troubles = [(cell, finding.code) for cell, _label, finding in row.troubles]
            sha.update(
                json.dumps(
                    [row.number, row.verdict, row.key, version, row.changes, troubles],
                    ensure_ascii=False,
                ).encode()
            )
        return sha.hexdigest()


def make(
    register: Register,
    sheet: Sheet,
    *,
    actor: Any,
    unit: Any = None,
    progress: Callable[[int], None] = write.silent,
) -> Plan:
    """Plan the import of a sheet into a register for this user.

    ``unit`` owns the rows of a file without a unit column. Refuses a file whose columns make no
    sense; everything about single rows becomes their troubles.
    """
    columns, ignored = _columns(register, sheet)
    resolver = Resolver(actor, unit)
    _load_references(register, sheet, columns, resolver)
    plan = Plan(register, sheet.name, columns, ignored, [])
    reader = _Reader(register, columns, resolver, unit, actor)
    for source in sheet.rows:
        plan.rows.append(reader.read(source.number, source.cells))
        progress(1)
    _match(plan, actor)
    _find_twice(plan)
    for row in plan.rows:
        reader.judge(row)
    return plan


def _columns(register: Register, sheet: Sheet) -> tuple[dict[int, str], list[str]]:
    """Which column holds which field; headers may be field names or labels in either language."""
    known: dict[str, str] = {}
    for name, known_field in register.fields.items():
        for header in (name, *known_field.labels()):
            known[_plain_header(header)] = name
    columns: dict[int, str] = {}
    ignored: list[str] = []
    unknown: list[str] = []
    for index, header in enumerate(sheet.header):
        if not header:
            continue
        found = known.get(_plain_header(header))
        if found is None:
            unknown.append(header)
        elif not register.fields[found].writable:
            ignored.append(header)
        elif found in columns.values():
            raise Refused.because("import.column-twice", sheet.name, header=header)
        else:
            columns[index] = found
    if unknown:
        raise Refused(
            *(
                Finding(
                    "import.unknown-column",
                    "must",
                    sheet.name,
                    {"header": header, "nearest": _nearest_header(register, header)},
                )
                for header in unknown
            )
        )
    missing = [
        f.label
        for name, f in register.fields.items()
        if name in register.key and f.required and name not in columns.values() and name != "unit"
    ]
    if missing:
        raise Refused.because("import.missing-columns", sheet.name, columns="、".join(missing))
    return columns, ignored


def _plain_header(text: str) -> str:
    return text.strip().rstrip("*＊").replace("（必填）", "").replace(" ", "").casefold()


def _nearest_header(register: Register, header: str) -> str:
    labels = [register.fields[name].label for name in register.editable]
    return nearest(header, labels) or "、".join(labels)


def _load_references(
    register: Register, sheet: Sheet, columns: dict[int, str], resolver: Resolver
) -> None:
    for index, name in columns.items():
        reference = register.fields[name]
        if isinstance(reference, relations.ReferenceField):
            texts = {cells.text(row.cells[index]) for row in sheet.rows} - {""}
            resolver.load(reference, set(texts))
            if reference.target() is register:
                keys = next(i for i, n in columns.items() if n == register.key[-1])
                for row in sheet.rows:
                    resolver.expect(register, cells.text(row.cells[keys]))


class _Reader:
    """Reads rows of one sheet."""

    def __init__(
        self,
        register: Register,
        columns: dict[int, str],
        resolver: Resolver,
        unit: Any,
        actor: Any,
    ) -> None:
        self.register = register
        self.columns = [(index, register.fields[name]) for index, name in columns.items()]
        self.index = {name: index for index, name in columns.items()}
        self.resolver = resolver
        self.unit = unit
        known = access.of(actor)
        self.writable_units = known.units("manager" if register.manager_only else "recorder")

    def read(self, number: int, row: Sequence[Any]) -> Row:
        """Parse the cells; each trouble names its cell."""
        values: dict[str, Any] = {}
        found = Row(number, INVALID, "", values)
        owned = self.unit is not None and self.register.scope == "unit"
        if owned and "unit" not in self.index:
            values["unit"] = self.unit
        for index, known in self.columns:
            cell = row[index]
            if isinstance(cell, Trouble):
                finding = Finding(cell.code, "must", "", dict(cell.params))
                found.troubles.append((cell_name(index, number), known.label, finding))
            elif cells.is_empty(cell):
                if known.name == "unit" and owned:
                    values["unit"] = self.unit
                elif known.name != "code" or not self.register.code_prefix:
                    values[known.name] = known.empty()
                    if known.required and values[known.name] in (None, "", []):
                        finding = Finding("import.required", "must", "", {"field": known.label})
                        found.troubles.append((cell_name(index, number), known.label, finding))
            elif known.masks and "*" in cells.text(cell):
                values[known.name] = _Masked(cells.text(cell))
            else:
                try:
                    values[known.name] = known.parse(cell, self.resolver)
                except Refused as refused:
                    found.troubles.extend(
                        (cell_name(index, number), known.label, f) for f in refused.findings
                    )
        return found

    def judge(self, row: Row) -> None:
        """Decide what becomes of a row, now that its record is known or known not to exist."""
        self._unmask(row)
        for name, value in row.values.items():
            known = self.register.fields[name]
            if finding := void_reference(known, value, row.record):
                row.troubles.append((cell_name(self.index[name], row.number), known.label, finding))
        if row.troubles:
            return
        register = self.register
        if row.record is None:
            missing = [
                known
                for name, known in register.fields.items()
                if known.writable and known.required and row.values.get(name) in (None, "", [])
            ]
            for known in missing:
                finding = Finding("import.required", "must", "", {"field": known.label})
                row.troubles.append((f"{row.number}", known.label, finding))
            if missing:
                return
            plain = {n: v for n, v in row.values.items() if not register.fields[n].many}
            pending = any(isinstance(value, Pending) for value in plain.values())
            record = register.model(
                **{n: v for n, v in plain.items() if not isinstance(v, Pending)}
            )
            if not self._allowed(record, pending):
                self._refuse(row, Finding("write.not-allowed", "must"))
                return
            for finding in write.problems(register, record):
                row.troubles.append((f"{row.number}", "", finding))
            if self.register.scope == "self" and self._taken(record):
                self._refuse(row, Finding("write.code-not-free", "must"))
            if not row.troubles:
                row.verdict = NEW
            return
        self._judge_change(row, row.record)

    def _judge_change(self, row: Row, record: Record) -> None:
        register = self.register
        for name, value in row.values.items():
            known = register.fields[name]
            old = known.value(record)
            if known.raw(old) != known.raw(value):
                before = cells.masked(old) if known.personal else known.show(old)
                row.changes.append((known.label, before, known.show(value)))
        if not row.changes:
            row.verdict = SAME
            return
        if register.unit_id(record) not in self.writable_units:
            self._refuse(row, Finding("write.not-allowed", "must"))
            return
        if record.state == State.VOID:
            self._refuse(row, Finding("write.void", "must"))
            return
        trial = register.model(
            **{f.attname: getattr(record, f.attname) for f in register.model._meta.concrete_fields}
        )
        for name, value in row.values.items():
            if not register.fields[name].many:
                setattr(trial, name, value)
        if register.unit_id(trial) not in self.writable_units:
            self._refuse(row, Finding("write.not-allowed", "must"))
            return
        for finding in write.problems(register, trial):
            row.troubles.append((f"{row.number}", "", finding))
        if not row.troubles:
            row.verdict = CHANGED

    def _allowed(self, record: Record, pending: bool) -> bool:
        if self.register.scope == "self":
            return pending or getattr(record, "parent_id", None) in self.writable_units
        return self.register.unit_id(record) in self.writable_units

    def _taken(self, record: Record) -> bool:
        """Whether a unit's code is in use anywhere: codes of units are one list for all offices."""
        code = getattr(record, "code", "")
        return bool(self.register.model._default_manager.filter(code=code).exists())

    def _refuse(self, row: Row, finding: Finding) -> None:
        row.troubles.append((f"{row.number}", "", finding))

    def _unmask(self, row: Row) -> None:
        """A masked cell means: as it was. Anything else with a mask in it is refused."""
        for name in [n for n, value in row.values.items() if isinstance(value, _Masked)]:
            text = row.values.pop(name).text
            known = self.register.fields[name]
            if row.record is None or cells.masked(known.cell(known.value(row.record))) != text:
                finding = Finding("import.masked", "must", "", {"text": text})
                place = cell_name(self.index[name], row.number)
                row.troubles.append((place, known.label, finding))


@dataclass(frozen=True, slots=True)
class _Masked:
    text: str


def _match(plan: Plan, actor: Any) -> None:
    """Find the records that the rows mean, by natural key, in a few queries."""
    register = plan.register
    keyed: dict[tuple[Any, ...], list[Row]] = {}
    for row in plan.rows:
        parts = [row.values.get(name) for name in register.key]
        row.key = "/".join(
            register.fields[n].cell(v)
            if hasattr(v, "pk") and not isinstance(v, Pending)
            else str(v)
            for n, v in zip(register.key, parts, strict=True)
            if v not in (None, "")
        )
        if None not in parts and "" not in parts:
            keyed.setdefault(tuple(_comparable(part) for part in parts), []).append(row)
    last = register.key[-1]
    tails = sorted({key[-1] for key in keyed}, key=str)
    lookup = f"{last}_id" if isinstance(register.fields[last], relations.ReferenceField) else last
    for start in range(0, len(tails), 500):
        part = tails[start : start + 500]
        for record in access.visible(actor, register).filter(**{f"{lookup}__in": part}):
            key = tuple(_comparable(register.fields[n].value(record)) for n in register.key)
            for row in keyed.get(key, ()):
                row.record = record
                row.key = register.key_text(record)


def _comparable(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") and not isinstance(value, Pending) else value


def _find_twice(plan: Plan) -> None:
    """The same record twice in one file: the second is told where the first stands."""
    seen: dict[str, int] = {}
    complete = len(plan.register.key)
    for row in plan.rows:
        if row.key.count("/") + 1 < complete:
            continue
        if row.key in seen:
            finding = Finding("import.row-twice", "must", "", {"row": seen[row.key]})
            row.troubles.append((f"{row.number}", "", finding))
        seen.setdefault(row.key, row.number)


def sheet_register(
    sheets: Iterable[Sheet], register: Register | None
) -> list[tuple[Register, Sheet]]:
    """Which sheet belongs to which register: by its name, or the register that was asked for."""
    from . import catalogue

    listed = list(sheets)
    names = {}
    for known in catalogue.registers():
        for title in (known.name, known.path, *_titles(known)):
            names[_plain_header(title)] = known
    found = [(names[_plain_header(s.name)], s) for s in listed if _plain_header(s.name) in names]
    if register is not None:
        mine = [(r, s) for r, s in found if r is register]
        return mine or ([(register, listed[0])] if listed else [])
    if not found:
        raise Refused.because(
            "import.which-register",
            listed[0].name if listed else "",
            registers="、".join(r.label_plural for r in catalogue.registers()),
        )
    return found


def _titles(register: Register) -> list[str]:
    from django.utils import translation

    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found += [register.label, register.label_plural]
    return found

"""What is to become of each row: which record it means, and whether it may be written so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from taizhang.engines.findings import Finding
from taizhang.ledger import access, cells, constraints, doubts, relations
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import Register
from taizhang.ledger.resolve import Pending, void_reference

from .rows import CHANGED, INVALID, NEW, SAME, Change, Masked, Reader, Reason, Row

_CHUNK = 500
_DEEPEST = 50


class Judge:
    """Decides about the rows of one sheet, in slices and in their order."""

    def __init__(self, register: Register, reader: Reader, actor: Any) -> None:
        self.register, self.reader, self.actor = register, reader, actor
        self.writable = access.of(actor).where(Verb.IMPORT, register)
        fields = [register.fields[name] for name in register.editable]
        # Asked once: these are asked of every row.
        self._references = [f for f in fields if isinstance(f, relations.ReferenceField)]
        self._required = [known for known in fields if known.required]
        self._plain = [known.name for known in fields if not known.many]
        self._seen: dict[tuple[Any, ...], int] = {}

    def judge(self, rows: Sequence[Row]) -> None:
        """Match these rows with their records and give each its verdict."""
        self._match(rows)
        self._trials: list[tuple[Row, Record]] = []
        for row in rows:
            self._judge(row)
        self._doubt()

    def _match(self, rows: Sequence[Row]) -> None:
        """Find the records that the rows mean, by natural key, in a few queries."""
        keyed: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            parts = [row.values.get(name) for name in self.register.key]
            row.key = "/".join(
                self._part(name, part)
                for name, part in zip(self.register.key, parts, strict=True)
                if part not in (None, "")
            )
            if all(part not in (None, "") for part in parts):
                key = tuple(_comparable(part) for part in parts)
                keyed.setdefault(key, []).append(row)
                self._note_twice(row, key)
        for record in self._records(keyed):
            key = tuple(_comparable(self.register.fields[n].value(record)) for n in self._key)
            for row in keyed.get(key, ()):
                row.record, row.version = record, record.version
                row.key = self.register.key_text(record)

    @property
    def _key(self) -> tuple[str, ...]:
        return self.register.key

    def _part(self, name: str, part: Any) -> str:
        if isinstance(part, Pending) or not hasattr(part, "pk"):
            return str(part)
        return str(self.register.fields[name].cell(part))

    def _records(self, keyed: dict[tuple[Any, ...], list[Row]]) -> list[Record]:
        """Visible records whose last part of the key is among those asked for."""
        last = self._key[-1]
        reference = isinstance(self.register.fields[last], relations.ReferenceField)
        lookup = f"{last}_id__in" if reference else f"{last}__in"
        complete = [key for key in keyed if not any(isinstance(part, Pending) for part in key)]
        tails = sorted({key[-1] for key in complete}, key=str)
        rows = access.visible(self.actor, self.register)
        return [
            record
            for start in range(0, len(tails), _CHUNK)
            for record in rows.filter(**{lookup: tails[start : start + _CHUNK]})
        ]

    def _note_twice(self, row: Row, key: tuple[Any, ...]) -> None:
        """The same record twice in one file: the second is told where the first stands."""
        place = self.reader.sheet.row_place
        if key in self._seen:
            finding = Finding("import.row-twice", "must", "", {"row": place(self._seen[key])})
            row.troubles.append(Reason(place(row.number), "", finding))
        else:
            self._seen[key] = row.number

    def _judge(self, row: Row) -> None:
        if self.register.personal:
            self._unmask(row)
        for known in self._references:
            value = row.values.get(known.name)
            if isinstance(value, Pending):
                row.pending += (value,)
            elif finding := void_reference(known, value, row.record):
                row.troubles.append(self.reader.reason(known.name, row.number, finding))
        if not row.troubles:
            if row.record is None:
                self._judge_new(row)
            else:
                self._judge_change(row, row.record)
        if row.troubles:
            row.verdict = INVALID

    def _judge_new(self, row: Row) -> None:
        register = self.register
        for known in self._required:
            if row.values.get(known.name) in (None, "", []):
                row.troubles.append(self.reader.missing(known, row.number))
        if row.troubles:
            return
        record = register.model(**self._plain_values(row))
        row.owner = _owner(register, row.values)
        if not self._may_stand(row.owner):
            self._refuse(row, Finding("write.not-allowed", "must"))
            return
        self._check(row, record)
        if register.scope == "self" and self._taken(record):
            self._refuse(row, Finding("write.code-not-free", "must"))
        row.verdict = NEW

    def _judge_change(self, row: Row, record: Record) -> None:
        register = self.register
        changes = []
        for name, value in row.values.items():
            known = register.fields[name]
            old = known.value(record)
            if isinstance(value, Pending) or known.raw(old) != known.raw(value):
                before = cells.masked(old) if known.personal else known.show(old)
                changes.append(Change(name, before, known.show(value)))
        row.changes = changes
        row.verdict = CHANGED if changes else SAME
        if not changes:
            return
        if register.unit_id(record) not in self.writable:
            self._refuse(row, Finding("write.not-allowed", "must"))
        elif record.state == State.VOID:
            self._refuse(row, Finding("write.void", "must"))
        else:
            self._check_changed(row, record)

    def _check_changed(self, row: Row, record: Record) -> None:
        model = self.register.model
        trial = model(
            **{f.attname: getattr(record, f.attname) for f in model._meta.concrete_fields}
        )
        for name, value in self._plain_values(row).items():
            setattr(trial, name, value)
        if self.register.unit_id(trial) not in self.writable:
            self._refuse(row, Finding("write.not-allowed", "must"))
            return
        self._check(row, trial)

    def _plain_values(self, row: Row) -> dict[str, Any]:
        """What a record in memory can hold: no words of lists, no rows that do not exist yet."""
        values = row.values
        return {
            name: values[name]
            for name in self._plain
            if name in values and not isinstance(values[name], Pending)
        }

    def _check(self, row: Row, record: Record) -> None:
        """The rules of the register, each at the cell it is about; then what is unusual."""
        rules = list(constraints.broken(record))
        try:
            record.clean()
        except ValidationError as error:
            rules += [("", message) for message in error.messages]
        for name, rule in rules:
            finding = Finding("write.broken-rule", "must", row.key, {"rule": rule})
            row.troubles.append(self.reader.reason(name, row.number, finding))
        if not rules:
            self._trials.append((row, record))

    def _doubt(self) -> None:
        """What is unusual about what these rows would write, asked of all of them at once."""
        rows = {id(record): row for row, record in self._trials if not row.troubles}
        asked = [record for _row, record in self._trials if id(record) in rows]
        for question in doubts.open_doubts(self.register, asked):
            row = rows[id(question.record)]
            touched = {change.field for change in row.changes}
            if row.record is None or question.field.name in touched:
                row.doubts += (question.finding,)

    def _may_stand(self, owner: Any) -> bool:
        """Whether the actor may write rows of this unit; a new unit is judged by its parent."""
        seen = 0
        while isinstance(owner, Pending):
            seen += 1
            if owner.row is None or owner.row.verdict == INVALID or seen > _DEEPEST:
                return True  # that row is told already, and this one waits for it
            owner = owner.row.owner
        return getattr(owner, "pk", None) in self.writable

    def _taken(self, record: Record) -> bool:
        """Whether a unit's code is in use anywhere: codes of units are one list for all offices."""
        code = getattr(record, "code", "")
        return bool(self.register.model._default_manager.filter(code=code).exists())

    def _refuse(self, row: Row, finding: Finding) -> None:
        row.troubles.append(Reason(self.reader.sheet.row_place(row.number), "", finding))

    def _unmask(self, row: Row) -> None:
        """A masked cell means: as it was. Anything else with a mask in it is refused."""
        for name in [n for n, value in row.values.items() if isinstance(value, Masked)]:
            text = row.values.pop(name).text
            known = self.register.fields[name]
            if row.record is None or cells.masked(known.cell(known.value(row.record))) != text:
                finding = Finding("import.masked", "must", "", {"text": text})
                row.troubles.append(self.reader.reason(name, row.number, finding))


def _comparable(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") and not isinstance(value, Pending) else value


def _owner(register: Register, values: dict[str, Any]) -> Any:
    """The unit a new row would belong to: a unit, or the pending row of a new one."""
    if register.scope == "self":
        return values.get("parent")
    head, *rest = register.scope.split(".")
    found = values.get(head)
    for name in rest:
        if isinstance(found, Pending):
            known = found.row is not None and found.row.verdict != INVALID
            return found.row.owner if known else found
        found = getattr(found, name, None)
    return found

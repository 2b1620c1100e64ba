"""One thing done to many records: moved from state to state, tagged, or one field set.

Everything is one batch with one entry for each record and is undone as one. Records to which it
cannot be done are told one by one and left as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, overload

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.queries import parse
from taizhang.ledger import access, fields, query, relations, states, write
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Batch, Record, State
from taizhang.ledger.register import Register
from taizhang.ledger.resolve import Resolver, void_reference

LIMIT = 100_000
"""While so many records are written, nobody else can write to an embedded database."""
SETTABLE = {"choice", "term", "reference", "boolean"}
WORDS = ("add", "remove")


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done: ``move`` by the action ``name``; ``add`` or ``remove`` the words
    ``values`` of the field ``name``; ``set`` that field to the only value, or empty it."""

    kind: str
    name: str
    values: tuple[str, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """For a job's payload."""
        return asdict(self)

    @staticmethod
    def of_json(kept: dict[str, Any]) -> Deed:
        """What ``as_json`` kept."""
        return Deed(kept["kind"], kept["name"], tuple(kept["values"]), kept["reason"])


@dataclass(slots=True)
class Done:
    """What came of it. ``same`` records were already as they should be; ``refused`` holds one
    finding for each of ``refused_count`` records at least."""

    batch: Batch | None
    done: int
    same: int
    refused: list[Finding]

    @property
    def refused_count(self) -> int:
        """How many records it could not be done to."""
        return len({finding.where for finding in self.refused})


@dataclass(frozen=True, slots=True)
class Left:
    """A record that was left as it is, what it is called, and why."""

    number: int
    label: str
    finding: Finding


def word_fields(register: Register) -> list[relations.TermsField]:
    """The fields whose words can be added and taken away."""
    found = (register.fields[name] for name in register.many)
    return [f for f in found if isinstance(f, relations.TermsField) and f.writable]


def settable_fields(register: Register) -> list[fields.Field]:
    """The fields that many records can be given one value of: what names a record is not among
    them, except the unit it belongs to."""
    movable = {"unit"} if register.scope == "unit" else set()
    names = {*register.key} - movable | {register.parent}
    return [
        known
        for name in register.editable
        if name not in names
        and (known := register.fields[name]).kind in SETTABLE
        and not known.personal
    ]


def rows_of(register: Register, asked: str, user: Any, count: int | None = None) -> list[int]:
    """The numbers of all records a query names, in the order of the list.

    Refuses when there are none, too many, or not as many as whoever pressed was shown.
    """
    wanted = parse(asked)
    rows = query.ordered(register, query.rows(register, wanted, user), wanted.sort, user)
    keys = query.numbers(rows[: LIMIT + 1])
    if not keys:
        raise Refused.because("ledger.nothing-picked", register.label_plural)
    if len(keys) > LIMIT:
        raise Refused.because("ledger.too-many", register.label_plural, limit=LIMIT)
    if count is not None and count != len(keys):
        raise Refused.because(
            "bulk.count-changed", register.label_plural, before=count, now=len(keys)
        )
    return keys


def title(register: Register, deed: Deed) -> str:
    """What is done, as a heading in the language of the moment."""
    if deed.kind == "move":
        return str(states.ACTIONS[deed.name].label)
    known = register.fields[deed.name]
    names = dict(known.options())
    words = "、".join(names.get(value, value) for value in deed.values if value)
    if deed.kind == "add":
        return _("{field}: add {words}").format(field=known.label, words=words)
    if deed.kind == "remove":
        return _("{field}: take away {words}").format(field=known.label, words=words)
    return _("{field}: {value}").format(field=known.label, value=words or _("empty"))


def check(register: Register, deed: Deed, actor: Any) -> None:
    """Refuse now what a job would refuse later: no reason, no such word or row."""
    if deed.kind != "move":
        _Change(register, deed, actor)
    elif states.ACTIONS[deed.name].needs_reason and not deed.reason:
        raise Refused.because("write.reason-needed", register.label)


def carry_out(
    register: Register,
    keys: Sequence[int],
    deed: Deed,
    *,
    actor: Any,
    progress: write.Progress = write.silent,
) -> Done:
    """Do it to these records in one transaction and one batch.

    Refuses what cannot be done to any record at all: no reason, no such word or row.
    """
    if deed.kind == "move":
        action = states.ACTIONS[deed.name]
        rows = _Rows(register, keys)
        moved = states.act(
            register, rows, action, actor=actor, reason=deed.reason, progress=progress
        )
        return Done(moved.batch, moved.done, 0, moved.refused)
    return _Change(register, deed, actor).carry_out(keys, progress)


class _Rows(Sequence[Record]):
    """Records read some at a time, so that a hundred thousand need not be held at once."""

    def __init__(self, register: Register, keys: Sequence[int]) -> None:
        self.register, self.keys = register, keys

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        rows = self.register.queryset().filter(pk__in=self.keys[place])
        found = {row.pk: row for row in rows.prefetch_related(None)}
        return [found[key] for key in self.keys[place] if key in found]


class _Change:
    """Words or one value written to many records."""

    def __init__(self, register: Register, deed: Deed, actor: Any) -> None:
        self.register, self.deed, self.actor = register, deed, actor
        known = register.fields.get(deed.name)
        allowed = word_fields(register) if deed.kind in WORDS else settable_fields(register)
        if known is None or known not in allowed:
            raise Refused.because("bulk.not-this-field", deed.name, name=deed.name)
        self.field = known
        self.value = self._read()
        self.done, self.same = 0, 0
        self.refused: list[Finding] = []

    def _read(self) -> Any:
        """The words or the value, found as a form would find them."""
        known, texts = self.field, [text for text in self.deed.values if text.strip()]
        resolver = Resolver(self.actor)
        if known.many:
            if not texts:
                raise Refused.because("bulk.no-words", known.label, field=known.label)
            return known.parse("、".join(texts), resolver)
        if not texts:
            if known.required:
                raise Refused.because("import.required", known.label, field=known.label)
            return known.empty()
        if isinstance(known, relations.ReferenceField):
            resolver.load(known, texts)
        value = known.parse(texts[0], resolver)
        if finding := void_reference(known, value, None):
            raise Refused(finding)
        units = access.of(self.actor).where(Verb.EDIT, self.register)
        if known.name == self.register.scope and value.pk not in units:
            raise Refused.because("write.not-allowed", known.label)
        return value

    def carry_out(self, keys: Sequence[int], progress: write.Progress) -> Done:
        """Write to all of them."""
        with transaction.atomic():
            batch = Batch.objects.create(
                kind=Batch.Kind.ACTION,
                actor=self.actor,
                at=timezone.now(),
                source=title(self.register, self.deed)[:200],
                register=self.register.name,
            )
            for start in range(0, len(keys), write.CHUNK):
                part = keys[start : start + write.CHUNK]
                self._write(part, batch)
                progress(len(part))
            if self.done:
                Batch.objects.filter(pk=batch.pk).update(changed=self.done)
            else:
                batch.delete()
        return Done(batch if self.done else None, self.done, self.same, self.refused)

    def _write(self, keys: Sequence[int], batch: Batch) -> None:
        rows = self.register.queryset().select_for_update(of=("self",)).filter(pk__in=keys)
        found = {row.pk: row for row in rows}
        changes, known = [], self.field
        for record in (found[key] for key in keys if key in found):
            value = self._wanted(record)
            if known.raw(value) == known.raw(known.value(record)):
                self.same += 1
            elif findings := self._hindrances(record, value):
                self.refused += findings
            else:
                changes.append((record, {self.field.name: value}))
        self._write_all(changes, batch)

    def _write_all(self, changes: list[tuple[Record, dict[str, Any]]], batch: Batch) -> None:
        """Write these; what the database itself refuses is found by halving."""
        if not changes:
            return
        try:
            self.done += write.change_many(
                self.register, changes, actor=self.actor, reason=self.deed.reason, batch=batch
            )
        except Refused as refused:
            if len(changes) == 1:
                ((record, _values),) = self._again(changes)
                where = self.register.key_text(record)
                self.refused += [
                    Finding(finding.code, finding.severity, where, finding.params)
                    for finding in refused.findings
                ]
                return
            half = len(changes) // 2
            for part in (changes[:half], changes[half:]):
                self._write_all(self._again(part), batch)

    def _again(
        self, changes: list[tuple[Record, dict[str, Any]]]
    ) -> list[tuple[Record, dict[str, Any]]]:
        """The same changes on rows as they stand in the database."""
        rows = self.register.queryset().filter(pk__in=[record.pk for record, _values in changes])
        found = {row.pk: row for row in rows}
        return [(found[record.pk], values) for record, values in changes]

    def _wanted(self, record: Record) -> Any:
        """What the record should have."""
        if not self.field.many:
            return self.value
        words = {term.pk: term for term in self.field.value(record)}
        for term in self.value:
            if self.deed.kind == "add":
                words[term.pk] = term
            else:
                words.pop(term.pk, None)
        return sorted(words.values(), key=lambda term: (term.position, term.code))

    def _hindrances(self, record: Record, value: Any) -> list[Finding]:
        """Why this record cannot be changed so; looked at before anything is written."""
        where = self.register.key_text(record)
        if not access.of(self.actor).may(Verb.EDIT, self.register, record):
            return [Finding("write.not-allowed", "must", where)]
        if record.state == State.VOID:
            return [Finding("write.void", "must", where)]
        if record.state == State.VERIFIED and not self.deed.reason.strip():
            return [Finding("write.reason-needed", "must", where)]
        if self.field.many:
            empty = self.field.required and not value
            params = {"field": self.field.label}
            return [Finding("import.required", "must", where, params)] if empty else []
        name, old = self.field.name, self.field.value(record)
        setattr(record, name, value)
        found = write.problems(self.register, record)
        setattr(record, name, old)
        return [Finding(one.code, one.severity, where, one.params) for one in found]


def named(register: Register, keys: Sequence[int], refused: Sequence[Finding]) -> list[Left]:
    """The records of these findings with what people call them, in the order of the findings."""
    places = {finding.where for finding in refused}
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), write.CHUNK):
        rows = register.queryset().filter(pk__in=keys[start : start + write.CHUNK])
        for row in rows.prefetch_related(None):
            if (key := register.key_text(row)) in places:
                found[key] = row.pk, register.history_label(row)
    nobody = (0, "")
    return [
        Left(number, label or finding.where, finding)
        for finding in refused
        for number, label in [found.get(finding.where, nobody)]
    ]


def reasons(refused: Iterable[Finding]) -> Iterator[tuple[Finding, int]]:
    """The different reasons, each with the number of records, the most frequent first."""
    counted: dict[tuple[str, str], tuple[Finding, int]] = {}
    for finding in refused:
        key = finding.code, repr(sorted(finding.params.items()))
        first, count = counted.get(key, (finding.at(""), 0))
        counted[key] = first, count + 1
    yield from sorted(counted.values(), key=lambda each: -each[1])

"""The only way records change: validate, save, one history entry each, version raised, atomically."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Length
from django.utils import timezone

from taizhang.engines.findings import Finding, Refused

from . import access, constraints, storing
from .access import Verb
from .models import Batch, Entry, Record, State
from .register import Register
from .storing import Draft

CHUNK = 1000
Progress = Callable[[int], None]


def silent(done: int) -> None:
    """Progress that nobody watches."""


def create(
    register: Register, values: dict[str, Any], *, actor: Any, batch: Batch | None = None
) -> Record:
    """Write one new record and return it."""
    return create_many(register, [values], actor=actor, batch=batch)[0]


def create_many(
    register: Register,
    rows: Sequence[dict[str, Any]],
    *,
    actor: Any,
    batch: Batch | None = None,
    progress: Progress = silent,
) -> list[Record]:
    """Write new records: all or none. Values are what ``Field.parse`` returns.

    Refuses with one finding a broken rule, each naming its record.
    """
    with transaction.atomic():
        now = timezone.now()
        raws = _Raws(register)
        drafts = [_draft(register, values, now, actor, raws) for values in rows]
        _allow(register, [draft.record for draft in drafts], actor, Verb.ADD)
        _number(register, [draft.record for draft in drafts])
        _check(register, [draft.record for draft in drafts])
        for start in range(0, len(drafts), CHUNK):
            part = drafts[start : start + CHUNK]
            storing.insert(register, [draft.record for draft in part])
            storing.set_words(register, part, new=True)
            storing.remember(register, part, "add", actor, now, batch, "")
            progress(len(part))
        records = [draft.record for draft in drafts]
        storing.raise_parents(register, records)
        register.settle(records)
        return records


def found(register: Register, values: dict[str, Any], *, actor: Any) -> Record:
    """Write the very first record of a register: before it, nobody has a unit to be allowed in."""
    with transaction.atomic():
        if register.model._default_manager.exists():
            raise Refused.because("write.already-founded", register.label_plural)
        now = timezone.now()
        draft = _draft(register, values, now, actor, _Raws(register))
        _check(register, [draft.record])
        storing.insert(register, [draft.record])
        storing.remember(register, [draft], "add", actor, now, None, "")
        register.settle([draft.record])
    return draft.record


def change(
    register: Register,
    record: Record,
    values: dict[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    reason: str = "",
) -> Record:
    """Write new values to one record. ``version`` is the one the author looked at."""
    with transaction.atomic():
        current = register.model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if version is not None and current.version != version:
            last = Entry.objects.filter(register=register.name, record_id=record.pk).first()
            raise Refused.because(
                "write.changed-meanwhile",
                register.key_text(record),
                who=str(last.actor) if last and last.actor else "–",
                at=timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M") if last else "–",
            )
        fresh: Record = register.queryset().get(pk=record.pk)
        change_many(register, [(fresh, values)], actor=actor, reason=reason)
        return fresh


def change_many(
    register: Register,
    changes: Sequence[tuple[Record, dict[str, Any]]],
    *,
    actor: Any,
    reason: str = "",
    batch: Batch | None = None,
    progress: Progress = silent,
) -> int:
    """Write new values to records: all or none. Returns how many really changed.

    A verified record needs a ``reason`` and goes back to *submitted*, out of the figures.
    """
    with transaction.atomic():
        now = timezone.now()
        _allow(register, [record for record, _values in changes], actor, Verb.EDIT)
        drafts = [d for d in (_changed(register, r, v) for r, v in changes) if d.changes]
        for draft in drafts:
            if draft.record.state == State.VOID:
                raise Refused.because("write.void", register.key_text(draft.record))
            if draft.record.state == State.VERIFIED and not reason.strip():
                raise Refused.because("write.reason-needed", register.key_text(draft.record))
        records = [draft.record for draft in drafts]
        _allow(register, records, actor, Verb.EDIT)
        _check(register, records)
        for start in range(0, len(drafts), CHUNK):
            part = drafts[start : start + CHUNK]
            corrected = [d for d in part if d.record.state == State.VERIFIED]
            plain = [d for d in part if d.record.state != State.VERIFIED]
            for draft in part:
                draft.record.version += 1
                draft.record.changed_at = now
                draft.record.written_by = actor
            for draft in corrected:
                draft.record.state = State.SUBMITTED
                draft.record.verified_by = draft.record.verified_at = None
            storing.update(register, part)
            storing.set_words(register, part, new=False)
            storing.remember(register, plain, "change", actor, now, batch, reason)
            storing.remember(register, corrected, "correct", actor, now, batch, reason)
            progress(len(part))
        storing.raise_parents(register, records)
        register.settle(records)
        return len(drafts)


def note(
    register: Register,
    record: Record,
    *,
    actor: Any,
    verb: str,
    changes: dict[str, Any],
    reason: str = "",
) -> None:
    """Leave an entry for something done beside the fields, such as evidence, and raise the version.

    Taking proof away from a verified record needs a reason and takes it out of the figures.
    """
    _allow(register, [record], actor, Verb.ATTACH)
    now = timezone.now()
    updates: dict[str, Any] = {"version": F("version") + 1, "changed_at": now}
    if record.state == State.VOID:
        raise Refused.because("write.void", register.key_text(record))
    if verb == "detach" and record.state == State.VERIFIED:
        if not reason.strip():
            raise Refused.because("write.reason-needed", register.key_text(record))
        updates |= {"state": State.SUBMITTED, "verified_by": None, "verified_at": None}
    register.model._default_manager.filter(pk=record.pk).update(**updates)
    record.refresh_from_db(fields=[*updates, "version"])
    draft = Draft(record, changes=changes)
    storing.remember(register, [draft], verb, actor, now, None, reason)


class _Raws:
    """Values for history; many rows refer to the same unit, whose label is made once."""

    def __init__(self, register: Register) -> None:
        self.fields = register.fields
        self.labels: dict[tuple[str, int], Any] = {}

    def __call__(self, name: str, value: Any) -> Any:
        known = self.fields[name]
        if known.kind != "reference" or value is None:
            return known.raw(value)
        key = name, value.pk
        if key not in self.labels:
            self.labels[key] = known.raw(value)
        return self.labels[key]


def _draft(register: Register, values: dict[str, Any], now: Any, actor: Any, raws: _Raws) -> Draft:
    plain, many, changes = {}, {}, {}
    for name, value in values.items():
        known = register.fields[name]
        if known.many:
            many[name] = value
        else:
            plain[name] = value
        raw = raws(name, value)
        if raw not in (None, "", []):
            changes[name] = None if known.personal else [None, raw]
    record = register.model(**plain, created_at=now, changed_at=now, written_by=actor)
    return Draft(record, many, changes)


def _changed(register: Register, record: Record, values: dict[str, Any]) -> Draft:
    draft = Draft(record)
    for name, value in values.items():
        known = register.fields[name]
        was = known.value(record)
        old, new = known.raw(was), known.raw(value)
        if old == new:
            continue
        if known.personal or known.kind == "reference":
            draft.before[name] = known.keep(was)
        draft.changes[name] = None if known.personal else [old, new]
        if known.many:
            draft.many[name] = value
        else:
            setattr(record, name, value)
    return draft


def _allow(register: Register, records: Sequence[Record], actor: Any, verb: Verb) -> None:
    """Refuse rows in units where the actor may not write; the unit may have changed just now."""
    known = access.of(actor)
    if verb not in known.verbs:
        raise Refused.because("write.not-allowed", register.label, verb=str(verb))
    if register.scope == "self":
        for record in records:
            unit = record.pk or getattr(record, "parent_id", None)
            if unit not in known.units("manager"):
                raise Refused.because("write.not-allowed", register.key_text(record))
        return
    role = "manager" if register.manager_only else "recorder"
    allowed = known.units(role)
    for record in records:
        if register.unit_id(record) not in allowed:
            raise Refused.because("write.not-allowed", register.key_text(record), verb=str(verb))


def _number(register: Register, records: Sequence[Record]) -> None:
    """Give codes to records without one: prefix, year and the next number of the unit."""
    if not register.code_prefix:
        return
    last: dict[tuple[int, str], int] = {}
    for record in records:
        if getattr(record, "code", "x"):
            continue
        day = getattr(record, register.dated, None) if register.dated else None
        stem = f"{register.code_prefix}-{day.year}-" if day else f"{register.code_prefix}-"
        unit = register.unit_id(record)
        assert unit is not None
        if (unit, stem) not in last:
            last[unit, stem] = _last_number(register, unit, stem)
        last[unit, stem] += 1
        record.code = f"{stem}{last[unit, stem]:04d}"  # type: ignore[attr-defined]


def _last_number(register: Register, unit: int, stem: str) -> int:
    # Lock the unit, so that two writers do not take the same number.
    unit_model = register.model._meta.get_field("unit").related_model
    list(unit_model._default_manager.select_for_update().filter(pk=unit).values_list("pk"))
    codes = (
        register.model._default_manager.filter(unit=unit, code__startswith=stem)
        .order_by(Length("code").desc(), "-code")
        .values_list("code", flat=True)
    )
    return next((int(c[len(stem) :]) for c in codes[:50] if c[len(stem) :].isdigit()), 0)


def _check(register: Register, records: Iterable[Record]) -> None:
    """Every rule of every record, asked before anything is written."""
    found = [finding for record in records for finding in problems(register, record)]
    if found:
        raise Refused(*found)


def problems(register: Register, record: Record) -> list[Finding]:
    """The rules this record breaks, as findings that name it."""
    rules = [message for _field, message in constraints.broken(record)]
    try:
        record.clean()
    except ValidationError as error:
        rules += error.messages
    if not rules:
        return []
    where = register.key_text(record)
    return [Finding("write.broken-rule", "must", where, {"rule": rule}) for rule in rules]

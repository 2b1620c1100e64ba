"""How the ledger lays down what it has decided to write: rows, their words, the history.

Nothing here asks whether it may or should; only ``write``, ``states`` and ``undo`` come here, and
everybody else comes to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from taizhang.engines.findings import Finding, Refused

from . import catalogue, searching
from .models import Batch, Before, Entry, Record
from .register import Register


@dataclass
class Draft:
    """A record about to be written, with what changes: field → (old raw, new raw).

    ``before`` holds the old values that history does not say, so that the change can be undone.
    """

    record: Record
    many: dict[str, list[Any]] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)


def insert(register: Register, records: Sequence[Record]) -> None:
    """Write new rows and what they are found by."""
    try:
        with transaction.atomic():
            register.model._default_manager.bulk_create(records)
    except IntegrityError as error:
        raise Refused(_integrity(register, error)) from error
    searching.write(register, records, new=True)


_MARKS = ("state", "version", "changed_at", "written_by", "verified_by", "verified_at")


def update(register: Register, drafts: Sequence[Draft]) -> None:
    """Write the columns that change: one prepared statement, carried out for each record.

    Django's own way, one statement with a case for each row and column, takes twenty times as long.
    """
    changed = {name for draft in drafts for name in draft.changes}
    plain = [name for name in register.editable if name in changed and name not in register.many]
    columns = [register.model._meta.get_field(name) for name in (*plain, *_MARKS)]
    quote = connection.ops.quote_name
    settings = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    key = register.model._meta.pk
    assert key is not None
    statement = f"UPDATE {quote(register.model._meta.db_table)} SET {settings} WHERE {quote(key.column)} = %s"  # noqa: S608
    rows = [
        [
            *(c.get_db_prep_save(getattr(draft.record, c.attname), connection) for c in columns),
            draft.record.pk,
        ]
        for draft in drafts
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, rows)
    except IntegrityError as error:
        raise Refused(_integrity(register, error)) from error
    told = [d.record for d in drafts if d.changes.keys() & searching.looks_at(register)]
    searching.write(register, told, new=False)


def _integrity(register: Register, error: IntegrityError) -> Finding:
    """The database's refusal as a sentence: the message of the constraint it names."""
    text = str(error)
    meta = register.model._meta
    for constraint in meta.constraints:
        # PostgreSQL names the constraint, SQLite the columns of a unique one.
        columns = ", ".join(
            f"{meta.db_table}.{meta.get_field(name).column}"
            for name in getattr(constraint, "fields", ())
        )
        named = constraint.name in text or (columns and columns in text)
        message = constraint.violation_error_message
        if named and message != constraint.default_violation_error_message:
            return Finding("write.broken-rule", "must", "", {"rule": str(message)})
    return Finding(
        "write.already-there", "must", register.label, {"register": register.label_plural}
    )


def set_words(register: Register, drafts: Sequence[Draft], *, new: bool) -> None:
    """Write the words of many-valued fields, one statement a field."""
    for name in register.many:
        source = register.fields[name].source
        touched = [draft for draft in drafts if name in draft.many]
        if not touched:
            continue
        through = source.remote_field.through
        mine, word = source.m2m_field_name(), source.m2m_reverse_field_name()
        if not new:
            through._default_manager.filter(
                **{f"{mine}__in": [draft.record.pk for draft in touched]}
            ).delete()
        through._default_manager.bulk_create(
            [
                through(**{f"{mine}_id": draft.record.pk, f"{word}_id": term.pk})
                for draft in touched
                for term in draft.many[name]
            ]
        )
        for draft in touched:
            # What a queryset prefetched before is no longer true.
            getattr(draft.record, "_prefetched_objects_cache", {}).pop(name, None)


def remember(
    register: Register,
    drafts: Sequence[Draft],
    verb: str,
    actor: Any,
    now: Any,
    batch: Batch | None,
    reason: str,
) -> None:
    """One history entry for each record."""
    parent = catalogue.parent_of(register)
    entries = Entry.objects.bulk_create(
        [
            Entry(
                at=now,
                actor=actor,
                batch=batch,
                register=register.name,
                record_id=draft.record.pk,
                label=register.history_label(draft.record),
                verb=verb,
                version=draft.record.version,
                changes=draft.changes,
                reason=reason.strip(),
                parent_register=parent.name if parent else "",
                parent_id=getattr(draft.record, f"{register.parent}_id") if parent else None,
            )
            for draft in drafts
        ]
    )
    if batch is not None:
        Before.objects.bulk_create(
            [
                Before(entry=entry, at=now, values=draft.before)
                for entry, draft in zip(entries, drafts, strict=True)
                if draft.before
            ]
        )


def raise_parents(register: Register, records: Iterable[Record]) -> None:
    """A change of child rows is a change of the parent: its version rises once a write."""
    parent = catalogue.parent_of(register)
    if parent is None:
        return
    keys = {getattr(record, f"{register.parent}_id") for record in records}
    if keys:
        parent.model._default_manager.filter(pk__in=keys).update(
            version=F("version") + 1, changed_at=timezone.now()
        )

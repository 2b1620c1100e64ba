"""Registers, records and their history as programs read them: the shapes of ``openapi.json``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from taizhang.ledger import access, catalogue, cells, fields
from taizhang.ledger.access import Verb
from taizhang.ledger.fields import Field
from taizhang.ledger.models import Batch, Entry, Record, Term
from taizhang.ledger.register import Register
from taizhang.ledger.relations import ReferenceField, TermField, TermsField

from .asked import computed_names, field_names

BASE = "/api/v1"


def records(
    register: Register, rows: Sequence[Record], names: Iterable[str] | None, user: Any
) -> list[dict[str, Any]]:
    """Records with the named fields (all when None), personal ones masked unless they may be read."""
    chosen = [*field_names(register), *computed_names(register)] if names is None else list(names)
    known = access.of(user)
    loaded = {
        name: field.load(rows)
        for name in chosen
        if isinstance(field := register.fields[name], fields.Computed)
    }
    words = {
        name: _codes(field, rows)
        for name in chosen
        if isinstance(field := register.fields[name], TermsField)
    }
    return [
        _record(register, row, chosen, loaded, words, known.may(Verb.PERSONAL, register, row))
        for row in rows
    ]


def whole(register: Register, numbers: Sequence[int]) -> list[Record]:
    """The records of these numbers, in their order, with the rows they refer to."""
    if not numbers:
        return []
    rows = register.model._default_manager.filter(pk__in=numbers)
    # Words come by ``_codes``: fetched as objects for each row they would take most of the time.
    rows = rows.select_related(*register.related) if register.related else rows
    found = {row.pk: row for row in rows}
    return [found[number] for number in numbers if number in found]


def _codes(field: TermsField, rows: Sequence[Record]) -> dict[int, list[str]]:
    """The codes of a many-valued field for a page of records, in two queries."""
    through, mine, word = field.through("")
    names = dict(field.model._default_manager.values_list("pk", "code"))
    found: dict[int, list[str]] = {row.pk: [] for row in rows}
    pairs = through.filter(**{f"{mine}__in": list(found)}).values_list(mine, word)
    for number, term in pairs:
        found[number].append(names[term])
    return {number: sorted(codes) for number, codes in found.items()}


def _record(
    register: Register,
    record: Record,
    names: Sequence[str],
    loaded: dict[str, dict[int, Any]],
    words: dict[str, dict[int, list[str]]],
    open_: bool,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    masked: list[str] = []
    for name in names:
        if name in loaded:
            continue
        if name in words:
            values[name] = words[name][record.pk]
            continue
        field = register.fields[name]
        values[name] = _raw(field, field.value(record))
        if field.masks and not open_ and values[name] not in (None, ""):
            values[name] = cells.masked(values[name])
            masked.append(name)
    return {
        "id": record.pk,
        "key": register.key_text(record),
        "version": record.version,
        "state": record.state,
        "changed_at": timezone.localtime(record.changed_at).isoformat(),
        "url": f"/{register.path}/{record.pk}/",
        "values": values,
        "computed": {name: _computed(found.get(record.pk)) for name, found in loaded.items()},
        "masked": masked,
    }


def _raw(field: Field, value: Any) -> Any:
    """Codes of terms and choices, keys of records, ISO days, exact decimals as text."""
    if isinstance(field, ReferenceField):
        return field.cell(value) or None
    return field.raw(value)


def _computed(value: Any) -> str | None:
    """A computed value as queries write it."""
    return None if value is None else str(value)


def register_as_json(register: Register, user: Any) -> dict[str, Any]:
    """A register with its fields, and what this caller may do in it."""
    known = access.of(user)
    address = f"{BASE}/{register.path}/"
    return {
        "register": register.name,
        "label": register.label_plural,
        "group": str(register.group),
        "key": list(register.key),
        "dated": register.dated or None,
        "parent": register.parent or None,
        "rows": address,
        "plans": f"{address}plans/" if known.may(Verb.IMPORT, register) else None,
        "page": f"/{register.path}/",
        "fields": [field_as_json(register.fields[name]) for name in field_names(register)],
        "computed": [field_as_json(register.fields[name]) for name in computed_names(register)],
    }


def field_as_json(field: Field) -> dict[str, Any]:
    """What a field is called, holds and demands."""
    found: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "writable": field.writable,
        "many": field.many,
        "personal": field.personal,
    }
    if isinstance(field, ReferenceField):
        found["register"] = field.target().name
    elif isinstance(field, TermField):
        found["terms"] = f"{BASE}/terms/{terms_name(field.model)}/"
    elif field.kind == "choice":
        found["choices"] = [{"code": code, "label": text} for code, text in field.options()]
    if field.kind == "text" and field.source.max_length:
        found["max_length"] = field.source.max_length
    return found


def terms_name(model: type[Term]) -> str:
    """``activities.theme``: how addresses name a controlled list."""
    return f"{model._meta.app_label}.{model._meta.model_name}"


def controlled_lists() -> dict[str, type[Term]]:
    """Every controlled list that a field of a register uses, by name."""
    found = {}
    for register in catalogue.registers():
        for field in register.fields.values():
            if isinstance(field, TermField):
                found[terms_name(field.model)] = field.model
    return dict(sorted(found.items()))


def term_as_json(term: Term) -> dict[str, Any]:
    """A word of a controlled list in both languages."""
    return {
        "code": term.code,
        "name_zh": term.name_zh,
        "name_en": term.name_en,
        "position": term.position,
    }


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """One line of the history. Of personal fields it says that they changed, never the value."""
    return {
        "id": entry.pk,
        "at": timezone.localtime(entry.at).isoformat(),
        "actor": str(entry.actor) if entry.actor else None,
        "register": entry.register,
        "record": entry.record_id,
        "verb": entry.verb,
        "version": entry.version,
        "reason": entry.reason,
        "batch": entry.batch_id,
        "changes": [
            {"field": name, "personal": True, "old": None, "new": None}
            if change is None
            else {"field": name, "personal": False, "old": change[0], "new": change[1]}
            for name, change in entry.changes.items()
        ],
    }


def batch_as_json(batch: Batch) -> dict[str, Any]:
    """What was written in one go."""
    return {
        "id": batch.pk,
        "at": timezone.localtime(batch.at).isoformat(),
        "created": batch.created,
        "changed": batch.changed,
    }

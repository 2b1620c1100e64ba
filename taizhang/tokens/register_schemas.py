"""JSON Schemas of the records and rows of each register, worked out from the catalogue."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taizhang.ledger import catalogue
from taizhang.ledger.fields import Field
from taizhang.ledger.models import State
from taizhang.ledger.register import Register
from taizhang.ledger.relations import ReferenceField, TermField

from .asked import computed_names, field_names
from .schemas import MOMENT, TEXT, TEXT_OR_NULL, WHOLE, Schema, listed, ref, shaped
from .shape import BASE, terms_name

_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"


def schema_name(register: Register) -> str:
    """What the schemas of a register are called: ``activities_activity``."""
    return register.name.replace(".", "_")


def schemas() -> dict[str, Schema]:
    """The schemas of every register, by name."""
    found: dict[str, Schema] = {}
    for register in catalogue.registers():
        name = schema_name(register)
        found[f"{name}_values"] = values(register)
        found[f"{name}_record"] = record(register)
        found[f"{name}_row"] = row(register)
    return found


def meaning(field: Field) -> str:
    """What a field holds, in a sentence for people who write programs."""
    parts = [_kind_of(field)]
    if field.required:
        parts.append(_("needed in a new record"))
    elif field.name == "code" and field.register.code_prefix:
        parts.append(_("generated when left out"))
    if not field.writable:
        parts.append(_("cannot be written"))
    if field.personal:
        parts.append(_("personal"))
    return pgettext("between parts of a meaning", "; ").join(parts)


def _kind_of(field: Field) -> str:
    if isinstance(field, ReferenceField):
        return _("key of a record of {register}").format(register=field.target().label_plural)
    if isinstance(field, TermField):
        name = terms_name(field.model)
        text = _("list of codes of {list}") if field.many else _("code of {list}")
        return text.format(list=f"{BASE}/terms/{name}/")
    match field.kind:
        case "text":
            limit = field.source.max_length
            return _("text, at most {limit} characters").format(limit=limit) if limit else _("text")
        case "integer":
            return _("whole number")
        case "decimal":
            places = field.source.decimal_places
            return _("number with {places} decimals, as text").format(places=places)
        case "date":
            return _("day, as 2021-09-18")
        case "boolean":
            return _("true or false")
        case "choice":
            pairs = (f"{code} {text}" for code, text in field.options())
            return _("one of: {choices}").format(
                choices=pgettext("between codes", ", ").join(pairs)
            )
    return _("worked out from other rows")


def example(field: Field) -> Any:
    """A value as it may stand in a document; None where only the ledger knows one."""
    if field.name == "code" and field.register.code_prefix:
        return f"{field.register.code_prefix}-2021-0001"
    match field.kind:
        case "text":
            return field.label[: field.source.max_length or 100]
        case "integer":
            return 120
        case "decimal":
            return "2.5" if field.source.decimal_places else "2"
        case "date":
            return "2021-09-18"
        case "boolean":
            return True
        case "choice":
            return field.options()[0][0]
        case "terms":
            return []
    return None


def _described(field: Field, schema: Schema) -> Schema:
    found = {"title": field.label, "description": meaning(field), **schema}
    given = example(field)
    if given is not None and field.kind != "terms":
        found["examples"] = [given]
    return found


def values(register: Register) -> Schema:
    """The fields of a record as they are read; all of them unless ``fields`` asks for some."""
    names = field_names(register)
    properties = {n: _described(register.fields[n], _read(register.fields[n])) for n in names}
    return shaped(properties, tuple(names), title=register.label)


def _read(field: Field) -> Schema:
    null = ["null"] if field.source.null and not field.many else []
    masked = ["string"] if field.masks and field.kind not in ("text", "date", "decimal") else []
    match field.kind:
        case "integer":
            return {"type": ["integer", *masked, *null]}
        case "boolean":
            return {"type": ["boolean", *masked, *null]}
        case "terms":
            return listed(TEXT)
        case "choice":
            return {"enum": [*_codes(field), *([""] if field.source.blank else []), *_none(null)]}
        case "date":
            return {"type": ["string", *null], **({} if field.masks else {"format": "date"})}
        case "decimal":
            return {"type": ["string", *null], **({} if field.masks else {"pattern": _DECIMAL})}
    if field.kind == "text" and field.source.max_length:
        return {"type": ["string", *null], "maxLength": field.source.max_length}
    return {"type": ["string", "null"]}


def _codes(field: Field) -> list[str]:
    return [code for code, _label in field.options()]


def _none(null: list[str]) -> list[None]:
    return [None] if null else []


def row(register: Register) -> Schema:
    """A row of a plan. What is left out stays as it was; null empties it."""
    properties = {
        name: _described(register.fields[name], _written(register.fields[name]))
        for name in register.editable
    }
    needed = [name for name in register.editable if register.fields[name].required]
    text = _("A row is found by its key ({key}); if there is none, a new record is made.").format(
        key=pgettext("between codes", ", ").join(register.key)
    )
    return {
        "type": "object",
        "title": register.label,
        "description": text,
        "properties": properties,
        "additionalProperties": False,
        "x-needed-in-new-records": needed,
    }


def _written(field: Field) -> Schema:
    match field.kind:
        case "integer":
            source = field.source
            small = isinstance(source, models.PositiveSmallIntegerField)
            least = isinstance(
                source, models.PositiveIntegerField | models.PositiveSmallIntegerField
            )
            most = 32767 if small else 2147483647
            return {
                "type": ["integer", "null"],
                "maximum": most,
                "minimum": 0 if least else -most,
            }
        case "boolean":
            return {"type": ["boolean", "null"]}
        case "terms":
            return {"type": ["array", "null"], "items": TEXT}
        case "choice":
            return {"enum": [*_codes(field), "", None]}
        case "date":
            return {"type": ["string", "null"], "format": "date"}
        case "decimal":
            return {"type": ["string", "number", "null"]}
    if field.kind == "text" and field.source.max_length:
        return {"type": ["string", "null"], "maxLength": field.source.max_length}
    return {"type": ["string", "null"]}


def record(register: Register) -> Schema:
    """A record as it is read."""
    computed = {
        name: {"title": register.fields[name].label, **TEXT_OR_NULL}
        for name in computed_names(register)
    }
    return shaped(
        {
            "id": WHOLE,
            "key": TEXT,
            "version": {**WHOLE, "description": _("rises with every change of the record")},
            "state": {"enum": list(State.values)},
            "changed_at": MOMENT,
            "url": {**TEXT, "description": _("the page of the record")},
            "values": ref(f"{schema_name(register)}_values"),
            "computed": shaped(computed, tuple(computed)),
            "masked": {
                **listed(TEXT),
                "description": _("fields whose personal values are masked for this caller"),
            },
        },
        title=register.label,
    )

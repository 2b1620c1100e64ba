"""Which kind of field a model's column is, and where the path of a query leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest

from .fields import (
    BooleanField,
    ChoiceField,
    DateField,
    DecimalField,
    Field,
    IntegerField,
    MomentField,
    StateField,
    TextField,
)
from .models import Term
from .relations import ReferenceField, TermField, TermsField

if TYPE_CHECKING:
    from .register import Register


_KINDS: tuple[tuple[type[models.Field[Any, Any]], type[Field]], ...] = (
    (models.BooleanField, BooleanField),
    (models.DateField, DateField),
    (models.DecimalField, DecimalField),
    (models.IntegerField, IntegerField),
    (models.CharField, TextField),
    (models.TextField, TextField),
)


def build(register: Register, name: str) -> Field | None:
    """The field of that name; None when the model has none (the start-up checks say so)."""
    try:
        source = register.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if isinstance(source, models.ManyToManyField):
        return TermsField(register, name, source)
    if isinstance(source, models.ForeignKey):
        kind = TermField if issubclass(source.related_model, Term) else ReferenceField
        return kind(register, name, source)
    if getattr(source, "choices", None):
        return ChoiceField(register, name, source)
    for model_kind, field_kind in _KINDS:
        if isinstance(source, model_kind):
            return field_kind(register, name, source)
    raise TypeError(f"{register.name}.{name}: no field kind for {type(source).__name__}")


def build_system(register: Register, name: str) -> Field | None:
    """The fields every record has: its state and version, and what siblings work out."""
    from . import catalogue

    if name == "state":
        return StateField(register, name, register.model._meta.get_field("state"))
    if name == "version":
        field = IntegerField(register, name, register.model._meta.get_field("version"))
        field.writable = False
        return field
    if name == "changed_at":
        return MomentField(register, name, register.model._meta.get_field("changed_at"))
    if name == "doubt":
        from .doubts import DoubtField

        return DoubtField(register) if register.doubts else None
    maker = catalogue.computed.get(name)
    return maker(register) if maker and maker.suits(register) else None


def resolve_path(register: Register, path: str) -> tuple[str, Field, list[Field]]:
    """Follow ``place.kind``: the query prefix, the field at its end, and the fields on the way.

    Refuses an unknown name and says the nearest.
    """
    prefix = ""
    way: list[Field] = []
    *heads, last = path.split(".")
    for head in heads:
        field = _named(register, head, path)
        if not isinstance(field, ReferenceField):
            raise Refused(
                Finding("query.not-a-relation", "must", path, {"field": field.label, "path": path})
            )
        way.append(field)
        prefix += f"{head}__"
        register = field.target()
    return prefix, _named(register, last, path), way


def _named(register: Register, name: str, path: str) -> Field:
    if field := register.fields.get(name):
        return field
    raise Refused.because(
        "query.unknown-field",
        path,
        name=name,
        register=register.label_plural,
        nearest=nearest(name, register.fields) or "、".join(register.fields),
    )

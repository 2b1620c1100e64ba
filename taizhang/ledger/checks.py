"""Start-up checks of the declarations: a number, the place, and the valid names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist

from taizhang.engines.findings import Refused
from taizhang.engines.names import nearest

from . import catalogue, fields, kinds
from .models import Record
from .register import Register, Related


@checks.register("ledger")
def check_registers(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Check every declaration of the catalogue."""
    return [message for register in catalogue.registers() for message in check(register)]


def check(register: Register) -> Iterator[checks.CheckMessage]:
    """The faults of one declaration (``docs/registers.md`` lists the numbers)."""
    name = type(register).__name__
    if not issubclass(register.model, Record):
        yield _error("E001", name, f"model {register.model.__name__} is not a ledger Record")
        return
    names = {field.name for field in register.model._meta.get_fields()} | {"proof"}
    for number, attribute in (("E002", "key"), ("E003", "columns"), ("E004", "personal")):
        for part in getattr(register, attribute):
            if part.split(".")[0] not in names:
                yield _unknown(number, name, attribute, part, names)
    for section in register.sections:
        for part in section.names:
            if part not in names:
                yield _unknown("E005", name, f"section “{section.title}”", part, names)
        for part in section.parts:
            if isinstance(part, Related) and not _relation(register, part.name):
                valid = {c.name.split(".")[1] for c in catalogue.children(register)}
                yield _unknown("E006", name, "Related", part.name, valid | set(catalogue.panels))
    for number, attribute in (("E007", "filters"), ("E008", "search"), ("E009", "totals")):
        for path in getattr(register, attribute):
            try:
                kinds.resolve_path(register, path)
            except Refused as refused:
                near = refused.findings[0].params.get("nearest", "")
                yield _error(number, name, f"{attribute} names {path!r}; nearest: {near}")
    if register.scope != "self":
        yield from _check_path(register, "E010", "scope", register.scope)
    if register.dated:
        yield from _check_path(register, "E011", "dated", register.dated)
    if register.parent and register.parent not in names:
        yield _unknown("E012", name, "parent", register.parent, names)
    for position, language in enumerate(("zh-hans", "en")):
        labels = [
            field.labels()[position]
            for field in register.fields.values()
            if field.name not in fields.SYSTEM
        ]
        for twice in sorted({label for label in labels if labels.count(label) > 1}):
            yield _error("E013", name, f"two fields are called “{twice}” in {language}")
    if register.title and register.title not in names:
        yield _unknown("E014", name, "title", register.title, names)


def _check_path(
    register: Register, number: str, attribute: str, path: str
) -> Iterator[checks.CheckMessage]:
    model: Any = register.model
    for part in path.split("."):
        try:
            model = model._meta.get_field(part).related_model
        except (FieldDoesNotExist, AttributeError):
            yield _error(
                number, type(register).__name__, f"{attribute} path {path!r} breaks at {part!r}"
            )
            return


def _relation(register: Register, name: str) -> bool:
    if name in catalogue.panels:
        return True
    return any(child.name.split(".")[1] == name for child in catalogue.children(register))


def _unknown(number: str, name: str, attribute: str, part: str, valid: set[str]) -> checks.Error:
    near = nearest(part, valid)
    hint = f"nearest: {near}" if near else f"valid: {', '.join(sorted(valid))}"
    return _error(number, name, f"{attribute} names {part!r}, which does not exist; {hint}")


def _error(number: str, name: str, text: str) -> checks.Error:
    return checks.Error(f"{name}: {text}.", id=f"ledger.{number}")

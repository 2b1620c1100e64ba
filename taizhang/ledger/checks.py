"""Start-up checks of the declarations: a number, the place, and the valid names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist

from taizhang.engines.findings import Refused
from taizhang.engines.names import nearest
from taizhang.engines.queries import Condition, parse

from . import catalogue, fields, kinds
from .models import Record
from .register import TODAY, Doubt, Limit, Register, Related


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
    names = {field.name for field in register.model._meta.get_fields()}
    names |= set(catalogue.computed)
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
    for doubt in register.doubts:
        yield from _check_doubt(register, doubt)
    yield from _check_proof(register)
    if register.ended:
        yield from _check_path(register, "E024", "ended", register.ended)


def _check_doubt(register: Register, doubt: Doubt) -> Iterator[checks.CheckMessage]:
    name, where = type(register).__name__, f"doubt about {doubt.about!r}"
    bounds = [bound for bound in (doubt.over, doubt.under) if bound is not None]
    named = [bound for bound in bounds if isinstance(bound, str) and bound != TODAY]
    unknown = [part for part in (doubt.about, *named, *doubt.when) if part not in register.fields]
    if unknown:
        for part in unknown:
            yield _unknown("E015", name, where, part, set(register.fields))
        return
    known = register.fields[doubt.about]
    kind = _kind(known)
    limits = {_kind_of_limit(register, bound) for bound in bounds}
    if not kind or known.personal or limits != {kind}:
        text = f"{where} needs a number or a day that is not personal, and a limit of its kind"
        yield _error("E016", name, text)
    for part, among in doubt.when.items():
        valid = {code for code, _label in register.fields[part].options()}
        for code in sorted(set(among) - valid):
            near = nearest(code, valid) or ", ".join(sorted(valid)) or "a field with choices"
            yield _error("E017", name, f"{where} names the choice {code!r}; valid: {near}")


def _check_proof(register: Register) -> Iterator[checks.CheckMessage]:
    name = type(register).__name__
    codes = [proof.code for proof in register.proof]
    for proof in register.proof:
        where = f"proof of {proof.code!r}"
        for kind in proof.kinds:
            if kind not in catalogue.proof_kinds:
                yield _unknown("E020", name, where, kind, set(catalogue.proof_kinds))
        try:
            for part in parse(proof.when).conditions:
                yield from _check_when(register, where, part)
        except Refused as refused:
            near = refused.findings[0].params.get("nearest", "") or "a query such as form=lecture"
            yield _error("E021", name, f"{where} when {proof.when!r}; nearest: {near}")
        if proof.least < 1 or codes.count(proof.code) != 1 or not proof.kinds:
            text = f"{where} needs a first kind of its own, and a count of 1 or more"
            yield _error("E022", name, text)
    if register.proof and not register.takes_evidence:
        yield _error("E023", name, "proof is declared, so a section needs Related('evidence')")


def _check_when(register: Register, where: str, part: Condition) -> Iterator[checks.CheckMessage]:
    name = type(register).__name__
    _prefix, known, _way = kinds.resolve_path(register, part.path)
    if isinstance(known, fields.Computed):
        yield _error("E021", name, f"{where} depends on {part.path!r}, which is worked out of it")
    valid = {code for code, _label in known.options()} if known.kind == "choice" else set()
    for text in sorted({getattr(value, "text", "") for value in part.values} - valid - {""}):
        if valid:
            yield _error(
                "E021", name, f"{where}: {part.path}={text}; nearest: {nearest(text, valid)}"
            )


def _kind_of_limit(register: Register, bound: Limit | str) -> str:
    if bound == TODAY or isinstance(bound, date):
        return "date"
    return _kind(register.fields[bound]) if isinstance(bound, str) else "number"


def _kind(known: fields.Field) -> str:
    return "date" if known.kind == "date" else "number" if known.numeric else ""


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

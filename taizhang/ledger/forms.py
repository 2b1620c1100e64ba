"""The form of a record: the cells of one row, typed in.

A form reads what people type with the same code as an import, so that 9,800 or 2021年9月18日 mean
the same in both, and an error stands at its field.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from taizhang.engines.findings import Finding, Refused
from taizhang.wording import say

from . import access, cells, constraints, fields, relations
from .models import Record
from .register import Register
from .resolve import Resolver, void_reference

SELECT_UP_TO = 60


@dataclass
class Input:
    """One input of the form as the template draws it."""

    name: str
    label: str
    kind: str
    required: bool
    value: str = ""
    chosen: tuple[str, ...] = ()
    options: list[tuple[str, str]] = field(default_factory=list)
    lookup: str = ""
    error: str = ""
    hint: str = ""
    limit: int | None = None


class RecordForm:
    """The form of a new or an existing record of a register."""

    def __init__(
        self,
        register: Register,
        user: Any,
        *,
        record: Record | None = None,
        data: Any = None,
        initial: dict[str, str] | None = None,
        language: str = "zh",
    ) -> None:
        self.register, self.user, self.record = register, user, record
        self.data, self.initial, self.language = data, initial or {}, language
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.form_errors: list[str] = []
        self._choices: dict[str, list[tuple[str, str]]] = {}

    def is_valid(self) -> bool:
        """Read everything that was typed; afterwards ``values`` or ``errors`` are filled."""
        resolver = Resolver(self.user)
        for name in self.register.editable:
            known = self.register.fields[name]
            if isinstance(known, relations.ReferenceField):
                text = str(self.data.get(name, "")).strip()
                if text:
                    resolver.load(known, [text])
        for name in self.register.editable:
            self._read(self.register.fields[name], resolver)
        if not self.errors:
            self._check_rules()
        return not self.errors and not self.form_errors

    def _read(self, known: fields.Field, resolver: Resolver) -> None:
        if known.many:
            typed: Any = "、".join(self.data.getlist(known.name))
        else:
            typed = self.data.get(known.name, "")
        if known.kind == "boolean":
            self.values[known.name] = typed == "1"
            return
        if cells.is_empty(typed):
            if known.name == "code" and self.register.code_prefix:
                self.values["code"] = getattr(self.record, "code", "") if self.record else ""
                return
            if known.required:
                self.errors[known.name] = self._say(
                    Finding("import.required", params={"field": known.label})
                )
            self.values[known.name] = known.empty()
            return
        try:
            value = self.values[known.name] = known.parse(typed, resolver)
        except Refused as refused:
            self.errors[known.name] = self._say(refused.findings[0])
        else:
            if finding := void_reference(known, value, self.record):
                self.errors[known.name] = self._say(finding)

    def _check_rules(self) -> None:
        model = self.register.model
        kept = {}
        if self.record is not None:
            kept = {f.attname: getattr(self.record, f.attname) for f in model._meta.concrete_fields}
        trial = model(**kept)
        for name, value in self.values.items():
            if not self.register.fields[name].many:
                setattr(trial, name, value)
        for name, message in constraints.broken(trial):
            if name in self.register.editable:
                self.errors[name] = message
            else:
                self.form_errors.append(message)

    def refuse(self, refused: Refused) -> None:
        """Take up what the ledger said when it would not write."""
        self.form_errors.extend(self._say(finding) for finding in refused.findings)

    def _say(self, finding: Finding) -> str:
        return say(finding, self.language)

    @property
    def sections(self) -> list[tuple[str, list[Input]]]:
        """Titles with their inputs, in the order of the declaration."""
        return [
            (str(section.title), [self._input(name) for name in section.names if self._shown(name)])
            for section in self.register.sections
            if any(self._shown(name) for name in section.names)
        ]

    def _shown(self, name: str) -> bool:
        return self.register.fields[name].writable

    def _input(self, name: str) -> Input:
        known = self.register.fields[name]
        found = Input(name, known.label, known.kind, known.required)
        found.error = self.errors.get(name, "")
        found.limit = getattr(known.source, "max_length", None)
        if isinstance(known.source.help_text, str):
            found.hint = known.source.help_text
        if name == "code" and self.register.code_prefix:
            found.hint = _("Left empty, the next number is given.")
        self._fill(found, known)
        if known.kind in {"choice", "term", "terms"}:
            found.options = known.options()
        elif isinstance(known, relations.ReferenceField):
            self._offer(found, known)
        return found

    def _fill(self, found: Input, known: fields.Field) -> None:
        if self.data is not None:
            if known.many:
                found.chosen = tuple(self.data.getlist(known.name))
            found.value = str(self.data.get(known.name, ""))
            return
        if self.record is not None:
            value = known.value(self.record)
        elif known.name in self.initial:
            found.value = self.initial[known.name]
            found.chosen = (found.value,)
            return
        else:
            value = known.empty()
        if known.many:
            found.chosen = tuple(term.code for term in value)
        elif known.kind == "term":
            found.value = value.code if value else ""
        elif known.kind == "boolean":
            found.value = "1" if value else "0"
        elif known.kind == "choice":
            found.value = str(value or "")
        elif known.kind == "reference":
            found.value = str(known.cell(value))
        else:
            found.value = known.show(value)

    def _offer(self, found: Input, known: relations.ReferenceField) -> None:
        """A short list to choose from; a long one is looked up while typing."""
        target = known.target()
        rows = access.visible(self.user, target).exclude(state="void")
        if known.name == "unit" and self.register.scope == "unit":
            role = "manager" if self.register.manager_only else "recorder"
            rows = rows.filter(pk__in=access.of(self.user).units(role))
        listed = list(rows.prefetch_related(None)[: SELECT_UP_TO + 1])
        if len(listed) <= SELECT_UP_TO:
            found.options = [(target.key_text(row), target.title_of(row)) for row in listed]
            if found.value and found.value not in dict(found.options):
                found.options.append((found.value, found.value))
        else:
            found.lookup = f"/{target.path}/lookup/"

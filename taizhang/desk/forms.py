"""The form of a record: the cells of one row, typed in.

A form reads what people type with the same code as an import, so that 9,800 or 2021年9月18日 mean
the same in both, and an error stands at its field. Whoever types may also leave the year out or
write 今天 (``cells.Moment``), which nobody could make sense of in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.merging import Cell
from taizhang.ledger import access, cells, constraints, doubts, fields, relations
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.ledger.resolve import Resolver, void_reference
from taizhang.wording import say

SELECT_UP_TO = 60
READ = frozenset({"date", "integer", "decimal"})
"""Kinds of fields that may be typed in many ways."""


@dataclass
class Input:
    """One input of the form as the template draws it.

    ``was`` is what stands in the record where something else was typed and not saved yet; ``read``
    how a day or a number is understood; ``asked`` what is unusual about the value, ``tag`` this
    question as it is sent back, ``right`` the answer.
    """

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
    was: str | None = None
    asked: str = ""
    tag: str = ""
    right: bool = False
    read: str = ""

    @property
    def reads(self) -> bool:
        """Whether what was understood may look other than what was typed."""
        return self.kind in READ

    @property
    def described(self) -> str:
        """The ids of what else is said about the input, in the order of reading."""
        parts = {
            "error": self.error,
            "asked": self.asked,
            "was": self.was is not None,
            "hint": self.hint or self.kind == "date" or self.lookup,
            "read": self.reads,
        }
        return " ".join(f"id_{self.name}_{part}" for part, said in parts.items() if said)


class RecordForm:
    """The form of a new or an existing record of a register.

    ``data`` is what was typed, None for a form as it opens; ``year`` the one people work in.
    """

    def __init__(
        self,
        register: Register,
        user: Any,
        *,
        record: Record | None = None,
        data: QueryDict | None = None,
        initial: Mapping[str, Cell] | None = None,
        language: str = "zh",
        year: int | None = None,
    ) -> None:
        self.register, self.user, self.record = register, user, record
        self.data, self.initial, self.language = data, initial or {}, language
        today = timezone.localdate()
        self.moment = cells.Moment(today, year or today.year)
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.form_errors: list[str] = []
        self.questions: dict[str, doubts.Question] = {}
        self.was: dict[str, str] = {}
        self._drawn: list[tuple[str, list[Input]]] | None = None
        self._offers: dict[str, list[tuple[str, str]] | None] = {}
        self._understood = self.understood() if data is not None else {}

    def is_valid(self) -> bool:
        """Read everything that was typed; afterwards ``values`` or ``errors`` are filled."""
        assert self.data is not None
        resolver = Resolver(self.user)
        for name in self.register.editable:
            known = self.register.fields[name]
            if isinstance(known, relations.ReferenceField):
                text = str(self.data.get(name, "")).strip()
                if text:
                    resolver.load(known, [text])
        for name in self.register.editable:
            self._read(self.register.fields[name], self.data, resolver)
        if not self.errors:
            self._check_rules()
        return not self.errors and not self.form_errors

    def _read(self, known: fields.Field, data: QueryDict, resolver: Resolver) -> None:
        typed = "、".join(data.getlist(known.name)) if known.many else data.get(known.name, "")
        if known.kind == "boolean":
            self.values[known.name] = typed == "1"
            return
        if cells.is_empty(typed):
            if known.name == "code" and self.register.code_prefix:
                self.values["code"] = getattr(self.record, "code", "") if self.record else ""
                return
            if known.required:
                missing = Finding("import.required", params={"field": known.label})
                self.errors[known.name] = self._say(missing)
            self.values[known.name] = known.empty()
            return
        try:
            day = known.kind == "date"
            cell = cells.day(typed, self.moment) if day else _lines(typed)
            value = known.parse(cell, resolver)
        except Refused as refused:
            self.errors[known.name] = self._say(refused.findings[0])
            return
        self.values[known.name] = value
        if finding := void_reference(known, value, self.record):
            self.errors[known.name] = self._say(finding)

    def _check_rules(self) -> None:
        trial = self._trial()
        for name, message in constraints.broken(trial):
            if name in self.register.editable:
                self.errors[name] = message
            else:
                self.form_errors.append(message)

    def _trial(self) -> Record:
        """The record as it would be, without what is many-valued."""
        model = self.register.model
        kept = {}
        if self.record is not None:
            kept = {f.attname: getattr(self.record, f.attname) for f in model._meta.concrete_fields}
        trial: Record = model(**kept)
        for name, value in self.values.items():
            if not self.register.fields[name].many:
                setattr(trial, name, value)
        return trial

    def ask(self) -> bool:
        """Whether something unusual was typed that has not been asked about yet.

        A question is put once: whoever saves again without an answer leaves it open.
        """
        assert self.data is not None
        found = doubts.open_doubts(self.register, [self._trial()])
        self.questions = {question.field.name: question for question in found}
        put = {*self.data.getlist("asked"), *self.data.getlist("right")}
        return any(question.tag not in put for question in found)

    def right(self) -> list[str]:
        """The unusual fields about which somebody said that they are right; after ``ask``."""
        assert self.data is not None
        said = self.data.getlist("right")
        return [name for name, question in self.questions.items() if question.tag in said]

    def understood(self) -> dict[str, str]:
        """What the days and numbers mean that were typed: 9.18 is 2021-09-18, 1.2万 is 12000.

        Blank where it is what was typed, or nothing that could be read.
        """
        assert self.data is not None
        found = {}
        for name in self.register.editable:
            known = self.register.fields[name]
            typed = str(self.data.get(name, "")).strip()
            if known.kind not in READ:
                continue
            try:
                value = cells.day(typed, self.moment) if known.kind == "date" else typed
                shown = known.show(known.parse(value, _nothing)) if typed else ""
            except Refused:
                shown = ""
            found[name] = "" if shown == typed else shown
        return found

    def refuse(self, refused: Refused) -> None:
        """Take up what the ledger said when it would not write."""
        self.form_errors.extend(self._say(finding) for finding in refused.findings)

    def _say(self, finding: Finding) -> str:
        return say(finding, self.language)

    def typed(self) -> dict[str, Cell]:
        """What was typed as the record would have it; what could not be read stays as it is.

        Only after ``is_valid``.
        """
        assert self.data is not None
        found: dict[str, Cell] = {}
        for name in self.register.editable:
            known = self.register.fields[name]
            if name in self.errors or name not in self.values:
                typed = self.data.getlist(name)
                found[name] = frozenset(typed) if known.many else _lines(typed[-1] if typed else "")
            else:
                found[name] = cell_of(known, self.values[name])
        return found

    def unlike_record(self) -> dict[str, str]:
        """What stands in the record, as people read it, where something else was typed."""
        assert self.record is not None
        now = cells_of(self.register, self.record)
        return {n: self.words(n, now[n]) for n, cell in self.typed().items() if cell != now[n]}

    def opened(self) -> dict[str, Cell]:
        """What stands in the form as it opens, before anybody types."""
        found: dict[str, Cell] = {}
        for _title, inputs in self.sections:
            for one in inputs:
                many = self.register.fields[one.name].many
                found[one.name] = frozenset(one.chosen) if many else one.value
        return found

    def words(self, name: str, cell: Cell) -> str:
        """A cell as people read it."""
        names = dict(self._input(name).options)
        if isinstance(cell, frozenset):
            return "、".join(word for code, word in names.items() if code in cell)
        if self.register.fields[name].kind == "boolean":
            names = dict(self.register.fields[name].options())
        return names.get(cell, cell)

    @property
    def sections(self) -> list[tuple[str, list[Input]]]:
        """Titles with their inputs, in the order of the declaration."""
        if self._drawn is None or self.data is not None:
            self._drawn = [
                (str(section.title), [self._input(n) for n in section.names if self._shown(n)])
                for section in self.register.sections
                if any(self._shown(name) for name in section.names)
            ]
        return self._drawn

    def first_empty(self) -> str:
        """The first input that must be filled in and is not yet; blank when there is none."""
        inputs = (one for _title, group in self.sections for one in group)
        return next((one.name for one in inputs if one.required and not one.value), "")

    def _shown(self, name: str) -> bool:
        return self.register.fields[name].writable

    def _input(self, name: str) -> Input:
        known = self.register.fields[name]
        found = Input(name, known.label, known.kind, known.required)
        found.error = self.errors.get(name, "")
        found.was = self.was.get(name)
        found.limit = getattr(known.source, "max_length", None)
        if isinstance(known.source.help_text, str):
            found.hint = known.source.help_text
        if name == "code" and self.register.code_prefix:
            found.hint = _("Left empty, the next number is given.")
        if question := self.questions.get(name):
            found.asked, found.tag = self._say(question.finding), question.tag
            found.right = name in self.right()
        self._fill(found, known)
        if known.kind in {"choice", "term", "terms"}:
            found.options = known.options()
        elif isinstance(known, relations.ReferenceField):
            self._offer(found, known)
        if self.data is None and found.required and not found.value and len(found.options) == 1:
            found.value = found.options[0][0]
        return found

    def _fill(self, found: Input, known: fields.Field) -> None:
        if self.data is not None:
            found.chosen = tuple(self.data.getlist(known.name))
            found.value = str(self.data.get(known.name, ""))
            found.read = self._understood.get(known.name, "")
            return
        cell = self.initial.get(known.name)
        if cell is None:
            cell = cell_of(known, known.value(self.record) if self.record else known.empty())
        if isinstance(cell, frozenset):
            found.chosen = tuple(sorted(cell))
        else:
            found.value, found.chosen = cell, (cell,)

    def _offer(self, found: Input, known: relations.ReferenceField) -> None:
        """A short list to choose from; a long one is looked up while typing."""
        target = known.target()
        if known.name not in self._offers:
            self._offers[known.name] = self._rows_to_choose(known)
        options = self._offers[known.name]
        if options is None:
            found.lookup = f"/{target.path}/lookup/"
            return
        found.options = list(options)
        if found.value and found.value not in dict(options):
            found.options.append((found.value, found.value))

    def _rows_to_choose(self, known: relations.ReferenceField) -> list[tuple[str, str]] | None:
        target = known.target()
        rows = access.visible(self.user, target).exclude(state="void")
        if known.name == "unit" and self.register.scope == "unit":
            role = "manager" if self.register.manager_only else "recorder"
            rows = rows.filter(pk__in=access.of(self.user).units(role))
        listed = list(rows.prefetch_related(None)[: SELECT_UP_TO + 1])
        if len(listed) > SELECT_UP_TO:
            return None
        return [(target.key_text(row), target.title_of(row)) for row in listed]


def cell_of(known: fields.Field, value: Any) -> Cell:
    """A value as its input sends it when nobody touches it."""
    if known.many:
        return frozenset(term.code for term in value)
    match known.kind:
        case "term":
            return str(value.code) if value else ""
        case "boolean":
            return "1" if value else "0"
        case "choice":
            return str(value or "")
        case "reference":
            return str(known.cell(value))
    return _lines(known.show(value))


def cells_of(register: Register, record: Record) -> dict[str, Cell]:
    """A record as its form shows it."""
    known = ((name, register.fields[name]) for name in register.editable)
    return {name: cell_of(field, field.value(record)) for name, field in known}


def _nothing(known: fields.Field, text: str) -> Any:
    raise AssertionError(f"{known.name} refers to nothing")


def _lines(typed: str) -> str:
    """Browsers send every line break as two signs; a text that nobody changed must stay the same."""
    return typed.replace("\r\n", "\n")

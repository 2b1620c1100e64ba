"""Fields that point at something: words of controlled lists, and rows of other registers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Empty, Exact, Range

from . import access, cells
from .fields import Field, Value
from .models import Record, Term

if TYPE_CHECKING:
    from .register import Register


class TermField(Field):
    """One word of a controlled list."""

    kind = "term"

    @property
    def model(self) -> type[Term]:
        found: type[Term] = self.source.related_model
        return found

    def needs(self) -> tuple[str, ...]:
        return ()

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> Any:
        return resolve(self, cells.text(cell))

    def raw(self, value: Any) -> Any:
        return None if value is None else value.code

    def of_raw(self, raw: Any) -> Any:
        return None if raw is None else self.model._default_manager.get(code=raw)

    def show_raw(self, raw: Any) -> str:
        names = dict(self.options())
        return "" if raw is None else names.get(raw, str(raw))

    def cell(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def options(self) -> list[tuple[str, str]]:
        return [(term.code, str(term)) for term in self.model._default_manager.all()]

    def condition(self, prefix: str, value: Value) -> Q:
        match value:
            case Empty():
                return Q(**{f"{prefix}{self.name}__isnull": True})
            case Exact(text):
                return Q(**{f"{prefix}{self.name}_id": self.term_id(text)})
            case Range():
                raise Refused.because("query.no-range", self.name, field=self.label)

    def term_id(self, text: str) -> int:
        """The number of a word named by code or by either name; refuses an unknown one."""
        number = access.remembered(self.model, self._numbers).get(text)
        if number is None:
            raise self.unknown(text, (code for code, _name in self.options()))
        return number

    def _numbers(self) -> dict[str, int]:
        """The number of every word by code and by either name; a code comes before a name."""
        named = self.model._default_manager.values_list("pk", "code", "name_zh", "name_en")
        rows = list(named)
        return {text: row[0] for column in (3, 2, 1) for row in rows for text in (row[column],)}

    def sort_path(self) -> str:
        return f"{self.name}__position"


class TermsField(TermField):
    """Several words of a controlled list; a row counts once whatever its words."""

    kind = "terms"
    many = True

    @property
    def required(self) -> bool:
        return not self.source.blank

    def value(self, record: Record) -> Any:
        return list(getattr(record, self.name).all()) if record.pk else []

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> Any:
        found = {}
        for word in cells.words(cell):
            term = resolve(self, word)
            found[term.pk] = term
        return sorted(found.values(), key=lambda term: (term.position, term.code))

    def empty(self) -> Any:
        return []

    def raw(self, value: Any) -> Any:
        return sorted(term.code for term in value)

    def of_raw(self, raw: Any) -> Any:
        return list(self.model._default_manager.filter(code__in=raw or []))

    def show(self, value: Any) -> str:
        return "、".join(str(term) for term in value)

    def show_raw(self, raw: Any) -> str:
        names = dict(self.options())
        return "、".join(names.get(code, str(code)) for code in raw or [])

    def cell(self, value: Any) -> Any:
        return self.show(value)

    def through(self, prefix: str) -> tuple[Any, str, str]:
        """The table between rows and words: its rows, and the columns of row and word."""
        return (
            self.source.remote_field.through._default_manager,
            self.source.m2m_column_name(),
            self.source.m2m_reverse_name(),
        )

    def condition(self, prefix: str, value: Value) -> Q:
        """EXISTS, so that a row with three words is still one row."""
        rows, mine, word = self.through(prefix)
        # The outer row: the record itself, or the one a path leads to.
        outer = models.OuterRef(prefix[:-2] + "_id" if prefix else "pk")
        rows = rows.filter(**{mine: outer})
        match value:
            case Empty():
                return ~Q(models.Exists(rows))
            case Exact(text):
                return Q(models.Exists(rows.filter(**{word: self.term_id(text)})))
            case Range():
                raise Refused.because("query.no-range", self.name, field=self.label)


class ReferenceField(Field):
    """A row of another register, written in files as its key (``qinghe/HD-2021-0051``) or name."""

    kind = "reference"

    def target(self) -> Register:
        from . import catalogue

        register = catalogue.of_model(self.source.related_model)
        assert register is not None, f"{self.source} points outside the catalogue"
        return register

    def needs(self) -> tuple[str, ...]:
        target = self.target()
        deeper: list[str] = []
        for name in target.key:
            field = target.fields[name]
            if isinstance(field, ReferenceField) and field.source.related_model is not target.model:
                deeper.append(name)
                deeper.extend(f"{name}__{more}" for more in field.needs())
        return tuple(deeper)

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> Any:
        return resolve(self, cells.text(cell))

    def raw(self, value: Any) -> Any:
        return None if value is None else self.target().history_label(value)

    def keep(self, value: Any) -> Any:
        return None if value is None else value.pk

    def put(self, record: Record, kept: Any) -> Any:
        setattr(record, self.source.attname, kept)
        return getattr(record, self.name)

    def show(self, value: Any) -> str:
        if value is None or value.pk is None:  # nothing, or a row that the same file will create
            return str(value or "")
        return self.target().title_of(value)

    def cell(self, value: Any) -> Any:
        return "" if value is None else self.target().key_text(value)

    def key_part(self, record: Record) -> str:
        value = self.value(record)
        return "" if value is None else self.target().key_text(value)

    def condition(self, prefix: str, value: Value) -> Q:
        match value:
            case Empty():
                return Q(**{f"{prefix}{self.name}__isnull": True})
            case Exact(text):
                return key_condition(self.target(), f"{prefix}{self.name}__", text)
            case Range():
                raise Refused.because("query.no-range", self.name, field=self.label)

    def sort_path(self) -> str:
        target = self.target()
        return f"{self.name}__{target.title or target.key[-1]}"


def key_condition(register: Register, prefix: str, text: str) -> Q:
    """The rows whose natural key is written ``text``; the last part alone will do."""
    # Strokes beyond the parts of the key belong to the last of them.
    parts = text.split("/", key_length(register) - 1)
    q = Q()
    for name in reversed(register.key):
        if not parts:
            break
        field = register.fields[name]
        if isinstance(field, ReferenceField):
            q &= key_condition(field.target(), f"{prefix}{name}__", "/".join(parts))
            parts = []
        else:
            q &= field.condition(prefix, Exact(parts.pop()))
    return q


def key_length(register: Register) -> int:
    """Into how many parts strokes divide the natural key of a register."""
    known = [register.fields[name] for name in register.key]
    return sum(key_length(f.target()) if isinstance(f, ReferenceField) else 1 for f in known)

"""A register, declared once.

From one declaration come the list, the record page, the form, history, import, export, the read
API, permissions, evidence and the countable rows of figures. Declare attributes; override a method
only to deviate; then a template by its conventional name; then a view of your own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst

from . import fields, kinds, relations
from .models import Record

if TYPE_CHECKING:
    from taizhang.engines.findings import Finding

Words = str | Promise
TODAY = "today"
Limit = int | Decimal | date


@dataclass(frozen=True, slots=True)
class Related:
    """A table on the record's page: the child rows of a register, or a panel such as evidence."""

    name: str


@dataclass(frozen=True, slots=True, init=False)
class Section:
    """A titled part of the record's page and of its form."""

    title: Words
    parts: tuple[str | Related, ...]

    def __init__(self, title: Words, *parts: str | Related) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "parts", parts)

    @property
    def names(self) -> tuple[str, ...]:
        """The field names of the section, in order."""
        return tuple(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class View:
    """A named filter that stands as a tab above the list."""

    title: Words
    query: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that may be right and seldom is: it is asked about once, and never in the way.

    ``about``, a number or a day, is doubted above ``over`` – a value, the name of another field of
    the row, or ``TODAY`` – and below ``under``; with ``when`` only in rows whose choices are among
    these. An empty value is never doubted.
    """

    about: str
    over: Limit | str | None = None
    under: Limit | None = None
    when: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, init=False)
class Proof:
    """Evidence a row should carry: ``least`` files of any of these ``kinds``.

    With ``when``, a query on the register, only the rows that it names need it.
    """

    kinds: tuple[str, ...]
    least: int
    when: str

    def __init__(self, *kinds: str, least: int = 1, when: str = "") -> None:
        object.__setattr__(self, "kinds", kinds)
        object.__setattr__(self, "least", least)
        object.__setattr__(self, "when", when)

    @property
    def code(self) -> str:
        """What a query calls it when it is lacking: its first kind."""
        return self.kinds[0] if self.kinds else ""


class Register:
    """The declaration of a register; every attribute is checked at start-up (``ledger.E0xx``)."""

    model: ClassVar[type[Any]]
    """The ledger ``Record`` whose rows these are."""
    key: ClassVar[tuple[str, ...]]
    """Natural key: matches rows on import and labels history."""
    scope: ClassVar[str] = "unit"
    """Path to the unit whose rows these are; ``self`` for the register of units."""
    dated: ClassVar[str] = ""
    """Path to the day a row belongs to; empty when rows have none."""
    title: ClassVar[str] = ""
    """The field people call a row by; the key when empty."""
    columns: ClassVar[tuple[str, ...]]
    filters: ClassVar[tuple[str, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    personal: ClassVar[tuple[str, ...]] = ()
    sections: ClassVar[tuple[Section, ...]]
    totals: ClassVar[tuple[str, ...]] = ()
    views: ClassVar[tuple[View, ...]] = ()
    doubts: ClassVar[tuple[Doubt, ...]] = ()
    """What is unusual enough to ask whether it is right."""
    watched: ClassVar[str] = ""
    """The query of the few records whose notices stand on the workbench too."""
    parent: ClassVar[str] = ""
    """The foreign key to the parent row when these are child rows."""
    code_prefix: ClassVar[str] = ""
    """Prefix of generated codes (``HD`` gives HD-2021-0001); empty: codes are typed."""
    proof: ClassVar[tuple[Proof, ...]] = ()
    """The evidence its rows should carry; empty when they need none."""
    ended: ClassVar[str] = ""
    """Path to the last day of rows that may last longer than the day they are ``dated``."""
    group: ClassVar[Words] = ""
    """The heading under which the register stands in the index of registers."""
    notice: ClassVar[Words] = ""
    """What list and form tell everybody before anything is entered."""
    manager_only: ClassVar[bool] = False
    """Only managers add and change rows."""

    @cached_property
    def name(self) -> str:
        """``activities.activity``: how queries, files and addresses name the register."""
        meta = self.model._meta
        return f"{meta.app_label}.{meta.model_name}"

    @property
    def path(self) -> str:
        """The address of the list, without the leading slash: ``activities/activity``."""
        return self.name.replace(".", "/")

    @property
    def label(self) -> str:
        """What one row is called, in the language of the moment."""
        return capfirst(str(self.model._meta.verbose_name))

    @property
    def label_plural(self) -> str:
        """What the register is called, in the language of the moment."""
        return capfirst(str(self.model._meta.verbose_name_plural))

    @cached_property
    def fields(self) -> Mapping[str, fields.Field]:
        """Every field a person can see or fill in, by name, in the order of the sections."""
        names = [name for section in self.sections for name in section.names]
        for extra in (self.parent, *self.key, *self.columns):
            if extra and extra not in names and "." not in extra:
                names.append(extra)
        built = {name: kinds.build(self, name) for name in names if name not in fields.SYSTEM}
        for name in fields.SYSTEM:
            built[name] = kinds.build_system(self, name)
        return {name: field for name, field in built.items() if field is not None}

    @cached_property
    def editable(self) -> tuple[str, ...]:
        """The names of the fields that forms and imports may write."""
        return tuple(name for name, field in self.fields.items() if field.writable)

    @property
    def scope_lookup(self) -> str:
        """The scope as a query path to the unit's number (``activity__unit_id``)."""
        return "id" if self.scope == "self" else self.scope.replace(".", "__") + "_id"

    @property
    def dated_lookup(self) -> str:
        """The row's day as a query path; empty when rows have none."""
        return self.dated.replace(".", "__")

    @cached_property
    def related(self) -> tuple[str, ...]:
        """Foreign keys that list, key and scope need, for one join instead of a query a row."""
        wanted: list[str] = []
        for name in (*self.editable, *self.columns, *self.key):
            head = name.split(".")[0]
            field = self.fields.get(head)
            if field is None or field.many or head in wanted:
                continue
            if isinstance(field, relations.ReferenceField | relations.TermField):
                wanted.append(head)
                wanted.extend(f"{head}__{deeper}" for deeper in field.needs())
        return tuple(dict.fromkeys(wanted))

    @cached_property
    def many(self) -> tuple[str, ...]:
        """The many-valued fields."""
        return tuple(name for name, field in self.fields.items() if field.many)

    @cached_property
    def takes_evidence(self) -> bool:
        """Whether files can be attached to its rows."""
        return any(Related("evidence") in section.parts for section in self.sections)

    @property
    def proved(self) -> bool:
        """Whether rows of this kind should carry evidence."""
        return bool(self.proof)

    def queryset(self) -> models.QuerySet[Any]:
        """Rows with what a list shows of them, in a fixed number of queries."""
        rows: models.QuerySet[Any] = self.model._default_manager.select_related(
            *self.related, "written_by", "verified_by"
        )
        return rows.prefetch_related(*self.many)

    def unit_id(self, record: Record) -> int | None:
        """The number of the unit a record belongs to."""
        if self.scope == "self":
            own: int | None = record.pk
            return own
        value: Any = record
        *heads, last = self.scope.split(".")
        for head in heads:
            value = getattr(value, head)
        number: int | None = getattr(value, f"{last}_id")
        return number

    def key_text(self, record: Record) -> str:
        """The natural key as people write it: ``qinghe/HD-2021-0051``."""
        return "/".join(self.fields[name].key_part(record) for name in self.key)

    def title_of(self, record: Record) -> str:
        """What people call the record."""
        return str(getattr(record, self.title)) if self.title else str(record)

    @property
    def title_is_personal(self) -> bool:
        """Whether the name of a row is a person's name; without a title it may well be."""
        return self.title in self.personal if self.title else bool(self.personal)

    def history_label(self, record: Record) -> str:
        """The label history keeps; a number instead of a person's name."""
        text = self.key_text(record)
        if self.title_is_personal or self.title in self.key:
            return text
        return f"{text} {self.title_of(record)}"[:240]

    def settle(self, records: Sequence[Record]) -> None:
        """Bring what is worked out from these rows up to date, in the transaction that wrote them."""

    def notices(self, record: Record) -> list[Finding]:
        """What a person should look at on this record; never hinders a save."""
        return []

    def notices_of(self, records: Sequence[Any]) -> dict[int, list[Finding]]:
        """``notices`` of several records by their number; whoever is ``watched`` asks all at once."""
        return {record.pk: self.notices(record) for record in records}

"""What each kind of field means for lists, forms, files, queries and history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone, translation

from taizhang.engines.findings import Refused
from taizhang.engines.names import nearest
from taizhang.engines.queries import Empty, Exact, Range

from . import cells
from .models import Record

if TYPE_CHECKING:
    from .register import Register

Value = Exact | Range | Empty
SYSTEM = ("state", "version", "proof", "lacks", "doubt", "late", "changed_at")


class Field:
    """A field of a register. ``cell`` values are what files hold, ``raw`` values what history holds."""

    kind = "text"
    many = False
    numeric = False

    def __init__(self, register: Register, name: str, source: Any) -> None:
        self.register = register
        self.name = name
        self.source = source
        self.personal = name in register.personal
        self.writable = bool(getattr(source, "editable", True))
        # Files show personal values masked; a reference is written as its key, which names nobody.
        self.masks = self.personal and self.kind != "reference"

    @property
    def label(self) -> str:
        """The label in the language of the moment."""
        text = str(self.source.verbose_name)
        return text[:1].upper() + text[1:]

    def labels(self) -> tuple[str, str]:
        """The labels in Chinese and English, for headers of imported files."""
        found = []
        for language in ("zh-hans", "en"):
            with translation.override(language):
                found.append(self.label)
        return found[0], found[1]

    @property
    def required(self) -> bool:
        """Whether a person must fill it in; codes that the ledger generates need not be."""
        if self.name == "code" and self.register.code_prefix:
            return False
        return not self.source.blank and not self.source.has_default()

    @property
    def lookup(self) -> str:
        return self.name

    def value(self, record: Record) -> Any:
        """The value as Python holds it."""
        return getattr(record, self.name)

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> Any:
        """Turn a file's cell into a value; refuses with the reason for this cell."""
        text = cells.text(cell)
        if len(text) > (self.source.max_length or len(text)):
            raise Refused.because("import.too-long", limit=self.source.max_length)
        return text

    def empty(self) -> Any:
        """The value of an empty cell: the field's default, the empty text of words, else nothing."""
        if self.source.has_default():
            return self.source.get_default()
        words = isinstance(self.source, models.CharField | models.TextField)
        return "" if words and not self.source.null else None

    def raw(self, value: Any) -> Any:
        """The value for history: JSON, readable later without the row."""
        return value

    def keep(self, value: Any) -> Any:
        """The value as JSON from which ``put`` makes it again, whatever history says of it."""
        return self.raw(value)

    def put(self, record: Record, kept: Any) -> Any:
        """Give a record a value that was kept, and return it."""
        value = self.of_raw(kept)
        if not self.many:
            setattr(record, self.name, value)
        return value

    def of_raw(self, raw: Any) -> Any:
        """The value that ``raw`` was made of."""
        return raw

    def cell(self, value: Any) -> Any:
        """The value for an exported file: what an import reads back as the same."""
        return value

    def show(self, value: Any) -> str:
        """The value for a person, in the language of the moment."""
        return "" if value is None else str(value)

    def show_raw(self, raw: Any) -> str:
        """A value from history for a person."""
        return "" if raw is None else str(raw)

    def key_part(self, record: Record) -> str:
        """The value as a part of the natural key's text."""
        value = self.value(record)
        return value.isoformat() if isinstance(value, date) else str(value)

    def options(self) -> list[tuple[str, str]]:
        """Codes and labels to choose from; empty when anything may be typed."""
        return []

    def condition(self, prefix: str, value: Value) -> Q:
        """One value of a query as a condition on ``prefix + field``."""
        path = prefix + self.lookup
        match value:
            case Empty():
                return Q(**{f"{path}__isnull": True}) if self.source.null else Q(**{path: ""})
            case Exact(text):
                return Q(**{path: self.query_value(text)})
            case Range(low, high):
                q = Q()
                if low is not None:
                    q &= Q(**{f"{path}__gte": self.query_value(low)})
                if high is not None:
                    q &= Q(**{f"{path}__lte": self.query_value(high)})
                return q

    def query_value(self, text: str) -> Any:
        """A value out of a query; refuses one the field cannot have."""
        return self.parse(text, _no_lookup)

    def unknown(self, text: str, known: Iterable[str]) -> Refused:
        """The refusal of a query for a value that nothing has; names the nearest, else all."""
        codes = list(known)
        near = nearest(text, codes) or "、".join(codes)
        return Refused.because(
            "query.unknown-value", self.name, field=self.label, text=text, nearest=near
        )

    def sort_path(self) -> str:
        """What a list is ordered by when people sort by this field."""
        return self.lookup


def _no_lookup(field: Field, text: str) -> Any:
    raise AssertionError(f"{field.name}: references are resolved by their own condition")


class TextField(Field):
    """Words."""


class IntegerField(Field):
    """A whole number."""

    kind = "integer"
    numeric = True

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> int:
        number = cells.number(cell)
        if number != number.to_integral_value():
            raise Refused.because("import.not-whole", text=cells.text(cell))
        if number < 0 and isinstance(
            self.source, models.PositiveIntegerField | models.PositiveSmallIntegerField
        ):
            raise Refused.because("import.negative", text=cells.text(cell))
        limit = 32767 if isinstance(self.source, models.PositiveSmallIntegerField) else 2147483647
        if number > limit:
            raise Refused.because("import.too-big", text=cells.text(cell), limit=limit)
        return int(number)


class DecimalField(Field):
    """A number with a fixed number of decimals."""

    kind = "decimal"
    numeric = True

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> Decimal:
        number = cells.number(cell)
        places = self.source.decimal_places
        quantum = Decimal(1).scaleb(-places)
        # Excel hands over 0.1 + 0.2 as 0.30000000000000004; what a person typed has few decimals.
        near: Decimal = round(number, places)
        if abs(number - near) > quantum / 1000:
            raise Refused.because("import.too-many-decimals", text=cells.text(cell), places=places)
        if abs(near) >= Decimal(10) ** (self.source.max_digits - places):
            raise Refused.because("import.too-big", text=cells.text(cell), limit=self._limit())
        return near.quantize(quantum)

    def _limit(self) -> str:
        return str(10 ** (self.source.max_digits - self.source.decimal_places))

    def raw(self, value: Any) -> Any:
        return None if value is None else cells.plain(value)

    def of_raw(self, raw: Any) -> Any:
        return None if raw is None else Decimal(raw)

    def show(self, value: Any) -> str:
        return "" if value is None else cells.plain(value)


class DateField(Field):
    """A day in Asia/Shanghai."""

    kind = "date"

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> date:
        return cells.day(cell)

    def raw(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def of_raw(self, raw: Any) -> Any:
        return None if raw is None else date.fromisoformat(raw)

    def show(self, value: Any) -> str:
        return "" if value is None else value.isoformat()


class MomentField(DateField):
    """When something was written; asked for by the day in Asia/Shanghai, never written by people."""

    def __init__(self, register: Register, name: str, source: Any) -> None:
        super().__init__(register, name, source)
        self.writable = False

    def show(self, value: Any) -> str:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""

    def cell(self, value: Any) -> Any:
        return self.show(value)

    def condition(self, prefix: str, value: Value) -> Q:
        path = prefix + self.name
        match value:
            case Empty():
                return Q(**{f"{path}__isnull": True})
            case Exact(text):
                low = high = text
            case Range():
                low, high = value.low, value.high  # type: ignore[assignment]
        q = Q()
        if low is not None:
            q &= Q(**{f"{path}__gte": self._midnight(low)})
        if high is not None:
            q &= Q(**{f"{path}__lt": self._midnight(high) + timedelta(days=1)})
        return q

    def _midnight(self, text: str) -> datetime:
        return timezone.make_aware(datetime.combine(self.query_value(text), time.min))


class BooleanField(Field):
    """Yes or no."""

    kind = "boolean"

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> bool:
        return cells.yes_or_no(cell)

    def show(self, value: Any) -> str:
        return (
            ""
            if value is None
            else (translation.gettext("yes") if value else translation.gettext("no"))
        )

    def show_raw(self, raw: Any) -> str:
        return self.show(raw)

    def cell(self, value: Any) -> Any:
        return self.show(value)

    def options(self) -> list[tuple[str, str]]:
        return [("1", translation.gettext("yes")), ("0", translation.gettext("no"))]

    def condition(self, prefix: str, value: Value) -> Q:
        if isinstance(value, Empty):
            return Q(**{f"{prefix}{self.name}__isnull": True})
        return super().condition(prefix, value)


class ChoiceField(Field):
    """One of a fixed list; files may hold the code or the label in either language."""

    kind = "choice"

    def __init__(self, register: Register, name: str, source: Any) -> None:
        super().__init__(register, name, source)
        self._by_word: dict[str, str] | None = None

    def _words(self) -> dict[str, str]:
        if self._by_word is None:
            words: dict[str, str] = {}
            for language in ("zh-hans", "en"):
                with translation.override(language):
                    for code, label in self.source.choices:
                        words[str(label).strip().casefold()] = code
            for code, _label in self.source.choices:
                words[str(code).casefold()] = code
            self._by_word = words
        return self._by_word

    def parse(self, cell: Any, resolve: Callable[[Field, str], Any]) -> str:
        text = cells.text(cell)
        code = self._words().get(text.casefold())
        if code is None:
            labels = [str(label) for _code, label in self.source.choices]
            raise Refused.because("import.not-a-choice", text=text, options="、".join(labels))
        return code

    def show(self, value: Any) -> str:
        return str(dict(self.source.choices).get(value, value or ""))

    def show_raw(self, raw: Any) -> str:
        return self.show(raw)

    def cell(self, value: Any) -> Any:
        return self.show(value)

    def options(self) -> list[tuple[str, str]]:
        return [(str(code), str(label)) for code, label in self.source.choices]


class StateField(ChoiceField):
    """The state; shown, queried and exported, never imported."""

    kind = "state"

    def __init__(self, register: Register, name: str, source: Any) -> None:
        super().__init__(register, name, source)
        self.writable = False


class Computed(Field):
    """A value that is worked out of other rows; contributed by a sibling of the ledger."""

    kind = "computed"

    name = ""
    title: Any = ""
    marks = False
    """Whether a list says it beside the row's title when its column is not shown."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.personal = self.masks = self.writable = False

    @classmethod
    def suits(cls, register: Register) -> bool:
        """Whether rows of this kind have such a value."""
        return True

    @property
    def label(self) -> str:
        return str(self.title)

    @property
    def required(self) -> bool:
        return False

    def cell(self, value: Any) -> Any:
        return self.show(value)

    def load(self, records: Sequence[Record]) -> dict[int, Any]:
        """The values of a page of records in one query."""
        raise NotImplementedError

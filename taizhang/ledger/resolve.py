"""Turning the words of a file into rows: references and terms, looked up in bulk.

Only rows that the user may see are ever found; what exists elsewhere reads as not existing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from taizhang.engines.findings import Finding, Refused

from . import access, fields, relations
from .models import Record, State
from .register import Register

_CHUNK = 500


class Pending:
    """A reference to a row that the same file will create; ``row`` is that row of the plan."""

    def __init__(self, text: str, row: Any = None) -> None:
        self.text = text
        self.row = row
        self.pk = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Here:
    """A row of the file: its key, and what refers to it so long as it does not exist."""

    key: str
    pending: Pending | None


class Resolver:
    """Finds rows and words by what people write; load everything first, then ask cell by cell."""

    def __init__(self, user: Any, default_unit: Any = None) -> None:
        self.user = user
        self.default_unit = default_unit
        self._by_key: dict[str, dict[str, Any]] = defaultdict(dict)
        self._by_name: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._terms: dict[type, dict[str, Any]] = {}
        self._here: dict[str, dict[str, list[_Here]]] = defaultdict(lambda: defaultdict(list))

    def load(self, field: relations.ReferenceField, texts: Iterable[str]) -> None:
        """Look up these texts as rows of the field's register, in a few queries."""
        target = field.target()
        # A code may have strokes in it (旗科协/2021/7): any ending may be the last part of the key.
        parts = [text.split("/") for text in texts]
        wanted = sorted({"/".join(part[n:]) for part in parts for n in range(len(part))})
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            rows = access.visible(self.user, target)
            for row in rows.filter(_named(target, part)).prefetch_related(None):
                self.remember(target, row)

    def remember(self, target: Register, row: Any) -> None:
        """Make a row known, for instance one that was just created."""
        self._by_key[target.name][target.key_text(row)] = row
        if row.state == State.VOID:
            return
        names = {target.fields[target.key[-1]].key_part(row)}
        if not target.title_is_personal:
            names |= {target.title_of(row), str(row)}
        for name in names:
            self._by_name[target.name][name].append(row)

    def expect(
        self, target: Register, key: str, names: Iterable[str] = (), pending: Pending | None = None
    ) -> None:
        """Announce a row of the file by its key and other names; ``pending`` if it is a new one."""
        here = _Here(key, pending)
        for name in {key, *names} - {""}:
            if key not in [other.key for other in self._here[target.name][name]]:
                self._here[target.name][name].append(here)

    def expected(self, target: Register, key: str) -> Pending | None:
        """What refers to the new row of that key."""
        return next((h.pending for h in self._here[target.name].get(key, ()) if h.key == key), None)

    def __call__(self, field: fields.Field, text: str) -> Any:
        """The row or word a cell names; refuses what does not exist for this user.

        A key comes first, then a number or name of a row of the same file, then a number of the
        user's own unit, then a number or name that only one row has.
        """
        if isinstance(field, relations.TermField):
            return self._term(field, text)
        assert isinstance(field, relations.ReferenceField)
        target = field.target()
        known = self._by_key[target.name]
        if row := known.get(text):
            return row
        here = self._here[target.name].get(text, []) if target.name in self._here else []
        if len(here) == 1 and (row := known.get(here[0].key) or here[0].pending):
            return row
        if row := known.get(self._with_unit(target, text)):
            return row
        named = self._by_name[target.name].get(text, [])
        named = list({row.pk: row for row in named}.values())
        if len(named) == 1 and not here:
            return named[0]
        if len(named) + len(here) > 1:
            keys = dict.fromkeys([target.key_text(row) for row in named] + [h.key for h in here])
            raise Refused.because("import.ambiguous-row", text=text, keys="、".join([*keys][:5]))
        raise Refused.because("import.no-such-row", text=text, register=target.label_plural)

    def _with_unit(self, target: Register, text: str) -> str:
        if self.default_unit is None or target.key[0] != "unit" or "/" in text:
            return text
        return f"{self.default_unit.code}/{text}"

    def _term(self, field: relations.TermField, text: str) -> Any:
        if field.model not in self._terms:
            words: dict[str, Any] = {}
            for term in field.model._default_manager.all():
                words |= {term.code: term, term.name_zh: term, term.name_en.casefold(): term}
            self._terms[field.model] = words
        words = self._terms[field.model]
        found = words.get(text) or words.get(text.casefold())
        if found is None:
            options = "、".join(str(term) for term in dict.fromkeys(words.values()))
            raise Refused.because("import.not-a-choice", text=text, options=options)
        return found


def void_reference(field: fields.Field, value: Any, record: Record | None) -> Finding | None:
    """A void row may stay where it is referred to, but nothing new may refer to it."""
    if not isinstance(field, relations.ReferenceField) or getattr(value, "state", "") != State.VOID:
        return None
    if record is not None and getattr(record, f"{field.name}_id") == value.pk:
        return None
    params = {"text": field.cell(value), "register": field.target().label_plural}
    return Finding("import.no-such-row", "must", "", params)


def _named(target: Register, texts: list[str]) -> Q:
    last = target.fields[target.key[-1]]
    q = Q()
    if isinstance(last, fields.TextField):
        q |= Q(**{f"{last.name}__in": texts})
    for name in {target.title, "short_name"} & set(target.fields):
        if name not in target.personal:
            q |= Q(**{f"{name}__in": texts})
    return q

"""The records behind a report, one by one: which figures count them, and what they said then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, Case, Max, Min, Q, Value, When
from django.db.models.expressions import Combinable

from taizhang.engines.figures.definitions import Definition
from taizhang.engines.figures.rows import base_query, rows_query
from taizhang.engines.periods import Period
from taizhang.engines.queries import Query
from taizhang.engines.sealing.canonical import as_text
from taizhang.evidence.models import Evidence
from taizhang.ledger import catalogue, kinds, query
from taizhang.ledger.fields import Computed, Field
from taizhang.ledger.register import Register
from taizhang.ledger.relations import ReferenceField, TermField, TermsField

PART = 2000
"""Records that are read at once."""
BITS = 60
"""Lists in one number; both databases have numbers of 64 bits."""
SPAN = 20_000
"""Numbers of records that one statement looks at."""


@dataclass(frozen=True)
class List:
    """A set of records that figures count: ``name`` is what a frozen record calls it.

    ``base`` are the days, the units and the state, ``own`` is what the definition asks for.
    """

    name: str
    register: Register
    base: Query
    own: Query


@dataclass(frozen=True)
class Reader:
    """Reads what a report uses of a register's records; nothing personal is among it."""

    register: Register
    paths: tuple[str, ...]

    @cached_property
    def _known(self) -> dict[str, tuple[str, Field]]:
        found = {}
        for path in self.paths:
            prefix, field, _way = kinds.resolve_path(self.register, path)
            if not isinstance(field, Computed) and field.name not in field.register.personal:
                found[path] = prefix, field
        return found

    @cached_property
    def _single(self) -> dict[str, list[str]]:
        """The columns of every field that has one value; those of a reference are its key's."""
        return {
            path: _columns(prefix, field)
            for path, (prefix, field) in self._known.items()
            if not isinstance(field, TermsField)
        }

    def read(self, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
        """What is frozen of these records, by number; those that are gone are left out."""
        register, single = self.register, self._single
        key = [column for name in register.key for column in _columns("", register.fields[name])]
        title = [] if register.title_is_personal or not register.title else [register.title]
        scope = "code" if register.scope == "self" else f"{register.scope.replace('.', '__')}__code"
        columns = ["pk", "version", "state", scope, *key, *title]
        columns += [column for its in single.values() for column in its]
        # One column may be asked for twice; the database is asked once.
        places = {column: number for number, column in enumerate(dict.fromkeys(columns))}
        wanted = [(path, [places[column] for column in its]) for path, its in single.items()]
        keyed, titled = [places[column] for column in key], [places[column] for column in title]
        unit = places[scope]
        found: dict[int, dict[str, Any]] = {}
        for row in self._rows(numbers).values_list(*places):
            found[row[0]] = {
                "register": register.name,
                "id": row[0],
                "version": row[1],
                "state": row[2],
                "unit": row[unit],
                "key": _joined(row, keyed),
                "label": str(row[titled[0]])[:240] if titled else "",
                "fields": {path: _one(row, its) for path, its in wanted},
            }
        self._add_many(numbers, found)
        return found

    def _rows(self, numbers: Sequence[int]) -> Any:
        return self.register.model._default_manager.order_by().filter(**_between("pk", numbers))

    def _add_many(self, numbers: Sequence[int], found: Mapping[int, dict[str, Any]]) -> None:
        for path, (prefix, field) in self._known.items():
            if not isinstance(field, TermsField):
                continue
            words = self._words(prefix, field, numbers)
            for number, row in found.items():
                row["fields"][path] = sorted(words.get(number, ()))
        if self.register.takes_evidence:
            proofs: dict[int, list[str]] = defaultdict(list)
            attached = Evidence.objects.filter(
                register=self.register.name,
                record_id__gte=min(numbers),
                record_id__lte=max(numbers),
            )
            for number, digest in attached.order_by().values_list("record_id", "blob__sha256"):
                proofs[number].append(digest)
            for number, row in found.items():
                row["evidence"] = sorted(proofs.get(number, ()))

    def _words(
        self, prefix: str, field: TermsField, numbers: Sequence[int]
    ) -> dict[int, list[str]]:
        """The codes of the words that each record is sorted under."""
        words: dict[int, list[str]] = defaultdict(list)
        if prefix:
            column = f"{prefix}{field.name}__code"
            asked = self._rows(numbers).filter(**{f"{column}__isnull": False})
            for number, word in asked.values_list("pk", column):
                words[number].append(word)
            return words
        # The table between, by itself: joined, a database may begin with the few words there are.
        table, mine, word_column = field.through("")
        known = dict(field.model._default_manager.values_list("pk", "code"))
        asked = table.order_by().filter(**_between(mine, numbers))
        for number, word in asked.values_list(mine, word_column):
            words[number].append(known[word])
        return words


def _between(column: str, numbers: Sequence[int]) -> dict[str, Any]:
    """A condition for these numbers: their ends when nearly all between them are meant."""
    low, high = min(numbers), max(numbers)
    if high - low < 2 * len(numbers):
        return {f"{column}__gte": low, f"{column}__lte": high}
    return {f"{column}__in": numbers}


def lists_of(definitions: Iterable[Definition], unit_code: str, period: Period) -> dict[str, List]:
    """The list of every figure that counts records, by the figure's code; equal ones are one."""
    named: dict[tuple[str, str], List] = {}
    found = {}
    for definition in definitions:
        if (leaf := definition.leaf) is not None:
            known = leaf.register, rows_query(leaf, period, unit_code)
            if known not in named:
                base = base_query(leaf, period, unit_code)
                name = f"L{len(named) + 1}"
                named[known] = List(name, catalogue.get(leaf.register), base, leaf.query)
            found[definition.code] = named[known]
    return found


def readers(definitions: Iterable[Definition]) -> dict[str, Reader]:
    """What is read of each register: every field that any of its figures asks about."""
    paths: dict[str, set[str]] = defaultdict(set)
    for definition in definitions:
        if (leaf := definition.leaf) is not None:
            paths[leaf.register].update(leaf.query.paths(), leaf.time.fields)
            if leaf.measure.field:
                paths[leaf.register].add(leaf.measure.field)
    return {
        name: Reader(catalogue.get(name), tuple(sorted(found - {"state", "version"})))
        for name, found in sorted(paths.items())
    }


def members(lists: Iterable[List], where: Q) -> dict[int, list[str]]:
    """The names of the lists that each record stands in, of the records ``where`` names.

    All lists of one register with the same days and units are asked about in one statement.
    """
    groups: dict[tuple[Register, Query], list[List]] = defaultdict(list)
    for one in lists:
        groups[one.register, one.base].append(one)
    found: dict[int, list[str]] = {}
    for (register, base), its in groups.items():
        rows = query.plain_rows(register, base).filter(where)
        for start in range(0, len(its), BITS):
            part = its[start : start + BITS]
            asked = rows.annotate(lists=_mask(register, part))
            names: dict[int, list[str]] = {}
            for number, mask in asked.values_list("pk", "lists").iterator(PART):
                if mask not in names:
                    names[mask] = [one.name for bit, one in enumerate(part) if mask >> bit & 1]
                if mask:
                    found.setdefault(number, []).extend(names[mask])
    return found


def _mask(register: Register, lists: Sequence[List]) -> Combinable:
    """A number with a bit for each list: one column costs less than many.

    As cases, because of these the database looks at no more than decides them.
    """
    mask: Combinable = Value(0, output_field=BigIntegerField())
    for bit, one in enumerate(lists):
        own = query.condition(register, one.own)
        mask = mask + (
            Case(When(own, then=Value(1 << bit)), default=Value(0)) if own else Value(1 << bit)
        )
    return mask


def frozen_rows(
    lists: Iterable[List],
    readers: Mapping[str, Reader],
    progress: Callable[[int], None],
) -> Iterator[dict[str, Any]]:
    """Every record that any list has, by register and number, with the names of its lists."""
    by_register: dict[str, list[List]] = defaultdict(list)
    for one in dict.fromkeys(lists):
        by_register[one.register.name].append(one)
    for name in sorted(by_register):
        reader = readers[name]
        for first, last in _spans(reader.register):
            inside = members(by_register[name], Q(pk__gte=first, pk__lte=last))
            if inside:
                read = reader.read(sorted(inside))
                for number in sorted(inside):
                    yield read[number] | {"lists": sorted(inside[number])}
            progress(1)


def pieces(lists: Iterable[List]) -> int:
    """In how many pieces ``frozen_rows`` reads these lists."""
    registers = {one.register for one in lists}
    return sum(1 for register in registers for _span in _spans(register))


def _spans(register: Register) -> Iterator[tuple[int, int]]:
    """The numbers of a register's records in pieces, so that each statement reads a part."""
    ends = register.model._default_manager.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is not None:
        for first in range(ends["first"], ends["last"] + 1, SPAN):
            yield first, first + SPAN - 1


def _columns(prefix: str, field: Field) -> list[str]:
    """The columns that say a field's value; those of a reference are the natural key it shows."""
    if isinstance(field, TermField):
        return [f"{prefix}{field.name}__code"]
    if isinstance(field, ReferenceField):
        target = field.target()
        before = f"{prefix}{field.name}__"
        return [column for name in target.key for column in _columns(before, target.fields[name])]
    return [f"{prefix}{field.name}"]


def _one(row: Sequence[Any], places: Sequence[int]) -> Any:
    if len(places) == 1:
        return _plain(row[places[0]])
    if all(row[place] is None for place in places):
        return None
    return _joined(row, places)


def _joined(row: Sequence[Any], places: Sequence[int]) -> str:
    return "/".join("" if row[at] is None else str(_plain(row[at])) for at in places)


def _plain(value: Any) -> Any:
    """A value as canonical JSON has it."""
    return as_text(value) if isinstance(value, Decimal | date) else value

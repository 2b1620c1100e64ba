"""The rows of a register as the cells of a file, column by column, some thousand rows at a time.

Values come from the database as they are; no record is made of them. What a cell reads is what
``Field.cell`` makes of the same value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from taizhang.ledger import cells, query
from taizhang.ledger.fields import Field
from taizhang.ledger.register import Register
from taizhang.ledger.relations import ReferenceField, TermField, TermsField

PART = 2000
_LOOKED_UP = 500
_REMEMBERED = 20_000
"""So many keys of referred rows are kept from part to part."""

Column = Callable[[Sequence[int], Sequence[Any]], Sequence[Any]]
"""Makes the cells of a column, given the numbers of the rows and the column's values."""


def in_parts(
    register: Register, rows: QuerySet[Any], names: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    """The cells of these rows in their order, a part at a time; personal values are masked."""
    fields = [register.fields[name] for name in names]
    columns = [_column(field) for field in fields]
    wanted = ["pk", *(field.source.attname for field in fields if not field.many)]
    numbers = query.numbers(rows)
    for start in range(0, len(numbers), PART):
        part = numbers[start : start + PART]
        found = register.model._default_manager.filter(pk__in=part).order_by()
        read = {row[0]: row for row in found.values_list(*wanted)}
        kept = [number for number in part if number in read]
        values = iter(zip(*(read[number] for number in kept), strict=True))
        if kept:
            next(values)
            yield list(
                zip(
                    *(
                        column(kept, () if field.many else next(values))
                        for field, column in zip(fields, columns, strict=True)
                    ),
                    strict=True,
                )
            )


def _column(field: Field) -> Column:
    made = _open(field)
    if not field.masks:
        return made
    return lambda numbers, values: [cells.masked(cell) for cell in made(numbers, values)]


def _open(field: Field) -> Column:
    if isinstance(field, TermsField):
        return _terms(field)
    if isinstance(field, TermField):
        names: dict[Any, str] = {None: ""}
        names |= {term.pk: field.cell(term) for term in field.model._default_manager.all()}
        return lambda numbers, values: [names[value] for value in values]
    if isinstance(field, ReferenceField):
        return _keys(field)
    if type(field).cell is Field.cell:
        return lambda numbers, values: values
    said: dict[Any, Any] = {}

    def say(numbers: Sequence[int], values: Sequence[Any]) -> list[Any]:
        for value in {*values} - said.keys():
            said[value] = field.cell(value)
        return [said[value] for value in values]

    return say


def _terms(field: TermsField) -> Column:
    """Words of a controlled list, in its order: one query a part."""
    rows, mine, word = field.through("")
    terms = list(field.model._default_manager.all())
    order = {term.pk: (place, term) for place, term in enumerate(terms)}

    def say(numbers: Sequence[int], values: Sequence[Any]) -> list[Any]:
        found: dict[int, list[tuple[int, Any]]] = {number: [] for number in numbers}
        pairs = rows.filter(**{f"{mine}__in": numbers}).values_list(mine, word)
        for number, term in pairs:
            found[number].append(order[term])
        return [field.cell([term for _place, term in sorted(some)]) for some in found.values()]

    return say


def _keys(field: ReferenceField) -> Column:
    """The natural keys of the rows that are referred to: each is looked up once."""
    target = field.target()
    known: dict[Any, Any] = {None: ""}

    def say(numbers: Sequence[int], values: Sequence[Any]) -> list[Any]:
        if len(known) > _REMEMBERED:
            known.clear()
            known[None] = ""
        missing = sorted({*values} - known.keys())
        for start in range(0, len(missing), _LOOKED_UP):
            rows = target.queryset().prefetch_related(None)
            for row in rows.filter(pk__in=missing[start : start + _LOOKED_UP]):
                known[row.pk] = field.cell(row)
        return [known[value] for value in values]

    return say

"""Reading a list in parts that take the same time wherever one has come to.

A part begins behind the last row of the one before (its value in the order and its number), not
after so and so many rows: an index leads there at once, and rows that come or go meanwhile move
nothing. The cursor says where that is; it is signed and belongs to one list and order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.ledger import query
from taizhang.ledger.fields import Field
from taizhang.ledger.models import Entry, Record
from taizhang.ledger.register import Register
from taizhang.ledger.relations import ReferenceField

from .asked import Asked

COUNTED = 10_000
"""Counting further than this would take longer than reading."""
_SALT = "taizhang.tokens.cursor"


@dataclass(frozen=True, slots=True)
class Order:
    """In which order a list is read: by ``path``, then by number; by number alone when blank."""

    path: str = ""
    down: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which row to go on: its value in the order and its number."""

    value: Any
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """Numbers of the rows in order, and the cursor of the next part; blank at the end."""

    numbers: list[int]
    cursor: str


def order_of(register: Register, asked: Asked, user: Any) -> Order:
    """The order a list asks for. Refuses fields one cannot sort by, and personal ones:

    their values would stand in the cursor, and with it in addresses and logs.
    """
    if asked.since is not None:
        return Order("changed_at")
    sort = asked.query.sort
    if sort is None:
        return Order()
    query.ordered(register, register.queryset(), sort, user)
    known = register.fields[sort.removeprefix("-")]
    if names_people(known):
        raise Refused.because("api.personal-sort", "sort", field=known.label)
    return Order(known.sort_path(), sort.startswith("-"), known.source.null)


def names_people(field: Field) -> bool:
    """Whether the values one would sort by are personal, here or in the record referred to."""
    return field.personal or (
        isinstance(field, ReferenceField) and field.target().title_is_personal
    )


def part(rows: QuerySet[Any], order: Order, asked: Asked) -> Part:
    """The numbers of the next rows, in one query, or two where empty values come last."""
    after = _read(asked) if asked.cursor else None
    return _part(_numbers(rows, order, after, asked.limit + 1), asked)


def history_part(register: Register, record: Record, asked: Asked) -> Part:
    """The numbers of the next older entries of a record and of its child rows, in two queries."""
    after, newest = _read(asked) if asked.cursor else None, Order(down=True)
    own = Entry.objects.filter(register=register.name, record_id=record.pk)
    below = Entry.objects.filter(parent_register=register.name, parent_id=record.pk)
    found = [
        place
        for entries in (own, below)
        for place in _numbers(entries, newest, after, asked.limit + 1)
    ]
    return _part(sorted(found, key=lambda place: -place.number), asked)


def _part(found: list[Place], asked: Asked) -> Part:
    more = len(found) > asked.limit
    found = found[: asked.limit]
    return Part([place.number for place in found], _written(asked, found[-1]) if more else "")


def _numbers(rows: QuerySet[Any], order: Order, after: Place | None, most: int) -> list[Place]:
    bare = rows.select_related(None).prefetch_related(None)
    beyond = "lt" if order.down else "gt"
    sign = "-" if order.down else ""
    next_row = Q(**{f"pk__{beyond}": after.number}) if after else Q()
    if not order.path:
        numbers = bare.filter(next_row).order_by(f"{sign}pk").values_list("pk", flat=True)
        return [Place(None, number) for number in numbers[:most]]
    found: list[Place] = []
    in_order = bare.order_by(sign + order.path, f"{sign}pk").values_list(order.path, "pk")
    if after is None or after.value is not None:
        filled = in_order.filter(**{f"{order.path}__isnull": False}) if order.nullable else in_order
        if after is not None:
            same = Q(**{order.path: after.value}) & next_row
            # The first condition says nothing new, but an index can begin there.
            filled = filled.filter(
                Q(**{f"{order.path}__{beyond}e": after.value}),
                Q(**{f"{order.path}__{beyond}": after.value}) | same,
            )
        found = [Place(value, number) for value, number in filled[:most]]
        next_row = Q()
    if order.nullable and len(found) < most:
        empty = in_order.filter(next_row, **{f"{order.path}__isnull": True})
        found += [Place(None, number) for _value, number in empty[: most - len(found)]]
    return found


def _written(asked: Asked, last: Place) -> str:
    value = last.value
    if isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = str(value)
    return signing.dumps([asked.fingerprint(), value, last.number], salt=_SALT, compress=True)


def _read(asked: Asked) -> Place:
    try:
        fingerprint, value, number = signing.loads(asked.cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, json.JSONDecodeError):
        raise Refused.because("api.bad-cursor", "cursor") from None
    if fingerprint != asked.fingerprint():
        raise Refused.because("api.other-cursor", "cursor")
    return Place(value, int(number))


def changed_since(rows: QuerySet[Any], since: datetime) -> QuerySet[Any]:
    """The rows changed since then, as far as no older change can still appear among them.

    A row carries the time at which its transaction began to write it, and is seen when that
    transaction is over. SQLite writes one transaction at a time. PostgreSQL does not: rows newer
    than the oldest transaction still running are left for the next time.
    """
    changed = rows.filter(changed_at__gte=since)
    if connection.vendor != "postgresql":
        return changed
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (oldest,) = cursor.fetchone()
    return changed.filter(changed_at__lt=oldest) if oldest else changed


def resume(asked: Asked, last: Record | None) -> str:
    """From where to ask next time, once the last part has been read."""
    assert asked.since is not None
    moment = last.changed_at + timedelta(microseconds=1) if last else asked.since
    return timezone.localtime(moment).isoformat()


def count(rows: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows, and whether there are more than were counted."""
    found = query.bare(rows).values("pk")[: COUNTED + 1].count()
    return min(found, COUNTED), found > COUNTED

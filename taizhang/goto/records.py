"""Records to go to, in every register by its own words, as far as they exist for the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.engines.queries import Query
from taizhang.ledger import access, catalogue, cells, query, render, searching
from taizhang.ledger.access import Verb
from taizhang.ledger.models import State
from taizhang.ledger.register import Register


@dataclass(frozen=True, slots=True)
class Line:
    """A record as one line: what it is called, its key, and its address."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one register; ``more`` is the list of all of them when not all are here."""

    label: str
    lines: list[Line]
    more: str


def find(user: Any, asked: Sequence[str], most: int) -> list[Group]:
    """Up to ``most`` records of each register in whose own fields every word stands, newest first."""
    found = []
    for register in catalogue.registers():
        if asked and searching.looks_at(register):
            group = _group(register, asked, user, most)
            if group.lines:
                found.append(group)
    return found


def _group(register: Register, asked: Sequence[str], user: Any, most: int) -> Group:
    personal = query.where_personal_is_read(register, user)
    found = searching.own(register, asked, personal)
    rows = access.visible(user, register).filter(found).exclude(state=State.VOID)
    keys = query.numbers(rows.order_by("-pk")[: most + 1])
    known = {row.pk: row for row in register.queryset().prefetch_related(None).filter(pk__in=keys)}
    records = [known[key] for key in keys if key in known]
    lines = [_line(register, record, user) for record in records[:most]]
    whole = Query(search=" ".join(asked)).canonical()
    more = render.address(register, whole) if len(records) > most else ""
    return Group(register.label_plural, lines, more)


def _line(register: Register, record: Any, user: Any) -> Line:
    title = register.title_of(record)
    if register.title_is_personal and not access.of(user).may(Verb.PERSONAL, register, record):
        title = cells.masked(title)
    return Line(title, register.key_text(record), f"/{register.path}/{record.pk}/")

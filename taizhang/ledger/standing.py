"""Answers that stay right for as long as nothing is written.

Counting over a million rows takes seconds, and on most days most of what is counted has not changed
since somebody looked last. Every write leaves an entry in the history; so whatever was worked out
from the ledger is right until another entry is there, and then all of it is forgotten. Nothing is
ever shown that counting anew would not give.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from . import access, query
from .models import Entry

T = TypeVar("T")
MOST = 5000
"""Answers kept in one process."""
_UNKNOWN = object()
_kept: tuple[Hashable, dict[Hashable, Any]] = (None, {})


def kept(question: Hashable, answer: Callable[[], T]) -> T:
    """The answer to a question about the whole ledger: of no user, in no language.

    Within a transaction, which sees what nobody else does, it is always asked anew.
    """
    if connection.in_atomic_block:
        return answer()
    mark, settled = access.remembered("standing", _standing)
    known = _answers(mark)
    found = known.get(question, _UNKNOWN)
    if found is _UNKNOWN:
        found = answer()
        if settled and len(known) < MOST:
            known[question] = found
    told: T = found
    return told


def is_kept(question: Hashable) -> bool:
    """Whether the answer is there already and still right."""
    if connection.in_atomic_block:
        return False
    mark, _settled = access.remembered("standing", _standing)
    return question in _answers(mark)


def count(rows: QuerySet[Any], enough: int = 0, also: Hashable = None) -> int:
    """How many rows; with ``enough`` counting stops one after so many.

    What a user may see is part of the statement that the count is kept under. ``also`` is what else
    the rows follow from and no entry tells of.
    """
    bare = query.bare(rows)
    counted = bare.values("pk")[: enough + 1] if enough else bare.values("pk")
    try:
        statement = counted.query.sql_with_params()
    except EmptyResultSet:
        return 0
    answer = counted.count if enough else partial(query.count, rows)
    return kept(("count", *statement, also), answer)


def sums(rows: QuerySet[Any], **wanted: Any) -> dict[str, Any]:
    """What ``rows.aggregate(**wanted)`` gives, kept under the statement as ``count`` does."""
    bare = query.bare(rows)
    try:
        statement = bare.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return bare.aggregate(**wanted)
    names = tuple([(name, repr(measure)) for name, measure in wanted.items()])
    return kept(("sums", *statement, names), partial(bare.aggregate, **wanted))


def _answers(mark: Hashable) -> dict[Hashable, Any]:
    global _kept
    current = _kept  # another thread may put other answers there meanwhile
    if current[0] != mark:
        current = _kept = (mark, {})
    return current[1]


def _standing() -> tuple[Hashable, bool]:
    """A mark that every write changes, and whether nothing with a lower number is on its way.

    PostgreSQL numbers entries before they are there for others to see: while some transaction is
    writing, an entry with a lower number than the last one may still come, and the mark would not
    tell. SQLite lets one write after the other.
    """
    last = Entry.objects.order_by("-pk").values_list("pk", "at").first()
    settled = True
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT NOT EXISTS(SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                " AND datname = current_database() AND pid <> pg_backend_pid())"
            )
            settled = bool(cursor.fetchone()[0])
    return (connection.settings_dict["NAME"], last, timezone.localdate()), settled

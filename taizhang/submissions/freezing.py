"""A report fixed for good: figures, definitions and records gathered, sealed, and laid in a file."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from taizhang.engines.figures.definitions import Definition, as_table
from taizhang.engines.figures.formula import figures_in
from taizhang.engines.figures.numerals import plain
from taizhang.engines.periods import Period
from taizhang.engines.sealing import frozen
from taizhang.engines.sealing.canonical import as_text, canonical
from taizhang.engines.sealing.merkle import SHA_256
from taizhang.figures.definitions import get
from taizhang.figures.facts import Fact, facts
from taizhang.ledger.models import Entry
from taizhang.org.models import Unit
from taizhang.outlines.compile import Report
from taizhang.seals import history

from . import rows, stored

Sign = Callable[[Mapping[str, object]], Iterable[Mapping[str, object]]]


@dataclass(frozen=True)
class Sealed:
    """What came of freezing: the root that names the file, and how much is in it."""

    root: str
    size: int
    row_count: int
    last_entry: int
    history: dict[str, Any]
    facts: dict[str, Fact]


@contextmanager
def standstill() -> Iterator[None]:
    """Within this block everything is read as it was at one moment; others may go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Not Django's own way: that takes the write lock, and others would wait for us.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def fingerprint(made: Report) -> str:
    """Say in one word what a report says: text, values and definitions."""
    known = {
        code: [_value(fact), fact.rows, fact.definition.hash] for code, fact in made.facts.items()
    }
    text = stored.as_blocks(made.compiled.document)
    return hashlib.sha256(canonical([text, known])).hexdigest()


def freeze(
    made: Report,
    head: Mapping[str, Any],
    sign: Sign,
    *,
    total: Callable[[int], None],
    progress: Callable[[int], None],
) -> Sealed:
    """Seal a report and lay it in its file, named by its root. Call it in a ``standstill``.

    Nothing in the database is changed. Raises Refused ``document.disk-full`` and as ``sign`` does;
    then no file is left.
    """
    last_entry = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    found = _with_parts(made)
    definitions = [fact.definition for fact in found.values()]
    lists = rows.lists_of(definitions, made.unit.code, made.period)
    counted = {one.name: one for one in lists.values()}
    total(rows.pieces(counted.values()))
    told = 0

    def counting() -> Iterator[dict[str, Any]]:
        nonlocal told
        for row in rows.frozen_rows(counted.values(), rows.readers(definitions), progress):
            told += 1
            yield row

    known = _history(last_entry)
    report = {
        "head": dict(head),
        "text": stored.as_blocks(made.compiled.document),
        "figures": [_figure(fact, lists) for fact in found.values()],
        "definitions": [
            {"code": one.code, "hash": one.hash, "table": as_table(one)} for one in definitions
        ],
        "rows": counting(),
        "history": known,
    }
    sealed: dict[str, Any] = {}

    def signing(subject: Mapping[str, object]) -> Iterable[Mapping[str, object]]:
        sealed.update(subject)
        return sign(subject)

    folder = settings.FROZEN_ROOT
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{secrets.token_hex(8)}.new"
    try:
        with fresh.open("wb") as file:
            file.writelines(frozen.write(report, signing, SHA_256))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, stored.path_of(sealed["root"]))
    finally:
        fresh.unlink(missing_ok=True)
    return Sealed(sealed["root"], sealed["size"], told, last_entry, known, found)


def _with_parts(made: Report) -> dict[str, Fact]:
    """The facts of the report and of every figure that its formulas are made of."""
    codes = list(made.facts)
    for code in codes:
        definition = get(code)
        if definition.formula is not None:
            parts = figures_in(definition.formula.expression)
            codes += [part for part in parts if part not in codes]
    return facts(codes, made.unit.code, made.period)


def _figure(fact: Fact, lists: Mapping[str, rows.List]) -> dict[str, Any]:
    definition: Definition = fact.definition
    counted = lists.get(fact.code)
    return {
        "id": fact.code,
        "name": definition.name.zh,
        "value": _value(fact),
        "unit": definition.unit,
        "rows": fact.rows,
        "query": fact.address,
        "list": counted.name if counted else None,
        "definition": definition.hash,
    }


def _value(fact: Fact) -> str | None:
    return None if fact.value is None else plain(fact.value)


def _history(last_entry: int) -> dict[str, Any]:
    """The head of the sealed history, so that a history cut short is missed."""
    found: dict[str, Any] = {"last_entry": last_entry}
    if (newest := history.newest_head()) is not None:
        found |= newest
    return found


def head_of(submission: Any, unit: Unit, period: Period, outline_version: int) -> dict[str, Any]:
    """The head of a signed report: which one it is, and whose work."""
    old = submission.restates
    return {
        "code": submission.code,
        "title": submission.title,
        "unit": {"code": unit.code, "name": unit.name},
        "period": period.text,
        "version": submission.number,
        "outline_version": outline_version,
        "restates": {"version": old.number, "root": old.root} if old else None,
        "reason": submission.reason,
        "people": {
            "wrote": _person(submission.written_by, submission.written_at),
            "reviewed": _person(submission.reviewed_by, submission.reviewed_at),
            "signed": _person(submission.signed_by, submission.signed_at),
        },
        "one_person": submission.one_person,
        "caption": frozen.CAPTION,
    }


def _person(user: Any, at: Any) -> dict[str, str]:
    return {"name": str(user), "at": as_text(at)}

"""Which words of a record are looked through, and who may find it by which.

A record's own fields stand in the index; a path such as ``place.name`` is searched by finding the
place first, by whatever finds a place. Personal fields stand in an area of their own, which answers
only for rows whose personal fields the viewer may read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from taizhang.engines import wordsearch
from taizhang.search import index
from taizhang.search.index import Area, Found

from . import access, kinds
from .models import Record
from .register import Register

_CHUNK = 2000
NAMES = ("short_name",)
"""Besides the title, what a row is called: found by how it is read, too."""


def condition(register: Register, words: Sequence[str], where_personal: Q) -> Q:
    """Rows in which every word stands somewhere, be it one character long.

    By a personal field only those rows are found for which ``where_personal`` holds.
    """
    words = _sought(words)
    if _is_plain(register):
        return own(register, words, where_personal)
    q = Q()
    for word in words:
        found = own(register, [word], where_personal)
        for head, private in sorted(_ways(register)):
            found |= _behind(register, head, word, where_personal if private else None)
        q &= found
    return q


def own(register: Register, words: Sequence[str], where_personal: Q) -> Q:
    """As ``condition``, but only by fields of the rows themselves."""
    words = _sought(words)
    if not words:
        return Q()
    if not _own(register, personal=True):
        return _found(_open(register), words).condition()
    q = Q()
    for word in words:
        found = _found(_personal(register), [word]).condition() & where_personal
        if _own(register, personal=False):
            found |= _found(_open(register), [word]).condition()
        q &= found
    return q


def some(register: Register, words: Sequence[str]) -> Q | None:
    """Some of the rows in which every word stands, quickly had; None unless there are very many."""
    words = _sought(words)
    if not words or not _is_plain(register):
        return None
    found = _found(_open(register), words)
    return found.some() if found.many else None


def write(register: Register, records: Iterable[Record], *, new: bool) -> None:
    """Bring the index up to date with these records, which are new or may be known already."""
    for area, text_of in _texts(register):
        index.put(area, ((record.pk, text_of(record)) for record in records), new=new)


def forget(register: Register, numbers: Sequence[int]) -> None:
    """Take records out of the index."""
    for area, _text in _texts(register):
        index.drop(area, numbers)


def looks_at(register: Register) -> frozenset[str]:
    """The fields whose change the index must hear of."""
    return frozenset(path for path in register.search if "." not in path)


def is_built(register: Register) -> bool:
    """Whether every record of the register stands in the index as this version makes it."""
    return all(index.is_built(area) for area, _text in _texts(register))


def rebuild(register: Register) -> Iterator[int]:
    """Index every record of a register anew, part by part; tells how many each part had."""
    areas = _texts(register)
    for area, _text in areas:
        index.begin(area)
    rows: models.QuerySet[Any] = register.model._default_manager.order_by("pk")
    rows = rows.select_for_update().only(*looks_at(register))
    last: int | None = -1
    while last is not None:
        with transaction.atomic():  # nobody writes these rows between the reading and the indexing
            part = list(rows.filter(pk__gt=last)[:_CHUNK])
            for area, text_of in areas:
                index.put(area, [(record.pk, text_of(record)) for record in part], new=False)
        last = part[-1].pk if part else None
        yield len(part)
    for area, _text in areas:
        index.finish(area)


def _texts(register: Register) -> list[tuple[Area, Callable[[Record], str]]]:
    """The areas of a register, with what makes the text of a record."""
    found: list[tuple[Area, Callable[[Record], str]]] = []
    for personal, area in ((False, _open(register)), (True, _personal(register))):
        names = _own(register, personal=personal)
        if names:
            called = [name for name in names if name == register.title or name in NAMES]
            person = personal and register.title in called
            found.append((area, _maker(names, called, person)))
    return found


def _maker(names: list[str], called: list[str], person: bool) -> Callable[[Record], str]:
    def text_of(record: Record) -> str:
        fields = (getattr(record, name) or "" for name in names)
        titles = (getattr(record, name) or "" for name in called)
        return wordsearch.row_text(fields, titles, person=person)

    return text_of


def _own(register: Register, *, personal: bool) -> list[str]:
    """The fields of the register itself that are looked through."""
    return [
        path
        for path in register.search
        if "." not in path and (path in register.personal) == personal
    ]


def _ways(register: Register) -> set[tuple[str, bool]]:
    """Where the other paths lead: to which rows, and whether that is personal."""
    found = set()
    for path in register.search:
        head, dot, _last = path.rpartition(".")
        if dot:
            _prefix, field, way = kinds.resolve_path(register, path)
            found.add((head, any(step.personal for step in (*way, field))))
    return found


def _target(register: Register, head: str) -> Register:
    _prefix, field, _way = kinds.resolve_path(register, head)
    target: Register = field.target()  # type: ignore[attr-defined]
    return target


def _open(register: Register) -> Area:
    return Area(register.name)


def _personal(register: Register) -> Area:
    return Area(f"{register.name}!")


def _is_plain(register: Register) -> bool:
    """Whether all that is looked through are open fields of the rows themselves."""
    return all("." not in path and path not in register.personal for path in register.search)


def _behind(register: Register, head: str, word: str, where_personal: Q | None) -> Q:
    """Rows that refer to a row which is found by the word; by its personal fields if need be."""
    path = f"{head.replace('.', '__')}_id"
    target = _target(register, head)
    q = _found(_open(target), [word]).condition(path)
    if where_personal is None:
        return q
    if _own(target, personal=True):
        q |= _found(_personal(target), [word]).condition(path)
    return q & where_personal


def _sought(words: Sequence[str]) -> list[str]:
    return [word for word in words if wordsearch.fold(word)]


def _found(area: Area, words: Sequence[str]) -> Found:
    return access.remembered(("words", area, *words), lambda: index.find(area, words))

"""A file as a plan: its sheets found, read one after the other, and planned in their order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.documents.sheets import Sheet
from taizhang.documents.workbooks import Book, opened_book
from taizhang.engines.findings import Finding, Refused
from taizhang.ledger import access, catalogue, write
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.resolve import Resolver

from . import plans
from .columns import in_order, is_ours, plain_header, referred, sheet_names

Pairs = list[tuple[Register, str]]


def plan_file(
    path: Path,
    name: str,
    register: Register | None,
    *,
    actor: Any,
    unit: Any = None,
    look: bool = False,
    begun: Callable[[int], None] = write.silent,
    progress: Callable[[int], None] = write.silent,
) -> plans.FilePlan:
    """Plan everything a file holds for one register, or for all when none is given.

    ``unit`` owns rows without a unit; by default the only one the actor records in. ``begun`` is
    told the rows of each sheet before they are planned. Refuses, for all sheets at once, what makes
    no sense as a whole; a sheet that belongs to no register becomes a note.
    """
    unit = unit or access.default_unit(actor)
    with opened_book(path, name, size=settings.UPLOAD_LIMIT_MB * 1024 * 1024) as book:
        pairs, notes = choose(book, register)
        resolver = Resolver(actor, unit)
        made: list[plans.Plan] = []
        problems: list[Finding] = []
        left = settings.IMPORT_ROWS
        for position, (known, title) in enumerate(pairs):
            try:
                sheet = _sheet(book, known, title, left, actor)
                if sheet is None:
                    continue
                left -= len(sheet.rows)
                notes += _notes(sheet)
                begun(len(sheet.rows))
                later = (other for other, _title in pairs[position + 1 :])
                plan = plans.make(
                    known,
                    sheet,
                    actor=actor,
                    unit=unit,
                    progress=progress,
                    resolver=resolver,
                    announced=any(known in referred(other) for other in later),
                    look=look,
                )
            except Refused as refused:
                problems += refused.findings
                continue
            made.append(plan)
    if problems:
        raise Refused(*problems)
    plans.hold_back(made)
    return plans.FilePlan(made, notes)


def choose(book: Book, register: Register | None) -> tuple[Pairs, list[Finding]]:
    """Which sheets are read for which register, in the order of writing; and what is not read.

    For one register its own sheet, else the first that is no other register's. Raises Refused
    ``import.which-register``, ``.register-twice``, ``.no-sheet`` or ``document.empty``.
    """
    names = sheet_names()
    titles = [title for title in book.titles if not is_ours(title)]
    known = [(names[plain_header(t)], t) for t in titles if plain_header(t) in names]
    wanted = [pair for pair in known if register is None or pair[0] is register]
    _once(wanted)
    if register is not None and not wanted:
        free = [t for t in titles if plain_header(t) not in names and not _is_blank(book, t)]
        if not free and known:
            params = {"register": register.label_plural}
            raise Refused.because("import.no-sheet", book.name, **params)
        wanted = [(register, title) for title in free[:1]]
    chosen = {title for _register, title in wanted}
    others = [title for title in titles if title not in chosen and not _is_blank(book, title)]
    if not wanted:
        if not others:
            raise Refused.because("document.empty", book.name, name=book.name)
        registers = "、".join(r.label_plural for r in catalogue.registers())
        raise Refused.because("import.which-register", book.name, registers=registers)
    notes = [Finding("import.sheet-not-read", "look", title) for title in others]
    notes += [
        Finding("import.sheet-hidden", "look", title) for title in book.hidden if not is_ours(title)
    ]
    order = in_order(known for known, _title in wanted)
    return sorted(wanted, key=lambda pair: order.index(pair[0])), notes


def _once(pairs: Pairs) -> None:
    for position, (register, title) in enumerate(pairs):
        for other, before in pairs[:position]:
            if other is register:
                params = {"first": before, "register": register.label_plural}
                raise Refused.because("import.register-twice", title, sheet=title, **params)


def _is_blank(book: Book, title: str) -> bool:
    with suppress(Refused):  # what cannot be read is not blank
        return book.is_blank(title)
    return False


def _sheet(book: Book, register: Register, title: str, left: int, actor: Any) -> Sheet | None:
    if not access.of(actor).may(Verb.IMPORT, register):
        raise Refused.because("import.may-not", title, register=register.label_plural)
    return book.sheet(title, limit=left)


def _notes(sheet: Sheet) -> list[Finding]:
    found = []
    if sheet.hidden_rows:
        params = {"count": sheet.hidden_rows}
        found.append(Finding("import.hidden-rows", "look", sheet.name, params))
    for index, title in enumerate(sheet.header):
        if not title and any(row.cells[index] is not None for row in sheet.rows):
            place = sheet.place(index, sheet.header_row)
            found.append(Finding("import.untitled-column", "look", f"{sheet.name}!{place}"))
    return found

"""Rows that cannot be imported come back as they were, with the reasons: to be mended and sent again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.documents.files import Target
from taizhang.documents.fill_in import FillColumn, FillSheet, Mark, write_fill_in
from taizhang.documents.sheets import Absent, Sheet, Trouble
from taizhang.documents.workbooks import opened_book
from taizhang.ledger.register import Register
from taizhang.wording import say

from . import beside, blank
from .columns import LISTS, REASON, read_columns
from .rows import Reason

_Back = dict[int, tuple[list[Reason], bool]]
"""Row → its reasons, and whether it only waits for others."""


def file_name(name: str) -> str:
    """What the workbook is called: like the file it came from."""
    return _("{name}, returned.xlsx").format(name=Path(name).stem)


def write(target: Target, upload: Path, name: str, user: Any) -> int:
    """Write the rows of an upload that stay behind; returns how many there are.

    Every sheet has its own columns in their order and one more with the reasons; the cells that
    they speak of are coloured and carry a comment. Raises Refused ``import.file-gone`` and what
    reading and writing of workbooks raise.
    """
    plan = beside.read(upload)
    back: dict[str, _Back] = {}
    for title, number, reasons, waits in beside.reasons(upload):
        back.setdefault(title, {})[number] = reasons, waits
    columns = blank.Columns(user, [sheet.register for sheet in plan.sheets])
    sheets = []
    size = settings.UPLOAD_LIMIT_MB * 1024 * 1024
    with opened_book(upload, name, size=size) as book:
        for kept in plan.sheets:
            source = book.sheet(kept.sheet) if kept.sheet in back else None
            if source is not None:
                sheets.append(_sheet(kept.register, source, back[kept.sheet], columns))
        write_fill_in(target, sheets, lists=str(LISTS))
    return sum(len(rows) for rows in back.values())


def _sheet(register: Register, source: Sheet, back: _Back, columns: blank.Columns) -> FillSheet:
    found = read_columns(register, source)
    kept = [index for index in range(len(source.header)) if index != found.reason]
    head = [_column(register, source, index, found.fields.get(index), columns) for index in kept]
    places = {found.fields.get(index): position for position, index in enumerate(kept)}
    days = {i for i, name in found.fields.items() if register.fields[name].kind == "date"}

    def rows() -> Iterator[tuple[Sequence[Any], Sequence[Mark]]]:
        for row in source.rows:
            if row.number not in back:
                continue
            reasons, waits = back[row.number]
            values = [_value(source, row.cells[i], is_day=i in days) for i in kept]
            told = list(_told(register, reasons, source.row_place(row.number), waits))
            marks = [
                Mark(places[reason.field], text)
                for reason, text in zip(reasons, told, strict=False)
                if reason.field in places
            ]
            yield [*values, "\n".join(told)], marks

    reason = FillColumn(
        str(REASON), note=_("Read over when the file is uploaded again."), wide=True
    )
    return FillSheet(source.name, [*head, reason], rows())


def _column(
    register: Register, source: Sheet, index: int, name: str | None, columns: blank.Columns
) -> FillColumn:
    title = source.header[index]
    if name is None:
        return FillColumn(title)
    return columns.column(register, register.fields[name], title)


def _value(source: Sheet, cell: Any, *, is_day: bool) -> Any:
    """What stood in the cell, as far as it is known."""
    if isinstance(cell, Trouble):
        return cell.value
    if isinstance(cell, Absent):
        return None
    if is_day and type(cell) in (int, float):
        # A bare number of a day would mean another day in a workbook that counts otherwise.
        return source.day(cell) or cell
    return cell


def _told(register: Register, reasons: Sequence[Reason], place: str, waits: bool) -> Iterator[str]:
    """One line a reason, each with the place in the file it came from."""
    language = get_language() or "zh"
    for reason in reasons:
        sentence = say(reason.finding, language)
        if reason.field:
            label = register.fields[reason.field].label
            yield _("{place} {label}: {sentence}").format(
                place=reason.place, label=label, sentence=sentence
            )
        else:
            yield _("Row {place}: {sentence}").format(place=reason.place, sentence=sentence)
    if waits:
        yield _("Row {place}: it refers to a row that came back, and is imported with it.").format(
            place=place
        )

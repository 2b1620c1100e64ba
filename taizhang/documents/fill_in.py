"""Workbooks to be filled in by hand: drop-down lists, a note at each column, marked cells.

Written so that Excel and WPS understand it: lists longer than 255 characters stand on a hidden
sheet at the end, lists of another sheet's rows refer to its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from taizhang.documents.files import Target
from taizhang.documents.sheets import column_name
from taizhang.documents.workbook_writer import (
    Book,
    ColumnKind,
    Styles,
    clean_sheet_name,
    display_width,
    encodable,
    new_workbook,
    put,
    put_text,
)

PREPARED_ROWS = 2000
"""Rows below the header that have the lists and notes of their columns."""
_INLINE = 255
_NOTE, _NOTE_TITLE = 255, 32
"""Excel's own limits for a list in the cell itself, and for what it shows beside a cell."""
_COMMENTS = 2000
_WIDEST, _NARROWEST, _REASON = 42, 8, 64
_PAPER, _INK, _MARK, _HEAD = "#F6F3EC", "#22324D", "#F7E3B5", "#E8EDF4"
_A4 = 9
_GUIDE = (24, 8, 52, 52)
"""Widths of the columns of the sheet that explains."""
_LINE = 16


@dataclass(frozen=True, slots=True)
class FillColumn:
    """A column to fill in.

    ``choices`` are offered; with ``strict`` nothing else is accepted. ``rows_of`` offers the cells
    of another sheet's column instead: (name of the sheet, column from 0).
    """

    title: str
    kind: ColumnKind = "text"
    required: bool = False
    note: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = False
    rows_of: tuple[str, int] | None = None
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell of a row that a person should look at, and what is said about it."""

    column: int
    text: str


@dataclass(slots=True)
class FillSheet:
    """A sheet to fill in; ``rows`` stand in it already, each with its marks."""

    name: str
    columns: Sequence[FillColumn]
    rows: Iterable[tuple[Sequence[Any], Sequence[Mark]]] = ()


@dataclass(slots=True)
class Guide:
    """The first sheet: a title, sentences, and tables with a heading each."""

    name: str
    title: str
    lines: Sequence[str]
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = field(default=())


def write_fill_in(
    target: Target, sheets: Sequence[FillSheet], *, lists: str, guide: Guide | None = None
) -> None:
    """Write a workbook to fill in; ``lists`` is the name of the hidden sheet.

    Raises Refused like ``write_xlsx``.
    """
    with new_workbook(target) as book:
        writer = _Writer(book, lists)
        if guide is not None:
            writer.guide(guide)
        for sheet in sheets:
            writer.sheet(sheet)
        writer.lists()


class _Writer:
    def __init__(self, book: Book, lists: str) -> None:
        self.out, self.book = book, book.book
        self.lists_name = lists
        self.long: dict[tuple[str, ...], int] = {}
        self.comments = 0
        add = self.book.add_format
        edge = {"bottom": 1, "bottom_color": _INK, "valign": "vcenter", "text_wrap": True}
        self.needed = add({"bold": True, "bg_color": _HEAD, "font_color": _INK, **edge})
        self.optional = add({"bg_color": _PAPER, "font_color": _INK, **edge})
        self.title = add({"bold": True, "font_size": 16, "font_color": _INK})
        self.heading = add({"bold": True, "font_size": 12, "font_color": _INK})
        self.line = add({"text_wrap": True, "valign": "top"})
        self.as_text = add({"num_format": "@"})
        self.as_day = add({"num_format": "yyyy-mm-dd"})
        self.styles = Styles(self.book)
        self.marked = Styles(self.book, {"bg_color": _MARK})
        self.wrapped = Styles(self.book, {"text_wrap": True, "valign": "top", "bg_color": _MARK})

    def guide(self, guide: Guide) -> None:
        """The sheet that explains; it holds no rows to import."""
        name = clean_sheet_name(guide.name, self.out.taken)
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        for column, width in enumerate(_GUIDE):
            sheet.set_column(column, column, width)
        put_text(sheet, name, 0, 0, guide.title, self.title)
        row = 1
        for line in guide.lines:
            row += 1
            sheet.set_row(row, _LINE * _lines(line, sum(_GUIDE)))
            sheet.merge_range(row, 0, row, len(_GUIDE) - 1, "", self.line)
            put_text(sheet, name, row, 0, line, self.line)
        for title, head, lines in guide.tables:
            row += 2
            put_text(sheet, name, row, 0, title, self.heading)
            for cells in (head, *lines):
                row += 1
                needed = zip(cells, _GUIDE, strict=False)
                sheet.set_row(row, _LINE * max(_lines(text, width) for text, width in needed))
                style = self.optional if cells is head else self.line
                for column, text in enumerate(cells):
                    put_text(sheet, name, row, column, text, style)
        _for_print(sheet, name)

    def sheet(self, out: FillSheet) -> None:
        """A sheet with its header, what stands in it, and its lists and notes."""
        name = clean_sheet_name(out.name, self.out.taken)
        sheet = self.book.add_worksheet(name)
        for index, column in enumerate(out.columns):
            title = f"{column.title}*" if column.required else column.title
            put_text(
                sheet, name, 0, index, title, self.needed if column.required else self.optional
            )
        sheet.set_row(0, 32)
        row = 0
        for row, (values, marks) in enumerate(out.rows, start=1):
            self._row(sheet, name, row, values, marks, out.columns)
        for index, column in enumerate(out.columns):
            sheet.set_column(index, index, _width(column), self._format(column))
            if column.note or column.choices or column.rows_of:
                self._validate(sheet, index, column, max(row, PREPARED_ROWS))
        sheet.freeze_panes(1, 0)
        if out.columns:
            sheet.autofilter(0, 0, max(row, 1), len(out.columns) - 1)
        sheet.repeat_rows(0)
        _for_print(sheet, name)

    def _row(
        self,
        sheet: Any,
        name: str,
        row: int,
        values: Sequence[Any],
        marks: Sequence[Mark],
        columns: Sequence[FillColumn],
    ) -> None:
        told: dict[int, list[str]] = {}
        for mark in marks:
            told.setdefault(mark.column, []).append(mark.text)
        for index, value in enumerate(values):
            styles = self.marked if index in told else self.styles
            if columns[index].wide:
                styles = self.wrapped
                if (lines := _lines(str(value or ""), _REASON)) > 1:
                    sheet.set_row(row, _LINE * lines)
            put(sheet, name, row, index, value, styles)
        for index, texts in told.items():
            if self.comments < _COMMENTS and not columns[index].wide:
                self.comments += 1
                sheet.write_comment(row, index, encodable("\n".join(texts)), {"x_scale": 2})

    def _format(self, column: FillColumn) -> Any:
        # Codes and telephone numbers stay what was typed; a day looks like a day.
        return {"text": self.as_text, "date": self.as_day}.get(column.kind)

    def _validate(self, sheet: Any, index: int, column: FillColumn, last: int) -> None:
        options: dict[str, Any] = {"validate": "any"}
        if column.rows_of is not None:
            options = {"validate": "list", "source": _column_of(*column.rows_of)}
        elif column.choices:
            options = {"validate": "list", "source": self._source(column.choices)}
        options["show_error"] = column.strict and column.rows_of is None
        if column.note:
            options |= {
                "input_title": column.title[:_NOTE_TITLE],
                "input_message": _cut(column.note, _NOTE),
            }
        sheet.data_validation(1, index, last, index, options)

    def _source(self, choices: tuple[str, ...]) -> Any:
        """The list itself when it is short, else its place on the hidden sheet."""
        if len(",".join(choices)) <= _INLINE and not any("," in text for text in choices):
            return list(choices)
        position = self.long.setdefault(choices, len(self.long))
        letters = column_name(position)
        return f"={_quoted(self.lists_name)}!${letters}$1:${letters}${len(choices)}"

    def lists(self) -> None:
        """The hidden sheet with the long lists."""
        if not self.long:
            return
        sheet = self.book.add_worksheet(self.lists_name)
        longest = max(len(choices) for choices in self.long)
        for row in range(longest):
            for choices, column in self.long.items():
                if row < len(choices):
                    put_text(sheet, self.lists_name, row, column, choices[row])
        sheet.hide()


def _column_of(sheet: str, column: int) -> str:
    letters = column_name(column)
    return f"={_quoted(sheet)}!${letters}$2:${letters}${PREPARED_ROWS + 1}"


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _width(column: FillColumn) -> int:
    least = {"date": 12, "number": 10}.get(column.kind, 14)
    if column.wide:
        return _REASON
    longest = max([display_width(text) for text in column.choices[:50]] or [0])
    return min(max(display_width(column.title) + 3, least, longest + 3, _NARROWEST), _WIDEST)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of this width."""
    return sum(1 + max(display_width(part) - 1, 0) // width for part in text.split("\n"))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _for_print(sheet: Any, name: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.6)
    sheet.set_header(f"&C{name.replace('&', '&&')}")
    sheet.set_footer("&C&P / &N")

"""A list as its user has it, all pages of it: on paper, or as a workbook with the same columns."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from taizhang.documents.workbook_writer import ColumnKind, OutColumn, OutSheet, write_xlsx
from taizhang.engines.findings import Refused
from taizhang.engines.queries import Query, parse
from taizhang.ledger import access, paging, query
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow, find_register, query_string

from . import listing
from .own import OwnList, own_list

MOST = 2000
"""Rows on paper; more are a file and no print."""
MOST_IN_FILE = 10_000
"""Rows as they are shown; more are a full export."""
_KINDS: dict[str, ColumnKind] = {"integer": "number", "decimal": "number", "date": "date"}


@require_GET
def print_list(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The rows of a list, all pages, for the printer."""
    register = find_register(app, kind)
    asked, own, rows = _wanted(request, register)
    user = request.user
    summary = paging.summary(register, asked, rows)
    lines = list(_lines(register, asked, own, rows, user, MOST))
    roots = [name for _code, name in access.provider.names(access.of(user).roots)]
    context = {
        "register": register,
        "query": asked,
        "canonical": asked.canonical(),
        "units": [access.provider.name(scope.code) for scope in asked.units] or roots,
        "chips": words.chips(register, asked.without("unit")),
        "columns": listing.heads(register, own.columns, asked, user),
        "lead": register.title if register.title in own.columns else own.columns[0],
        "lines": lines,
        "summary": summary,
        "more": summary.more or summary.count > len(lines),
        "limit": MOST,
        "today": timezone.localdate(),
    }
    return render(request, "desk/print.html", context)


@require_GET
def shown_xlsx(request: HttpRequest, app: str, kind: str) -> HttpResponseBase:
    """The rows of a list as a workbook of what it shows: these columns, masked as they are."""
    register = find_register(app, kind)
    asked, own, rows = _wanted(request, register)
    user = request.user
    (count,) = paging.count_each([rows], MOST_IN_FILE)
    if count > MOST_IN_FILE:
        raise Refused.because("export.too-many-shown", register.label_plural, limit=MOST_IN_FILE)
    heads = listing.heads(register, own.columns, asked, user)
    lines = _lines(register, asked, own, rows, user, MOST_IN_FILE)
    cells = ([_value(cell) for cell in line.cells] for line in lines)
    target = io.BytesIO()
    columns = [OutColumn(head.label, _KINDS.get(head.kind, "text")) for head in heads]
    write_xlsx(target, [OutSheet(register.label_plural, columns, cells)])
    target.seek(0)
    stamp = timezone.localdate().isoformat()
    return FileResponse(
        target, as_attachment=True, filename=f"{register.label_plural}-{stamp}.xlsx"
    )


def _wanted(request: HttpRequest, register: Register) -> tuple[Query, OwnList, QuerySet[Any]]:
    """What the address asks for, how its user wants the list, and the rows."""
    allow(request, Verb.EXPORT, register)
    asked = parse(query_string(request))
    rows = query.rows(register, asked, request.user)
    return asked, own_list(register, request.user), rows


def _lines(
    register: Register, asked: Query, own: OwnList, rows: QuerySet[Any], user: Any, most: int
) -> Iterator[words.Line]:
    """The rows as the list shows them, in its order, read part by part."""
    ordered = query.ordered(register, rows, asked.sort, user)
    for part in paging.in_parts(register, ordered, own.columns, most):
        yield from words.lines(register, part, own.columns, user)


def _value(cell: words.Cell) -> Any:
    """A number or a day as such, so that the workbook can add and sort; a masked one as text."""
    try:
        if cell.kind in {"integer", "decimal"} and cell.text:
            return Decimal(cell.text)
        if cell.kind == "date" and cell.text:
            return date.fromisoformat(cell.text)
    except (ValueError, ArithmeticError):
        return cell.text
    return cell.text

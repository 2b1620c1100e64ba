"""A list as a file."""

from __future__ import annotations

import io

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from taizhang.engines.queries import Query, parse
from taizhang.jobs.queue import enqueue
from taizhang.ledger import paging, query
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow, find_register, query_string

from .export import FORMATS, file_name
from .export import export as write_file

AT_ONCE = 20_000
"""More rows than these would keep the request waiting; a job writes them."""


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, app: str, kind: str, format: str) -> HttpResponseBase:
    """The list as a file: the rows of the same address, all pages.

    Very many rows are written by a job, which a person asks for with a button.
    """
    register = find_register(app, kind)
    allow(request, Verb.EXPORT, register)
    if format not in FORMATS:
        raise Http404
    posted = request.method == "POST"
    asked = parse(request.POST.get("query", "") if posted else query_string(request))
    rows = query.ordered(
        register, query.rows(register, asked, request.user), asked.sort, request.user
    )
    if format != "json":
        (count,) = paging.count_each([rows], AT_ONCE)
        if count > AT_ONCE:
            ask = _enqueue if posted else _ask
            return ask(request, register, asked, format)
    target = io.BytesIO()
    write_file(register, rows, format, target)
    target.seek(0)
    if format == "json":
        return HttpResponse(target, content_type="application/json")
    return FileResponse(target, as_attachment=True, filename=file_name(register, format))


def _ask(request: HttpRequest, register: Register, asked: Query, format: str) -> HttpResponse:
    """How much it is, and the button that has it written."""
    context = {
        "register": register,
        "canonical": asked.canonical(),
        "address": words.address(register, asked.canonical()),
        "chips": words.chips(register, asked),
        "search": asked.search,
        "format": format,
        "at_once": AT_ONCE,
    }
    return render(request, "exchange/export.html", context)


def _enqueue(request: HttpRequest, register: Register, asked: Query, format: str) -> HttpResponse:
    title = _("Export: {register} (.{format})").format(
        register=register.label_plural, format=format
    )
    payload = {"register": register.name, "query": asked.canonical(), "format": format}
    job = enqueue("exchange.export", payload, actor=request.user, title=title)
    return HttpResponseRedirect(reverse("job", args=[job.pk]))

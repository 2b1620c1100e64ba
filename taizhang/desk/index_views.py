"""The index of registers, and the look-up of rows that a form refers to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from taizhang.engines.queries import Query
from taizhang.ledger import access, catalogue, cells, query
from taizhang.ledger.access import Verb
from taizhang.ledger.models import State
from taizhang.ledger.views import find_register, session_period

from . import tallies


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every register by group, with what this user sees of it and what waits in it.

    ``?waiting=submitted`` shows only the registers in which something of that kind waits.
    """
    period = session_period(request)
    found = tallies.tallies(request.user, period)
    only = request.GET.get("waiting", "")
    groups: dict[str, list[tallies.Tally]] = {}
    for tally in found:
        if only not in tallies.KINDS or getattr(tally, only):
            groups.setdefault(str(tally.register.group), []).append(tally)
    waiting = [(kind, tallies.shown(found, kind)) for kind in tallies.KINDS]
    may = access.of(request.user).may
    context = {
        "groups": groups,
        "period": period,
        "waiting": waiting,
        "only": only,
        "may_import": any(may(Verb.IMPORT, register) for register in catalogue.registers()),
    }
    return render(request, "ledger/index.html", context)


@require_GET
def lookup(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Rows to refer to, found by what was typed: at most twenty."""
    register = find_register(app, kind)
    asked = Query(conditions=(), units=(), search=request.GET.get("q", "")[:60])
    rows = query.rows(register, asked, request.user).exclude(state=State.VOID)
    known = access.of(request.user)
    found = []
    for row in rows.prefetch_related(None)[:20]:
        title = register.title_of(row)
        if register.title_is_personal and not known.may(Verb.PERSONAL, register, row):
            title = cells.masked(title)
        found.append({"key": register.key_text(row), "title": title})
    return JsonResponse({"rows": found})

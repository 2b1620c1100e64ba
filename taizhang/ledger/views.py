"""What the pages of all registers share, and the index of registers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import select_template
from django.utils import timezone
from django.views.decorators.http import require_GET

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.engines.queries import Query

from . import access, catalogue, cells, query, tallies
from .access import Verb
from .models import Record, State
from .register import Register


def find_register(app: str, kind: str) -> Register:
    """The register of an address; 404 when there is none."""
    register = catalogue.find(f"{app}.{kind}")
    if register is None:
        raise Http404
    return register


def find_record(register: Register, user: Any, pk: int) -> Record:
    """The record, as far as it exists for this user."""
    record: Record | None = access.visible(user, register).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def allow(
    request: HttpRequest, verb: Verb, register: Register, record: Record | None = None
) -> None:
    """Refuse what the user's role does not cover, with the sentence that says so."""
    if not access.of(request.user).may(verb, register, record):
        raise Refused.because("access.role-too-low", register.label, verb=str(verb))


def template_for(register: Register, part: str) -> str:
    """The register's own template when it has one, else the general one."""
    own = f"{register.name.replace('.', '/')}_{part}.html"
    found = select_template([own, f"ledger/{part}.html"])
    return str(found.template.name)


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


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every register by group, with what this user sees of it and what waits in it."""
    period = _session_period(request)
    found = tallies.tallies(request.user, period)
    groups: dict[str, list[tallies.Tally]] = {}
    for tally in found:
        groups.setdefault(str(tally.register.group), []).append(tally)
    waiting = [(kind, tallies.shown(found, kind)) for kind in tallies.KINDS]
    context = {"groups": groups, "period": period, "waiting": waiting}
    return render(request, "ledger/index.html", context)


def _session_period(request: HttpRequest) -> Period:
    """The period chosen on top of the page, else this year."""
    try:
        return Period.parse(str(request.session.get("period") or timezone.localdate().year))
    except Refused:
        return Period.parse(str(timezone.localdate().year))

"""The list of every register."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from taizhang.engines.queries import Query, parse
from taizhang.ledger import access, catalogue, paging, query, states
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.models import State
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow, find_register, query_string, template_for

from . import listing
from .own import own_list


def _asked(request: HttpRequest, register: Register) -> Query | HttpResponseRedirect:
    """The query of the address; range inputs of the filter form become a range first."""
    given = request.GET
    if not any(name.endswith(("~from", "~to")) for name in given):
        return parse(query_string(request))
    kept = given.copy()
    for name in {n.rpartition("~")[0] for n in given if n.endswith(("~from", "~to"))}:
        low = kept.pop(f"{name}~from", [""])[0].strip()
        high = kept.pop(f"{name}~to", [""])[0].strip()
        if low or high:
            kept.setlist(name, [f"{low}..{high}"])
    asked = parse(kept.urlencode(safe=".!,@"))
    return HttpResponseRedirect(words.address(register, asked.canonical() or words.EVERYTHING))


@require_GET
def show_list(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The list of a register: the page, or its table alone for htmx."""
    register = find_register(app, kind)
    asked = _asked(request, register)
    if isinstance(asked, HttpResponseRedirect):
        return asked
    user = request.user
    own = own_list(register, user)
    if own.home and not query_string(request):
        return HttpResponseRedirect(words.address(register, own.home))
    rows = query.rows(register, asked, user)
    some = query.some_rows(register, asked, user)
    summary = paging.summary(register, asked, rows, some=some)
    ordered = query.ordered(register, rows, asked.sort, user)
    page = paging.page(register, ordered, asked, summary, own.columns)
    filtered = bool(asked.conditions or asked.units or asked.search)
    known = access.of(user)
    shown_tabs = listing.tabs(register, asked, own, user, later=False)
    context = {
        "register": register,
        "query": asked,
        "canonical": asked.canonical(),
        "everything": words.address(register, words.EVERYTHING),
        "own": own,
        "columns": listing.heads(register, own.columns, asked, user),
        "lines": words.lines(register, page.records, own.columns, user),
        "lead": register.title if register.title in own.columns else own.columns[0],
        "page": page,
        "summary": summary,
        "chips": words.chips(register, asked),
        "filters": listing.filters(register, asked, user),
        "tabs": shown_tabs,
        "later": any(not tab.count for tab in shown_tabs),
        "actions": _actions(register, asked, page, user),
        "may_add": known.may(Verb.ADD, register),
        "may_change": known.may(Verb.EDIT, register),
        "may_import": known.may(Verb.IMPORT, register),
        "formats": catalogue.formats,
        "filtered": filtered,
        "is_empty": not summary.count and not filtered,
    }
    part = "_table" if request.htmx else "list"  # type: ignore[attr-defined]
    return render(request, template_for(register, part), context)


def _actions(register: Register, asked: Query, page: paging.Page, user: Any) -> list[states.Action]:
    """What may be done to many rows of this list; only void ones can be restored."""
    known = access.of(user)
    some_void = any(record.state == State.VOID for record in page.records)
    return [
        action
        for action in states.ACTIONS.values()
        if known.may(action.verb, register) and (some_void or action.verb is not Verb.RESTORE)
    ]


@require_GET
def show_tabs(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The tabs above a list with all their counts, for whoever did not wait for them."""
    register = find_register(app, kind)
    asked = parse(query_string(request))
    own = own_list(register, request.user)
    found = listing.tabs(register, asked, own, request.user, later=True)
    return render(request, "ledger/_tabs.html", {"register": register, "tabs": found})


@require_GET
def show_totals(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """How many rows a list has, exactly, and their totals: a page, or one line for htmx."""
    register = find_register(app, kind)
    allow(request, Verb.LIST, register)
    asked = parse(query_string(request))
    rows = query.rows(register, asked, request.user)
    context = {
        "register": register,
        "query": asked,
        "canonical": asked.canonical(),
        "summary": paging.summary(register, asked, rows, exact=True),
        "chips": words.chips(register, asked),
    }
    part = "_result" if request.htmx else "totals"  # type: ignore[attr-defined]
    return render(request, template_for(register, part), context)

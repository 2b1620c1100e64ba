"""The page of every record, and the actions on one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Condition, Exact, Query
from taizhang.ledger import access, catalogue, cells, doubts, query, states
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import Register, Related
from taizhang.ledger.views import (
    allow,
    find_record,
    find_register,
    home_of,
    parent_link,
    template_for,
)
from taizhang.wording import say

RELATED_ROWS = 20


@require_GET
def show(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """The page of one record: sections, related tables, evidence, history."""
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    return render(
        request, template_for(register, "record"), record_context(request, register, record)
    )


def record_context(request: HttpRequest, register: Register, record: Record) -> dict[str, Any]:
    """What the record's page shows, in a fixed number of queries."""
    known = access.of(request.user)
    may_edit = known.may(Verb.EDIT, register, record) and record.state != State.VOID
    sections = []
    for section in register.sections:
        parts = [
            _related(request, register, record, part.name)
            for part in section.parts
            if isinstance(part, Related)
        ]
        shown = words.values(register, record, section.names, request.user)
        numbers = [c for c in shown if c.kind in {"integer", "decimal"}]
        big = bool(numbers) and len(numbers) == len(shown)
        sections.append({"title": section.title, "values": shown, "big": big, "parts": parts})
    personal = known.may(Verb.PERSONAL, register, record) or not register.title_is_personal
    title = register.title_of(record)
    parent = None
    parent_register = catalogue.parent_of(register)
    if parent_register is not None:
        row = getattr(record, register.parent)
        parent = parent_link(parent_register, row)
    language = get_language() or "zh"
    open_doubts = doubts.open_doubts(register, [record]) if record.state != State.VOID else []
    return {
        "register": register,
        "record": record,
        "title": title if personal else cells.masked(title),
        "key": register.key_text(record),
        "parent": parent,
        "sections": sections,
        "events": words.history(register, record),
        "actions": states.available(register, record, request.user),
        "may_edit": may_edit,
        "own_work": record.state == State.SUBMITTED
        and known.may(Verb.VERIFY, register, record)
        and bool(states.authors(register, [record.pk], request.user)),
        "may_copy": known.may(Verb.ADD, register, None),
        "notices": [say(finding, language) for finding in register.notices(record)],
        "doubts": [(q.field.name, say(q.finding, language)) for q in open_doubts],
        "confirmed": doubts.confirmed(register, record),
        "asides": [
            {"template": aside.template, "aside": found}
            for aside in catalogue.asides
            if (found := aside.context(register, record, request.user)) is not None
        ],
        "unit": register.fields["unit"].show(record.unit)  # type: ignore[attr-defined]
        if register.scope == "unit"
        else "",
    }


def _related(request: HttpRequest, register: Register, record: Record, name: str) -> dict[str, Any]:
    known = access.of(request.user)
    if name in catalogue.panels:
        panel = catalogue.panels[name]
        may = known.may(Verb.ATTACH, register, record) and record.state != State.VOID
        context = panel.context(register, record, may, request.user)
        return {"template": panel.template, "panel": context, "may_attach": may}
    child = next(c for c in catalogue.children(register) if c.name.split(".")[1] == name)
    rows = access.visible(request.user, child).filter(**{child.parent: record.pk})
    listed = list(query.ordered(child, rows, None)[: RELATED_ROWS + 1])
    more = len(listed) > RELATED_ROWS
    columns = [column for column in child.columns if column != child.parent]
    mine = Query((Condition(child.parent, False, (Exact(register.key_text(record)),)),))
    lead = child.title or columns[0]
    return {
        "template": "ledger/_related.html",
        "register": child,
        "columns": [child.fields[column] for column in columns],
        "lead": lead,
        "lines": words.lines(child, listed[:RELATED_ROWS], columns, request.user),
        "count": query.count(rows) if more else len(listed),
        "all_url": words.address(child, mine.canonical()),
        "add_url": words.add_address(child, **{child.parent: register.key_text(record)}),
        "may_add": known.may(Verb.ADD, child, None) and record.state != State.VOID,
    }


@require_POST
def confirm(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Somebody says that unusual values of a record are right; nothing of the record changes."""
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    allow(request, Verb.EDIT, register, record)
    doubts.answer(register, record, request.POST.getlist("field"), actor=request.user)
    messages.success(request, _("Noted; nobody is asked about this value again."))
    return HttpResponseRedirect(f"/{register.path}/{pk}/")


@require_POST
def act(request: HttpRequest, app: str, kind: str, pk: int, action: str) -> HttpResponse:
    """Move one record."""
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    move = states.ACTIONS.get(action)
    if move is None:
        raise Http404
    allow(request, move.verb, register, record)
    result = states.act(
        register, [record], move, actor=request.user, reason=request.POST.get("reason", "")
    )
    if result.refused:
        raise Refused(*result.refused)
    text = _("{title}: {done}.").format(title=register.title_of(record), done=move.done)
    way_back = f"undo:/batches/{result.batch.pk}/undo/" if result.batch else ""
    messages.success(request, text, extra_tags=way_back)
    onward = request.POST.get("next_record", "")
    here = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(onward if here else home_of(register, record))

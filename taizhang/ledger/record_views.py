"""The page and the form of every record, and the actions on one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.engines.findings import Refused
from taizhang.wording import say

from . import access, catalogue, cells, exchange, query, relations, states, write
from . import render as words
from .access import Verb
from .forms import RecordForm
from .models import Record, State
from .register import Register, Related
from .views import allow, find_record, find_register, template_for

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
    parent_register = write.register_of_parent(register)
    if parent_register is not None:
        row = getattr(record, register.parent)
        parent = _parent_link(parent_register, row)
    language = get_language() or "zh"
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
        "notices": [say(finding, language) for finding in register.notices(record)],
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
        context = panel.context(register, record, may)
        return {"template": panel.template, "panel": context, "may_attach": may}
    child = next(c for c in catalogue.children(register) if c.name.split(".")[1] == name)
    rows = access.visible(request.user, child).filter(**{child.parent: record.pk})
    listed = list(query.ordered(child, rows, None)[: RELATED_ROWS + 1])
    more = len(listed) > RELATED_ROWS
    columns = [column for column in child.columns if column != child.parent]
    lead = child.title or columns[0]
    return {
        "template": "ledger/_related.html",
        "register": child,
        "columns": [child.fields[column] for column in columns],
        "lead": lead,
        "lines": words.lines(child, listed[:RELATED_ROWS], columns, request.user),
        "count": query.count(rows) if more else len(listed),
        "all_url": words.address(child, f"{child.parent}={register.key_text(record)}"),
        "add_url": words.add_address(child, **{child.parent: register.key_text(record)}),
        "may_add": known.may(Verb.ADD, child, None) and record.state != State.VOID,
    }


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The form of a new record."""
    register = find_register(app, kind)
    allow(request, Verb.ADD, register)
    initial = {n: str(v) for n, v in request.GET.items() if n in register.editable}
    if register.scope == "unit" and "unit" not in initial:
        unit = exchange.default_unit(request.user)
        initial |= {"unit": unit.code} if unit else {}
    language = get_language() or "zh"
    data = request.POST if request.method == "POST" else None
    form = RecordForm(register, request.user, data=data, initial=initial, language=language)
    if request.method == "POST" and form.is_valid():
        try:
            record = write.create(register, form.values, actor=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            if request.POST.get("then") == "submit":
                states.act(register, [record], states.ACTIONS["submit"], actor=request.user)
            messages.success(
                request, _("{title} has been recorded.").format(title=register.title_of(record))
            )
            return HttpResponseRedirect(_after_save(register, record))
    context = {
        "register": register,
        "form": form,
        "record": None,
        "parent": _parent_named(request, register, initial.get(register.parent, "")),
    }
    return render(request, template_for(register, "form"), context, status=422 if data else 200)


def _parent_named(request: HttpRequest, register: Register, key: str) -> dict[str, str] | None:
    """Where a new child row belongs, when the address says so."""
    above = write.register_of_parent(register)
    if above is None or not key:
        return None
    named = relations.key_condition(above, "", key)
    row = access.visible(request.user, above).filter(named).first()
    return _parent_link(above, row) if row else None


def _parent_link(above: Register, row: Record) -> dict[str, str]:
    return {"label": above.title_of(row), "url": f"/{above.path}/{row.pk}/"}


def _after_save(register: Register, record: Record) -> str:
    """Child rows lead back to their parent's page, others to their own."""
    parent = write.register_of_parent(register)
    if parent is not None:
        return f"/{parent.path}/{getattr(record, f'{register.parent}_id')}/"
    return f"/{register.path}/{record.pk}/"


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """The form of an existing record; a verified one asks for the reason of the correction."""
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    allow(request, Verb.EDIT, register, record)
    language = get_language() or "zh"
    data = request.POST if request.method == "POST" else None
    form = RecordForm(register, request.user, record=record, data=data, language=language)
    version, given = record.version, request.POST.get("version", "")
    seen = int(given) if given.isdecimal() else 0
    if request.method == "POST":
        version = seen  # a form shown again still speaks of the version its author looked at
    if request.method == "POST" and form.is_valid():
        try:
            write.change(
                register,
                record,
                form.values,
                actor=request.user,
                version=seen,
                reason=request.POST.get("reason", ""),
            )
        except Refused as refused:
            form.refuse(refused)
            if any(finding.code == "write.changed-meanwhile" for finding in refused.findings):
                version = record.version  # now that they have been told
        else:
            messages.success(request, _("The changes have been saved."))
            return HttpResponseRedirect(_after_save(register, record))
    above = write.register_of_parent(register)
    context = {
        "register": register,
        "form": form,
        "record": record,
        "version": version,
        "correcting": record.state == State.VERIFIED,
        "reason": request.POST.get("reason", "") if data else "",
        "title": register.title_of(record),
        "parent": _parent_link(above, getattr(record, register.parent)) if above else None,
    }
    return render(request, template_for(register, "form"), context, status=422 if data else 200)


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
    messages.success(request, text)
    return HttpResponseRedirect(request.POST.get("next_record") or _after_save(register, record))

"""Lists, records and forms of every register: derived from the declaration, not written again."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import EmptyPage, Paginator
from django.db.models import Count, Q, Sum
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import select_template
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Query, Range, parse
from taizhang.wording import say

from . import access, catalogue, cells, exchange, fields, query, render as words, states, write
from .access import Verb
from .forms import RecordForm
from .models import Batch, Record, State
from .register import Register, Related

PER_PAGE = 25
TAB_LIMIT = 999
RELATED_ROWS = 20


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


def allow(request: HttpRequest, verb: Verb, register: Register, record: Record | None = None) -> None:
    """Refuse what the user's role does not cover, with the sentence that says so."""
    if not access.of(request.user).may(verb, register, record):
        raise Refused.because("access.role-too-low", register.label, verb=str(verb))


def template_for(register: Register, part: str) -> str:
    """The register's own template when it has one, else the general one."""
    own = f"{register.name.replace('.', '/')}_{part}.html"
    found = select_template([own, f"ledger/{part}.html"])
    return str(found.template.name)  # type: ignore[attr-defined]


def _asked(request: HttpRequest, register: Register) -> Query | HttpResponseRedirect:
    """The query of the address; range inputs of the filter form become a range first."""
    given = request.GET
    if not any(name.endswith(("~from", "~to")) for name in given):
        return parse(request.META.get("QUERY_STRING", ""))
    kept = given.copy()
    for name in {n.rpartition("~")[0] for n in given if n.endswith(("~from", "~to"))}:
        low = kept.pop(f"{name}~from", [""])[0].strip()
        high = kept.pop(f"{name}~to", [""])[0].strip()
        if low or high:
            kept.setlist(name, [f"{low}..{high}"])
    asked = parse(kept.urlencode(safe=".!,@"))
    return HttpResponseRedirect(words.address(register, asked.canonical()))


@require_GET
def show_list(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The list of a register: the page, or its table alone for htmx."""
    register = find_register(app, kind)
    asked = _asked(request, register)
    if isinstance(asked, HttpResponseRedirect):
        return asked
    user = request.user
    rows = query.rows(register, asked, user)
    ordered = query.ordered(register, rows, asked.sort)
    summary = _summary(register, rows)
    paginator = Paginator(ordered, min(asked.per or PER_PAGE, 200))
    paginator.count = summary["count"]
    try:
        page = paginator.page(max(asked.page, 1))
    except EmptyPage:
        page = paginator.page(paginator.num_pages)
    known = access.of(user)
    records = list(page.object_list)
    context = {
        "register": register,
        "query": asked,
        "canonical": asked.canonical(),
        "columns": _columns(register, asked),
        "lines": words.lines(register, records, register.columns, user),
        "page": page,
        "pages": _pages(page, asked),
        "summary": summary,
        "chips": words.chips(register, asked),
        "filters": _filters(register, asked),
        "views": _views(register, asked, user),
        "actions": [a for a in states.ACTIONS.values() if a.verb is not Verb.RESTORE and known.may(a.verb, register)]
        if not register.parent
        else [],
        "may_add": known.may(Verb.ADD, register),
        "may_import": known.may(Verb.IMPORT, register),
        "formats": exchange.FORMATS,
        "filtered": bool(asked.conditions or asked.units or asked.search),
        "is_empty": not summary["count"]
        and not (asked.conditions or asked.units or asked.search),
    }
    part = "_table" if request.htmx else "list"  # type: ignore[attr-defined]
    return render(request, template_for(register, part), context)


def _summary(register: Register, rows: Any) -> dict[str, Any]:
    """Count, verified count and totals in one query."""
    wanted: dict[str, Any] = {
        "count": Count("pk"),
        "verified": Count("pk", filter=Q(state=State.VERIFIED)),
    }
    for name in register.totals:
        wanted[f"total_{name}"] = Sum(name)
    found = rows.order_by().select_related(None).prefetch_related(None).aggregate(**wanted)
    totals = [
        (register.fields[name].label, register.fields[name].show(found[f"total_{name}"] or 0))
        for name in register.totals
    ]
    return {"count": found["count"], "verified": found["verified"], "totals": totals}


def _columns(register: Register, asked: Query) -> list[dict[str, Any]]:
    found = []
    for name in register.columns:
        known = register.fields[name]
        sortable = not known.many and not isinstance(known, fields.Computed)
        down = asked.sort == f"-{name}"
        up = asked.sort == name
        rest = asked.without("sort")
        target = name if down or (not up and known.kind not in {"date", "integer", "decimal"}) else f"-{name}"
        query_string = rest.canonical()
        sort_url = f"?{query_string}{'&' if query_string else ''}sort={target}" if sortable else ""
        order = "descending" if down else "ascending" if up else ""
        found.append(
            {
                "name": name,
                "label": known.label,
                "numeric": known.numeric,
                "kind": known.kind,
                "sort_url": sort_url,
                "order": order,
                "lead": name == (register.title or register.columns[0]),
            }
        )
    return found


def _pages(page: Any, asked: Query) -> list[dict[str, Any]]:
    """Page links; a gap stands as a page without an address."""
    found = []
    base = asked.canonical()
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        if isinstance(number, int):
            url = f"?{base}{'&' if base else ''}page={number}"
            found.append({"number": number, "url": url, "current": number == page.number})
        else:
            found.append({"number": "…", "url": "", "current": False})
    return found


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the bar: a menu of choices, or a range from–to."""

    path: str
    label: str
    kind: str
    options: list[tuple[str, str, bool]]
    low: str = ""
    high: str = ""
    active: bool = False


def _filters(register: Register, asked: Query) -> list[Filter]:
    found = []
    for path in register.filters:
        _prefix, known, way = fields.resolve_path(register, path)
        label = "·".join([*(step.label for step in way), known.label]) if way else known.label
        chosen: set[str] = set()
        low = high = ""
        for part in asked.conditions:
            if part.path != path or part.negated:
                continue
            for value in part.values:
                if isinstance(value, Range):
                    low, high = value.low or "", value.high or ""
                else:
                    chosen.add(getattr(value, "text", ""))
        options = [(code, text, code in chosen) for code, text in known.options()]
        kind = known.kind if known.kind in {"date", "integer", "decimal"} else "choice"
        if kind == "choice" and not options:
            continue
        found.append(Filter(path, label, kind, options, low, high, bool(chosen or low or high)))
    return found


def _views(register: Register, asked: Query, user: Any) -> list[dict[str, Any]]:
    """The tabs above the list, with counts that stop at a thousand."""
    if not register.views:
        return []
    tabs = [{"title": _("All"), "query": ""}]
    tabs += [{"title": str(view.title), "query": parse(view.query).canonical()} for view in register.views]
    current = asked.canonical()
    found = []
    for tab in tabs:
        rows = query.rows(register, parse(tab["query"]), user)
        rows = rows.order_by().select_related(None).prefetch_related(None)
        counted = rows.values("pk")[: TAB_LIMIT + 1].count()
        count = f"{TAB_LIMIT}+" if counted > TAB_LIMIT else str(counted)
        found.append({**tab, "count": count, "current": current == tab["query"]})
    return found


@require_GET
def export(request: HttpRequest, app: str, kind: str, format: str) -> HttpResponse:
    """The list as a file: the rows of the same address, all pages."""
    register = find_register(app, kind)
    allow(request, Verb.EXPORT, register)
    if format not in exchange.FORMATS:
        raise Http404
    asked = parse(request.META.get("QUERY_STRING", ""))
    rows = query.ordered(register, query.rows(register, asked, request.user), asked.sort)
    target = io.BytesIO()
    exchange.export(register, rows, format, target)
    target.seek(0)
    if format == "json":
        return HttpResponse(target, content_type="application/json")
    stamp = timezone.localdate().isoformat()
    return FileResponse(target, as_attachment=True, filename=f"{register.label_plural}-{stamp}.{format}")


@require_GET
def show(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """The page of one record: sections, related tables, evidence, history."""
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    return render(request, template_for(register, "record"), record_context(request, register, record))


def record_context(request: HttpRequest, register: Register, record: Record) -> dict[str, Any]:
    """What the record's page shows, in a fixed number of queries."""
    known = access.of(request.user)
    may_edit = known.may(Verb.EDIT, register, record) and record.state != State.VOID
    sections = []
    for section in register.sections:
        parts = [_related(request, register, record, part.name) for part in section.parts if isinstance(part, Related)]
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
        if "unit" in register.fields
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
    initial = {name: value for name, value in request.GET.items() if name in register.editable}
    if "unit" in register.editable and "unit" not in initial:
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
            messages.success(request, _("{title} has been recorded.").format(title=register.title_of(record)))
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
    named = fields.key_condition(above, "", key)
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


@require_POST
def act_on_many(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Move the records that were picked, or all that the list's filter names."""
    register = find_register(app, kind)
    move = states.ACTIONS.get(request.POST.get("action", ""))
    if move is None:
        raise Http404
    allow(request, move.verb, register)
    asked = parse(request.POST.get("query", ""))
    rows = query.rows(register, asked, request.user)
    if not request.POST.get("every"):
        keys = [int(key) for key in request.POST.getlist("pick") if key.isdigit()]
        rows = rows.filter(pk__in=keys)
    records = list(rows)
    if not records:
        raise Refused.because("ledger.nothing-picked", register.label_plural)
    batch = Batch.objects.create(
        kind=Batch.Kind.ACTION, actor=request.user, at=timezone.now(), source=move.name
    )
    result = states.act(
        register,
        records,
        move,
        actor=request.user,
        reason=request.POST.get("reason", ""),
        batch=batch,
    )
    _tell(request, move, result)
    return HttpResponseRedirect(words.address(register, asked.canonical()))


def _tell(request: HttpRequest, move: states.Action, result: states.Result) -> None:
    if result.done:
        text = ngettext("{count} record {done}.", "{count} records {done}.", result.done)
        messages.success(request, text.format(count=result.done, done=move.done))
    language = get_language() or "zh"
    for finding in result.refused[:5]:
        messages.warning(request, f"{finding.where}：{say(finding, language)}")
    if len(result.refused) > 5:
        text = _("{count} more records could not be moved.")
        messages.warning(request, text.format(count=len(result.refused) - 5))


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
    """Every register by group, with the number of rows this user sees."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for register in catalogue.registers():
        rows = access.visible(request.user, register).order_by()
        rows = rows.select_related(None).prefetch_related(None)
        found = rows.aggregate(n=Count("pk"), waiting=Count("pk", filter=Q(state=State.SUBMITTED)))
        groups.setdefault(str(register.group), []).append(
            {"register": register, "count": found["n"], "waiting": found["waiting"]}
        )
    return render(request, "ledger/index.html", {"groups": groups})

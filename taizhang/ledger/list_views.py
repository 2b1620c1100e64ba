"""The list of every register, its files, and actions on many rows of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import EmptyPage, Paginator
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Query, Range, parse
from taizhang.wording import say

from . import access, exchange, fields, kinds, query, states
from . import render as words
from .access import Verb
from .models import Batch, State
from .register import Register
from .views import allow, find_register, template_for

PER_PAGE = 25
TAB_LIMIT = 999
MOVED_AT_ONCE = 5000
"""More records than this are no single decision, and would keep the request waiting."""


def _query_string(request: HttpRequest) -> str:
    """The query as it was sent: WSGI hands over bytes as Latin-1, and not every client encodes."""
    text: str = request.META.get("QUERY_STRING", "")
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def _asked(request: HttpRequest, register: Register) -> Query | HttpResponseRedirect:
    """The query of the address; range inputs of the filter form become a range first."""
    given = request.GET
    if not any(name.endswith(("~from", "~to")) for name in given):
        return parse(_query_string(request))
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
    ordered = query.ordered(register, rows, asked.sort, user)
    summary = _summary(register, rows)
    paginator = Paginator(ordered, min(asked.per or PER_PAGE, 200))
    paginator.count = summary["count"]
    try:
        page = paginator.page(max(asked.page, 1))
    except EmptyPage:
        page = paginator.page(paginator.num_pages)
    known = access.of(user)
    records = query.whole(register, page.object_list)
    context = {
        "register": register,
        "query": asked,
        "canonical": asked.canonical(),
        "columns": _columns(register, asked, known.may(Verb.PERSONAL, register)),
        "lines": words.lines(register, records, register.columns, user),
        "page": page,
        "pages": _pages(page, asked),
        "summary": summary,
        "chips": words.chips(register, asked),
        "filters": _filters(register, asked, user),
        "views": _views(register, asked, user),
        "actions": [
            a
            for a in states.ACTIONS.values()
            if a.verb is not Verb.RESTORE and known.may(a.verb, register)
        ]
        if not register.parent
        else [],
        "may_add": known.may(Verb.ADD, register),
        "may_import": known.may(Verb.IMPORT, register),
        "formats": exchange.FORMATS,
        "filtered": bool(asked.conditions or asked.units or asked.search),
        "is_empty": not summary["count"] and not (asked.conditions or asked.units or asked.search),
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


def _columns(register: Register, asked: Query, open_: bool) -> list[dict[str, Any]]:
    found = []
    for name in register.columns:
        known = register.fields[name]
        sortable = not known.many and not isinstance(known, fields.Computed)
        sortable = sortable and (open_ or not known.personal)
        down = asked.sort == f"-{name}"
        up = asked.sort == name
        rest = asked.without("sort")
        target = (
            name
            if down or (not up and known.kind not in {"date", "integer", "decimal"})
            else f"-{name}"
        )
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


def _filters(register: Register, asked: Query, user: Any) -> list[Filter]:
    found = []
    for path in register.filters:
        _prefix, known, way = kinds.resolve_path(register, path)
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
    units = _unit_filter(asked, user)
    if register.scope != "self" and len(units.options) > 1:
        found.insert(3, units)
    return found


def _unit_filter(asked: Query, user: Any) -> Filter:
    """The subtree of a unit: of any the user sees today."""
    chosen = {scope.code for scope in asked.units}
    options = [
        (code, name, code in chosen)
        for code, name in access.provider.names(access.of(user).units())
    ]
    return Filter("unit", _("Unit"), "choice", options, active=bool(chosen))


def _views(register: Register, asked: Query, user: Any) -> list[dict[str, Any]]:
    """The tabs above the list, with counts that stop at a thousand."""
    if not register.views:
        return []
    tabs = [{"title": _("All"), "query": ""}]
    tabs += [
        {"title": str(view.title), "query": parse(view.query).canonical()}
        for view in register.views
    ]
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
def export(request: HttpRequest, app: str, kind: str, format: str) -> HttpResponseBase:
    """The list as a file: the rows of the same address, all pages."""
    register = find_register(app, kind)
    allow(request, Verb.EXPORT, register)
    if format not in exchange.FORMATS:
        raise Http404
    asked = parse(_query_string(request))
    rows = query.ordered(
        register, query.rows(register, asked, request.user), asked.sort, request.user
    )
    target = io.BytesIO()
    exchange.export(register, rows, format, target)
    target.seek(0)
    if format == "json":
        return HttpResponse(target, content_type="application/json")
    stamp = timezone.localdate().isoformat()
    return FileResponse(
        target, as_attachment=True, filename=f"{register.label_plural}-{stamp}.{format}"
    )


@require_POST
def act_on_many(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Move the records that were picked, or all that the list's filter names."""
    register = find_register(app, kind)
    user: Any = request.user
    move = states.ACTIONS.get(request.POST.get("action", ""))
    if move is None:
        raise Http404
    allow(request, move.verb, register)
    asked = parse(request.POST.get("query", ""))
    rows = query.rows(register, asked, request.user)
    if not request.POST.get("every"):
        keys = [int(key) for key in request.POST.getlist("pick") if key.isdigit()]
        rows = rows.filter(pk__in=keys)
    records = list(rows[: MOVED_AT_ONCE + 1])
    if not records:
        raise Refused.because("ledger.nothing-picked", register.label_plural)
    if len(records) > MOVED_AT_ONCE:
        raise Refused.because("ledger.too-many", register.label_plural, limit=MOVED_AT_ONCE)
    reason = request.POST.get("reason", "")
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=Batch.Kind.ACTION, actor=user, at=timezone.now(), source=move.name
        )
        result = states.act(register, records, move, actor=user, reason=reason, batch=batch)
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

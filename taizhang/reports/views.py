"""The pages of the top layer: workbench, reports, the switch of unit and period, the tour."""

from __future__ import annotations

import io
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
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
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from taizhang.closes.standing import covering
from taizhang.desk import tallies
from taizhang.engines.findings import Refused
from taizhang.figures.facts import facts
from taizhang.figures.scope import home_unit, page_period, visible_unit
from taizhang.figures.views import asked_scope, by_month, change, strength_rows
from taizhang.ledger import access
from taizhang.ledger import catalogue as registers
from taizhang.ledger.access import Verb
from taizhang.ledger.models import State
from taizhang.outlines import catalogue, compile, files
from taizhang.submissions import flow
from taizhang.submissions.freezing import fingerprint
from taizhang.submissions.views import open_and_latest
from taizhang.wording import say

from . import tour

HEADLINES = ("volunteering.events", "museum.visits")
WATCHED = (
    "volunteering.events",
    "volunteering.beneficiaries",
    "minority.events",
    "study.centre_group",
    "museum.visits",
    "estations.count",
)
WAITING_SHOWN = 5


@require_GET
def workbench(request: HttpRequest) -> HttpResponse:
    """What waits for the user, and how the year stands."""
    if home_unit(request.user) is None:
        return render(request, "reports/no_unit.html", status=200)
    scope = asked_scope(request)
    unit, period = scope.unit, scope.period
    now = facts(WATCHED, unit.code, period)
    before = facts(WATCHED, unit.code, period.a_year_before())
    context = {
        "scope": scope,
        "today": timezone.localdate(),
        "tallies": _tallies(request.user),
        "report_code": catalogue.ANNUAL,
        "report_url": catalogue.address(catalogue.ANNUAL, unit.code, period.text),
        "watched": [
            {"fact": now[c], "before": before[c], "change": change(now[c], before[c])}
            for c in WATCHED
        ],
        "charts": [now[code] for code in HEADLINES],
        "waiting": _waiting(request.user),
        "may_record": access.of(request.user).may(Verb.ADD, registers.get("activities.activity")),
        "steps": [(number, step) for number, step in enumerate(tour.STEPS, start=1)]
        if settings.DEMO and cast(Any, request.user).demo_role
        else [],
    }
    return render(request, "reports/workbench.html", context)


@require_GET
def workbench_charts(request: HttpRequest) -> HttpResponse:
    """The charts of the workbench, fetched when all else stands."""
    scope = asked_scope(request)
    found = [by_month(code, scope, height=150) for code in HEADLINES]
    return render(request, "reports/_charts.html", {"charts": found})


@require_GET
def workbench_strength(request: HttpRequest) -> HttpResponse:
    """How the year's events are proved, fetched when all else stands."""
    scope = asked_scope(request)
    events = facts(HEADLINES[:1], scope.unit.code, scope.period)
    context = {"strengths": strength_rows(events[HEADLINES[0]])}
    return render(request, "reports/_strength.html", context)


def _tallies(user: Any) -> dict[str, Any]:
    """Counts over all registers, and the list to begin with: where most of them are."""
    found = tallies.tallies(user)
    oldest = min((tally.oldest for tally in found if tally.oldest), default=None)
    context: dict[str, Any] = {
        "days": (timezone.now() - oldest).days if oldest else 0,
        "draft_count": sum(tally.drafts for tally in found),
    }
    for kind, text in tallies.KINDS.items():
        places = [tally for tally in found if getattr(tally, kind)]
        if len(places) == 1:
            url = f"/{places[0].register.path}/?{text}"
        else:
            url = reverse("registers")
        context[kind] = tallies.shown(found, kind)
        context[f"{kind}_url"] = url
    return context


def _waiting(user: Any) -> list[dict[str, Any]]:
    """Records that wait for this user's verification, oldest first."""
    found: list[dict[str, Any]] = []
    known = access.of(user)
    for register in registers.registers():
        if register.parent or not known.may(Verb.VERIFY, register):
            continue
        units = known.units("verifier")
        rows = access.visible(user, register).filter(
            state=State.SUBMITTED, **{f"{register.scope_lookup}__in": units}
        )
        rows = rows.exclude(written_by=user).order_by("changed_at")
        # Sorted as bare numbers first: whole rows with all their joins are slow to sort.
        oldest = list(rows.values_list("pk", flat=True)[:WAITING_SHOWN])
        for record in register.queryset().filter(pk__in=oldest) if oldest else ():
            found.append(
                {
                    "title": register.title_of(record),
                    "url": f"/{register.path}/{record.pk}/",
                    "unit": getattr(record, "unit", ""),
                    "who": record.written_by,
                    "at": record.changed_at,
                }
            )
    return sorted(found, key=lambda row: row["at"])[:WAITING_SHOWN]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The reports of a unit and period."""
    scope = asked_scope(request)
    made = [
        compile.report(outline, scope.unit, scope.period)
        for outline in catalogue.outlines().values()
    ]
    lines = [
        {
            "report": one,
            "name": one.outline.name.say(get_language() or "zh"),
            "url": catalogue.address(one.outline.code, scope.unit.code, scope.period.text),
            "figures": len(one.compiled.document.figures()),
            "must": len(one.missing()),
        }
        for one in made
    ]
    return render(request, "reports/index.html", {"scope": scope, "lines": lines})


@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A report as paper, with its findings beside the text."""
    scope = asked_scope(request)
    outline = catalogue.find(code, scope.unit, scope.period)
    made = compile.report(outline, scope.unit, scope.period)
    language = get_language() or "zh"
    figures = made.compiled.document.figures()
    context = {
        "scope": scope,
        "report": made,
        "name": outline.name.say(language),
        "blocks": made.compiled.document.blocks,
        "findings": [
            {"finding": finding, "text": say(finding, language)}
            for finding in made.compiled.findings
        ],
        "must": len(made.missing()),
        "figures": len(figures),
        "with_rows": sum(1 for run in figures if "missing" not in run.marks),
        "to_come": made.compiled.to_come,
        "address": f"unit={scope.unit.code}&period={scope.period.text}",
        "shown": fingerprint(made),
        "sub": open_and_latest(scope.unit, scope.period, code),
        "close": covering(scope.unit, scope.period),
        "may_submit": flow.may(request.user, scope.unit, "submit"),
    }
    return render(request, "reports/report.html", context)


@require_GET
def tile(request: HttpRequest, code: str) -> HttpResponse:
    """A report's findings as a tile of the workbench, which fetches it when all else stands."""
    scope = asked_scope(request)
    made = compile.report(catalogue.find(code, scope.unit, scope.period), scope.unit, scope.period)
    context = {
        "findings": made.compiled.findings,
        "must": len(made.missing()),
        "report_url": catalogue.address(code, scope.unit.code, scope.period.text),
    }
    return render(request, "reports/_tile.html", context)


@require_GET
def download(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The report as a file."""
    if kind not in files.KINDS:
        raise Http404
    scope = asked_scope(request)
    outline = catalogue.find(code, scope.unit, scope.period)
    made = compile.report(outline, scope.unit, scope.period)
    target = io.BytesIO()
    files.write(files.printed(made), kind, target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{made.title}.{kind}")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Choose the unit or the period that pages are about; lasts as long as the session."""
    if code := request.POST.get("unit"):
        if visible_unit(request.user, code) is None:
            raise Refused.because("query.unknown-unit", "unit", code=code)
        request.session["unit"] = code
    if text := request.POST.get("period"):
        request.session["period"] = page_period(text).text
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    path, _sep, rest = target.partition("?")
    if path.startswith(("/figures/", "/reports/")) or path == "/":
        # The choice just made wins over the one in the address.
        kept = [p for p in rest.split("&") if p and p.split("=")[0] not in ("unit", "period")]
        target = path + (f"?{'&'.join(kept)}" if kept else "")
    return HttpResponseRedirect(target)


@require_GET
def tour_step(request: HttpRequest, number: int) -> HttpResponse:
    """Go to a step of the tour."""
    if not settings.DEMO or not 1 <= number <= len(tour.STEPS):
        raise Http404
    request.session["tour"] = number
    return HttpResponseRedirect(tour.target(number))


@require_POST
def tour_stop(request: HttpRequest) -> HttpResponse:
    """End the tour."""
    request.session.pop("tour", None)
    return HttpResponseRedirect("/")


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """For the machine that watches: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")

"""The page of closed periods, under Settings."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.ledger import access
from taizhang.ledger.render import period_label
from taizhang.org.models import Path, Unit

from . import actions, calendar
from .models import Close

YEARS = 6
EVENTS = 30


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The years of a unit, the period somebody picked, and what was closed and reopened."""
    unit = _unit(request)
    if unit is None:
        return render(request, "closes/index.html", {"unit": None})
    today = timezone.localdate()
    last = _year(request.GET.get("to", ""), today.year)
    shown = range(last, last - YEARS, -1)
    closes = calendar.closes_over(unit, date(shown[-1], 1, 1), date(last, 12, 31))
    picked = None
    if asked := request.GET.get("period", ""):
        period = Period.parse(asked)
        if period.kind == "day":
            raise Refused.because("close.no-day", "period", text=asked)
        over = calendar.closes_over(unit, period.first, period.last)
        picked = calendar.cell_of(unit, asked, over, today)
    known = access.of(request.user)
    events = list(
        Close.objects.filter(unit=unit).select_related("closed_by", "reopened_by")[:EVENTS]
    )
    context = {
        "unit": unit,
        "units": access.provider.names(known.units()),
        "may": unit.pk in known.units("manager"),
        "years": calendar.years(unit, shown, closes, today),
        "months": range(1, 13),
        "picked": picked,
        "picked_by": period_label(Period.parse(picked.close.period))
        if picked and picked.close
        else "",
        "events": [(one, period_label(Period.parse(one.period))) for one in events],
        "to": last,
        "earlier": last - YEARS,
        "later": min(last + YEARS, today.year) if last < today.year else 0,
    }
    return render(request, "closes/index.html", context)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close a period of a unit."""
    unit = _named(request, request.POST.get("unit", ""))
    text, note = request.POST.get("period", ""), request.POST.get("note", "")
    made = actions.close(unit, text, actor=request.user, note=note)
    label = period_label(Period.parse(made.period))
    messages.success(request, _("{period} is closed.").format(period=label))
    return _back(request, unit, made.period)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed period again."""
    found = Close.objects.filter(pk=pk).select_related("unit").first()
    if found is None:
        raise Http404
    unit = _named(request, found.unit.code)
    actions.reopen(found, actor=request.user, reason=request.POST.get("reason", ""))
    label = period_label(Period.parse(found.period))
    messages.success(request, _("{period} is open again.").format(period=label))
    return _back(request, unit, found.period)


def _back(request: HttpRequest, unit: Unit, period: str) -> HttpResponse:
    to = request.POST.get("to", "")
    query = {"unit": unit.code, "period": period} | ({"to": to} if to.isdecimal() else {})
    return HttpResponseRedirect(f"{reverse('closes')}?{urlencode(query)}#picked")


def _year(text: str, this: int) -> int:
    """The last year to show; whatever is no year of ours is the present one."""
    return int(text) if text.isdecimal() and len(text) == 4 and 1900 < int(text) <= this else this


def _unit(request: HttpRequest) -> Unit | None:
    """The unit asked for, else the one people work in, else the highest of their own."""
    if code := request.GET.get("unit", ""):
        return _named(request, code)
    known = access.of(request.user)
    kept = Unit.objects.filter(code=request.session.get("unit", ""), pk__in=known.units()).first()
    if kept is not None:
        return kept
    today = timezone.localdate()
    depths = (
        Path.objects.filter(descendant__in=known.roots, first__lte=today, last__gte=today)
        .values_list("descendant")
        .annotate(above=Count("pk"))
        .order_by("above", "descendant")
    )
    first: Any = depths.first()
    return Unit.objects.get(pk=first[0]) if first else None


def _named(request: HttpRequest, code: str) -> Unit:
    """A unit the user sees; any other does not exist."""
    found = Unit.objects.filter(code=code, pk__in=access.of(request.user).units()).first()
    if found is None:
        raise Refused.because("query.unknown-unit", "unit", code=code)
    return found

"""The versions of an outline: compared, restored, copied elsewhere, as a file and from one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.outlines import differing
from taizhang.engines.outlines.written import LARGEST
from taizhang.figures.scope import page_period, visible_unit
from taizhang.figures.views import asked_scope
from taizhang.ledger import access
from taizhang.ledger.render import period_label
from taizhang.org.models import Unit

from . import catalogue, own
from .models import OutlineVersion
from .own import Place
from .views import address, back, editing, may_edit, number

SHOWN = 100
"""So many versions stand on a page."""


@require_GET
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Every version with who made it; two of them compared when asked for."""
    place = editing(request, code)
    kept = place.find()
    newest = kept.version if kept else 0
    until = number(request.GET.get("until")) if request.GET.get("until") else newest
    found = OutlineVersion.objects.filter(outline=kept, number__lte=until)
    lines = list(found.select_related("written_by").defer("content")[: SHOWN + 1])
    context: dict[str, Any] = {
        "place": place,
        "scope": asked_scope(request),
        "name": catalogue.get(code).name.say(get_language() or "zh"),
        "lines": lines[:SHOWN],
        "more": lines[SHOWN].number if len(lines) > SHOWN else 0,
        "newest": newest,
    }
    if request.GET.get("from"):
        first, second = (number(request.GET.get(name)) for name in ("from", "to"))
        context |= {"first": first, "second": second, "compared": True}
        old, new = own.version_of(kept, first), own.version_of(kept, second)
        context["changes"] = differing.compare(old, new)
    elif newest > 1:
        context |= {"first": newest - 1, "second": newest}
    return render(request, "outlines/versions.html", context)


@require_POST
def restore(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Make an older version the text again."""
    place = editing(request, code)
    own.restore(place, version, request.user)
    messages.success(request, _("Version {number} is the text again.").format(number=version))
    return back(place)


@require_GET
def files(request: HttpRequest, code: str) -> HttpResponse:
    """Copying, exporting and importing on one page."""
    place = editing(request, code)
    user: Any = request.user
    units = Unit.objects.filter(pk__in=access.of(user).units("recorder")).order_by("code")
    year = place.period.year
    context = {
        "place": place,
        "scope": asked_scope(request),
        "name": catalogue.get(code).name.say(get_language() or "zh"),
        "units": units,
        "years": range(year + 1, year - 4, -1),
        "version": catalogue.version(code, place.unit, place.period),
        "largest": LARGEST // 1024,
    }
    return render(request, "outlines/files.html", context)


@require_POST
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """Take the text over to another unit or period, where it becomes a new version."""
    place = editing(request, code)
    asked = request.POST.get("unit", "")
    unit = visible_unit(request.user, asked)
    if unit is None:
        raise Refused.because("query.unknown-unit", "unit", code=asked)
    if not may_edit(request.user, unit):
        raise Refused.because("outline.not-yours", unit.name)
    target = Place(code, unit, page_period(request.POST.get("period", "").strip()))
    if target == place:
        raise Refused.because("outline.copied-onto-itself")
    own.copy(place, target, request.user)
    text = _("Copied to {unit}, {period}. What stood there before is among its versions.")
    shown = text.format(unit=unit.name, period=period_label(target.period))
    messages.success(request, shown)
    return HttpResponseRedirect(address(target, "outline"))


@require_GET
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The text as a TOML file."""
    place = editing(request, code)
    answer = HttpResponse(own.written(place), content_type="application/toml; charset=utf-8")
    name = f"{code}-{place.unit.code}-{place.period.text}.toml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """Take over the text of a file, or say everything that is wrong in it."""
    place = editing(request, code)
    file = request.FILES.get("file")
    if file is None:
        raise Refused.because("outline.needs-file")
    own.take_in(place, file.read(LARGEST + 1), file.name or "", request.user)
    messages.success(request, _("The file is the text now. “Undo” brings the old one back."))
    return back(place)

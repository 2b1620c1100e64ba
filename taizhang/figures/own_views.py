"""Making a figure of a filtered list, changing it, retiring it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.queries import parse
from taizhang.ledger import access, catalogue
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow
from taizhang.org.models import Unit
from taizhang.wording import say

from . import own, uses
from .models import OwnFigure
from .views import asked_scope

STYLES = ("余:100", "余:万", "约:万", "万", "汉字", "纯数", "小数:1")
FIELDS = ("name", "unit", "style", "note", "subject", "measure", "time")


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A figure of what a list shows."""
    asked = request.GET if request.method == "GET" else request.POST
    register = _register(asked.get("register", ""))
    allow(request, Verb.LIST, register)
    query = asked.get("query", "")
    parse(query)
    units = _units(request.user)
    if not units:
        raise Refused.because("ownfigure.not-yours")
    context = _form(register, query) | {"units": units}
    if request.method == "GET":
        first = {"time": context["choices"].times[0][0] if context["choices"].times else ""}
        return render(request, "figures/own_form.html", context | {"sent": first})
    sent = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        found = own.table(register, query, sent, request.user)
        unit = next((one for one in units if one.code == request.POST.get("owner")), None)
        if unit is None:
            raise Refused.because("ownfigure.not-yours")
        kept = own.make(unit, found, request.user)
    except Refused as refused:
        return _again(request, context, sent, refused)
    messages.success(request, _("“{name}” is a figure now.").format(name=sent["name"]))
    period = asked_scope(request).period.text
    return HttpResponseRedirect(_address(kept, unit, period))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """A figure's definition with its versions, and who uses it; saving makes a new version."""
    kept = _kept(request, code)
    now = own.version(kept).table
    register = _register(now["rows"].partition("?")[0])
    context = _form(register, now["rows"].partition("?")[2]) | {
        "kept": kept,
        "versions": kept.versions.select_related("written_by"),
        "held": uses.held(code),
    }
    if request.method == "GET":
        return render(request, "figures/own_form.html", context | {"sent": _sent(now)})
    sent = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        found = own.table(register, request.POST.get("query", ""), sent, request.user)
        if context["held"] and found != now and not request.POST.get("known"):
            raise Refused.because("ownfigure.confirm", count=len(context["held"]))
        own.change(code, _number(request.POST.get("version")), found, request.user)
    except Refused as refused:
        return _again(request, context, sent, refused)
    messages.success(request, _("“{name}” has been saved.").format(name=sent["name"]))
    return HttpResponseRedirect(reverse("figure", args=(code,)))


@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take a figure out of use."""
    kept = _kept(request, code)
    name = own.version(kept).table["name"]["zh"]
    own.retire(code, _number(request.POST.get("version")), request.user)
    messages.success(request, _("“{name}” is no figure any more.").format(name=name))
    return HttpResponseRedirect(reverse("figures"))


def _kept(request: HttpRequest, code: str) -> OwnFigure:
    """The figure of an address, as far as it is on the user's pages; only keepers change it."""
    user: Any = request.user
    kept = own.find(code)
    mine = access.of(user)
    if kept is None or (
        kept.unit_id not in mine.ranks
        and kept.unit_id not in access.provider.above(mine.roots, mine.today)
    ):
        raise Refused.because("figure.unknown", code=code, nearest="–")
    if not own.may_keep(user, kept.unit):
        raise Refused.because("ownfigure.not-yours")
    return kept


def _register(name: str) -> Register:
    found = catalogue.find(name)
    if found is None:
        raise Refused.because("ledger.unknown-register", name=name, nearest="–")
    return found


def _units(user: Any) -> list[Unit]:
    """The units somebody belongs to and records in: those they make figures for."""
    mine = access.of(user)
    return list(Unit.objects.filter(pk__in=mine.units("recorder").intersection(mine.roots)))


def _form(register: Register, query: str) -> dict[str, Any]:
    choices = own.choices(
        register,
        {
            "count": _("count the records"),
            "sum": _("sum of {field}"),
            "distinct": _("different values of {field}"),
            "flow": _("within the period, by {field}"),
            "stock": _("there on the last day: {first} to {last}"),
            "cumulative": _("up to the last day, by {field}"),
        },
    )
    return {
        "register": register,
        "query": query,
        "chips": words.chips(register, parse(query)),
        "choices": choices,
        "styles": STYLES,
    }


def _again(
    request: HttpRequest, context: dict[str, Any], sent: Mapping[str, str], refused: Refused
) -> HttpResponse:
    told = [say(finding, get_language() or "zh") for finding in refused.findings]
    again = context | {"sent": sent, "errors": told, "owner": request.POST.get("owner", "")}
    return render(request, "figures/own_form.html", again, status=422)


def _sent(table: Mapping[str, Any]) -> dict[str, str]:
    """A definition's table as the form shows it."""
    shown = {name: table[name] for name in ("unit", "style", "measure", "time")}
    texts = {"name": table["name"]["zh"], "note": table["note"]["zh"]}
    return shown | texts | {"subject": "、".join(table["subject"])}


def _address(kept: OwnFigure, unit: Unit, period: str) -> str:
    return f"{reverse('figure', args=(kept.code,))}?unit={unit.code}&period={period}"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1

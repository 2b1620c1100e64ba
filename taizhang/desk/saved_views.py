"""Filters kept under a name: saving, renaming, sharing, removing, and opening a list with one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from taizhang.engines.findings import Refused
from taizhang.engines.queries import parse
from taizhang.ledger import access
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow, find_register

from . import own, saved
from .models import ListChoice, SavedFilter

REMOVED = "removed_filter"


@require_safe
def show_filters(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The filters of one register that this user has, with what may be done to each."""
    register = find_register(app, kind)
    allow(request, Verb.LIST, register)
    user: Any = request.user
    mine = set(saved.managed(register, user).values_list("pk", flat=True))
    choice = ListChoice.objects.filter(user=user, register=register.name).first()
    units = own.own_units(user)
    found = (saved.seen(register, user) | saved.managed(register, user)).distinct()
    lines = [
        {
            "kept": kept,
            "words": _words(register, kept),
            "url": words.address(register, kept.query),
            "may_change": kept.pk in mine,
            "is_home": choice is not None and choice.home_id == kept.pk,
            "units": _units(units, kept),
        }
        for kept in found.select_related("unit", "owner")
    ]
    context = {"register": register, "lines": lines, "limit": saved.MOST}
    return render(request, "desk/filters.html", context)


def _words(register: Register, kept: SavedFilter) -> str:
    """The conditions in words; the bare query when the register no longer understands it."""
    try:
        asked = parse(kept.query)
        parts = [f"{chip.label}：{chip.text}" for chip in words.chips(register, asked)]
    except Refused:
        return kept.query
    parts += [f"“{asked.search}”"] if asked.search else []
    return " · ".join(parts) or _("everything, in an order of its own")


def _units(own_units: list[tuple[str, str]], kept: SavedFilter) -> list[tuple[str, str]]:
    """With whom it may be shared: the user's units, and whom it is shared with already."""
    found = list(own_units)
    if kept.unit is not None and kept.unit.code not in dict(found):
        found.append((kept.unit.code, str(kept.unit)))
    return found


def _unit(code: str) -> int | None:
    if not code:
        return None
    number = access.unit_id(code)
    if number is None:
        raise Refused.because("saved.not-your-unit")
    return number


def _find(register: Register, request: HttpRequest, pk: int, *, managed: bool) -> SavedFilter:
    look = saved.managed if managed else saved.seen
    kept = look(register, request.user).filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept


@require_POST
def save(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Keep what a list shows."""
    register = find_register(app, kind)
    allow(request, Verb.LIST, register)
    user: Any = request.user
    sent = request.POST
    kept = saved.keep(
        register,
        sent.get("query", ""),
        sent.get("name", ""),
        user,
        unit=_unit(sent.get("unit", "")),
    )
    if sent.get("home"):
        saved.open_with(register, kept, user)
    text = _("“{name}” now stands above the list.")
    messages.success(request, text.format(name=kept.name))
    return HttpResponseRedirect(words.address(register, kept.query))


@require_POST
def change(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Another name, or shared with somebody else."""
    register = find_register(app, kind)
    kept = _find(register, request, pk, managed=True)
    sent = request.POST
    saved.change(kept, sent.get("name", ""), request.user, unit=_unit(sent.get("unit", "")))
    messages.success(request, _("“{name}” has been saved.").format(name=kept.name))
    return HttpResponseRedirect(_page(register))


@require_POST
def open_with(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Let the list open with this filter from now on, or no longer."""
    register = find_register(app, kind)
    kept = _find(register, request, pk, managed=False)
    off = request.POST.get("off") == "1"
    saved.open_with(register, None if off else kept, request.user)
    if off:
        text = _("The list opens with everything again.")
    else:
        text = _("The list opens with “{name}” from now on.").format(name=kept.name)
    messages.success(request, text)
    return HttpResponseRedirect(_page(register))


@require_POST
def remove(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Take a filter away; it can be had back at once."""
    register = find_register(app, kind)
    kept = _find(register, request, pk, managed=True)
    fields = ("register", "name", "query", "owner_id", "unit_id")
    request.session[REMOVED] = {name: getattr(kept, name) for name in fields}
    kept.delete()
    messages.success(
        request,
        _("“{name}” has been removed.").format(name=kept.name),
        extra_tags=f"undo:/{register.path}/filters/again/",
    )
    return HttpResponseRedirect(_page(register))


@require_POST
def again(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Have the filter back that was removed last."""
    register = find_register(app, kind)
    kept = request.session.pop(REMOVED, None)
    if kept is None or kept["register"] != register.name:
        raise Http404
    back = saved.put_back(kept)
    messages.success(request, _("“{name}” is back.").format(name=back.name))
    return HttpResponseRedirect(_page(register))


def _page(register: Register) -> str:
    return f"/{register.path}/filters/"

"""Keeping what is typed while it is typed, also when the session or the page has expired."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as page_has_expired
from django.views.decorators.http import require_POST

from taizhang.engines.findings import Refused
from taizhang.ledger.views import find_register, session_period
from taizhang.wording import say

from . import drafts, openings
from .forms import RecordForm
from .openings import Opening

FORMS = frozenset({"add", "edit", "draft"})
"""Addresses to which a form sends what was typed in it."""


@require_POST
def keep(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Keep what stands in a form now, and say how its days and numbers are understood."""
    register = find_register(app, kind)
    opening = openings.read(request.POST.get("opened", ""))
    if opening is None or opening.register != register.name:
        return JsonResponse({"refused": _("This form is too old to be kept.")}, status=400)
    if opening.user != request.user.pk:
        return not_theirs(request, opening)
    tick = request.POST.get("tick", "")
    try:
        number = int(tick) if tick.isdecimal() else None
        draft = drafts.keep(opening, request.POST, tick=number)
    except drafts.TypedElsewhere:
        return JsonResponse({"opened": opening.split().signed()}, status=409)
    except Refused as refused:
        sentence = say(refused.findings[0], get_language() or "zh")
        return JsonResponse({"refused": sentence}, status=413)
    year = session_period(request).year
    form = RecordForm(register, request.user, data=request.POST, year=year)
    told = {
        "kept": drafts.clock(draft.saved_at) if draft else "",
        "address": opening.address() if draft else "",
        "read": form.understood(),
    }
    return JsonResponse(told)


@require_POST
def discard(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Forget a draft of one's own; the form opens again as it stands in the ledger."""
    register = find_register(app, kind)
    token = request.POST.get("draft", "")
    draft = drafts.of(request.user).filter(register=register.name, token=token).first()
    if draft is None:
        return HttpResponseRedirect(f"/{register.path}/")
    drafts.drop(request.user, token)
    messages.success(request, _("What had been typed is discarded."))
    if draft.record_id:
        return HttpResponseRedirect(f"/{register.path}/{draft.record_id}/")
    place = f"?{urlencode({register.parent: draft.place})}" if draft.place else ""
    return HttpResponseRedirect(f"/{register.path}/add/{place}")


def opening_of(request: HttpRequest) -> Opening | None:
    """The form that a press came from; None for anything else that is sent."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.url_name not in FORMS:
        return None
    return openings.read(request.POST.get("opened", ""))


def is_background(request: HttpRequest) -> bool:
    """Whether a script keeps the form, and nobody has pressed anything."""
    return request.resolver_match is not None and request.resolver_match.url_name == "draft"


def not_theirs(request: HttpRequest, opening: Opening) -> HttpResponse:
    """Somebody else, or nobody, is signed in now: what was typed is kept for whoever typed it."""
    draft = drafts.deposit(opening, request.POST)
    if is_background(request):
        kept = drafts.clock(draft.saved_at) if draft else ""
        return JsonResponse({"kept": kept, "signed_out": True}, status=401)
    back = opening.address() if draft else request.get_full_path()
    if request.user.is_authenticated:
        text = _("This form was opened by somebody else. What they typed is kept for them.")
        messages.warning(request, text)
        return HttpResponseRedirect("/")
    messages.info(request, _("You have been signed out. What you typed is kept: sign in again."))
    return HttpResponseRedirect(f"{resolve_url('sign_in')}?{urlencode({'next': back})}")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page is older than the last signing in: keep what was typed and open the form afresh.

    Nothing is written to the ledger, and what is kept belongs to whoever the form was opened by: a
    foreign page cannot bring forth what was signed for them.
    """
    opening = opening_of(request)
    if opening is None:
        return page_has_expired(request, reason)
    if opening.user != request.user.pk:
        return not_theirs(request, opening)
    draft = drafts.deposit(opening, request.POST)
    if is_background(request):
        told = {"kept": drafts.clock(draft.saved_at) if draft else "", "csrf": get_token(request)}
        return JsonResponse(told, status=403)
    if draft is None:
        return page_has_expired(request, reason)
    text = _("This page had expired. What you typed is here again; look it over and save.")
    messages.warning(request, text)
    return HttpResponseRedirect(opening.address())

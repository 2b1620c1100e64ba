"""The pages about tokens under Settings: one's own, those that managers answer for, a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.engines.findings import Refused
from taizhang.ledger import access, cells
from taizhang.wording import say

from . import actions
from .models import Token

USUAL_DAYS = 365


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and those that lead into units one manages."""
    user: Any = request.user
    mine, others = list(actions.of_user(user)), list(actions.managed_by(user))
    return render(
        request,
        "tokens/index.html",
        {
            "mine": [token for token in mine if token.is_open],
            "others": [token for token in others if token.is_open],
            "past": [token for token in (*mine, *others) if not token.is_open],
        },
    )


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form of a new token; its answer shows the secret, this once."""
    user: Any = request.user
    known = access.of(user)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            token, secret = actions.issue(
                user,
                name=request.POST.get("name", ""),
                units=_units(request),
                writes="writes" in request.POST,
                personal="personal" in request.POST,
                expires_on=cells.day(request.POST.get("expires_on", "")),
            )
        except Refused as refused:
            language = get_language() or "zh"
            errors = {f.where or "expires_on": say(f, language) for f in refused.findings}
        else:
            context = {"token": token, "secret": secret, "host": _host(request)}
            return render(request, "tokens/made.html", context)
    given = request.POST
    usual = min(timezone.localdate() + timedelta(days=USUAL_DAYS), actions.last_day())
    context = {
        "units": access.provider.names(known.units()),
        "chosen": given.getlist("units") if given else _home(known),
        "may_write": bool(known.units("recorder")),
        "last": actions.last_day(),
        "values": given if given else {"expires_on": usual.isoformat()},
        "errors": errors,
    }
    return render(request, "tokens/add.html", context, status=422 if errors else 200)


def _home(known: access.Access) -> list[str]:
    """The unit that is ticked beforehand: one's own, when there is but one."""
    named = access.provider.names(known.roots)
    return [code for code, _name in named] if len(named) == 1 else []


def _units(request: HttpRequest) -> list[int]:
    found = [access.unit_id(code) for code in request.POST.getlist("units")]
    return [number if number is not None else 0 for number in found]


def _host(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token: one's own, or one that leads into a unit one manages."""
    user: Any = request.user
    mine = Q(user=user) | Q(units__in=access.of(user).units("manager"))
    token = Token.objects.filter(mine, pk=pk).distinct().first()
    if token is None:
        raise Http404
    actions.revoke(token, actor=user)
    messages.success(request, _("The token of {name} has been revoked.").format(name=token.name))
    return HttpResponseRedirect(reverse("tokens"))

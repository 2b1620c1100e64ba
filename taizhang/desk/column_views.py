"""The columns of one's own list: which, and in which order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.views import allow, find_register

from . import columns
from .own import own_list


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The form: a box for each column, and two buttons that move it; moving keeps it at once."""
    register = find_register(app, kind)
    allow(request, Verb.LIST, register)
    user: Any = request.user
    if request.method == "POST":
        sent = request.POST
        if sent.get("do") == "reset":
            columns.choose(register, (), user)
            messages.success(request, _("The list has its own columns again."))
            return HttpResponseRedirect(words.address(register))
        shown = set(sent.getlist("show"))
        wanted = [name for name in sent.getlist("order") if name in shown]
        way, _sign, name = sent.get("do", "").partition(":")
        if way in {"up", "down"}:
            moved = columns.moved(wanted, name, -1 if way == "up" else 1)
            columns.choose(register, moved, user)
            return HttpResponseRedirect(f"/{register.path}/columns/#c-{name}")
        columns.choose(register, wanted, user)
        messages.success(request, _("The columns have been kept for you."))
        return HttpResponseRedirect(words.address(register))
    own = own_list(register, user)
    context = {
        "register": register,
        "choices": columns.choices(register, own.columns, user),
        "as_declared": own.columns == tuple(register.columns),
        "limit": columns.MOST,
    }
    return render(request, "desk/columns.html", context)

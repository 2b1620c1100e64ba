"""How units sign: whether there are three people, their public keys, and the roots kept above."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from taizhang.engines.sealing.frozen import CAPTION
from taizhang.ledger import access
from taizhang.org.models import Unit
from taizhang.seals.models import SigningKey

from . import flow
from .models import KeptRoot, Practice

SHOWN = 200


@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """The units one manages: how they sign, and with which keys."""
    managed = access.of(request.user).units("manager")
    if request.method == "POST":
        unit = Unit.objects.filter(pk__in=managed, code=request.POST.get("unit", "")).first()
        if unit is None:
            raise Http404
        wanted = request.POST.get("one_person") == "1"
        flow.set_one_person(unit, wanted, actor=request.user)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("submission_settings"))
    visible = access.of(request.user).units()
    alone = set(Practice.objects.filter(one_person=True).values_list("unit_id", flat=True))
    units = Unit.objects.filter(pk__in=managed).order_by("code")[:SHOWN]
    context = {
        "units": [{"unit": unit, "one_person": unit.pk in alone} for unit in units],
        "keys": SigningKey.objects.filter(unit__in=visible).select_related("unit")[:SHOWN],
        "kept": KeptRoot.objects.filter(keeper__in=visible).select_related("keeper")[:SHOWN],
        "caption": CAPTION,
    }
    return render(request, "submissions/settings.html", context)

"""The page about the sealed history, under Settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.sealing.frozen import CAPTION
from taizhang.jobs.queue import enqueue
from taizhang.ledger import access

from . import history

SHOWN = 60


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The days sealed last, and what a seal is."""
    context = {
        "days": history.latest(SHOWN),
        "extent": history.extent(),
        "caption": CAPTION,
        "may_check": _may_check(request.user),
    }
    return render(request, "seals/history.html", context)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Have the whole history checked by a job."""
    user: Any = request.user
    if not _may_check(user):
        raise Refused.because("access.role-too-low", "", verb="check")
    job = enqueue("seals.check", {}, actor=user, title=_("Checking the sealed history"))
    return HttpResponseRedirect(f"/jobs/{job.pk}/")


def _may_check(user: Any) -> bool:
    """Findings tell of entries of every unit: that is for who manages the unit above them all."""
    unit = history.keeper()
    return unit is not None and unit.pk in access.of(user).units("manager")

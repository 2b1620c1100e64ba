"""What there is to look at: a page of its own, and the part of it that the workbench shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taizhang.ledger.views import session_period
from taizhang.wording import say

from .notices import KINDS, Notice, notices

ON_WORKBENCH = 8


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Everything to look at, by kind."""
    groups = _groups(notices(request.user, session_period(request)))
    return render(request, "watch/findings.html", {"groups": groups})


@require_GET
def part(request: HttpRequest) -> HttpResponse:
    """The first of it, for the workbench, which fetches it when all else stands."""
    found = notices(request.user, session_period(request))
    shown = {"groups": _groups(found[:ON_WORKBENCH]), "more": len(found) > ON_WORKBENCH}
    return render(request, "watch/_part.html", shown | {"total": len(found)})


def _groups(found: list[Notice]) -> list[dict[str, Any]]:
    language = get_language() or "zh"
    lines = [
        {
            "kind": each.kind,
            "count": each.shown,
            "url": each.url,
            "text": _text(each, language),
        }
        for each in found
    ]
    groups = [(kind, [line for line in lines if line["kind"] == kind]) for kind in KINDS]
    return [{"kind": kind, "lines": listed} for kind, listed in groups if listed]


def _text(notice: Notice, language: str) -> str:
    text = say(notice.finding, language)
    return (
        _("%(record)s: %(text)s") % {"record": notice.about, "text": text} if notice.about else text
    )

"""Looking for what may be put into a text, while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from taizhang.engines.findings import Refused

from . import search
from .views import editing, sentences, template

LONGEST = 60
ON_A_PAGE = 30


@require_GET
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """What is found, with value and print; without a script a page to copy from.

    By script the first answer has only values known already, the next (``counted``) all of them.
    """
    place = editing(request, code)
    typed = request.GET.get("q", "").replace("\0", "")[:LONGEST]
    style = request.GET.get("style", "").strip()[:LONGEST]
    by_script = bool(request.htmx)  # type: ignore[attr-defined]
    found = search.find(
        place, typed, get_language() or "zh", search.MOST if by_script else ON_A_PAGE
    )
    errors: list[str] = []
    counted = not by_script or bool(request.GET.get("counted"))
    try:
        told, is_whole = search.tell(found, place, style, counted=counted)
    except Refused as refused:
        errors = sentences(refused)
        told, is_whole = search.tell(found, place, "", counted=counted)
    context = {
        "place": place,
        "found": told,
        "whole": is_whole,
        "errors": errors,
        "q": typed,
        "style": style,
        "styles": search.STYLES,
    }
    return render(request, template(request, "found"), context)

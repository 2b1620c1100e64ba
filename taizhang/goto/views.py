"""Going anywhere: one field for pages, actions, registers, figures, reports and records."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from . import destinations, records
from .destinations import KINDS

LONGEST = 60
MOST_WORDS = 6
MOST = 6
MOST_RECORDS = 5


@require_GET
def goto(request: HttpRequest) -> HttpResponse:
    """The page; for htmx the dialog, or what was found alone while somebody types in it."""
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST].split()[:MOST_WORDS]
    found = destinations.find(request.user, words, MOST if words else 2 * MOST)
    places = [(KINDS[kind], some) for kind, some in found.items()]
    groups = records.find(request.user, words, MOST_RECORDS)
    count = sum(len(some) for _kind, some in places) + sum(len(group.lines) for group in groups)
    context = {"words": " ".join(words), "places": places, "groups": groups, "count": count}
    part = "goto/goto.html"
    if request.htmx:  # type: ignore[attr-defined]
        part = "goto/_found.html" if "q" in request.GET else "goto/_dialog.html"
    return render(request, part, context)

"""Several people at one outline: what others changed meanwhile, and what is said about it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.outlines import differing

from . import catalogue, comments, own
from .models import Comment
from .own import Place
from .views import back, editing, template, told_in_place, whole


@require_GET
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """What is not as it was in version ``since``; nothing at all (204) while nothing has changed."""
    place = editing(request, code)
    kept = place.find()
    version = kept.version if kept else 0
    since, said = request.GET.get("since", ""), request.GET.get("said", "")
    if since == str(version) and said == comments.mark(kept):
        return HttpResponse(status=204)
    text, kept = own.text_of(place)
    try:
        old = own.version_of(kept, int(since)) if int(since) else catalogue.shipped(code)
    except (Refused, ValueError):
        old = None
    shape = old is None
    changed: set[str] = set()
    if old is not None:
        found = differing.compare(old, text)
        shape = any(one.how != "changed" or one.block.level for one in found)
        changed = {one.block.id for one in found}
    context = whole(place, text, kept)
    context |= {"changed": changed, "shape": shape, "swap_bar": False}
    return render(request, "outlines/_changes.html", context)


@require_POST
@told_in_place
def comment(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Say something about a block."""
    place = editing(request, code)
    comments.say(place, key, request.POST.get("text", ""), request.user)
    return _said(request, place, key)


@require_GET
def comment_form(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The field for a comment on a block."""
    place = editing(request, code)
    text, _kept = own.text_of(place)
    context = {"place": place, "edited": text.block(key)}
    return render(request, template(request, "comment"), context)


@require_POST
@told_in_place
def settle(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Mark a comment as settled, or open it again."""
    place = editing(request, code)
    kept = place.find()
    if kept is None:
        raise Http404
    said = get_object_or_404(Comment, pk=pk, outline=kept)
    comments.settle(said, request.user, settled=request.POST.get("open") != "1")
    return _said(request, place, "")


def _said(request: HttpRequest, place: Place, key: str) -> HttpResponse:
    """The comments as they stand now; without a script the page, at the block."""
    if not request.htmx:  # type: ignore[attr-defined]
        return back(place, key)
    text, kept = own.text_of(place)
    return render(request, "outlines/_comments.html", whole(place, text, kept))

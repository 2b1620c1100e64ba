"""The editor of an outline: the report as paper, each block edited in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.outlines import differing, draft
from taizhang.engines.outlines.draft import Block, Draft
from taizhang.figures.views import asked_scope
from taizhang.ledger import access
from taizhang.wording import say

from . import catalogue, comments, own, paper
from .models import OutlineVersion, OwnOutline
from .own import Conflict, Place
from .search import STYLES

View = Callable[..., HttpResponse]


def editing(request: HttpRequest, code: str) -> Place:
    """The outline of an address; refuses who may not edit it. Outside their units it does not exist."""
    scope = asked_scope(request)
    catalogue.get(code)
    if not may_edit(request.user, scope.unit):
        raise Refused.because("outline.not-yours", scope.unit.name)
    return Place(code, scope.unit, scope.period)


def may_edit(user: Any, unit: Any) -> bool:
    """Whether the user may edit the outlines of a unit: recorders and above, today."""
    return unit.pk in access.of(user).units("recorder")


def told_in_place(view: View) -> View:
    """To the page that asks by script a refusal is a sentence in its bar, not another page."""

    @wraps(view)
    def asked(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *given, **named)
        except Refused as refused:
            if not request.htmx:  # type: ignore[attr-defined]
                raise
            answer = render(request, "outlines/_said.html", {"sentences": sentences(refused)})
            answer.status_code = 422
            answer["HX-Retarget"], answer["HX-Reswap"] = "#ed-said", "innerHTML"
            return answer

    return asked


def sentences(refused: Refused) -> list[str]:
    """What a refusal says."""
    return [say(finding, get_language() or "zh") for finding in refused.findings]


def address(place: Place, name: str, *parts: Any) -> str:
    """A page about this outline."""
    return f"{reverse(name, args=(place.code, *parts))}?{place.query}"


@require_GET
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The outline as paper, with comments beside it."""
    place = editing(request, code)
    text, kept = own.text_of(place)
    context = whole(place, text, kept) | {
        "scope": asked_scope(request),
        "name": catalogue.get(code).name.say(get_language() or "zh"),
    }
    return render(request, "outlines/edit.html", context)


def whole(place: Place, text: Draft, kept: OwnOutline | None) -> dict[str, Any]:
    """What the paper, its bar and its comments show."""
    said = comments.listed(kept)
    found = paper.lines(place, text, kept, comments.open_ones(said))
    order = {line.shown.block.id: line for line in found}
    return around(place, kept) | {
        "lines": found,
        "faults": [
            {"block": line.shown.block.id, "text": say(finding, get_language() or "zh")}
            for line in found
            for finding in line.shown.findings
        ],
        "comments": [{"said": one, "line": order.get(one.block)} for one in said],
        "said": comments.mark(kept),
    }


def around(place: Place, kept: OwnOutline | None) -> dict[str, Any]:
    """The bar over the paper: which version this is, who made it, whether it can be undone."""
    return {
        "place": place,
        "last": _made_by(kept, kept.version) if kept else None,
        "version": kept.version if kept else 0,
        "undoable": kept is not None and own.undone_by(kept) is not None,
    }


@require_http_methods(["GET", "POST"])
@told_in_place
def block(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One block as a text to edit, or saved; by script it stands in its place on the paper."""
    place = editing(request, code)
    text, kept = own.text_of(place)
    if request.method == "GET":
        if request.GET.get("view"):
            return _one(request, place, text, kept, key)
        return _form(request, place, text.block(key), status=200)
    sent = request.POST.get("text", "")
    base = number(request.POST.get("base"))
    try:
        new = own.write(place, key, sent, base, request.user)
    except Conflict as conflict:
        pieces = differing.words(conflict.block.text, sent.strip())
        more = {"theirs": conflict.block, "pieces": pieces, "who": _writer(kept, conflict.block)}
        return _form(request, place, conflict.block, sent, status=409, more=more)
    except Refused as refused:
        gone = all(one.id != key for one in text.blocks)
        shown = Block(key, "body", "", 0, base) if gone else text.block(key)
        more = {"errors": sentences(refused), "gone": gone}
        return _form(request, place, shown, sent, status=422, more=more)
    return _saved(request, place, text, new, key)


def _form(
    request: HttpRequest,
    place: Place,
    shown: Block,
    sent: str | None = None,
    *,
    status: int,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "place": place,
        "edited": shown,
        "text": shown.text if sent is None else sent,
        "styles": STYLES,
        "before": bool(request.GET.get("before")) and before_lines(place, shown.id),
        **(more or {}),
    }
    return render(request, template(request, "form"), context, status=status)


def template(request: HttpRequest, part: str) -> str:
    """The part alone for a script, else a page around it."""
    return f"outlines/{'_' if request.htmx else ''}{part}.html"  # type: ignore[attr-defined]


def _one(
    request: HttpRequest, place: Place, text: Draft, kept: OwnOutline | None, key: str
) -> HttpResponse:
    said = comments.open_ones(comments.listed(kept))
    (line,) = paper.lines(place, text, kept, said, [key])
    context = around(place, kept) | {"line": line, "swap_bar": True}
    return render(request, "outlines/_one.html", context)


def _saved(request: HttpRequest, place: Place, old: Draft, new: Draft, key: str) -> HttpResponse:
    """The saved block; the whole paper where other blocks have come or gone with it."""
    if not request.htmx:  # type: ignore[attr-defined]
        return back(place, key)
    if [b.id for b in old.blocks] == [b.id for b in new.blocks] and not new.block(key).level:
        return _one(request, place, new, place.find(), key)
    return _paper(request, place, new)


def _paper(request: HttpRequest, place: Place, text: Draft) -> HttpResponse:
    context = whole(place, text, place.find()) | {"swap_bar": True}
    answer = render(request, "outlines/_paper.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#paper", "outerHTML"
    return answer


def back(place: Place, key: str = "") -> HttpResponse:
    """To the editor, at a block."""
    return HttpResponseRedirect(address(place, "outline") + (f"#{key}" if key else ""))


@require_http_methods(["GET", "POST"])
@told_in_place
def add(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A new block after another one."""
    place = editing(request, code)
    text, _kept = own.text_of(place)
    kinds = [
        {"value": f"{kind}-{level}", "label": _kind(kind, level)}
        for kind, level in draft.addable(text, key)
    ]
    context = {"place": place, "after": text.block(key), "kinds": kinds, "styles": STYLES}
    if request.method == "GET":
        return render(request, template(request, "add"), context)
    chosen, _dash, level = request.POST.get("kind", "").partition("-")
    sent = request.POST.get("text", "")
    try:
        if chosen not in draft.KINDS:
            raise Refused.because("outline.bad-place")
        new = own.insert(place, key, chosen, number(level), sent, request.user)
    except Refused as refused:
        context |= {"text": sent, "chosen": request.POST.get("kind"), "errors": sentences(refused)}
        return render(request, template(request, "add"), context, status=422)
    made = new.blocks[new.place(key) + 1].id
    if not request.htmx:  # type: ignore[attr-defined]
        return back(place, made)
    return _paper(request, place, new)


def _kind(kind: str, level: int) -> str:
    """What a kind of block is called."""
    if kind == "heading":
        return {
            1: _("Heading 一、"),
            2: _("Heading （一）"),
            3: _("Heading 1."),
            4: _("Heading （1）"),
        }[level]
    return {
        "body": pgettext("of an outline", "Paragraph"),
        "title": _("Line of the title"),
        "byline": _("Byline"),
        "closing": _("Closing paragraph"),
        "signature": _("Line of the signature"),
    }[kind]


@require_POST
@told_in_place
def move(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A block or a section past its neighbour."""
    place = editing(request, code)
    new = own.move(place, key, request.POST.get("way", ""), request.user)
    return _changed(request, place, new, key)


@require_POST
@told_in_place
def remove(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Without a block, or without a heading and all that stands under it; undoing brings it back."""
    place = editing(request, code)
    new = own.remove(place, key, number(request.POST.get("base")), request.user)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Deleted. “Undo” above the text brings it back."))
    return _changed(request, place, new, "")


@require_POST
@told_in_place
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Back before the last change."""
    place = editing(request, code)
    new = own.undo(place, number(request.POST.get("version")), request.user)
    return _changed(request, place, new, "")


def _changed(request: HttpRequest, place: Place, new: Draft, key: str) -> HttpResponse:
    return _paper(request, place, new) if request.htmx else back(place, key)  # type: ignore[attr-defined]


@require_GET
@told_in_place
def before(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """What the same block said in the report of the year before."""
    place = editing(request, code)
    context = {"place": place, "before": before_lines(place, key)}
    return render(request, "outlines/_before.html", context)


def before_lines(place: Place, key: str) -> dict[str, Any]:
    """The block in the year before's report, as it printed then; nothing where there was none."""
    earlier = place.a_year_before()
    text, _kept = own.text_of(earlier)
    there = [one.id for one in text.blocks if one.id == key]
    return {"place": earlier, "lines": paper.lines(earlier, text, None, only=there)}


def _writer(kept: OwnOutline | None, shown: Block) -> str:
    last = _made_by(kept, shown.version)
    return str(last.written_by) if last else ""


def _made_by(kept: OwnOutline | None, version: int) -> OutlineVersion | None:
    """A version without its text."""
    found = OutlineVersion.objects.filter(outline=kept, number=version)
    return found.select_related("written_by").defer("content").first()


def number(text: str | None) -> int:
    """A number that a page sent; what is none counts as one that no version has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1

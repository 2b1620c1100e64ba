"""The pages of a report that came back from Word: what changed, what is accepted, what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.outlines.readback import Number, ReadBlock
from taizhang.figures.views import asked_scope
from taizhang.wording import say

from . import catalogue, comments, own, readback
from .own import Conflict, Place
from .readback import Returned
from .views import editing, may_edit, sentences

_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAMES = "readback"
_NAMES_KEPT = 10
_ORDER = ("changed", "gone", "stale", "lost", "agreed")


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the file that came back; it is looked at and kept for a day."""
    place = _place(request, code)
    problems: list[str] = []
    if request.method == "POST":
        try:
            token = _take(request, place)
        except Refused as refused:
            problems = sentences(refused)
        else:
            return HttpResponseRedirect(_address(place, token))
    context = _around(request, place) | {"problems": problems}
    return render(request, "outlines/readback.html", context, status=422 if problems else 200)


def _take(request: HttpRequest, place: Place) -> str:
    """Keep what was uploaded; what cannot be read back is not kept."""
    given = request.FILES.get("file")
    name = (given.name or "")[-120:] if given else ""
    if given is None:
        raise Refused.because("readback.no-file")
    limit = settings.UPLOAD_LIMIT_MB
    if (given.size or 0) > limit * 1024 * 1024:
        size = f"{(given.size or 0) / 1024 / 1024:.1f}"
        raise Refused.because("document.too-large", name, name=name, size=size, limit=limit)
    token = readback.keep(given, name, request.user)
    try:
        readback.returned(place, readback.path_of(token, request.user), name)
    except Refused:
        readback.drop(token, request.user)
        raise
    names = request.session.get(_NAMES, {})
    request.session[_NAMES] = dict([*names.items(), (token, name)][-_NAMES_KEPT:])
    return token


@require_GET
def show(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """What became of the text and of every number."""
    place = _place(request, code)
    found = _returned(request, place, token)
    language = get_language() or "zh"
    numbers = [_line(found, number, place) for number in found.result.numbers]
    context = _around(request, place) | {
        "token": token,
        "file": _name(request, token),
        "notes": [say(note, language) for note in found.notes],
        "counts": found.result.counts(),
        "open": sorted(
            (line for line in numbers if line["number"].state != "agreed"),
            key=lambda line: _ORDER.index(line["number"].state),
        ),
        "agreed": [line for line in numbers if line["number"].state == "agreed"],
        "stretches": list(_stretches(found, language)),
        "changed": sum(block.kind != "unchanged" for block in found.result.blocks),
        "may_edit": may_edit(request.user, place.unit),
    }
    return render(request, "outlines/readback.html", context)


@require_POST
def accept(request: HttpRequest, code: str, token: str, key: str) -> HttpResponse:
    """Write the words of a changed paragraph into the unit's outline; its figures stay figures."""
    place = editing(request, code)
    target = _returned(request, place, token).targets.get(key)
    if target is None or not target.text:
        raise Refused.because(
            target.hindrance if target and target.hindrance else "readback.nothing-to-accept"
        )
    try:
        own.write(place, target.key, target.text, target.base, request.user)
    except Conflict as conflict:
        raise Refused.because("outline.changed-meanwhile") from conflict
    messages.success(request, _("Taken over into the text of the report."))
    return HttpResponseRedirect(_address(place, token))


@require_POST
def ask(request: HttpRequest, code: str, token: str, figure: str) -> HttpResponse:
    """Make a number that somebody changed a question beside the text, with the way to its rows."""
    place = editing(request, code)
    found = _returned(request, place, token)
    number = next((one for one in found.result.numbers if one.id == figure), None)
    where = next((b.where for b in found.result.blocks if figure in _named(b)), "")
    text, _kept = own.text_of(place)
    key = readback.block_of(place, where) or text.blocks[0].id
    if number is None or number.state not in ("changed", "gone", "stale"):
        raise Refused.because("readback.nothing-to-ask")
    comments.say(place, key, _question(found, number, place, _name(request, token)), request.user)
    messages.success(request, _("Asked beside the text of the report."))
    return HttpResponseRedirect(_address(place, token))


def _place(request: HttpRequest, code: str) -> Place:
    scope = asked_scope(request)
    catalogue.get(code)
    return Place(code, scope.unit, scope.period)


def _returned(request: HttpRequest, place: Place, token: str) -> Returned:
    """The kept file read once more; refuses one that is no longer there, or somebody else's."""
    if not _TOKEN.fullmatch(token):
        raise Http404
    path = readback.path_of(token, request.user)
    if not path.is_file():
        raise Refused.because("readback.forgotten")
    return readback.returned(place, path, _name(request, token))


def _name(request: HttpRequest, token: str) -> str:
    return str(request.session.get(_NAMES, {}).get(token) or f"{token[:6]}.docx")


def _address(place: Place, token: str) -> str:
    return f"{reverse('read_back', args=(place.code, token))}?{place.query}"


def _around(request: HttpRequest, place: Place) -> dict[str, Any]:
    return {
        "place": place,
        "scope": asked_scope(request),
        "name": catalogue.get(place.code).name.say(get_language() or "zh"),
        "report": catalogue.address(place.code, place.unit.code, place.period.text),
        "limit": settings.UPLOAD_LIMIT_MB,
    }


def _line(found: Returned, number: Number, place: Place) -> dict[str, Any]:
    fact = found.facts.get(number.code)
    return {
        "number": number,
        "fact": fact,
        "url": f"{reverse('figure', args=(number.code,))}?{place.query}" if fact else "",
        "rows": fact.address if fact else None,
    }


def _stretches(found: Returned, language: str) -> Iterator[dict[str, Any]]:
    """The blocks in the order of the file, what nobody touched in stretches."""
    states = {number.id: number.state for number in found.result.numbers}
    for untouched, some in groupby(found.result.blocks, lambda block: block.kind == "unchanged"):
        lines = []
        for block in some:
            target = found.targets.get(block.where) if block.kind == "changed" else None
            pieces = [(piece, states.get(piece.figure, "")) for piece in block.pieces]
            code = target.hindrance if target else ""
            told = say(Finding(code), language) if code else ""
            lines.append({"block": block, "pieces": pieces, "target": target, "hindrance": told})
        yield {"untouched": untouched, "lines": lines}


def _named(block: ReadBlock) -> set[str]:
    return {piece.figure for piece in block.pieces if piece.figure and block.where}


def _question(found: Returned, number: Number, place: Place, file: str) -> str:
    """What is asked: what was printed, what stands there now, what the ledger says, where to look."""
    fact = found.facts.get(number.code)
    name = fact.definition.name.say(get_language() or "zh") if fact else number.code
    rows = fact.address if fact and fact.address else ""
    text = _("{name}: printed {printed}, in “{file}” it reads {text}, the ledger says {now}. Why?")
    shown = text.format(
        name=name,
        printed=number.printed or "–",
        file=file[-60:],
        text=number.text or _("nothing any more"),
        now=number.present.text if number.present else "–",
    )
    return f"{shown} {rows}".strip()[: comments.LONGEST]

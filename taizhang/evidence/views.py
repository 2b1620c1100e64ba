"""Proofs come in and are served only through a record that the viewer may see."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.queries import parse
from taizhang.jobs import queue
from taizhang.ledger import access, catalogue, cells
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow, find_record, find_register, query_string
from taizhang.wording import say

from . import actions, contents, pack, store
from .models import Evidence
from .notices import notices
from .panel import EvidencePanel, Said, said

FILES_AT_ONCE = 20
SENTENCES_SHOWN = 8


@require_GET
def gallery(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """The evidence of a record alone, for the script that has just attached some."""
    register, record = _record(request, app, kind, pk)
    may = access.of(request.user).may(Verb.ATTACH, register, record) and record.state != State.VOID
    panel = EvidencePanel().context(register, record, may, request.user)
    part = {"panel": panel, "may_attach": may}
    context = {"part": part, "register": register, "record": record}
    return render(request, EvidencePanel.template, context)


@require_POST
def proofs(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Attach files to a record, each for itself."""
    register, record = _record(request, app, kind, pk)
    given = _files(request, register, record)
    taken_on = _taken_on(request, register, record)
    attached: list[Evidence] = []
    refused: list[Finding] = []
    for file in given:
        try:
            attached.append(_attach(request, register, record, file, taken_on))
        except Refused as error:
            refused += error.findings
    if not attached:
        raise Refused(*refused)
    _tell(request, register, record, attached, refused)
    return HttpResponseRedirect(f"/{register.path}/{pk}/")


@require_POST
def proof(request: HttpRequest, app: str, kind: str, pk: int) -> JsonResponse:
    """Attach one file, for the script that sends them one by one and shows how far each is."""
    register, record = _record(request, app, kind, pk)
    (file,) = _files(request, register, record, limit=1)
    taken_on = _taken_on(request, register, record)
    evidence = _attach(request, register, record, file, taken_on)
    told = [said(notice) for notice in notices(register, record, [evidence], request.user)]
    if text := _read_from_picture([evidence], taken_on):
        told.insert(0, Said(text, ""))
    found = {"name": evidence.name, "notices": [{"text": t.text, "url": t.url} for t in told]}
    return JsonResponse(found, status=201)


def _record(request: HttpRequest, app: str, kind: str, pk: int) -> tuple[Register, Record]:
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    if request.method == "POST":
        allow(request, Verb.ATTACH, register, record)
    if not register.takes_evidence:
        raise Http404
    return register, record


def _files(
    request: HttpRequest, register: Register, record: Record, limit: int = FILES_AT_ONCE
) -> list[Any]:
    given = request.FILES.getlist("file")
    if not given:
        raise Refused.because("import.no-file", register.label)
    if len(given) > limit:
        where = register.key_text(record)
        raise Refused.because("evidence.too-many-files", where, count=len(given), limit=limit)
    return given


def _taken_on(request: HttpRequest, register: Register, record: Record) -> date | None:
    """The day that was typed; without a year it is meant in the record's own."""
    typed = request.POST.get("taken_on", "").strip()
    if not typed:
        return None
    today = timezone.localdate()
    own = getattr(record, register.dated, None) if register.dated else None
    return cells.day(typed, cells.Moment(today, own.year if isinstance(own, date) else today.year))


def _attach(
    request: HttpRequest,
    register: Register,
    record: Record,
    file: Any,
    taken_on: date | None,
) -> Evidence:
    name = file.name or ""
    actions.check_size(file.size or 0, name)
    return actions.attach(
        register,
        record,
        actor=request.user,
        content=file.read(),
        name=name,
        kind=request.POST.get("kind", ""),
        taken_on=taken_on,
    )


def _tell(
    request: HttpRequest,
    register: Register,
    record: Record,
    attached: Sequence[Evidence],
    refused: Sequence[Finding],
) -> None:
    """One sentence for all that went well, and one for each file that wants a look or was refused."""
    text = ngettext("{count} file attached.", "{count} files attached.", len(attached))
    text = text.format(count=len(attached))
    typed = request.POST.get("taken_on", "").strip()
    read = _read_from_picture(attached, typed)
    messages.success(request, f"{text}{read}")
    language = get_language() or "zh"
    sentences: list[Any] = [say(finding, language) for finding in refused]
    for sentence in sentences[:SENTENCES_SHOWN]:
        messages.error(request, sentence)
    for notice in notices(register, record, attached, request.user)[:SENTENCES_SHOWN]:
        told = said(notice)
        opening = _("Open that record")
        link = format_html(' <a href="{}">{}</a>', told.url, opening) if told.url else ""
        messages.warning(request, format_html("{}{}", told.text, link))


def _read_from_picture(attached: Sequence[Evidence], typed: object) -> str:
    """Which days were read from the pictures because nobody gave one."""
    days = sorted({e.taken_on for e in attached if e.taken_on and not typed})
    if not days:
        return ""
    listed = pgettext("between days", ", ").join(day.isoformat() for day in days)
    return _("Taken on {days}, as the picture says.").format(days=listed)


def _found(
    request: HttpRequest, pk: int, *, removed: bool = False
) -> tuple[Evidence, Register, Record]:
    """A proof through its record, as far as both exist for this user."""
    known = Evidence.everything.select_related("blob").filter(pk=pk)
    evidence = known.filter(removed_at__isnull=not removed).first()
    register = catalogue.find(evidence.register) if evidence else None
    if evidence is None or register is None:
        raise Http404
    return evidence, register, find_record(register, request.user, evidence.record_id)


def _path(evidence: Evidence) -> Path:
    path = store.blob_path(evidence.blob.sha256)
    if not path.exists():
        raise Refused.because("evidence.file-gone", evidence.name, name=evidence.name)
    return path


@require_http_methods(["GET", "POST"])
def pack_of_list(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """How much the evidence of a list is, and the button that has it packed."""
    register = find_register(app, kind)
    allow(request, Verb.EXPORT, register)
    if not register.takes_evidence:
        raise Http404
    asked = parse(
        request.POST.get("query", "") if request.method == "POST" else query_string(request)
    )
    found = pack.extent(register, asked, request.user)
    refusal = found.refusal(register.label_plural)
    if request.method == "POST":
        if refusal:
            raise refusal
        title = _("Evidence pack: {register}").format(register=register.label_plural)
        payload = {"register": register.name, "query": asked.canonical()}
        job = queue.enqueue("evidence.pack", payload, actor=request.user, title=title)
        return HttpResponseRedirect(reverse("job", args=[job.pk]))
    language = get_language() or "zh"
    context = {
        "register": register,
        "canonical": asked.canonical(),
        "address": words.address(register, asked.canonical()),
        "chips": words.chips(register, asked),
        "search": asked.search,
        "extent": found,
        "refusals": [say(finding, language) for finding in refusal.findings] if refusal else [],
    }
    return render(request, "evidence/pack.html", context)


@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, as an attachment; readers get a picture without its position data."""
    evidence, register, record = _found(request, pk)
    path, name, media_type = _path(evidence), evidence.name, evidence.blob.media_type
    may_original = access.of(request.user).may(Verb.ATTACH, register, record)
    if evidence.blob.is_picture and not may_original:
        path = store.copy(evidence.blob, contents.PREVIEW)
        name, media_type = Path(name).with_suffix(".jpg").name, "image/jpeg"
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=media_type,
    )


@require_GET
def filing(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture as registrars' sites take it: a JPEG of at most 2 MB without metadata."""
    evidence, _register, _record_of = _found(request, pk)
    if not evidence.blob.is_picture:
        raise Http404
    # Made anew each time: a copy kept from somebody else's asking would answer sooner.
    content = contents.filing_copy(_path(evidence))
    name = f"{Path(evidence.name).stem}-2M.jpg"
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=name, content_type="image/jpeg"
    )


@require_GET
def thumb(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A small copy of a picture."""
    return _picture(request, pk, contents.THUMB)


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A copy of a picture for the screen."""
    return _picture(request, pk, contents.PREVIEW)


def _picture(request: HttpRequest, pk: int, edge: int) -> HttpResponseBase:
    evidence, _register, _record_of = _found(request, pk)
    if not evidence.blob.is_picture or not store.blob_path(evidence.blob.sha256).exists():
        raise Http404
    copy = store.copy(evidence.blob, edge)
    response = FileResponse(copy.open("rb"), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proof away from its record; the message offers to put it back."""
    evidence, register, record = _found(request, pk)
    allow(request, Verb.ATTACH, register, record)
    reason = request.POST.get("reason", "")
    actions.detach(register, record, evidence, actor=request.user, reason=reason)
    text = ngettext("{count} file taken away.", "{count} files taken away.", 1)
    way_back = f"undo:/evidence/{pk}/restore/"
    messages.success(request, text.format(count=1), extra_tags=way_back)
    return HttpResponseRedirect(f"/{register.path}/{record.pk}/")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back a proof that was taken away."""
    evidence, register, record = _found(request, pk, removed=True)
    allow(request, Verb.ATTACH, register, record)
    _path(evidence)
    actions.restore(register, record, evidence, actor=request.user)
    text = _("“{name}” is back with this record.").format(name=evidence.name)
    if record.state == State.SUBMITTED:
        text += _("The record waits to be verified.")
    messages.success(request, text)
    return HttpResponseRedirect(f"/{register.path}/{record.pk}/")

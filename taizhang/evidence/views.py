"""Proofs are served only through a record that the viewer may see."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.ledger import access, catalogue, cells
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow, find_record, find_register

from . import actions
from .models import Evidence

FILES_AT_ONCE = 20


@require_POST
def attach(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Attach the uploaded files to a record."""
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    allow(request, Verb.ATTACH, register, record)
    if not register.takes_evidence:
        raise Http404
    given = request.FILES.getlist("file")[:FILES_AT_ONCE]
    if not given:
        raise Refused.because("import.no-file", register.label)
    taken = request.POST.get("taken_on", "").strip()
    taken_on = cells.day(taken) if taken else None
    for file in given:
        actions.attach(
            register,
            record,
            actor=request.user,
            content=file.read(),
            name=file.name or "",
            kind=request.POST.get("kind", ""),
            taken_on=taken_on,
        )
    text = ngettext("{count} file attached.", "{count} files attached.", len(given))
    messages.success(request, text.format(count=len(given)))
    return HttpResponseRedirect(f"/{register.path}/{pk}/")


def _found(request: HttpRequest, pk: int) -> tuple[Evidence, Register, Record]:
    evidence = Evidence.objects.select_related("blob").filter(pk=pk).first()
    register = catalogue.find(evidence.register) if evidence else None
    if evidence is None or register is None:
        raise Http404
    return evidence, register, find_record(register, request.user, evidence.record_id)


@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, as an attachment; readers get a picture without its position data."""
    evidence, register, record = _found(request, pk)
    blob = evidence.blob
    path = actions.blob_path(blob.sha256)
    name, media_type = evidence.name, blob.media_type
    if not path.exists():
        raise Refused.because("evidence.file-gone", name, name=name)
    may_original = access.of(request.user).may(Verb.ATTACH, register, record)
    if media_type.startswith("image/") and not may_original:
        path = actions.reduced(blob, actions.PREVIEW)
        name, media_type = Path(name).with_suffix(".jpg").name, "image/jpeg"
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=media_type,
    )


@require_GET
def thumb(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A small copy of a picture."""
    return _picture(request, pk, actions.THUMB)


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A copy of a picture for the screen."""
    return _picture(request, pk, actions.PREVIEW)


def _picture(request: HttpRequest, pk: int, edge: int) -> HttpResponseBase:
    evidence, _register, _record = _found(request, pk)
    if not evidence.blob.media_type.startswith("image/"):
        raise Http404
    if not actions.blob_path(evidence.blob.sha256).exists():
        raise Http404
    response = FileResponse(
        actions.reduced(evidence.blob, edge).open("rb"), content_type="image/jpeg"
    )
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proof away from its record."""
    evidence, register, record = _found(request, pk)
    allow(request, Verb.ATTACH, register, record)
    reason = request.POST.get("reason", "")
    actions.detach(register, record, evidence, actor=request.user, reason=reason)
    text = ngettext("{count} file taken away.", "{count} files taken away.", 1)
    messages.success(request, text.format(count=1))
    return HttpResponseRedirect(f"/{register.path}/{record.pk}/")

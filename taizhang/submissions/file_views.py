"""Files of signed reports: the sealed file, its prints, the proof of a record, the whole pack."""

from __future__ import annotations

import io
from http import HTTPStatus

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.engines.sealing import frozen as format_
from taizhang.engines.sealing.canonical import canonical
from taizhang.jobs.queue import enqueue
from taizhang.ledger import access, catalogue
from taizhang.outlines import files

from . import flow, sealed
from .stored import Frozen
from .views import find_signed

PROVED_ROWS = 50_000
"""Records up to which the proof of one is made while the person waits."""


@require_GET
def report(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The sealed file (.json), or the report printed from it."""
    submission = find_signed(request, pk)
    frozen = Frozen(submission.root)
    name = f"{submission.title}（第{submission.number}版）.{kind}"
    if kind == "json":
        return FileResponse(frozen.path.open("rb"), as_attachment=True, filename=name)
    if kind not in files.KINDS:
        raise Http404
    target = io.BytesIO()
    files.write(sealed.printed(frozen), kind, target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name)


@require_GET
def proof(request: HttpRequest, pk: int, register: str, number: int) -> HttpResponse:
    """The proof that a record was in the report; it shows this record and no other."""
    submission = find_signed(request, pk)
    if submission.row_count > PROVED_ROWS:
        raise Refused.because("submission.too-large-to-prove", limit=PROVED_ROWS)
    known = catalogue.get(register)
    if not access.visible(request.user, known).filter(pk=number).exists():
        raise Http404
    frozen = Frozen(submission.root)
    if frozen.row(register, number) is None:
        raise Refused.because("submission.not-a-record")
    document = format_.read(frozen.path.read_bytes())
    made = format_.inclusion(document, "head/title", "head/unit", f"rows/{register}/{number}")
    response = HttpResponse(
        canonical(made) + b"\n", content_type="application/json", status=HTTPStatus.OK
    )
    response["Content-Disposition"] = f'attachment; filename="proof-{submission.pk}-{number}.json"'
    return response


@require_POST
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the pack made by a job."""
    submission = find_signed(request, pk)
    if not flow.may(request.user, submission.unit, "review"):
        raise Refused.because("submission.role")
    title = _("Pack to verify: {title}").format(title=submission.title)
    payload = {"submission": submission.pk}
    job = enqueue("submissions.pack", payload, actor=request.user, title=title)
    return HttpResponseRedirect(reverse("job", args=(job.pk,)))

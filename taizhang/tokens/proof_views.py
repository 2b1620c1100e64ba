"""The proofs of a record through the API: listed, fetched, and attached one at a time."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.evidence import actions
from taizhang.evidence import views as evidence_views
from taizhang.evidence.models import Evidence
from taizhang.ledger import cells
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.ledger.views import find_record, find_register

from .api_views import answer, no_query, require
from .shape import BASE


def _record(
    request: HttpRequest, app: str, kind: str, pk: int, verb: Verb
) -> tuple[Register, Record]:
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    require(request, verb, register, record)
    no_query(request)
    if not register.takes_evidence:
        raise Http404
    return register, record


def _proofs(register: Register, record: Record) -> Any:
    found = Evidence.objects.filter(register=register.name, record_id=record.pk)
    return found.select_related("blob", "added_by")


def _as_json(register: Register, proof: Evidence) -> dict[str, Any]:
    return {
        "id": proof.pk,
        "name": proof.name,
        "kind": proof.kind,
        "strength": proof.strength,
        "media_type": proof.blob.media_type,
        "size": proof.blob.size,
        "taken_on": proof.taken_on.isoformat() if proof.taken_on else None,
        "added_at": timezone.localtime(proof.added_at).isoformat(),
        "added_by": str(proof.added_by),
        "file": f"{BASE}/{register.path}/{proof.record_id}/evidence/{proof.pk}/",
    }


def proofs(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponseBase:
    """The files that prove a record."""
    register, record = _record(request, app, kind, pk, Verb.SHOW)
    found = [_as_json(register, proof) for proof in _proofs(register, record)]
    return answer({"register": register.name, "record": pk, "evidence": found})


def attach(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponseBase:
    """Attach one file: the parts ``file`` and ``kind``, and ``taken_on`` if it is known."""
    register, record = _record(request, app, kind, pk, Verb.ATTACH)
    if request.content_type != "multipart/form-data":
        raise Refused.because("api.not-multipart", given=request.content_type or "–")
    files = request.FILES.getlist("file")
    if len(files) != 1:
        raise Refused.because("api.one-file", "file", count=len(files))
    taken = request.POST.get("taken_on", "").strip()
    proof = actions.attach(
        register,
        record,
        actor=request.user,
        content=files[0].read(),
        name=files[0].name or "",
        kind=request.POST.get("kind", ""),
        taken_on=cells.day(taken) if taken else None,
    )
    response = answer(_as_json(register, proof), status=201)
    response.headers["Location"] = f"{BASE}/{register.path}/{pk}/evidence/{proof.pk}/"
    return response


def file(request: HttpRequest, app: str, kind: str, pk: int, proof: int) -> HttpResponseBase:
    """The file itself, as the record's page gives it to this user."""
    register, record = _record(request, app, kind, pk, Verb.SHOW)
    if not _proofs(register, record).filter(pk=proof).exists():
        raise Http404
    return evidence_views.original(request, proof)

"""Bringing a file in: the page where it is chosen, and the templates to fill in."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from taizhang.documents.workbooks import KINDS
from taizhang.engines.findings import Finding, Refused
from taizhang.jobs.queue import enqueue
from taizhang.ledger import access, catalogue
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.views import find_register
from taizhang.wording import say

from . import blank, work
from .models import ImportPlan


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, app: str = "", kind: str = "") -> HttpResponse:
    """Choose a file; a small one is read at once, a large one by a job. Either becomes a plan."""
    register = find(request, app, kind)
    problems: list[str] = []
    if request.method == "POST":
        try:
            kept = _take(request, register)
        except Refused as refused:
            problems = [told(finding) for finding in refused.findings]
        else:
            return HttpResponseRedirect(work.address(kept))
    unit = access.default_unit(request.user)
    context = {
        "register": register,
        "problems": problems,
        "unit": unit,
        "columns": [register.fields[name] for name in register.editable] if register else [],
        "registers": [] if register else blank.for_whom(request.user),
        "limit": settings.UPLOAD_LIMIT_MB,
        "rows": settings.IMPORT_ROWS,
        "kinds": ",".join(KINDS),
    }
    return render(request, "exchange/import.html", context, status=422 if problems else 200)


def find(request: HttpRequest, app: str, kind: str) -> Register | None:
    """The register of an address, None for all of them; refuses who may import nothing there."""
    if app:
        register = find_register(app, kind)
        if not access.of(request.user).may(Verb.IMPORT, register):
            raise Refused.because("access.role-too-low", register.label, verb=str(Verb.IMPORT))
        return register
    may = access.of(request.user).may
    if not any(may(Verb.IMPORT, register) for register in catalogue.registers()):
        raise Refused.because("access.role-too-low", verb=str(Verb.IMPORT))
    return None


def told(finding: Finding) -> str:
    """The sentence of a finding with its place, unless the sentence names it."""
    text = say(finding, get_language() or "zh")
    return f"{finding.where}：{text}" if finding.where and finding.where not in text else text


def _take(request: HttpRequest, register: Register | None) -> ImportPlan:
    """Keep what was uploaded and read it, or have it read. A file that is refused is not kept."""
    given = request.FILES.get("file")
    name = (given.name or "") if given else ""
    if given is None:
        raise Refused.because("import.no-file", register.label_plural if register else "")
    limit = settings.UPLOAD_LIMIT_MB
    if (given.size or 0) > limit * 1024 * 1024:
        size = f"{(given.size or 0) / 1024 / 1024:.1f}"
        raise Refused.because("document.too-large", name, name=name, size=size, limit=limit)
    user: Any = request.user
    kept = work.take(given, name, register, user)
    try:
        if work.is_small(work.path_of(kept)):
            work.look(kept)
        else:
            title = _("Reading and checking {name}").format(name=name)
            kept.job = enqueue("exchange.plan", {"plan": kept.pk}, actor=user, title=title).pk
        kept.save()
    except Refused:
        work.drop(kept)
        raise
    return kept


@require_GET
def template(request: HttpRequest, app: str = "", kind: str = "") -> HttpResponseBase:
    """A workbook to fill in, for one register or for a whole year."""
    register = find(request, app, kind)
    registers = [register] if register else blank.for_whom(request.user)
    if not registers:
        raise Http404
    target = io.BytesIO()
    blank.write(target, registers, request.user)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=blank.file_name(registers))

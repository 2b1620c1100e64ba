"""The plan of an import: looked at, said yes to, taken home."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from taizhang.engines.findings import Finding, Refused
from taizhang.jobs import show
from taizhang.jobs.models import Job
from taizhang.jobs.queue import enqueue
from taizhang.ledger.register import Register
from taizhang.wording import say

from . import beside, plans, returned, work
from .import_views import find, told
from .models import ImportPlan

DOUBTFUL, WAITING = "doubtful", "waits"
_ORDER = (plans.INVALID, plans.CHANGED, plans.NEW, plans.SAME)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int, app: str = "", kind: str = "") -> HttpResponse:
    """Show the plan as it was worked out; on yes work it out anew and write it.

    The ledger may have changed meanwhile: then nothing is written and the plan of now is shown.
    """
    register = find(request, app, kind)
    kept = _find(request, register, pk)
    if request.method == "POST" and "drop" in request.POST:
        if kept.batch_id is None:
            work.drop(kept)
        return HttpResponseRedirect(f"{_home(register)}import/")
    if kept.batch_id is not None and (request.method == "POST" or not kept.left):
        messages.info(request, say(Finding("import.already-done"), get_language() or "zh"))
        batch = f"/batches/{kept.batch_id}/"
        home = _home(register) if register else batch
        return HttpResponseRedirect(work.address(kept) if kept.left else home)
    job = Job.objects.filter(pk=kept.job, actor=kept.actor).first() if kept.job else None
    if job is not None and not (job.is_over and (kept.digest or job.state == "done")):
        context = {"register": register, "kept": kept, "job": job, "shown": show.one(job)}
        return render(request, "exchange/going.html", context)
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _say_yes(request, register, kept)
        except Refused as refused:
            kept.save(update_fields=["digest"])
            problems = [told(finding) for finding in refused.findings]
    context = _context(request, register, kept) | {"problems": problems}
    return render(request, "exchange/plan.html", context, status=422 if problems else 200)


def _find(request: HttpRequest, register: Register | None, pk: int) -> ImportPlan:
    """The plan, if this person made it on a page; plans that programs sent are not theirs."""
    user: Any = request.user
    mine = ImportPlan.objects.filter(pk=pk, actor=user, register=register.name if register else "")
    kept = mine.exclude(stored__endswith=".json").select_related("actor", "batch").first()
    if kept is None:
        raise Http404
    return kept


def _home(register: Register | None) -> str:
    return f"/{register.path}/" if register else "/"


def _context(request: HttpRequest, register: Register | None, kept: ImportPlan) -> dict[str, Any]:
    found = beside.read(work.path_of(kept))
    names = {sheet.register.name: sheet for sheet in found.sheets}
    asked = names.get(request.GET.get("sheet", ""))
    wanted = request.GET.get("show", plans.INVALID)
    sheet = asked or next((s for s in found.sheets if s.counts.get(wanted)), None)
    sheet = sheet or next((s for s in found.sheets if s.total), None)
    sheet = sheet or (found.sheets[0] if found.sheets else None)
    context = {
        "register": register,
        "kept": kept,
        "whole": found,
        "counts": found.counts,
        "notes": [(note, say(note, get_language() or "zh")) for note in found.notes],
        "refused": [told(finding) for finding in found.problems],
        "ready": bool(found.writes and not found.counts[plans.INVALID]),
        "partly": bool(found.writes and found.counts[plans.INVALID]),
        "corrections": found.corrections,
        "plan": sheet,
    }
    return context | (_rows(request, sheet) if sheet else {})


def _rows(request: HttpRequest, sheet: beside.KeptSheet) -> dict[str, Any]:
    """The rows of a sheet with the verdict that is asked for."""
    asked = request.GET.get("show", "")
    of = {
        **sheet.counts,
        DOUBTFUL: sheet.doubtful,
        WAITING: sheet.waiting,
    }
    shown = asked if asked in of else next((v for v in _ORDER if sheet.counts[v]), plans.NEW)
    rows = [row for row in sheet.rows if _is(row, shown)][: plans.SHOWN]
    return {
        "show": shown,
        "rows": [_shown(sheet.register, row) for row in rows],
        "hidden": max(of[shown] - len(rows), 0),
    }


def _is(row: beside.KeptRow, kind: str) -> bool:
    if kind == DOUBTFUL:
        return bool(row.doubts)
    return row.waits if kind == WAITING else row.verdict == kind


def _shown(register: Register, row: beside.KeptRow) -> dict[str, Any]:
    language = get_language() or "zh"

    def label(name: str) -> str:
        return register.fields[name].label if name else ""

    return {
        "number": row.number,
        "verdict": row.verdict,
        "key": row.key,
        "title": row.title,
        "changes": [(label(name), old, new) for name, old, new in row.changes],
        "summary": [(label(name), text) for name, text in row.summary],
        "troubles": [(r.place, label(r.field), say(r.finding, language)) for r in row.troubles],
        "doubts": [say(finding, language) for finding in row.doubts],
        "waits": row.waits,
    }


def _say_yes(request: HttpRequest, register: Register | None, kept: ImportPlan) -> HttpResponse:
    found = beside.read(work.path_of(kept))
    digest, reason = request.POST.get("digest", ""), request.POST.get("reason", "")
    only_valid, looked = request.POST.get("which") == "valid", "looked" in request.POST
    if found.counts[plans.INVALID] and not only_valid:
        count = found.counts[plans.INVALID]
        raise Refused.because("import.invalid-rows", kept.name, count=count)
    if not found.writes:
        return HttpResponseRedirect(work.address(kept))
    if found.corrections and not reason.strip():
        raise Refused.because("import.reason-needed", kept.name, count=found.corrections)
    if kept.rows > work.AT_ONCE_ROWS:
        asked = {"plan": kept.pk, "digest": digest, "reason": reason}
        kept.job = enqueue(
            "exchange.carry-out",
            {**asked, "only_valid": only_valid, "looked": looked},
            actor=kept.actor,
            title=_("Writing the import of {name}").format(name=kept.name),
        ).pk
        kept.save(update_fields=["job"])
        return HttpResponseRedirect(work.address(kept))
    made = work.again(kept, digest)
    batch = work.write_it(kept, made, reason=reason, only_valid=only_valid, looked=looked)
    work.tidy(kept)
    done = batch.created + batch.changed
    text = ngettext(
        "{count} row imported: {created} new, {changed} changed.",
        "{count} rows imported: {created} new, {changed} changed.",
        done,
    )
    messages.success(
        request,
        text.format(count=done, created=batch.created, changed=batch.changed),
        extra_tags=f"undo:/batches/{batch.pk}/undo/",
    )
    if kept.left:
        return HttpResponseRedirect(work.address(kept))
    if register is None:
        return HttpResponseRedirect(f"/batches/{batch.pk}/")
    return HttpResponseRedirect(
        f"/{register.path}/?state=draft" if batch.created else f"/{register.path}/"
    )


@require_GET
def bring_back(request: HttpRequest, pk: int, app: str = "", kind: str = "") -> HttpResponseBase:
    """The rows that cannot be imported, as a workbook with the reasons."""
    register = find(request, app, kind)
    kept = _find(request, register, pk)
    target = io.BytesIO()
    returned.write(target, work.path_of(kept), kept.name, kept.actor)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=returned.file_name(kept.name))

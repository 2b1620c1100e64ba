"""The three pages of an import: upload, plan, done."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods

from taizhang.documents.files import atomic_target
from taizhang.documents.workbooks import read_sheets
from taizhang.engines.findings import Finding, Refused
from taizhang.wording import say

from . import exchange, plans
from .access import Verb
from .models import ImportPlan
from .register import Register
from .views import allow, find_register

SHOWN_ROWS = 200
KEPT_DAYS = 7


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Choose a file; it is read at once and becomes a plan."""
    register = find_register(app, kind)
    allow(request, Verb.IMPORT, register)
    problems: list[str] = []
    user: Any = request.user
    if request.method == "POST":
        given = request.FILES.get("file")
        name = (given.name or "") if given else ""
        try:
            if given is None:
                raise Refused.because("import.no-file", register.label_plural)
            if (given.size or 0) > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
                size = f"{(given.size or 0) / 1024 / 1024:.1f}"
                raise Refused.because(
                    "document.too-large",
                    name,
                    name=name,
                    size=size,
                    limit=settings.UPLOAD_LIMIT_MB,
                )
            stored = keep(given)
            try:
                made = make_plan(register, stored, name, user)
            except Refused:
                stored.unlink(missing_ok=True)
                raise
        except Refused as refused:
            language = get_language() or "zh"
            problems = [_told(finding, language) for finding in refused.findings]
        else:
            plan = ImportPlan.objects.create(
                register=register.name,
                actor=user,
                at=timezone.now(),
                name=name[:200],
                stored=stored.name,
                digest=made.digest(),
            )
            return HttpResponseRedirect(f"/{register.path}/import/{plan.pk}/")
    unit = exchange.default_unit(request.user)
    context = {
        "register": register,
        "problems": problems,
        "unit": unit,
        "columns": [register.fields[name] for name in register.editable],
        "limit": settings.UPLOAD_LIMIT_MB,
    }
    return render(request, "ledger/import.html", context, status=422 if problems else 200)


def _told(finding: Finding, language: str) -> str:
    text = say(finding, language)
    return f"{finding.where}：{text}" if finding.where and finding.where not in text else text


def keep(given: Any) -> Path:
    """Keep an upload under a name of our own until its plan is confirmed or dropped."""
    folder: Path = settings.UPLOAD_ROOT
    folder.mkdir(parents=True, exist_ok=True)
    _forget_old(folder)
    suffix = Path(given.name or "").suffix.lower()[:6]
    path = folder / f"{secrets.token_hex(16)}{suffix}"
    with atomic_target(path) as file:
        for chunk in given.chunks():
            file.write(chunk)
    return path


def _forget_old(folder: Path) -> None:
    """Remove uploads that nobody said yes or no to for a week."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # somebody else's request may remove it too
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()


def make_plan(register: Register, path: Path, name: str, user: Any) -> plans.Plan:
    """Read a kept file and plan its import; a workbook's sheet is found by its name."""
    sheets = read_sheets(path, name)
    (_register, sheet), *_rest = plans.sheet_register(sheets, register)
    return plans.make(register, sheet, actor=user, unit=exchange.default_unit(user))


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Show the plan; on yes work it out anew and write it, unless the ledger changed meanwhile."""
    register = find_register(app, kind)
    allow(request, Verb.IMPORT, register)
    user: Any = request.user
    kept = ImportPlan.objects.filter(pk=pk, actor=user, register=register.name).first()
    if kept is None:
        raise Http404
    if kept.batch is not None:
        messages.info(request, say(Finding("import.already-done"), get_language() or "zh"))
        return HttpResponseRedirect(f"/{register.path}/")
    path = settings.UPLOAD_ROOT / kept.stored
    if request.method == "POST" and "drop" in request.POST:
        path.unlink(missing_ok=True)
        kept.delete()
        return HttpResponseRedirect(f"/{register.path}/import/")
    if not path.exists():
        raise Refused.because("import.file-gone", kept.name)
    plan = make_plan(register, path, kept.name, request.user)
    if request.method == "GET" and kept.digest != plan.digest():
        kept.digest = plan.digest()  # the plan that is looked at now is the one to say yes to
        kept.save()
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _carry_out(request, register, kept, plan, path)
        except Refused as refused:
            problems = [say(finding, get_language() or "zh") for finding in refused.findings]
    show = request.GET.get("show") or next(
        (v for v in (plans.INVALID, plans.CHANGED, plans.NEW, plans.SAME) if plan.counts[v]), "new"
    )
    rows = [row for row in plan.rows if row.verdict == show]
    language = get_language() or "zh"
    context = {
        "register": register,
        "kept": kept,
        "plan": plan,
        "counts": plan.counts,
        "show": show,
        "shown": [_shown(register, row, language) for row in rows[:SHOWN_ROWS]],
        "hidden": max(len(rows) - SHOWN_ROWS, 0),
        "problems": problems,
        "ready": not plan.counts[plans.INVALID]
        and bool(plan.counts[plans.NEW] or plan.counts[plans.CHANGED]),
        "corrections": plan.corrections,
    }
    return render(request, "ledger/plan.html", context, status=422 if problems else 200)


def _shown(register: Register, row: plans.Row, language: str) -> dict[str, Any]:
    title = row.values.get(register.title) if register.title else None
    summary = [
        (register.fields[name].label, register.fields[name].show(row.values[name]))
        for name in register.columns
        if name in row.values and name not in (register.title, "code")
    ][:5]
    return {
        "number": row.number,
        "verdict": row.verdict,
        "key": row.key,
        "title": title or row.key or "–",
        "changes": row.changes,
        "summary": summary,
        "troubles": [
            (cell, label, say(finding, language)) for cell, label, finding in row.troubles
        ],
    }


def _carry_out(
    request: HttpRequest, register: Register, kept: ImportPlan, plan: plans.Plan, path: Path
) -> HttpResponse:
    digest = plan.digest()
    if digest != kept.digest or request.POST.get("digest") != digest:
        kept.digest = digest
        kept.save()
        raise Refused.because("import.plan-changed", kept.name)
    with transaction.atomic():
        # Two clicks, two workers: the second waits here and then finds it done.
        locked = ImportPlan.objects.select_for_update().get(pk=kept.pk)
        if locked.batch_id is not None:
            raise Refused.because("import.already-done", kept.name)
        batch = exchange.carry_out(
            [plan], actor=request.user, source=kept.name, reason=request.POST.get("reason", "")
        )
        locked.batch = batch
        locked.save()
    path.unlink(missing_ok=True)
    done = batch.created + batch.changed
    text = ngettext(
        "{count} row imported: {created} new, {changed} changed.",
        "{count} rows imported: {created} new, {changed} changed.",
        done,
    )
    messages.success(request, text.format(count=done, created=batch.created, changed=batch.changed))
    return HttpResponseRedirect(
        f"/{register.path}/?state=draft" if batch.created else f"/{register.path}/"
    )

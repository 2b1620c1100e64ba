"""The pages of proofreading: hand in, look through, set aside, take the comments along."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.checker import commenting
from taizhang.checker.saying import said
from taizhang.checker.words import word
from taizhang.documents.docx_comments import Remark as Comment
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.figures.views import asked_scope
from taizhang.ledger import access
from taizhang.ledger.render import period_label
from taizhang.wording import say

from . import actions, paper
from .comparing import Compared, Remark, compared
from .models import Manuscript

SHOWN = 50
"""Manuscripts on the first page."""
MOST = 300
"""Remarks beside a text; a page with thousands helps nobody, the commented copy has them all."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Hand in a manuscript, and those that were handed in."""
    scope = asked_scope(request)
    problems: list[str] = []
    if request.method == "POST":
        try:
            manuscript = _hand_in(request, scope)
        except Refused as refused:
            problems = [say(finding, _language()) for finding in refused.findings]
        else:
            return HttpResponseRedirect(reverse("check", args=(manuscript.pk,)))
    rows = _visible(request).select_related("unit", "handed_in_by")[: SHOWN + 1]
    lines = [
        {
            "manuscript": row,
            "period": period_label(Period.parse(row.period)),
            "removable": actions.may_take_away(row, request.user),
        }
        for row in rows[:SHOWN]
    ]
    context = {
        "scope": scope,
        "problems": problems,
        "pasted": request.POST.get("text", ""),
        "title": request.POST.get("name", ""),
        "lines": lines,
        "more": len(rows) > SHOWN,
        "shown": SHOWN,
        "limit": settings.UPLOAD_LIMIT_MB,
        "longest": actions.LONGEST,
    }
    return render(request, "checks/index.html", context, status=422 if problems else 200)


def _hand_in(request: HttpRequest, scope: Any) -> Manuscript:
    around = {"unit": scope.unit, "period": scope.period, "by": request.user}
    if given := request.FILES.get("file"):
        return actions.hand_in_file(given, **around)
    name = " ".join(request.POST.get("name", "").split())[:120]
    return actions.hand_in_text(request.POST.get("text", ""), name or _("Pasted text"), **around)


def _visible(request: HttpRequest) -> Any:
    """The manuscripts of the units that exist for the user."""
    return Manuscript.objects.filter(unit_id__in=access.of(request.user).ranks)


def _manuscript(request: HttpRequest, pk: int) -> Manuscript:
    found: Manuscript | None = (
        _visible(request).select_related("unit", "handed_in_by").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The text with its marks, and beside it what was found."""
    manuscript = _manuscript(request, pk)
    found = compared(manuscript, request.user)
    must, hints = found.open("error", "warning"), found.open("hint")
    places = len(must)
    more = max(len(must) + len(hints) - MOST, 0)
    must, hints = must[:MOST], hints[: max(MOST - len(must), 0)]
    numbered = [*must, *hints]
    states = [verdict.state for verdict in found.verdicts]
    context = {
        "manuscript": manuscript,
        "period": period_label(Period.parse(manuscript.period)),
        "scope": asked_scope(request),
        "parts": paper.paper(found, numbered),
        "must": [_line(found, n, r) for n, r in enumerate(must, start=1)],
        "hints": [_line(found, n, r) for n, r in enumerate(hints, start=len(must) + 1)],
        "dismissed": [_line(found, 0, remark) for remark in found.dismissed],
        "places": places,
        "more": more,
        "quantities": len(states),
        "agree": states.count("agrees"),
        "unknown": states.count("unknown"),
        "matched": _matched(found),
        "may_dismiss": actions.may_dismiss(manuscript, request.user),
        "removable": actions.may_take_away(manuscript, request.user),
    }
    return render(request, "checks/check.html", context)


def _line(found: Compared, number: int, remark: Remark) -> dict[str, Any]:
    """A remark as the page says it."""
    places = paper.sections(found, remark.spans[:12])
    for n, one in enumerate(places):
        one["id"] = paper.place(number, n) if number else ""
    line: dict[str, Any] = {
        "n": number,
        "remark": remark,
        "places": places,
        "rest": len(remark.spans) - len(places),
        "fact": remark.fact,
    }
    if remark.issue is None:
        return line | {"heading": word("ledger", _language()), "reason": "", "suggestion": ""}
    words = said(remark.issue, _language())
    return line | {
        "heading": words.heading,
        "reason": words.reason,
        "suggestion": words.suggestion,
    }


def _matched(found: Compared) -> list[dict[str, Any]]:
    """The quantities that are a figure of the ledger, in reading order."""
    return [
        {
            "quantity": quantity,
            "fact": found.facts[verdict.code],
            "agrees": verdict.state == "agrees",
        }
        for quantity, verdict in zip(found.report.quantities, found.verdicts, strict=True)
        if verdict.code and verdict.state != "unknown"
    ]


@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare with the period that the page's switch is set to."""
    manuscript = _manuscript(request, pk)
    scope = asked_scope(request)
    actions.compare_with(manuscript, scope.period)
    messages.success(
        request,
        _("Compared with the ledger of %(period)s.") % {"period": scope.period_label},
    )
    return HttpResponseRedirect(reverse("check", args=(pk,)))


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a remark aside, for the whole unit and for later versions too."""
    manuscript = _manuscript(request, pk)
    remark = _remark(manuscript, request)
    found = " … ".join(one["words"] for one in remark["places"])
    actions.dismiss(
        manuscript,
        key=remark["remark"].key,
        code=remark["remark"].code,
        words=found,
        reason=request.POST.get("reason", ""),
        by=request.user,
    )
    messages.success(request, _("Set aside. It is not shown for this unit any more."))
    return HttpResponseRedirect(reverse("check", args=(pk,)))


def _remark(manuscript: Manuscript, request: HttpRequest) -> dict[str, Any]:
    found = compared(manuscript, request.user)
    key = request.POST.get("key", "")
    remark = next((one for one in found.remarks if one.key == key), None)
    if remark is None:
        raise Refused.because("manuscript.changed", manuscript.name)
    return _line(found, 0, remark)


@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a dismissal."""
    manuscript = _manuscript(request, pk)
    actions.ask_again(manuscript, key=request.POST.get("key", ""), by=request.user)
    messages.success(request, _("The remark is shown again."))
    return HttpResponseRedirect(reverse("check", args=(pk,)))


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a manuscript with its file."""
    manuscript = _manuscript(request, pk)
    name = manuscript.name
    actions.take_away(manuscript, by=request.user)
    messages.success(request, _("%(name)s was deleted.") % {"name": name})
    return HttpResponseRedirect(reverse("checks"))


@require_GET
def commented(request: HttpRequest, pk: int) -> FileResponse:
    """The manuscript with what was found as Word comments; what was set aside is left out."""
    manuscript = _manuscript(request, pk)
    found = compared(manuscript, request.user)
    language = _language()
    remarks = found.open("error", "warning", "hint")
    issues = [remark.issue for remark in remarks if remark.issue is not None]
    extra = [_ledger_comment(remark, language) for remark in remarks if remark.issue is None]
    target = BytesIO()
    commenting.write(
        actions.path_of(manuscript),
        found.read,
        found.report,
        target,
        language=language,
        extra=extra,
        issues=issues,
    )
    target.seek(0)
    name = f"{Path(manuscript.name).stem}-{word('suffix', language)}-{timezone.localdate()}.docx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=WORD)


def _ledger_comment(remark: Remark, language: str) -> Comment:
    assert remark.fact is not None
    assert remark.quantity is not None
    fact, span = remark.fact, remark.spans[0]
    sentence = word(
        "ledger-differs",
        language,
        text=remark.quantity.text,
        figure=fact.definition.name.say(language),
        value=fact.prints or fact.text,
    )
    return Comment(span.start, span.end, f"【{word('error', language)}】{sentence}")


def _language() -> str:
    return get_language() or "zh"

"""The pages of submissions: all of them, one on its way or signed, and its drift."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taizhang.documents import qr
from taizhang.engines.figures.numerals import plain
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.engines.sealing.frozen import CAPTION
from taizhang.figures.facts import facts
from taizhang.figures.scope import page_period, visible_unit
from taizhang.figures.views import change
from taizhang.jobs.models import Job
from taizhang.jobs.queue import enqueue
from taizhang.ledger import access
from taizhang.ledger.render import period_label
from taizhang.org.models import Unit
from taizhang.outlines import catalogue
from taizhang.outlines.compile import Report, report
from taizhang.wording import say

from . import above, drift, flow, freezing, sealed
from .models import State, Submission
from .stored import Frozen

CAUSE_TITLES = {
    "added": gettext_lazy("Added late"),
    "corrected": gettext_lazy("Corrected"),
    "retagged": gettext_lazy("Sorted otherwise"),
    "voided": gettext_lazy("Voided"),
    "moved": gettext_lazy("Unit moved"),
    "related": gettext_lazy("Changed through another record"),
    "definition": gettext_lazy("Definition changed"),
}
PER_PAGE = 50
SIGNED_WATCHED = 12
"""Signed reports whose figures the workbench compares with those of today."""


def visible(user: Any) -> QuerySet[Submission]:
    """The submissions that exist for a user: those of the units below theirs."""
    known = Submission.objects.select_related("unit", "written_by", "reviewed_by", "signed_by")
    return known.filter(unit__in=access.of(user).units())


def find(request: HttpRequest, pk: int) -> Submission:
    """A submission by number; to whom it is not visible there is none."""
    found = visible(request.user).select_related("restates").filter(pk=pk).first()
    if found is None:
        raise Http404
    flow.heal(found)
    return found


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All submissions one may see, the newest first; those that wait for the reader on top."""
    rows = visible(request.user)
    state = request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_line(one) for one in page],
        "mine": [_line(one) for one in waiting_for(request.user)],
        "states": State.choices,
        "state": state,
    }
    return render(request, "submissions/index.html", context)


def waiting_for(user: Any) -> list[Submission]:
    """The submissions in which the user's step is the next."""
    rows = visible(user).filter(state__in=(State.WAITING, State.REVIEWED)).order_by("written_at")
    next_step = {State.WAITING: "review", State.REVIEWED: "sign"}
    return [
        one
        for one in rows[:PER_PAGE]
        if next_step[State(one.state)] in flow.steps_open_to(one, user)
    ]


@require_GET
@never_cache
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A submission: the paper, who has done what, and what the reader may do."""
    submission = find(request, pk)
    context = _signed(submission) if submission.is_signed else _on_its_way(submission)
    context |= {
        "submission": submission,
        "period_label": period_label(submission.span),
        "stages": _stages(submission),
        "steps": submission.steps.select_related("by"),
        "may": flow.steps_open_to(submission, request.user),
        "countersigner": above.may_countersign(submission, request.user),
        "later": submission.restated_by.exclude(state=State.WITHDRAWN).first(),
        "address": f"unit={submission.unit.code}&period={submission.period}",
        "job": Job.objects.filter(pk=submission.job).first() if submission.job else None,
    }
    return render(request, "submissions/submission.html", context)


@require_GET
@never_cache
def drifted(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed since a report was signed, figure by figure and record by record."""
    submission = find_signed(request, pk)
    found = drift.drift(submission)
    names = {one.code: one.name for one in found.figures}
    context = {
        "submission": submission,
        "period_label": period_label(submission.span),
        "found": found,
        "causes": [
            {"cause": cause, "title": CAUSE_TITLES[cause], "changes": _told(changes, names)}
            for cause, changes in found.by_cause().items()
        ],
        "findings": [say(one, get_language() or "zh") for one in found.findings],
        "may_restate": flow.may(request.user, submission.unit, "submit")
        and flow.open_one(submission.unit, submission.span, submission.code) is None
        and _is_latest(submission),
        "address": f"unit={submission.unit.code}&period={submission.period}",
    }
    return render(request, "submissions/drift.html", context)


@require_GET
@never_cache
def tile(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and which signed reports drift: fetched by the workbench."""
    signed = visible(request.user).filter(state=State.SIGNED, restated_by=None)
    context = {
        "mine": waiting_for(request.user),
        "drifting": [one for one in signed[:SIGNED_WATCHED] if drift.drifts(one)],
    }
    return render(request, "submissions/_tile.html", context)


@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Hand up the report of a unit and period."""
    unit = visible_unit(request.user, request.POST.get("unit", ""))
    if unit is None:
        raise Http404
    period = page_period(request.POST.get("period", ""))
    made = report(catalogue.find(code, unit, period), unit, period)
    shown, reason = request.POST.get("shown", ""), request.POST.get("reason", "")
    submission = flow.submit(made, shown, actor=request.user, reason=reason)
    messages.success(request, _("Submitted; somebody else reviews it now."))
    return _to(submission)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the report is right."""
    submission = find(request, pk)
    words = request.POST.get("text", "")
    flow.review(submission, request.POST.get("shown", ""), actor=request.user, text=words)
    messages.success(request, _("Reviewed; it waits for its signature now."))
    return _to(submission)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the report back with what is to be done."""
    submission = find(request, pk)
    flow.send_back(submission, actor=request.user, text=request.POST.get("text", ""))
    messages.success(request, _("Sent back."))
    return _to(submission)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report back before it is signed."""
    submission = find(request, pk)
    flow.withdraw(submission, actor=request.user)
    messages.success(request, _("Withdrawn; it can be changed and submitted again."))
    return _to(submission)


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something at a place of the report."""
    submission = find(request, pk)
    place = request.POST.get("place", "")
    flow.remark(submission, place, actor=request.user, text=request.POST.get("text", ""))
    return HttpResponseRedirect(reverse("submission", args=(pk,)) + f"#{place or 'remarks'}")


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the report: the job that freezes it shows how far it is."""
    submission = find(request, pk)
    job = flow.sign(submission, request.POST.get("shown", ""), actor=request.user)
    return HttpResponseRedirect(reverse("job", args=(job.pk,)))


@require_POST
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for the unit above; the whole file is checked first."""
    submission = find_signed(request, pk)
    if above.may_countersign(submission, request.user) is None:
        raise Refused.because("submission.not-above")
    title = _("Counter-signing: {title}").format(title=submission.title)
    payload = {"submission": submission.pk}
    job = enqueue("submissions.countersign", payload, actor=request.user, title=title)
    return HttpResponseRedirect(reverse("job", args=(job.pk,)))


def find_signed(request: HttpRequest, pk: int) -> Submission:
    """A signed submission; refuses one that is not."""
    submission = find(request, pk)
    if not submission.is_signed:
        raise Refused.because("submission.not-signed", str(submission))
    return submission


def _to(submission: Submission) -> HttpResponse:
    return HttpResponseRedirect(reverse("submission", args=(submission.pk,)))


def _is_latest(submission: Submission) -> bool:
    found = flow.latest(submission.unit, submission.span, submission.code)
    return found is not None and found.pk == submission.pk


def _line(submission: Submission) -> dict[str, Any]:
    return {"submission": submission, "period": period_label(submission.span)}


def _on_its_way(submission: Submission) -> dict[str, Any]:
    """The report as it would be signed now."""
    made = flow.compiled(submission)
    shown = freezing.fingerprint(made)
    language = get_language() or "zh"
    return {
        "blocks": made.compiled.document.blocks,
        "shown": shown,
        "changed": shown != submission.shown,
        "findings": [
            {"finding": one, "text": say(one, language)} for one in made.compiled.findings
        ],
        "must": len(made.missing()),
        "versus": _versus(made, submission.span),
    }


def _versus(made: Report, period: Period) -> list[dict[str, Any]]:
    """Each figure that is not what it was last year: what a leader looks at first."""
    before = facts(made.facts, made.unit.code, period.a_year_before())
    return [
        {"fact": fact, "before": before[code], "change": change(fact, before[code])}
        for code, fact in made.facts.items()
        if fact.value != before[code].value
    ]


def _signed(submission: Submission) -> dict[str, Any]:
    """The report as it was signed, with the figures that drift marked in it."""
    frozen = Frozen(submission.root)
    seal = sealed.seal_of(frozen)
    figures = drift.drift(submission).figures
    return {
        "blocks": frozen.document.blocks,
        "drifting": {one.code for one in figures if one.drifts},
        "figures": figures,
        "seal": seal,
        "qr": qr.svg(seal.text()),
        "signatures": _signatures(frozen),
        "caption": CAPTION,
    }


def _signatures(frozen: Frozen) -> list[dict[str, Any]]:
    """Who has signed the file; a unit that is known here by its name instead of its code."""
    entries = frozen.parts["signatures"]
    units = Unit.objects.filter(code__in=[one["unit"] for one in entries])
    names = dict(units.values_list("code", "name"))
    return [{**one, "unit": names.get(one["unit"], one["unit"])} for one in entries]


def _stages(submission: Submission) -> list[dict[str, Any]]:
    """Write, review, sign, seal: what is done, and where it stands."""
    order = [State.WAITING, State.REVIEWED, State.SIGNING, State.SIGNED]
    names = (
        pgettext("step", "Writing"),
        pgettext("step", "Review"),
        pgettext("step", "Signature"),
        pgettext("step", "Seal"),
    )
    if submission.state not in order:
        reached = 0
    else:
        reached = order.index(State(submission.state)) + 1
    return [
        {"name": name, "done": number < reached or submission.is_signed, "now": number == reached}
        for number, name in enumerate(names)
    ]


def _told(changes: list[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    """Changed records with the address of each, and what it did to which figures."""
    return [
        {
            "change": one,
            "url": f"/{one.register.replace('.', '/')}/{one.number}/",
            "told": one.deciding,
            "effects": [
                {"name": names[effect.code], "text": _difference(effect.difference)}
                for effect in one.effects
            ],
        }
        for one in changes
    ]


def _difference(value: Any) -> str:
    if value is None:
        return ""
    text = _("up {number}") if value > 0 else _("down {number}")
    return text.format(number=plain(abs(value)))


def open_and_latest(unit: Any, period: Period, code: str) -> dict[str, Any]:
    """What the page of a draft says about its submissions."""
    return {
        "open": flow.open_one(unit, period, code),
        "latest": flow.latest(unit, period, code),
        "returned": Submission.objects.filter(
            unit=unit, period=period.text, code=code, state=State.RETURNED
        ).first(),
    }

"""Writing through the API: a plan first, which writes nothing, then its confirmation."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from taizhang.engines.findings import Refused
from taizhang.exchange.models import ImportPlan
from taizhang.exchange.work import AT_ONCE_ROWS
from taizhang.jobs.models import Job
from taizhang.jobs.queue import enqueue
from taizhang.ledger import access, problems
from taizhang.ledger.access import Verb
from taizhang.ledger.middleware import status_of
from taizhang.ledger.register import Register
from taizhang.ledger.views import find_register

from . import bodies, plan_shape, planned, tasks
from .api_views import answer, no_query, require


def document_of(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object."""
    if request.content_type != "application/json":
        raise Refused.because("api.not-json", given=request.content_type or "–")
    if not request.META.get("CONTENT_LENGTH") and "Transfer-Encoding" in request.headers:
        raise Refused.because("api.no-length")  # WSGI does not tell where such a body ends
    document = bodies.parse(request.read())
    if not isinstance(document, dict):
        raise Refused.because("api.not-an-object")
    return document


def make(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Plan what these rows would do."""
    register = find_register(app, kind)
    require(request, Verb.IMPORT, register)
    no_query(request)
    document = document_of(request)
    token = getattr(request, "token", None)
    name = token.name if token else "API"
    kept, plan = planned.make(register, document, actor=request.user, name=name)
    response = answer(plan_shape.waiting(kept, plan), status=201)
    response.headers["Location"] = plan_shape.address(kept)
    return response


def _kept(request: HttpRequest, app: str, kind: str, pk: int) -> tuple[Register, ImportPlan]:
    """A plan of the caller's own; others' plans do not exist."""
    register = find_register(app, kind)
    require(request, Verb.IMPORT, register)
    no_query(request)
    kept = planned.find(register, request.user, pk)
    if kept is None:
        raise Http404
    return register, kept


def _job(kept: ImportPlan) -> Job | None:
    return Job.objects.filter(pk=kept.job).first() if kept.job else None


def show(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """The plan as it would be carried out now; once carried out, what came of it."""
    register, kept = _kept(request, app, kind, pk)
    if kept.batch_id is not None:
        return answer(plan_shape.done(kept))
    job = _job(kept)
    if job is not None and not job.is_over:
        return answer(plan_shape.going(kept, job))
    plan = planned.again(register, kept, actor=request.user)
    return answer(plan_shape.waiting(kept, plan, job))


def confirm(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Carry the plan out, all of it in one batch; a second time answers what the first one did."""
    register, kept = _kept(request, app, kind, pk)
    given = _answer(document_of(request))
    if kept.batch_id is not None:
        return answer(plan_shape.done(kept))
    job = _job(kept)
    if job is not None and not job.is_over:
        return answer(plan_shape.going(kept, job), status=202)
    try:
        if kept.rows > AT_ONCE_ROWS and given.digest == kept.digest:
            return _later(request, register, kept, given)
        plan = planned.agreed(register, kept, given, actor=request.user)
    except planned.Moved as moved:
        told = plan_shape.waiting(kept, moved.plan)
        return problems.problem(request.path, status_of(moved), moved.findings, plan=told)
    kept = planned.write(kept, plan, given, actor=request.user)
    planned.tidy(kept)
    return answer(plan_shape.done(kept))


def _later(
    request: HttpRequest, register: Register, kept: ImportPlan, given: planned.Answer
) -> HttpResponse:
    job = enqueue(
        tasks.CARRY_OUT,
        tasks.payload(kept, given, access.limits_of(request.user)),
        actor=request.user,
        title=_("Writing {count} rows from {program} to {register}").format(
            count=kept.rows, program=kept.name, register=register.label_plural
        ),
    )
    kept.job = job.pk
    kept.save(update_fields=["job"])
    response = answer(plan_shape.going(kept, job), status=202)
    response.headers["Location"] = plan_shape.address(kept)
    return response


def _answer(document: dict[str, Any]) -> planned.Answer:
    looked = document.get("looked", False)
    if not isinstance(looked, bool):
        raise Refused.because("api.not-a-truth", "looked", name="looked")
    return planned.Answer(_text(document, "digest"), _text(document, "reason"), looked)


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused.because("api.not-a-text", name, name=name)
    return value


def drop(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """Give a plan up; one that was carried out stays."""
    _register, kept = _kept(request, app, kind, pk)
    planned.drop(kept)
    return HttpResponse(status=204)


def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the writing of a large plan is."""
    no_query(request)
    found = Job.objects.filter(pk=pk, kind=tasks.CARRY_OUT, actor=request.user).first()  # type: ignore[misc]
    if found is None:
        raise Http404
    return answer(plan_shape.job_as_json(found))

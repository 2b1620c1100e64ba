"""A person's own jobs: how far they are, what came of them, and the files they made."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused

from . import queue, show
from .models import Job

SHOWN = 100


def _own(request: HttpRequest, pk: int) -> Job:
    """The job, if the person asked for it; to anybody else there is none."""
    return get_object_or_404(Job, pk=pk, actor=request.user)


@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """My jobs, the newest first."""
    jobs = Job.objects.filter(actor_id=request.user.pk).order_by("-id")[:SHOWN]
    shown = show.many(list(jobs))
    context = {
        "jobs": shown,
        "going": any(not one.job.is_over for one in shown),
        "kept": settings.JOB_KEPT_DAYS,
    }
    return render(request, "jobs/index.html", context)


@require_GET
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; while it goes on, its progress is fetched every second."""
    job = _own(request, pk)
    return render(request, "jobs/job.html", {"shown": show.one(job), "job": job})


@require_GET
@never_cache
@login_not_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that moves; when the job is over, the page is loaded anew.

    So it is when the session has ended meanwhile: a form to sign in has no place in this part.
    """
    job = _own(request, pk) if request.user.is_authenticated else None
    if job is None or job.is_over:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "jobs/_progress.html", {"shown": show.one(job)})


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that the job not be done, or no further."""
    queue.cancel(_own(request, pk))
    return HttpResponseRedirect(reverse("job", args=[pk]))


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a failed or cancelled job wait once more."""
    queue.retry(_own(request, pk))
    messages.success(request, _("It waits to be done once more."))
    return HttpResponseRedirect(reverse("job", args=[pk]))


@require_GET
@never_cache
def output(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that the job made."""
    job = _own(request, pk)
    path: Path = settings.JOBS_ROOT / job.output
    if not job.output or not path.is_file():
        raise Refused.because("jobs.file-gone", name=job.output_name or job.title)
    return FileResponse(path.open("rb"), as_attachment=True, filename=job.output_name)

"""Where a refusal becomes a page: a sentence that names the place and the cure."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from taizhang.engines.findings import Refused
from taizhang.jobs.faults import is_busy, is_disk_full
from taizhang.wording import say

from . import access, problems

_STATUS = {
    "access.role-too-low": 403,
    "write.not-allowed": 403,
    "query.personal-field": 403,
    "query.unknown-unit": 404,
    "figure.unknown": 404,
    "report.unknown-outline": 404,
    "outline.not-yours": 403,
    "ownfigure.not-yours": 403,
    "outline.block-gone": 404,
    "outline.no-version": 404,
    "outline.changed-meanwhile": 409,
    "outline.file-too-large": 413,
    "document.too-large": 413,
    "document.body-too-large": 413,
    "document.disk-full": 507,
    "jobs.database-busy": 503,
    "write.changed-meanwhile": 409,
    "import.plan-changed": 409,
    "api.no-token": 401,
    "api.bad-token": 401,
    "api.no-access": 403,
    "api.not-covered": 403,
    "api.personal-sort": 403,
    "api.csrf": 403,
    "api.not-found": 404,
    "api.wrong-method": 405,
    "api.no-length": 411,
    "api.body-too-large": 413,
    "api.not-json": 415,
    "api.not-multipart": 415,
    "api.too-many": 429,
    "api.too-many-failures": 429,
    "import.invalid-rows": 422,
    "import.reason-needed": 422,
}


class RememberingMiddleware:
    """While a page is only read, the same question is asked of the database once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with access.remembering():
            return self.get_response(request)


class RefusalMiddleware:
    """Turns ``Refused`` into an answer, and turns away bodies that are too large to be read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.UPLOAD_LIMIT_MB
        for address, limit_there in settings.BODY_LIMITS_MB.items():
            if re.fullmatch(address, request.path):
                limit = limit_there
        if length.isdigit() and int(length) > (limit + 1) * 1024 * 1024:
            size = f"{int(length) / 1024 / 1024:.0f}"
            return refusal_page(
                request, Refused.because("document.body-too-large", size=size, limit=limit)
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal, a full disk and a busy one; any other fault goes on to the 500 page."""
        if is_disk_full(error):
            error = Refused.because("document.disk-full", path="", reason=str(error))
        elif is_busy(error):
            error = Refused.because("jobs.database-busy")
        return refusal_page(request, error) if isinstance(error, Refused) else None


def status_of(refused: Refused) -> int:
    """The HTTP status that says most about a refusal."""
    return max(_STATUS.get(finding.code, 400) for finding in refused.findings)


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentences of a refusal: back on the page it came from, as a page, or as JSON."""
    status = status_of(refused)
    if problems.is_wanted(request.path):
        return problems.problem(request.path, status, refused.findings)
    language = get_language() or "zh"
    sentences = [say(finding, language) for finding in refused.findings]
    back = request.headers.get("referer", "")
    here = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    if request.method == "POST" and here and status not in (403, 404, 413, 503, 507):
        for sentence in sentences[:5]:
            messages.error(request, sentence)
        return HttpResponseRedirect(back)
    context = {"status": status, "sentences": sentences, "back": back if here else "/"}
    return render(request, "refused.html", context, status=status)

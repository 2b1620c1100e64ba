"""Where a refusal becomes a page: a sentence that names the place and the cure."""

from __future__ import annotations

import errno
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from taizhang.engines.findings import Refused
from taizhang.wording import say

from . import access

_STATUS = {
    "access.role-too-low": 403,
    "write.not-allowed": 403,
    "query.personal-field": 403,
    "query.unknown-unit": 404,
    "figure.unknown": 404,
    "report.unknown-outline": 404,
    "document.too-large": 413,
    "document.disk-full": 507,
    "write.changed-meanwhile": 409,
    "import.plan-changed": 409,
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
        limit = settings.UPLOAD_LIMIT_MB + 1
        if length.isdigit() and int(length) > limit * 1024 * 1024:
            size = f"{int(length) / 1024 / 1024:.0f}"
            return refusal_page(
                request,
                Refused.because(
                    "document.too-large", name="", size=size, limit=settings.UPLOAD_LIMIT_MB
                ),
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal and a full disk; anything else is a fault and goes on to the 500 page."""
        if is_disk_full(error):
            error = Refused.because("document.disk-full", path="", reason=str(error))
        return refusal_page(request, error) if isinstance(error, Refused) else None


def is_disk_full(error: BaseException) -> bool:
    """Whether the disk or the database says that there is no room left."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    full = ("disk is full", "no space left", "disk full")
    return isinstance(error, DatabaseError) and any(word in str(error).lower() for word in full)


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentences of a refusal: back on the page it came from, as a page, or as JSON."""
    language = get_language() or "zh"
    status = max(_STATUS.get(finding.code, 400) for finding in refused.findings)
    sentences = [say(finding, language) for finding in refused.findings]
    if request.path.endswith(".json"):
        problem = {"status": status, "detail": " ".join(sentences)}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    back = request.headers.get("referer", "")
    here = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    if request.method == "POST" and here and status not in (403, 404, 413, 507):
        for sentence in sentences[:5]:
            messages.error(request, sentence)
        return HttpResponseRedirect(back)
    context = {"status": status, "sentences": sentences, "back": back if here else "/"}
    return render(request, "refused.html", context, status=status)

"""What stands before every address of the API: size, token, rate, and problems as problems."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from taizhang.engines.findings import Finding, Refused
from taizhang.ledger import access, problems
from taizhang.ledger.middleware import status_of

from . import actions, buckets
from .buckets import Grant
from .models import Token

MB = 1024 * 1024
BUSY_SECONDS = "10"
"""After so long a large write by somebody else may well be over."""
_CHALLENGE = 'Bearer realm="taizhang"'
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate", "Content-Language")


class ApiMiddleware:
    """Turns away bodies that are too large, and makes whatever went wrong a problem+json."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not problems.is_wanted(request.path) or not request.path.startswith(problems.API):
            return self.get_response(request)
        response = self._too_large(request) or self.get_response(request)
        if response.status_code >= 400 and not _is_problem(response):
            response = self._as_problem(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", BUSY_SECONDS)
        return response

    def _too_large(self, request: HttpRequest) -> HttpResponse | None:
        """Files may be larger than JSON; ``RefusalMiddleware`` knows their limit."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.API_BODY_LIMIT_MB
        if request.content_type == "multipart/form-data" or not length.isdigit():
            return None
        if int(length) <= limit * MB:
            return None
        size = f"{int(length) / MB:.0f}"
        params = {"size": size, "limit": limit}
        return problems.problem(
            request.path, 413, [Finding("api.body-too-large", "must", "", params)]
        )

    def _as_problem(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        language = response.headers.get("Content-Language") or settings.LANGUAGE_CODE
        with translation.override(language):
            told = _told(request, response)
            found = problems.problem(request.path, response.status_code, told)
        for name in _KEPT_HEADERS:
            if name in response.headers:
                found.headers[name] = response.headers[name]
        return found


def _is_problem(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith(problems.MEDIA_TYPE)


def _told(request: HttpRequest, response: HttpResponse) -> list[Finding]:
    match response.status_code:
        case 403:
            return [Finding("api.csrf")]
        case 404:
            return [Finding("api.not-found", "must", request.path)]
        case 405:
            allowed = response.headers.get("Allow", "")
            return [wrong_method(request, allowed)]
        case status if status >= 500:
            return [Finding("api.fault")]
    return [Finding("api.bad-request")]


def wrong_method(request: HttpRequest, allowed: str) -> Finding:
    """That an address does not know the method, and which it knows."""
    return Finding("api.wrong-method", "must", "", {"method": request.method, "allowed": allowed})


class TokenMiddleware:
    """Lets programs in: with a token they are its user, within its limits; cookies do not count.

    Without one, whoever is signed in may use the API too; their writes need the CSRF token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(problems.API):
            return self.get_response(request)
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            if request.user.is_authenticated or not problems.is_wanted(request.path):
                return self.get_response(request)
            return _unauthorised(request, "api.no-token")
        token = actions.find(secret.strip())
        if token is None or not token.is_open or not token.user.is_active:
            return _failed(request)
        grant = buckets.requests.take(str(token.pk), settings.API_RATE, time.monotonic())
        response = self._answer(request, token) if grant.allowed else _too_many(request, grant)
        return _with_rate(response, grant)

    def _answer(self, request: HttpRequest, token: Token) -> HttpResponse:
        user: Any = token.user
        access.limit(user, actions.limits(token))
        request.user = user
        request.token = token  # type: ignore[attr-defined]
        # No cookie has spoken for this request, so no other site can have made a browser send it.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        known = access.of(user)
        if not known.ranks and not known.past:
            return problems.problem(request.path, 403, [Finding("api.no-access")])
        actions.touch(token)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What is not there or not allowed, told as a problem in the reader's language."""
        if not problems.is_wanted(request.path):
            return None
        if isinstance(error, Http404):
            found = Finding("api.not-found", "must", request.path)
            return problems.problem(request.path, 404, [found])
        if isinstance(error, PermissionDenied):
            return problems.problem(request.path, 403, [Finding("api.not-covered")])
        return None


def _failed(request: HttpRequest) -> HttpResponse:
    """A wrong token; an address that sends many is told to wait. Right ones are always let in."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    grant = buckets.failures.take(address, settings.API_FAILURES, time.monotonic())
    if not grant.allowed:
        return _too_many(request, grant, "api.too-many-failures")
    return _unauthorised(request, "api.bad-token")


def _unauthorised(request: HttpRequest, code: str) -> JsonResponse:
    response = problems.problem(request.path, 401, [Finding(code)])
    error = ', error="invalid_token"' if code == "api.bad-token" else ""
    response.headers["WWW-Authenticate"] = _CHALLENGE + error
    return response


def _too_many(request: HttpRequest, grant: Grant, code: str = "api.too-many") -> JsonResponse:
    refused = Refused.because(code, limit=grant.limit, wait=grant.wait)
    response = problems.problem(request.path, status_of(refused), refused.findings)
    response.headers["Retry-After"] = str(grant.wait)
    return response


def _with_rate(response: HttpResponse, grant: Grant) -> HttpResponse:
    response.headers["RateLimit-Limit"] = str(grant.limit)
    response.headers["RateLimit-Remaining"] = str(grant.remaining)
    response.headers["RateLimit-Reset"] = str(grant.reset)
    return response

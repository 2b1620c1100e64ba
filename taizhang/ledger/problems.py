"""What went wrong, for programs: problem+json (RFC 9457) with every finding and its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.engines.findings import Finding
from taizhang.wording import say

MEDIA_TYPE = "application/problem+json"
API = "/api/"
API_PAGE = "/api/v1/"


def is_wanted(path: str) -> bool:
    """Whether an answer goes to a program: the API but for its readable page, and .json files."""
    return path.endswith(".json") or (path.startswith(API) and path != API_PAGE)


def problem(path: str, status: int, findings: Iterable[Finding] = (), **more: Any) -> JsonResponse:
    """The problem at an address as an answer. ``type`` names what was found first; ``more`` are further members."""
    found = list(findings)
    told = [as_json(finding) for finding in found]
    body: dict[str, Any] = {
        "type": f"urn:taizhang:problem:{found[0].code}" if found else "about:blank",
        "title": title(status),
        "status": status,
        "detail": " ".join(one["sentence"] for one in told) or title(status),
        "instance": path,
        "findings": told,
        **more,
    }
    return JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as programs read it: code and parameters to act on, the sentence to show."""
    return {
        "code": finding.code,
        "where": finding.where,
        "params": _plain(finding.params),
        "sentence": say(finding, get_language() or "zh"),
    }


def _plain(params: Mapping[str, object]) -> dict[str, Any]:
    kept = (str, int, float, bool, type(None))
    return {name: v if isinstance(v, kept) else str(v) for name, v in params.items()}


def title(status: int) -> str:
    """What a status means, in the language of the moment."""
    titles = {
        400: _("The request cannot be understood"),
        401: _("No valid token"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("This address does not do that"),
        409: _("Changed meanwhile"),
        411: _("Its length is not told"),
        413: _("Too large"),
        415: _("Not this kind of content"),
        422: _("This cannot be done"),
        429: _("Too many requests"),
        503: _("Busy at the moment"),
        507: _("The disk is full"),
    }
    return titles.get(status) or (_("Something went wrong here") if status >= 500 else titles[400])

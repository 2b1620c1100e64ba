"""Reading through the API."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.common import no_append_slash

from taizhang.engines.findings import Refused
from taizhang.ledger import access, catalogue, problems, query
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Entry
from taizhang.ledger.register import Register
from taizhang.ledger.views import find_record, find_register, query_string

from . import asked as reading
from . import paging, shape
from .middleware import wrong_method

Door = Callable[..., HttpResponseBase]


def door(**views: Door) -> Door:
    """One address with a view for each method; other methods are told which there are."""
    if "GET" in views:
        views["HEAD"] = views["GET"]
    allowed = ", ".join(sorted(views))

    @no_append_slash
    def entered(request: HttpRequest, **named: Any) -> HttpResponseBase:
        view = views.get(request.method or "")
        if view is None:
            found = wrong_method(request, allowed)
            response = problems.problem(request.path, 405, [found])
            response.headers["Allow"] = allowed
            return response
        return view(request, **named)

    return entered


def answer(data: Mapping[str, Any], status: int = 200) -> JsonResponse:
    """Data for a program; Chinese stands in it as Chinese."""
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def require(request: HttpRequest, verb: Verb, register: Register, record: Any = None) -> None:
    """Refuse what the token or the role of its user does not cover."""
    if not access.of(request.user).may(verb, register, record):
        raise Refused.because("api.not-covered", register.label, verb=str(verb))


def no_query(request: HttpRequest, *known: str) -> None:
    """Refuse parameters that this address does not have; they would be overlooked otherwise."""
    for name in request.GET:
        if name not in known:
            raise Refused.because("api.unknown-parameter", name[:60], name=name[:60])


def me(request: HttpRequest) -> HttpResponse:
    """Who the caller is, and what they may do where."""
    no_query(request)
    user: Any = request.user
    known = access.of(user)
    units = access.provider.names(known.roots)
    token = getattr(request, "token", None)
    return answer(
        {
            "user": {"name": str(user), "username": user.get_username()},
            "units": [{"code": code, "name": name} for code, name in units],
            "verbs": {
                "read": Verb.LIST in known.verbs,
                "write": Verb.IMPORT in known.verbs and bool(known.units("recorder")),
                "personal": Verb.PERSONAL in known.verbs and bool(known.units("recorder")),
            },
            "token": {
                "name": token.name,
                "prefix": token.prefix,
                "expires_on": token.expires_on.isoformat(),
            }
            if token
            else None,
            "limits": {"requests_per_minute": settings.API_RATE, "rows_per_page": reading.MOST},
        }
    )


def registers(request: HttpRequest) -> HttpResponse:
    """Every register with its fields."""
    no_query(request)
    found = [shape.register_as_json(r, request.user) for r in catalogue.registers()]
    return answer({"registers": found})


def controlled_lists(request: HttpRequest) -> HttpResponse:
    """The controlled lists there are."""
    no_query(request)
    found = [
        {"name": name, "terms": f"{shape.BASE}/terms/{name}/"} for name in shape.controlled_lists()
    ]
    return answer({"lists": found})


def terms(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The words of one controlled list."""
    no_query(request)
    model = shape.controlled_lists().get(f"{app}.{kind}")
    if model is None:
        raise Http404
    words = [shape.term_as_json(term) for term in model._default_manager.all()]
    return answer({"name": f"{app}.{kind}", "terms": words})


def rows(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The rows of a register, part by part."""
    register = find_register(app, kind)
    require(request, Verb.LIST, register)
    asked = reading.read(register, query_string(request))
    found = query.rows(register, asked.query, request.user)
    if asked.since is not None:
        found = paging.changed_since(found, asked.since)
    order = paging.order_of(register, asked, request.user)
    part = paging.part(found, order, asked)
    whole = shape.whole(register, part.numbers)
    data: dict[str, Any] = {
        "register": register.name,
        "rows": shape.records(register, whole, asked.fields, request.user),
        "next": _next(request, register, part.cursor),
    }
    if asked.since is not None:
        last = whole[-1] if whole else None
        data["resume"] = None if part.cursor else paging.resume(asked, last)
    if asked.count:
        data["count"], data["count_capped"] = paging.count(found)
    return answer(data)


def _next(request: HttpRequest, register: Register, cursor: str) -> str | None:
    """The address of the next part: as it was asked for, with the new cursor."""
    if not cursor:
        return None
    pieces = [
        piece
        for piece in query_string(request).split("&")
        if piece and not piece.startswith("cursor=")
    ]
    return f"{shape.BASE}/{register.path}/?{'&'.join([*pieces, f'cursor={quote(cursor)}'])}"


def record(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """One record; ``If-None-Match`` with what it was answers 304 while nothing has changed."""
    register = find_register(app, kind)
    found = find_record(register, request.user, pk)
    require(request, Verb.SHOW, register, found)
    no_query(request, "fields")
    fields = reading.read(register, query_string(request)).fields
    (data,) = shape.records(register, [found], fields, request.user)
    digest = hashlib.sha256(json.dumps(data).encode()).hexdigest()[:16]
    tag = f'"{found.version}-{digest}"'
    given = request.headers.get("If-None-Match", "")
    unchanged = tag in (one.strip().removeprefix("W/") for one in given.split(","))
    response = HttpResponseNotModified() if unchanged else answer(data)
    response.headers["ETag"] = tag
    return response


def history(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """What happened to a record and to its child rows, newest first, part by part."""
    register = find_register(app, kind)
    found = find_record(register, request.user, pk)
    require(request, Verb.SHOW, register, found)
    no_query(request, "cursor", "limit")
    asked = reading.read(register, query_string(request))
    part = paging.history_part(register, found, asked)
    listed = Entry.objects.filter(pk__in=part.numbers).select_related("actor")
    cursor = f"?limit={asked.limit}&cursor={quote(part.cursor)}" if part.cursor else ""
    address = f"{shape.BASE}/{register.path}/{pk}/history/"
    return answer(
        {
            "register": register.name,
            "record": pk,
            "entries": [shape.entry_as_json(entry) for entry in listed.order_by("-pk")],
            "next": address + cursor if cursor else None,
        }
    )


def not_there(request: HttpRequest, **named: Any) -> HttpResponse:
    """Anything else below ``/api/``."""
    raise Http404

"""What the API says about itself: ``openapi.json`` for programs, a page for people."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from taizhang.ledger import access, catalogue, problems
from taizhang.ledger.register import Register

from . import openapi, register_schemas
from .api_views import answer, no_query
from .asked import MOST, computed_names, field_names
from .shape import BASE

_STATUSES = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)


def openapi_document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    no_query(request)
    return answer(openapi.document())


def page(request: HttpRequest) -> HttpResponse:
    """The readable page: how to begin, and one register with addresses, fields and examples."""
    name = request.GET.get("register", "")
    register = catalogue.find(name) if name else _first()
    if register is None:
        raise Http404
    units = access.provider.names(access.of(request.user).roots)
    groups: dict[str, list[Register]] = {}
    for known in catalogue.registers():
        groups.setdefault(str(known.group), []).append(known)
    return render(
        request,
        "tokens/api.html",
        {
            "groups": groups,
            "register": register,
            "fields": _fields(register),
            "host": f"{request.scheme}://{request.get_host()}",
            "example": _example(register, units[0][0] if units else ""),
            "others": _others(),
            "statuses": [(status, problems.title(status)) for status in _STATUSES],
            "most": MOST,
            "rate": settings.API_RATE,
            "limit": settings.API_BODY_LIMIT_MB,
        },
    )


def _first() -> Register:
    """The register shown when none is asked for: one that every recorder writes to."""
    return next(known for known in catalogue.registers() if not known.manager_only)


def _fields(register: Register) -> list[dict[str, Any]]:
    """Name, label and meaning of each field; choices and limits are part of the meaning."""
    return [
        {
            "name": name,
            "field": register.fields[name],
            "says": register_schemas.meaning(register.fields[name]),
        }
        for name in (*field_names(register), *computed_names(register))
    ]


def _example(register: Register, unit: str) -> str:
    """A row to hand in, with the fields a new record needs."""
    row: dict[str, Any] = {}
    for name in register.editable:
        field = register.fields[name]
        if not (field.required or name in register.key):
            continue
        given = register_schemas.example(field)
        if name == "unit" and unit:
            given = unit
        row[name] = "…" if given is None else given
    return json.dumps({"rows": [row]}, ensure_ascii=False, indent=1)


def _others() -> list[tuple[str, str]]:
    """Addresses that belong to no register, each with what it is for."""
    paths = openapi.document()["paths"]
    registers = tuple(f"{BASE}/{register.path}/" for register in catalogue.registers())
    return [
        (address, operations["get"]["summary"])
        for address, operations in paths.items()
        if not address.startswith(registers)
    ]

"""Addresses of the API that layers above bring along, such as the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase

Operations = Callable[[], Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address below ``/api/v1/``.

    ``route`` is a regular expression for Django's ``re_path``, ``address`` the same for people and
    ``openapi.json`` (``figures/{code}/``), ``views`` has a view for each method, and ``operations``
    describes each method, in lower case, as OpenAPI does, in the language of the moment;
    ``schemas`` are what it refers to by name.
    """

    route: str
    address: str
    name: str
    views: Mapping[str, Callable[..., HttpResponseBase]]
    operations: Operations
    schemas: Callable[[], Mapping[str, Any]] = dict


_endpoints: list[Endpoint] = []


def add(endpoint: Endpoint) -> None:
    """Bring an address along; called while the apps are made ready."""
    _endpoints.append(endpoint)


def every() -> tuple[Endpoint, ...]:
    """The addresses that were brought along."""
    return tuple(_endpoints)

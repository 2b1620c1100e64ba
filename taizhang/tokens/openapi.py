"""The OpenAPI 3.1 document of the API, made from the catalogue once a process and language."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import taizhang
from taizhang.ledger import catalogue
from taizhang.ledger.problems import MEDIA_TYPE

from . import endpoints, register_paths, register_schemas, schemas
from .operations import Operation, operation, parameter
from .schemas import TEXT, TEXT_OR_NULL, WHOLE, listed, ref, shaped
from .shape import BASE


def document() -> dict[str, Any]:
    """The document in the language of the moment."""
    return _document(get_language() or "zh-hans")


@cache
def _document(language: str) -> dict[str, Any]:
    paths, known = _general(), schemas.common() | register_schemas.schemas()
    for register in catalogue.registers():
        paths |= register_paths.paths(register)
    for endpoint in endpoints.every():
        paths[f"{BASE}/{endpoint.address}"] = dict(endpoint.operations())
        known |= endpoint.schemas()
    tags = [{"name": r.name, "description": r.label_plural} for r in catalogue.registers()]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Taizhang: access for programs"),
            "version": taizhang.__version__,
            "description": _(
                "Reading registers and figures, and writing as a plan that is confirmed. "
                "Numbers of decimals are text, days are ISO days, times carry their zone."
            ),
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "tzh_…",
                    "description": _("A token from Settings – Access for programs."),
                }
            },
            "schemas": known,
            "responses": {"problem": _problem()},
        },
    }


def _problem() -> Operation:
    return {
        "description": _("A problem, with every finding and its sentence"),
        "content": {MEDIA_TYPE: {"schema": ref("problem")}},
    }


def _general() -> dict[str, Operation]:
    term = shaped({"code": TEXT, "name_zh": TEXT, "name_en": TEXT, "position": WHOLE})
    lists = shaped({"lists": listed(shaped({"name": TEXT, "terms": TEXT}))})
    name = parameter("name", _("name of the list, as activities.theme"), TEXT, "path")
    return {
        f"{BASE}/me/": {"get": operation("me", _("Who the caller is"), _me())},
        f"{BASE}/registers/": {
            "get": operation("registers", _("Every register with its fields"), _registers())
        },
        f"{BASE}/jobs/{{job}}/": {
            "get": operation(
                "job",
                _("How far the writing of a large plan is"),
                ref("job"),
                parameters=[parameter("job", _("number of the job"), WHOLE, "path")],
                problems=[404],
            )
        },
        f"{BASE}/terms/": {"get": operation("lists", _("The controlled lists"), lists)},
        f"{BASE}/terms/{{name}}/": {
            "get": operation(
                "terms",
                _("The words of a controlled list"),
                shaped({"name": TEXT, "terms": listed(term)}),
                parameters=[name],
                problems=[404],
            )
        },
    }


def _me() -> schemas.Schema:
    truths = dict.fromkeys(("read", "write", "personal"), schemas.TRUTH)
    token = shaped({"name": TEXT, "prefix": TEXT, "expires_on": {**TEXT, "format": "date"}})
    return shaped(
        {
            "user": shaped({"name": TEXT, "username": TEXT}),
            "units": listed(shaped({"code": TEXT, "name": TEXT})),
            "verbs": shaped(truths),
            "token": {"oneOf": [token, {"type": "null"}]},
            "limits": shaped({"requests_per_minute": WHOLE, "rows_per_page": WHOLE}),
        }
    )


def _registers() -> schemas.Schema:
    fields = listed(ref("field"))
    register = shaped(
        {
            "register": TEXT,
            "label": TEXT,
            "group": TEXT,
            "key": listed(TEXT),
            "dated": TEXT_OR_NULL,
            "parent": TEXT_OR_NULL,
            "rows": TEXT,
            "plans": TEXT_OR_NULL,
            "page": TEXT,
            "fields": fields,
            "computed": fields,
        }
    )
    return shaped({"registers": listed(register)})

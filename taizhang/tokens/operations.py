"""The building blocks of ``openapi.json``: operations and their parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .schemas import Schema

Operation = dict[str, Any]
JSON = "application/json"


def operation(
    name: str,
    summary: str,
    answer: Schema | None,
    *,
    parameters: Iterable[Operation] = (),
    body: Schema | None = None,
    status: int = 200,
    problems: Iterable[int] = (),
    **more: Any,
) -> Operation:
    """One operation as OpenAPI has it; ``problems`` beyond those of every address."""
    done: Operation = {"description": summary}
    if answer is not None:
        done["content"] = {JSON: {"schema": answer}}
    codes = sorted({400, 401, 403, 429, *problems})
    found: Operation = {
        "operationId": name,
        "summary": summary,
        "responses": {
            str(status): done,
            **{str(code): {"$ref": "#/components/responses/problem"} for code in codes},
            "default": {"$ref": "#/components/responses/problem"},
        },
        **more,
    }
    if given := list(parameters):
        found["parameters"] = given
    if body is not None:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": body}}}
    return found


def parameter(name: str, meaning: str, schema: Schema, place: str = "query") -> Operation:
    """One parameter as OpenAPI has it."""
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "description": meaning, "schema": schema, **required}

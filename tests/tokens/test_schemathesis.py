"""Requests made up from the description of the API, right and wrong: none is answered with a 500.

The answers are also held against the description: its statuses, its media types and its schemas.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from taizhang.ledger import catalogue
from taizhang.tokens import openapi, planned, shape
from tests.conftest import Cast
from tests.factories import make
from tests.tokens.conftest import program

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 2}
FEWER = {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 1}
"""All registers answer through the same code: most are asked less."""
GENERAL = "general"
THOROUGHLY = {GENERAL, "org.unit", "activities.activity", "activities.handout", "places.place"}
GROUPS = [GENERAL, *(register.name for register in catalogue.registers())]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests through WSGI stay on the connection of the test, as those of Django's client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def described(cast: Cast, group: str) -> dict[str, Any]:
    """The description of one register, or of what belongs to none, with numbers that exist."""
    whole = openapi.document()
    tags = {
        path: next(iter(found.values())).get("tags", [GENERAL])
        for path, found in whole["paths"].items()
    }
    paths = {path: found for path, found in whole["paths"].items() if tags[path] == [group]}
    document = copy.deepcopy(whole | {"paths": paths})
    numbers: dict[str, list[Any]] = {"unit": ["east", "assoc", "elsewhere", "nowhere", ""]}
    if group != GENERAL:
        register = catalogue.get(group)
        record = make(group, 1, cast.east, cast.lin)
        (read,) = shape.records(register, [record], None, cast.lin)
        rows = {"rows": [read["values"]]}
        kept, plan = planned.make(register, rows, actor=cast.lin, name="x")
        numbers |= {"id": [record.pk, 999_999_999], "plan": [kept.pk, 2**70], "proof": [1]}
        numbers["digest"] = [plan.digest(), "x"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] in numbers:
                    parameter["schema"] = {"enum": numbers[parameter["name"]]}
    for path, operations in document["paths"].items():
        if path.endswith("/confirm/"):
            body = operations["post"]["requestBody"]["content"]["application/json"]["schema"]
            body["properties"]["digest"] = {"enum": numbers["digest"]}
    return document


@pytest.mark.parametrize("group", GROUPS)
def test_no_request_is_answered_with_a_fault(
    group: str, cast: Cast, settings: Any, one_connection: None
) -> None:
    settings.API_RATE = 1_000_000
    schema = schemathesis.openapi.from_dict(described(cast, group))
    schema.app = get_wsgi_application()
    user = program(cast.lin, cast.association, writes=True, personal=True)
    headers = {"Authorization": f"Bearer {user.secret}"}
    answered: set[int] = set()
    count = 0
    for found in schema.get_all_operations():
        for mode, examples in (EXAMPLES if group in THOROUGHLY else FEWER).items():
            run = _asking(found.ok(), mode, examples, headers, answered)
            run()
            count += 1
    assert count >= 8
    assert 200 in answered
    assert answered & {400, 404}


def _asking(
    operation: Any, mode: Any, examples: int, headers: dict[str, str], answered: set[int]
) -> Any:
    @seed(2021)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        with transaction.atomic():  # so that a fault shows itself, and not the one before
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        answered.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS, headers=headers)

    return ask

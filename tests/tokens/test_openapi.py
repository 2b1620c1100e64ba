"""The description of the API: valid, complete, in both languages, and true."""

from __future__ import annotations

from typing import Any

import jsonschema
import openapi_spec_validator
from django.utils import translation

from taizhang.ledger import catalogue
from taizhang.tokens import openapi
from tests.conftest import Cast
from tests.tokens.conftest import program


def test_the_document_is_valid_openapi_3_1(db: None) -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            document = openapi.document()
        assert document["openapi"] == "3.1.0"
        openapi_spec_validator.validate(document)


def test_every_register_is_described_with_its_fields(db: None) -> None:
    document = openapi.document()
    for register in catalogue.registers():
        base = f"/api/v1/{register.path}/"
        for rest in (
            "",
            "{id}/",
            "{id}/history/",
            "plans/",
            "plans/{plan}/",
            "plans/{plan}/confirm/",
        ):
            assert base + rest in document["paths"]
        row = document["components"]["schemas"][f"{register.path.replace('/', '_')}_row"]
        assert set(row["properties"]) == set(register.editable)
        assert row["x-needed-in-new-records"] == [
            name for name in register.editable if register.fields[name].required
        ]
        for name, schema in row["properties"].items():
            field = register.fields[name]
            assert schema["title"] == field.label
            if field.kind == "choice":
                assert set(schema["enum"]) == {*(code for code, _l in field.options()), "", None}
            if field.kind == "text" and field.source.max_length:
                assert schema["maxLength"] == field.source.max_length
            for example in schema.get("examples", []):
                jsonschema.validate(example, schema)


def test_operations_have_names_of_their_own(db: None) -> None:
    names = [
        operation["operationId"]
        for operations in openapi.document()["paths"].values()
        for operation in operations.values()
    ]
    assert len(names) == len(set(names)) > 50


def test_it_speaks_the_language_of_its_reader(cast: Cast) -> None:
    told: dict[str, Any] = {}
    for language in ("zh-hans", "en"):
        cast.su.language = language
        cast.su.save()
        told[language] = program(cast.su, cast.east).get("openapi.json")
    assert told["zh-hans"]["tags"][3]["description"] != told["en"]["tags"][3]["description"]
    assert set(told["zh-hans"]["paths"]) == set(told["en"]["paths"])

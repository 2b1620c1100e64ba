"""What the API gives, asked of every register: list, record, history, and rows that come back."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.ledger import access, catalogue
from taizhang.ledger.register import Register
from taizhang.tokens import openapi
from taizhang.tokens.asked import PARAMETERS
from tests.conftest import Cast
from tests.factories import act, make
from tests.tokens.conftest import Program, program

each_register = pytest.mark.parametrize("name", [r.name for r in catalogue.registers()])


@pytest.fixture
def wen(cast: Cast) -> Any:
    """A manager of the association who is nobody of the cast."""
    from taizhang.accounts.models import Membership, User

    person = User.objects.create(username="wen", display_name="文")
    Membership.objects.create(user=person, unit=cast.association, role="manager")
    return person


@pytest.fixture
def office(cast: Cast) -> Program:
    """A program that may do everything in the association."""
    return program(cast.lin, cast.association, writes=True, personal=True)


def valid(name: str, data: Any) -> None:
    """Data as the description of the API has it."""
    document = openapi.document()
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
        data
    )


def schema_of(register: Register, part: str) -> str:
    return f"{register.name.replace('.', '_')}_{part}"


def test_no_field_is_called_like_a_parameter() -> None:
    for register in catalogue.registers():
        assert not set(register.fields) & {*PARAMETERS, "q", "sort", "unit@", "page", "per"}


@each_register
def test_rows_and_records_are_read_as_described(
    name: str, cast: Cast, wen: Any, office: Program
) -> None:
    register = catalogue.get(name)
    records = [make(name, number, cast.east, wen) for number in range(3)]
    assert act(records[0], "submit", wen).done == 1
    plain = program(cast.re, cast.east)
    base = f"{register.path}/"
    seen = {row["id"]: row for row in office.all(f"{base}?limit=2")}
    assert {record.pk for record in records} <= set(seen)
    for record in records:
        told = office.get(f"{base}{record.pk}/")
        assert told == seen[record.pk]
        assert (told["key"], told["masked"]) == (register.key_text(record), [])
        valid(schema_of(register, "record"), told)
        masked = plain.get(f"{base}{record.pk}/")
        valid(schema_of(register, "record"), masked)
        for field in masked["masked"]:
            assert field in register.personal
            assert masked["values"][field] != told["values"][field]
        history = office.get(f"{base}{record.pk}/history/")
        assert history["entries"][-1]["verb"] == "add"
        for entry in history["entries"]:
            valid("entry", entry)
    submitted = office.all(f"{base}?state=submitted")
    assert records[0].pk in {row["id"] for row in submitted}
    assert {row["state"] for row in submitted} == {"submitted"}


@each_register
def test_what_lies_outside_does_not_exist(name: str, cast: Cast, wen: Any) -> None:
    register = catalogue.get(name)
    record = make(name, 1, cast.east, wen)
    for person, unit in ((cast.chen, cast.elsewhere), (cast.lin, cast.west)):
        other = program(person, unit, writes=True, personal=True)
        base = f"{register.path}/"
        assert record.pk not in {row["id"] for row in other.all(base)}
        for rest in ("", "history/", "evidence/"):
            other.get(f"{base}{record.pk}/{rest}", 404)


@each_register
def test_rows_that_were_read_come_back_as_the_same(
    name: str, cast: Cast, wen: Any, office: Program
) -> None:
    register = catalogue.get(name)
    for number in range(3):
        make(name, number, cast.east, wen)
    rows = [row["values"] for row in office.all(f"{register.path}/")]
    for row in rows:
        valid(schema_of(register, "row"), row)
    plan = office.post(f"{register.path}/plans/", {"rows": rows}, 201)
    valid("plan", plan)
    assert plan["counts"] == {"new": 0, "changed": 0, "same": len(rows), "invalid": 0}, plan
    assert not plan["ready"]


@each_register
def test_rows_that_are_handed_in_are_read_back_as_they_were(
    name: str, cast: Cast, wen: Any, office: Program
) -> None:
    """A record is read, taken away, handed in as new, and read again: field by field the same."""
    register = catalogue.get(name)
    record = make(name, 1, cast.east, wen)
    sent = office.get(f"{register.path}/{record.pk}/")["values"]
    if name == "org.unit":
        sent |= {"code": "east-again", "name": "又一乡科协"}
    else:
        register.model._default_manager.filter(pk=record.pk).delete()
    plan = office.post(f"{register.path}/plans/", {"rows": [sent]}, 201)
    assert plan["counts"]["new"] == 1, plan
    assert plan["ready"]
    done = office.post(plan["address"] + "confirm/", {"digest": plan["digest"]})
    valid("done", done)
    (written,) = done["records"]
    told = office.get(f"{register.path}/{written['id']}/")
    assert told["values"] == sent
    assert (told["state"], told["version"]) == ("draft", 1)
    assert told["id"] != record.pk or name == "org.unit"


@each_register
def test_more_rows_ask_no_more_questions(name: str, cast: Cast, wen: Any, office: Program) -> None:
    register = catalogue.get(name)
    for number in range(4):
        make(name, number, cast.east, wen)
    office.get("me/")
    asked = []
    for limit in (1, 4):
        with CaptureQueriesContext(connection) as captured:
            office.get(f"{register.path}/?limit={limit}")
        asked.append(len(captured))
    assert asked[0] == asked[1]


@each_register
def test_readers_hand_nothing_in(name: str, cast: Cast, wen: Any) -> None:
    register = catalogue.get(name)
    record = make(name, 1, cast.east, wen)
    reader = program(cast.su, cast.association)
    clerk = program(cast.su, cast.association, writes=True)
    assert not access.of(cast.re).may(access.Verb.IMPORT, register)
    row = reader.get(f"{register.path}/{record.pk}/")["values"]
    reader.post(f"{register.path}/plans/", {"rows": [row]}, 403)
    clerk.post(f"{register.path}/plans/", {"rows": [row]}, 403 if register.manager_only else 201)

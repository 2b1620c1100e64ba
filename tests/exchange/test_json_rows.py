"""Rows that programs send: the same plan as a workbook's, with places as JSON has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taizhang.engines.findings import Refused
from taizhang.exchange import carry, plans
from taizhang.exchange.json_rows import sheet_of_json
from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.factories import make
from tests.ledger.test_conformance import each_register
from tests.steps import body

ACTIVITY = catalogue.get("activities.activity")
GOOD = {"title": "讲座", "form": "lecture", "held_on": "2021-09-18", "unit": "east"}


def planned(actor: Any, *rows: object, **more: Any) -> plans.Plan:
    sheet = sheet_of_json(ACTIVITY, {"rows": list(rows)} | more)
    return plans.make(ACTIVITY, sheet, actor=actor)


def troubles(plan: plans.Plan) -> list[tuple[str, str]]:
    return [(place, finding.code) for row in plan.rows for place, _field, finding in row.troubles]


@pytest.mark.fast
def test_values_of_every_kind_are_taken(cast: Cast) -> None:
    row = GOOD | {
        "themes": ["rural", "科技志愿服务"],
        "attendance": 30,
        "volunteers": "1,200",
        "summary": None,
    }
    plan = planned(cast.su, row, GOOD | {"themes": []})
    assert troubles(plan) == []
    carry.carry_out([plan], actor=cast.su, source="程序")
    first, second = ACTIVITY.queryset().order_by("pk")
    assert {theme.code for theme in first.themes.all()} == {"rural", "volunteering"}
    assert (first.attendance, first.volunteers, first.summary) == (30, 1200, "")
    assert list(second.themes.all()) == []


def test_a_key_that_is_left_out_means_as_it_was_and_null_means_empty(cast: Cast) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-1")
    plan = planned(cast.su, {"unit": "east", "code": "HD-1", "attendance": 7})
    assert [change.field for change in plan.rows[0].changes] == ["attendance"]
    plan = planned(cast.su, {"unit": "east", "code": "HD-1", "attendance": None})
    carry.carry_out([plan], actor=cast.su, source="程序")
    fresh = ACTIVITY.queryset().get(pk=record.pk)
    assert (fresh.attendance, fresh.title) == (None, record.title)


FAULTS: dict[str, tuple[Any, str]] = {
    "an object": ({"summary": {"a": 1}}, "import.json-not-a-value"),
    "a list for one value": ({"title": ["a"]}, "import.json-not-a-value"),
    "numbers in a list of words": ({"themes": [1]}, "import.json-not-words"),
    "yes for a number": ({"attendance": True}, "import.json-not-yes-no"),
    "a word that is none": ({"themes": ["养花"]}, "import.not-a-choice"),
    "a day that does not exist": ({"held_on": "2021-02-30"}, "import.no-such-day"),
    "an estimate": ({"attendance": "约300"}, "import.vague-number"),
    "nothing where something must be": ({"title": None}, "import.required"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place(fault: str, cast: Cast) -> None:
    changes, code = FAULTS[fault]
    plan = planned(cast.su, GOOD, GOOD | changes)
    assert troubles(plan) == [(f"rows[1].{next(iter(changes))}", code)]


def test_what_is_missing_or_there_twice_is_told_with_its_row(cast: Cast) -> None:
    short = {name: value for name, value in GOOD.items() if name != "form"}
    plan = planned(cast.su, GOOD | {"code": "A"}, short | {"code": "B"}, GOOD | {"code": "A"})
    assert troubles(plan) == [
        ("rows[1].form", "import.required"),
        ("rows[2]", "import.row-twice"),
    ]
    assert plan.rows[2].troubles[0].finding.params["row"] == "rows[0]"


SHAPES: dict[str, tuple[object, str, str]] = {
    "a list": ([], "import.json-shape", "rows"),
    "no rows": ({}, "import.json-shape", "rows"),
    "rows that are none": ({"rows": {}}, "import.json-shape", "rows"),
    "a row that is none": ({"rows": [{}, 1, []]}, "import.json-row-shape", "rows[1]"),
    "a field without a name": ({"rows": [{" ": 1}]}, "import.json-no-name", "rows"),
    "nothing": (None, "import.json-shape", "rows"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_document_of_another_shape_is_refused(shape: str) -> None:
    document, code, where = SHAPES[shape]
    with pytest.raises(Refused) as caught:
        sheet_of_json(ACTIVITY, document)
    assert (caught.value.findings[0].code, caught.value.findings[0].where) == (code, where)


def test_too_many_rows_are_refused(settings: Any) -> None:
    settings.IMPORT_ROWS = 2
    with pytest.raises(Refused) as caught:
        sheet_of_json(ACTIVITY, {"rows": [{}] * 3})
    assert caught.value.findings[0].code == "document.rows-limit"


def test_an_unknown_name_is_refused_with_the_nearest(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        planned(cast.su, GOOD | {"atendance": 3})
    assert caught.value.findings[0].code == "import.unknown-column"


@each_register
def test_what_the_read_api_gives_changes_nothing(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    for number in range(1, 4):
        make(name, number, cast.east, wen)
    document = json.loads(body(sign_in(cast.lin).get(f"/{register.path}.json")))
    plan = plans.make(register, sheet_of_json(register, document), actor=cast.lin)
    assert [(row.verdict, row.troubles) for row in plan.rows if row.verdict != plans.SAME] == []
    assert len(plan.rows) >= 3

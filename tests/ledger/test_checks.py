"""A wrong declaration is refused at start-up, by number, with the valid names."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from taizhang.accounts.models import User
from taizhang.activities.registers import Activities, Handouts
from taizhang.ledger import checks
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section
from taizhang.outlines import catalogue as reports

PLANTED: dict[str, tuple[type[Register], dict[str, Any], str]] = {
    "E001": (Activities, {"model": User}, "User"),
    "E002": (Activities, {"key": ("unit", "cod")}, "code"),
    "E003": (Activities, {"columns": ("titel",)}, "title"),
    "E004": (Activities, {"personal": ("sumary",)}, "summary"),
    "E005": (
        Activities,
        {"sections": (Section("甲", "unit", "code", "attendence"),)},
        "attendance",
    ),
    "E006": (
        Activities,
        {"sections": (*Activities.sections, Section("乙", Related("handouts")))},
        "handout",
    ),
    "E007": (Activities, {"filters": ("place.kindd",)}, "kind"),
    "E008": (Activities, {"search": ("location.name",)}, "location"),
    "E009": (Activities, {"totals": ("volunters",)}, "volunteers"),
    "E010": (Handouts, {"scope": "activity.unitt"}, "unitt"),
    "E011": (Handouts, {"dated": "activity.held"}, "held"),
    "E012": (Handouts, {"parent": "activty"}, "activity"),
    "E014": (Activities, {"title": "tittle"}, "title"),
    "E020": (Activities, {"proof": (Proof("foto"),)}, "photo"),
    "E021": (Activities, {"proof": (Proof("photo", when="forn=lecture"),)}, "form"),
    "E022": (Activities, {"proof": (Proof("photo", least=0),)}, "1 or more"),
    "E023": (Handouts, {"proof": (Proof("photo"),)}, "Related('evidence')"),
    "E024": (Activities, {"ended": "endet_on"}, "endet_on"),
    "E015": (Activities, {"doubts": (Doubt("atendance", over=9),)}, "attendance"),
    "E016": (Activities, {"doubts": (Doubt("attendance", over=TODAY),)}, "attendance"),
    "E017": (
        Activities,
        {"doubts": (Doubt("attendance", over=9, when={"form": ("lectur",)}),)},
        "lecture",
    ),
}


def found(base: type[Register], changed: dict[str, Any]) -> list[Any]:
    return list(checks.check(type("Planted", (base,), changed)()))


@pytest.mark.parametrize("number", PLANTED)
def test_a_planted_fault_is_named_with_its_number_and_a_valid_name(number: str) -> None:
    base, changed, valid = PLANTED[number]
    messages = [m for m in found(base, changed) if m.id == f"ledger.{number}"]
    assert len(messages) == 1
    assert "Planted" in messages[0].msg
    assert valid in messages[0].msg


@pytest.mark.parametrize(
    "doubt",
    [
        Doubt("title", over=9),
        Doubt("attendance"),
        Doubt("held_on", over=9),
        Doubt("attendance", over="held_on"),
        Doubt("attendance", under=date(2021, 1, 1)),
    ],
)
def test_a_doubt_without_a_limit_of_its_kind_is_named(doubt: Doubt) -> None:
    assert [m.id for m in found(Activities, {"doubts": (doubt,)})] == ["ledger.E016"]


@pytest.mark.parametrize(
    ("demands", "number", "valid"),
    [
        ((Proof("photo", when="form=lectur"),), "E021", "lecture"),
        ((Proof("photo", when="proof=4"),), "E021", "proof"),
        ((Proof("photo", when="form=a..b=c..d..e"),), "E021", "form=lecture"),
        ((Proof("photo"), Proof("photo", "sheet")), "E022", "first kind of its own"),
        ((Proof(),), "E022", "first kind of its own"),
    ],
)
def test_a_demand_for_proof_that_cannot_be_met_is_named(
    demands: tuple[Proof, ...], number: str, valid: str
) -> None:
    messages = [m for m in found(Activities, {"proof": demands}) if m.id == f"ledger.{number}"]
    assert messages
    assert all(valid in message.msg for message in messages)


def test_two_fields_of_one_name_are_named(monkeypatch: Any) -> None:
    planted = type("Planted", (Activities,), {})()
    field = planted.model._meta.get_field("online_views")
    monkeypatch.setattr(
        field, "verbose_name", planted.model._meta.get_field("attendance").verbose_name
    )
    messages = [m for m in checks.check(planted) if m.id == "ledger.E013"]
    assert len(messages) == 2, "once in each language"
    assert "On-site person-times" in messages[1].msg


@pytest.mark.fast
def test_the_declarations_of_the_product_are_without_fault() -> None:
    call_command("check", fail_level="WARNING", verbosity=0)
    assert list(checks.check_registers(None)) == []


def test_a_figure_that_does_not_fit_its_register_is_named(monkeypatch: Any) -> None:
    from taizhang.engines.figures.definitions import parse_definitions
    from taizhang.figures import definitions

    base = {
        "name": {"zh": "甲", "en": "A"},
        "subject": ["甲"],
        "unit": "场",
        "time": "flow:held_on",
    }
    wrong = {
        "a.unknown_register": {"rows": "activities.activty", "measure": "count"},
        "a.unknown_field": {"rows": "activities.activity?forn=lecture", "measure": "count"},
        "a.unknown_value": {"rows": "activities.activity?form=lectre", "measure": "count"},
        "a.no_date": {"rows": "activities.activity", "measure": "count", "time": "flow:title"},
        "a.no_number": {"rows": "activities.activity", "measure": "sum:title"},
    }
    documents = {"w.toml": {"a": {code.split(".")[1]: base | more for code, more in wrong.items()}}}
    known = parse_definitions(documents)
    told = {}
    for code in wrong:
        for finding in definitions.faults(known[code]):
            told.setdefault(code, finding)
    assert {code: finding.code for code, finding in told.items()} == {
        "a.unknown_register": "ledger.unknown-register",
        "a.unknown_field": "query.unknown-field",
        "a.unknown_value": "figure.unknown-value",
        "a.no_date": "figure.not-a-date-field",
        "a.no_number": "figure.not-a-number-field",
    }
    assert told["a.unknown_value"].params["nearest"] == "lecture"
    monkeypatch.setattr(definitions, "shipped", lambda: known)
    messages = definitions.check_definitions(None)
    assert {m.id for m in messages} == {"figures.E002"}
    assert len(messages) == len(wrong)


def test_an_outline_with_an_unknown_figure_names_the_nearest(monkeypatch: Any) -> None:
    from taizhang.figures import definitions

    known = dict(definitions.shipped())
    del known["museum.visits"]
    known["museum.visit"] = definitions.shipped()["museum.zones"]
    monkeypatch.setattr(reports, "figures", lambda: known)
    reports.outlines.cache_clear()
    try:
        messages = reports.check_outlines(None)
    finally:
        reports.outlines.cache_clear()
    assert [m.id for m in messages] == ["outlines.E001"] * len(messages)
    assert messages
    assert all("museum.visits" in m.msg and "museum.visit" in m.msg for m in messages)


def test_a_definition_that_cannot_be_read_is_a_check_and_no_traceback(monkeypatch: Any) -> None:
    from taizhang.engines.findings import Refused
    from taizhang.figures import definitions

    def unreadable() -> None:
        raise Refused.because("definition.bad-code", "x.toml", code="X")

    monkeypatch.setattr(definitions, "shipped", unreadable)
    assert [m.id for m in definitions.check_definitions(None)] == ["figures.E001"]

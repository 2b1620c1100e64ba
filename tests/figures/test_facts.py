"""The demo year as facts: 26 of them stand in a real report, and the ledger computes each."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.engines.tree import FigureRun, Paragraph
from taizhang.figures.facts import Fact, facts
from taizhang.org.models import Unit
from taizhang.outlines import catalogue, compile
from taizhang.wording import say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_years")]
OURS = Path(__file__).parent.parent / "data" / "banner-2021.toml"
THEIRS = Path(__file__).parents[2].parent / "shared/reference/banner-2021-facts.toml"
GROUPS = ("study", "volunteering", "rural", "minority", "rectification", "museum", "estations")
SINGLE = (
    *("volunteers.corps_members", "volunteers.platform_members"),
    *("cases.study_sessions", "cases.warning_sessions", "cases.party_lectures", "cases.turnout"),
)


def flat(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{group}.{name}": fact
        for group, members in document.items()
        for name, fact in members.items()
    }


EXPECTED = flat(tomllib.loads(OURS.read_text("utf-8")))


def of_the_year(period: str = "2021") -> dict[str, Fact]:
    return facts(None, "banner", Period.parse(period))


def report(period: str = "2021") -> compile.Report:
    outline = catalogue.get(catalogue.ANNUAL)
    return compile.report(outline, Unit.objects.get(code="banner"), Period.parse(period))


def test_the_ledger_computes_the_26_facts_of_the_year() -> None:
    found = of_the_year()
    assert len(EXPECTED) == 26
    computed = {code: (found[code].value, found[code].definition.unit) for code in EXPECTED}
    assert computed == {
        code: (Decimal(str(fact["value"])), fact["unit"]) for code, fact in EXPECTED.items()
    }


def test_the_report_prints_each_fact_as_the_office_wrote_it() -> None:
    printed = {run.code: run.text for run in report().compiled.document.figures()}
    assert {code: printed.get(code) for code in EXPECTED} == {
        code: fact["prints"] for code, fact in EXPECTED.items()
    }


def test_the_project_s_copy_of_the_facts_agrees_with_the_reference() -> None:
    if not THEIRS.exists():
        pytest.skip("../shared is missing: the reference of the 26 facts cannot be compared")
    theirs = flat(tomllib.loads(THEIRS.read_text("utf-8")))
    chosen = {c for c in theirs if c.split(".")[0] in GROUPS or c in SINGLE}
    assert {c: theirs[c] for c in chosen} == EXPECTED


def codes_at(made: compile.Report) -> dict[str, set[str]]:
    """The figures of each paragraph."""
    return {
        block.id: {run.code for run in block.runs if isinstance(run, FigureRun)}
        for block in made.compiled.document.blocks
        if isinstance(block, Paragraph)
    }


def test_figures_over_the_same_rows_are_a_finding_of_the_report() -> None:
    made = report()
    at = codes_at(made)
    pairs = {
        code: fact["same_rows_as"] for code, fact in EXPECTED.items() if "same_rows_as" in fact
    }
    assert set(pairs) == {"rural.events", "rural.beneficiaries"}
    same = [f for f in made.compiled.findings if f.code == "report.same-rows"]
    for code, twin in pairs.items():
        told = [say(f, "zh") for f in same if code in at[f.where]]
        assert len(told) == 1, code
        assert EXPECTED[code]["prints"] in told[0]
        assert EXPECTED[twin]["prints"] in told[0]
        assert "同一 24 条记录" in told[0]


def test_an_empty_year_says_which_values_are_missing_and_invents_none() -> None:
    made = report("2022")
    assert made.missing(), "a report without rows cannot go out"
    by_id = {run.id: run for run in made.compiled.document.figures()}
    flows = [run for run in by_id.values() if run.code.startswith(("volunteering.", "minority."))]
    assert flows
    for run in flows:
        assert run.value in (None, "0"), run
    at = codes_at(made)
    said = set().union(*(at[finding.where] for finding in made.missing()))
    assert {run.code for run in flows} <= said
    stock = [run for run in by_id.values() if run.code == "estations.count"]
    assert all(run.value not in (None, "0") for run in stock), "stations that stand stay standing"


def test_weak_proof_is_told_beside_the_minority_figures_only() -> None:
    made = report()
    at = codes_at(made)
    weak = [at[f.where] for f in made.compiled.findings if f.code == "report.weak-proof"]
    assert weak
    assert {code.split(".")[0] for codes in weak for code in codes} == {"minority"}


def test_the_contract_of_figures_as_json() -> None:
    found = [json.loads(json.dumps(fact.as_json())) for fact in of_the_year().values()]
    keys = {"code", "name", "value", "unit", "rows", "query", "period", "unit_code", "prints"}
    for fact in found:
        assert keys <= set(fact) <= keys | {"leaves"}, fact["code"]
        assert fact["value"] is None or Decimal(fact["value"]).is_finite()
        assert isinstance(fact["rows"], int)
        assert (fact["query"] is None) is bool(fact.get("leaves"))
        assert (fact["period"], fact["unit_code"]) == ("2021", "banner")
    share = next(fact for fact in found if fact["code"] == "rectification.closed_share")
    assert [leaf["code"] for leaf in share["leaves"]] == [
        "rectification.closed",
        "rectification.problems",
    ]
    assert all(leaf["query"] for leaf in share["leaves"])


def test_unknown_names_are_refused_and_the_nearest_is_named() -> None:
    with pytest.raises(Refused) as caught:
        facts(["volunteering.event"], "banner", Period.parse("2021"))
    assert caught.value.findings[0].params["nearest"] == "volunteering.events"
    with pytest.raises(Refused) as caught:
        facts(None, "baner", Period.parse("2021"))
    assert caught.value.findings[0].code == "query.unknown-unit"


OUTSIDE = {
    "officers.count": ("12073", "12073名"),
    "pushes.items": ("804449", "804449条"),
    "column.items_per_week": ("2", "2条"),
    "experts.new_members": ("30", "30名"),
    "experts.events": ("12", "12场次"),
    "youth.caravan_schools": ("3", "3所"),
    "youth.caravan_students": ("4583", "4580余人次"),
    "youth.mobile_museum_visitors": ("19862", "约2万人次"),
    "aid.funds": ("600000", "60万元"),
    "aid.building_area": ("300", "300平方米"),
    "aid.bricks": ("20000", "2万块"),
}
"""The facts of what reaches people: value, and how the report prints it."""


def test_what_reaches_people_is_computed_and_printed_as_the_office_wrote_it() -> None:
    found = of_the_year()
    printed = {run.code: run.text for run in report().compiled.document.figures()}
    assert {code: (found[code].value, printed.get(code)) for code in OUTSIDE} == {
        code: (Decimal(value), prints) for code, (value, prints) in OUTSIDE.items()
    }


def test_the_museum_moved_in_august_and_each_day_knows_one_museum() -> None:
    for day, area in (("2021-07-31", 680), ("2021-08-05", None), ("2021-08-10", 1500)):
        fact = of_the_year(day)["museum.building_area"]
        assert (fact.value or None) == area, day

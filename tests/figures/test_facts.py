"""The demo year as facts: the 45 of a real report, each computed from records and printed as it was."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path as File
from typing import Any

import pytest

from taizhang.activities.models import Activity
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.engines.tree import FigureRun, Paragraph, Text
from taizhang.figures.facts import Fact, facts
from taizhang.org.models import Path, Unit
from taizhang.outlines import catalogue, compile
from taizhang.places.models import Place
from taizhang.wording import say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_years")]
OURS = File(__file__).parent.parent / "data" / "banner-2021.toml"
THEIRS = File(__file__).parents[2].parent / "shared/reference/banner-2021-facts.toml"


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


def test_the_ledger_computes_the_45_facts_of_the_year() -> None:
    found = of_the_year()
    assert len(EXPECTED) == 45
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
        pytest.skip("../shared is missing: the reference of the facts cannot be compared")
    assert flat(tomllib.loads(THEIRS.read_text("utf-8"))) == EXPECTED


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


NUMERALS = "0-9０-９一二三四五六七八九十百千万亿两几"
NO_NUMBERS = re.compile(
    r"[0-9]{4}年|第[一二三四五六七八九十]+|“[^”]*”|《[^》]*》|八项规定|十九届|一并|一些|一致"
)
"""Years, ordinals, names and fixed phrases: numerals in them count nothing."""


def test_every_number_of_the_report_outside_names_and_dates_is_a_figure() -> None:
    checked = 0
    for block in report().compiled.document.blocks:
        if not isinstance(block, Paragraph) or block.role != "body":
            continue
        words = "".join(run.text for run in block.runs if isinstance(run, Text))
        left = re.findall(f"[{NUMERALS}]+", NO_NUMBERS.sub("", words))
        assert left == [], (left, words)
        checked += 1
    assert checked > 20


def test_all_eight_parts_have_figures_and_nothing_is_awaited() -> None:
    made = report()
    heads = [
        block
        for block in made.compiled.document.blocks
        if isinstance(block, Paragraph) and block.role == "heading1"
    ]
    assert len(heads) == 8
    assert made.missing() == []
    by_part: dict[str, set[str]] = {}
    part = ""
    for block in made.compiled.document.blocks:
        if isinstance(block, Paragraph):
            if block.role == "heading1":
                part = block.id
                by_part[part] = set()
            elif part:
                by_part[part] |= {run.code for run in block.runs if isinstance(run, FigureRun)}
    assert all(by_part.values()), "each part has a figure"


def test_a_year_without_records_prints_no_nought_as_an_achievement() -> None:
    made = report("2022")
    flows = {
        code
        for code, fact in of_the_year("2022").items()
        if fact.definition.leaf and fact.definition.leaf.time.kind == "flow"
    }
    at = codes_at(made)
    said = set().union(*(at[finding.where] for finding in made.missing()))
    shown = {run.code: run for run in made.compiled.document.figures()}
    empty = {code for code in flows & shown.keys() if shown[code].value in (None, "0")}
    assert len(empty) > 30, "hardly anything was recorded in 2022"
    assert empty <= said


def test_stocks_of_a_day_count_what_was_valid_that_day() -> None:
    march, now = of_the_year("2021-03-31"), of_the_year("2021-12-31")
    assert march["regulations.in_force"].value == 4
    assert now["regulations.in_force"].value == 5
    assert march["museum.posts"].value == 4
    assert (now["museum.posts"].value, now["museum.staff_gap"].value) == (7, 3)
    assert march["groups.at_work"].value == 3
    assert march["estations.count"].value == now["estations.count"].value + closed_between(
        date(2021, 3, 31), date(2021, 12, 31)
    )


def closed_between(first: date, last: date) -> int:
    """E-stations closed less those opened between two days."""
    stations = Place.objects.filter(kind="estation")
    closed = stations.filter(closed_on__gte=first, closed_on__lt=last).count()
    return closed - stations.filter(opened_on__gt=first, opened_on__lte=last).count()


def test_two_township_units_were_merged_in_july_and_each_day_knows_its_tree() -> None:
    banner = Unit.objects.get(code="banner")

    def below(day: date) -> set[str]:
        found = Path.objects.filter(ancestor=banner, first__lte=day, last__gte=day)
        return set(found.values_list("descendant__code", flat=True))

    gone = {"shuiquan", "beishan"}
    assert gone <= below(date(2021, 3, 31))
    assert "quanshan" not in below(date(2021, 3, 31))
    assert not gone & below(date(2021, 12, 31))
    assert "quanshan" in below(date(2021, 12, 31))


def test_an_activity_over_new_year_counts_once_in_the_year_it_began() -> None:
    title = "迎新年科技馆主题开放活动"
    activity = Activity.objects.get(title=title)
    assert (activity.held_on, activity.ended_on) == (date(2021, 12, 30), date(2022, 1, 2))
    rows = Activity.objects.filter(title=title, state="verified")
    assert rows.filter(held_on__year=2021).count() == 1
    assert rows.filter(held_on__year=2022).count() == 0


def test_the_museum_moved_in_august_and_each_day_knows_one_museum() -> None:
    for day, area in (("2021-07-31", 680), ("2021-08-05", None), ("2021-08-10", 1500)):
        fact = of_the_year(day)["museum.building_area"]
        assert (fact.value or None) == area, day

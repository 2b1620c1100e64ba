"""The marks the checker must reach on the marked-up reports and on the two real ones."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from taizhang.engines.checking import check

from . import markup
from .scorer import ONLY, SETS, Score, score

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference"


@cache
def scored(name: str) -> Score:
    """The score of one set; ``all`` of all reports."""
    names = ("frozen", "unread", "open") if name == "all" else (name,)
    reports = (one for each in names for one in markup.read_all(SETS[each]))
    return score(reports, ONLY.get(name, frozenset()))


WHOLE = [name for name in SETS if name not in ONLY]


@pytest.mark.parametrize("name", WHOLE)
def test_quantities_are_read(name: str) -> None:
    assert scored(name).quantities.f1 >= 0.98


@pytest.mark.parametrize("name", WHOLE)
def test_qualifiers_are_right(name: str) -> None:
    assert scored(name).qualifier_share >= 0.98


@pytest.mark.parametrize("name", WHOLE)
def test_clean_reports_are_left_in_peace(name: str) -> None:
    assert scored(name).false_alarm_rate <= 0.3


@pytest.mark.parametrize("name", ["all"])
def test_issues_are_found(name: str) -> None:
    assert scored(name).issues.f1 >= 0.90


def test_most_of_what_is_told_with_two_numbers_is_found_and_hardly_anything_else() -> None:
    issues = scored("contradictions").issues
    assert issues.precision >= 0.95
    assert issues.recall >= 0.65


def test_of_what_stands_in_a_few_sentences_most_is_found() -> None:
    issues = scored("passages").issues
    assert issues.precision >= 0.95
    assert issues.recall >= 0.85


def test_the_frozen_reports_are_read_no_worse_than_they_were() -> None:
    issues = scored("frozen").issues
    assert issues.precision >= 0.95
    assert issues.recall >= 0.85
    assert issues.f1 >= 0.92


def test_reports_of_people_who_did_not_know_the_rules_are_read_as_well() -> None:
    issues = scored("unread").issues
    assert issues.precision >= 0.93
    assert issues.f1 >= 0.87


@pytest.mark.parametrize("number", [0, 1])
def test_the_gold_of_the_real_documents_is_met(number: int) -> None:
    path = REFERENCE / "seed_figures.json"
    if not path.is_file():
        pytest.skip("the real reports are not beside this checkout (../shared/reference)")
    gold = json.loads(path.read_text("utf-8"))["docs"][number]
    text = (REFERENCE / gold["doc"]).read_bytes().decode("utf-8")
    report = check(text)
    found = {(one.start, one.end): one for one in report.quantities}
    for known in gold["quantities"]:
        one = found.pop((known["start"], known["end"]), None)
        if known.get("optional"):
            continue
        assert one is not None, known["text"]
        said = (one.value, one.unit, one.qualifier)
        assert said == (known["value"], known["unit"], known["qualifier"])
    assert [one.text for one in found.values()] == []
    missed = [
        known["reason"]
        for known in gold["issues"]
        if not known.get("doubtful")
        and known.get("severity") != "minor"
        and not any(
            one.type == known["type"] and span.start < end and start < span.end
            for one in report.issues
            for span in one.spans
            for start, end, _text in known["spans"]
        )
    ]
    assert missed == []

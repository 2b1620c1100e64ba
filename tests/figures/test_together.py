"""Counting many figures in one reading of the table says what a statement for each says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.engines.periods import Period
from taizhang.figures import together
from taizhang.figures.definitions import shipped
from taizhang.figures.facts import Fact, facts
from taizhang.ledger import access

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_years")]


def told(found: dict[str, Fact]) -> dict[str, Any]:
    return {code: (fact.value, fact.rows, fact.findings) for code, fact in found.items()}


@pytest.fixture
def broad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every unit counts as one that has most of the rows."""
    monkeypatch.setattr(access, "is_broad", lambda unit: True)
    monkeypatch.setattr(together, "FEW", 0)


@pytest.mark.parametrize("text", ["2021", "2020", "2021-H1", "2021-Q3", "2021-09", "2019"])
@pytest.mark.parametrize("unit", ["banner", "museum"])
def test_all_figures_are_the_same_counted_together(
    text: str, unit: str, request: pytest.FixtureRequest
) -> None:
    period = Period.parse(text)
    if access.unit_id(unit) is None:
        unit = "banner"
    alone = told(facts(list(shipped()), unit, period))
    request.getfixturevalue("broad")
    assert told(facts(list(shipped()), unit, period)) == alone


def test_one_statement_counts_all_lists_of_a_register_and_a_kind_of_time(broad: None) -> None:
    codes = [code for code in shipped() if shipped()[code].leaf is not None]
    kinds = {
        (leaf.register, leaf.time, "state" in leaf.query.paths())
        for code in codes
        if (leaf := shipped()[code].leaf) is not None
    }
    with access.remembering():
        facts(codes, "banner", Period.parse("2021"))
    with access.remembering(), CaptureQueriesContext(connection) as asked:
        facts(codes, "banner", Period.parse("2021"))
    counting = [
        one
        for one in asked.captured_queries
        if "COUNT(CASE" in one["sql"].upper() or "l0_rows" in one["sql"]
    ]
    assert len(counting) == len(kinds)


def test_a_small_unit_is_counted_by_its_index() -> None:
    with access.remembering():
        unit = access.unit_id("banner")
        assert unit is not None
        assert not access.is_broad(unit)

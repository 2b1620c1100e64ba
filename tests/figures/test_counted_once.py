"""The shortest story of a figure: a row with several themes is one row."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.engines.periods import Period
from taizhang.figures.facts import facts
from tests import factories
from tests.conftest import Cast


@pytest.mark.fast
def test_a_row_with_three_themes_is_counted_and_summed_once(cast: Cast, sign_in: Any) -> None:
    three = factories.terms("activities.theme", "volunteering", "rural", "agriculture")
    assert len(three) == 3
    factories.verified("activities.activity", 1, cast.east, cast, themes=three, attendance=70)
    found = facts(["rural.events", "rural.beneficiaries"], "assoc", Period.parse("2021"))
    assert (found["rural.events"].value, found["rural.beneficiaries"].value) == (1, 70)
    address = (found["rural.beneficiaries"].address or "").replace("/?", ".json?")
    rows = sign_in(cast.lin).get(address).json()["rows"]
    assert [row["attendance"] for row in rows] == [70]

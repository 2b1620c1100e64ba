"""The bench measures the right thing: its ledger stands, and its SQL by hand gives our figures."""

from __future__ import annotations

from typing import Any

import pytest

from bench import figures, pages, world
from bench.measures import Measure, table

TINY = world.Size(units=30, counties=5, activities=1_500, volunteers=200)


@pytest.fixture
def made(db: Any, settings: Any) -> world.World:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    return world.build(TINY, quiet=True)


def test_the_generated_ledger_opens_and_its_figures_equal_sql_by_hand(made: world.World) -> None:
    for unit in (world.BANNER, world.CITY, "town-000"):
        # The second time from the statements that were kept the first time.
        assert figures.assert_equal(unit) == figures.assert_equal(unit) > 20
    browser = pages.browser(made.manager)
    for addresses in pages.pages().values():
        pages.fetch(browser, addresses[0])


def test_figures_follow_a_unit_that_moves_after_their_statements_are_kept(
    made: world.World,
) -> None:
    from taizhang.org.models import Unit
    from taizhang.org.provider import rebuild_paths

    before = figures.by_hand({"rural.events"}, world.BANNER, figures.YEAR)
    figures.assert_equal(world.BANNER)
    town = Unit.objects.filter(parent__code="county-02").last()
    assert town is not None
    Unit.objects.filter(pk=town.pk).update(parent=Unit.objects.get(code=world.BANNER))
    rebuild_paths()
    figures.assert_equal(world.BANNER)
    after = figures.by_hand({"rural.events"}, world.BANNER, figures.YEAR)
    assert after["rural.events"] > before["rural.events"]


def test_a_measure_says_whether_its_target_is_met() -> None:
    found = [
        Measure("g", "slow", 0.4, "s", at_most=0.3),
        Measure("g", "fast", 5, "×", at_least=4),
        Measure("g", "told", 7, "MB"),
    ]
    assert [one.verdict for one in found] == ["MISSES", "meets", ""]
    assert "≤ 0.3" in table(found)
    assert "≥ 4" in table(found)

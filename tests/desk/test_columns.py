"""Columns of one's own: what may stand in them, and of whom."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.accounts.models import Membership
from taizhang.desk import columns
from taizhang.desk.models import ListChoice
from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.factories import make

ACTIVITIES = "/activities/activity/"


def show(browser: Any, base: str, *wanted: str) -> Any:
    sent = {"order": wanted, "show": wanted, "do": "save"}
    return browser.post(f"{base}columns/", sent, follow=True)


def cells(page: Any) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in page.context["lines"]]


def test_a_column_behind_a_reference_shows_the_row_it_leads_to(cast: Cast, sign_in: Any) -> None:
    place = make("places.place", 1, cast.east, cast.su)
    make("activities.activity", 1, cast.east, cast.su, place=place)
    make("activities.activity", 2, cast.east, cast.su)
    page = show(sign_in(cast.su), ACTIVITIES, "title", "place.kind", "place.opened_on", "themes")
    assert cells(page) == [
        ["第2场科普讲座", "", "", "科技志愿服务、助力乡村振兴"],
        ["第1场科普讲座", "科技馆", "2021-03-01", "科技志愿服务、助力乡村振兴"],
    ]


def test_of_a_row_outside_ones_units_only_what_the_register_filters_by_is_shown(
    cast: Cast, sign_in: Any
) -> None:
    place = make("places.place", 1, cast.association, cast.su, address="旗府街1号")
    make("activities.activity", 1, cast.east, cast.su, place=place)
    wanted = ("title", "place.kind", "place.address")
    assert cells(show(sign_in(cast.bo), ACTIVITIES, *wanted)) == [["第1场科普讲座", "科技馆", ""]]
    assert cells(show(sign_in(cast.su), ACTIVITIES, *wanted)) == [
        ["第1场科普讲座", "科技馆", "旗府街1号"]
    ]


def test_a_role_that_was_lost_takes_its_personal_columns_along(cast: Cast, sign_in: Any) -> None:
    make("org.person", 1, cast.east, cast.su)
    browser = sign_in(cast.bo)
    page = show(browser, "/org/person/", "name", "phone")
    assert cells(page) == [["演示人1", "13800000001"]]
    Membership.objects.filter(user=cast.bo).update(role="reader")
    page = browser.get("/org/person/")
    assert cells(page) == [["演**"[:1] + "***"]]
    assert ListChoice.objects.get(user=cast.bo).columns == ["name", "phone"]


def test_more_columns_than_anybody_reads_are_refused(cast: Cast) -> None:
    register = catalogue.get("activities.activity")
    every = columns.offered(register, cast.su)
    assert len(every) > columns.MOST
    with pytest.raises(Refused, match=r"columns\.too-many"):
        columns.choose(register, every, cast.su)
    with pytest.raises(Refused, match=r"columns\.not-offered"):
        columns.choose(register, ["place.unit.code"], cast.su)


def test_no_column_at_all_means_those_of_the_register(cast: Cast, sign_in: Any) -> None:
    page = show(sign_in(cast.su), ACTIVITIES)
    declared = catalogue.get("activities.activity").columns
    assert [head.name for head in page.context["columns"]] == list(declared)


def test_a_list_without_its_title_is_opened_by_its_first_column(cast: Cast, sign_in: Any) -> None:
    record = make("activities.activity", 1, cast.east, cast.su)
    page = show(sign_in(cast.su), ACTIVITIES, "held_on", "attendance")
    assert page.context["lead"] == "held_on"
    assert f'href="{ACTIVITIES}{record.pk}/"' in page.content.decode()


def test_moving_goes_no_further_than_the_ends() -> None:
    assert columns.moved(["a", "b", "c"], "a", -1) == ["a", "b", "c"]
    assert columns.moved(["a", "b", "c"], "a", 1) == ["b", "a", "c"]
    assert columns.moved(["a", "b", "c"], "c", 1) == ["a", "b", "c"]
    assert columns.moved(["a", "b", "c"], "x", 1) == ["a", "b", "c"]

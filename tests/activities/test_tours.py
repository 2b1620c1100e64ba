"""The stops of a tour are activities: visitors are recorded once, and the tour shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.figures.facts import facts
from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.factories import act, make, terms

pytestmark = pytest.mark.django_db


def stop(cast: Cast, number: int, tour: Any, **changes: Any) -> Any:
    activity = make("activities.activity", number, cast.east, cast.su, tour=tour, **changes)
    act(activity, "submit", cast.su)
    act(activity, "verify", cast.zhi)
    return activity


def test_a_tour_without_stops_says_how_to_record_one(cast: Cast) -> None:
    tour = make("activities.tour", 1, cast.east, cast.su)
    (finding,) = catalogue.get("activities.tour").notices(tour)
    assert finding.code == "tour.no-stop"


def test_a_stop_outside_the_days_of_the_tour_is_told(cast: Cast) -> None:
    days = {"started_on": date(2021, 4, 1), "ended_on": date(2021, 4, 30)}
    tour = make("activities.tour", 1, cast.east, cast.su, **days)
    for number, day in enumerate((date(2021, 3, 31), date(2021, 4, 1), date(2021, 5, 1))):
        stop(cast, number, tour, held_on=day)
    (finding,) = catalogue.get("activities.tour").notices(tour)
    assert (finding.code, finding.params["count"]) == ("tour.stops-outside", 2)


def test_the_page_of_a_tour_shows_its_stops_and_their_visitors(cast: Cast, sign_in: Any) -> None:
    tour = make("activities.tour", 1, cast.east, cast.su)
    stop(cast, 1, tour, title="第一站", attendance=120)
    stop(cast, 2, tour, title="第二站", attendance=80)
    stop(cast, 3, None, title="另一场", attendance=999)
    browser = sign_in(cast.re)
    page = browser.get(f"/activities/tour/{tour.pk}/")
    shown = page.content.decode()
    assert "第一站" in shown
    assert "第二站" in shown
    assert "另一场" not in shown
    (aside,) = [a["aside"] for a in page.context["asides"] if "stops" in a["template"]]
    assert aside["visitors"] == 200
    listed = browser.get(aside["list"])
    assert listed.context["summary"]["count"] == 2


def test_somebody_elsewhere_sees_neither_tour_nor_stops(cast: Cast, sign_in: Any) -> None:
    tour = make("activities.tour", 1, cast.east, cast.su)
    assert sign_in(cast.chen).get(f"/activities/tour/{tour.pk}/").status_code == 404


def test_a_school_visited_twice_by_the_caravan_is_one_school(cast: Cast) -> None:
    tour = make("activities.tour", 1, cast.east, cast.su, kind="caravan")
    school = make("places.place", 1, cast.east, cast.su, kind="school")
    for number in (1, 2):
        stop(cast, number, tour, place=school, attendance=50)
    codes = ["youth.caravan_schools", "youth.caravan_students"]
    found = facts(codes, "assoc", Period.parse("2021"))
    assert [int(found[code].value or 0) for code in codes] == [1, 100]


def test_a_round_needs_its_campaign(cast: Cast) -> None:
    with pytest.raises(Refused):
        make("activities.activity", 1, cast.east, cast.su, round="spring", campaign=None)
    tour = terms("activities.campaign", "science_tour")[0]
    written = make("activities.activity", 2, cast.east, cast.su, round="spring", campaign=tour)
    assert written.round == "spring"

"""What a query string says, asked of real rows: the same code stands behind lists and figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue, query
from taizhang.wording import say
from tests.conftest import Cast
from tests.factories import make, terms

ACTIVITY = "activities.activity"


def titles(text: str, user: Any = None) -> set[str]:
    return {row.title for row in query.rows(catalogue.get(ACTIVITY), text, user)}


def refusal(text: str, user: Any = None, name: str = ACTIVITY) -> Any:
    with pytest.raises(Refused) as caught:
        query.rows(catalogue.get(name), text, user)
    (finding,) = caught.value.findings
    return finding


@pytest.fixture
def events(cast: Cast) -> Cast:
    theme = "activities.theme"
    hall = make("places.place", 1, cast.east, cast.su, kind="museum", code="CS-1")
    room = make("places.place", 2, cast.west, cast.su, kind="room", code="CS-2")
    for number, (title, unit, day, changes) in enumerate(
        (
            (
                "甲",
                cast.east,
                "2021-01-01",
                {
                    "themes": terms(theme, "volunteering", "rural", "minority"),
                    "place": hall,
                    "attendance": 10,
                },
            ),
            (
                "乙",
                cast.east,
                "2021-06-30",
                {"themes": terms(theme, "rural"), "attendance": None, "setting": "school"},
            ),
            (
                "丙",
                cast.west,
                "2021-12-31",
                {"themes": [], "place": room, "attendance": 30, "setting": ""},
            ),
            (
                "丁",
                cast.association,
                "2022-01-01",
                {"themes": terms(theme, "volunteering"), "attendance": 0, "form": "training"},
            ),
        )
    ):
        changes = {"setting": "countryside", "form": "lecture", **changes}
        make(
            ACTIVITY, number, unit, cast.su, title=title, held_on=date.fromisoformat(day), **changes
        )
    return cast


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "甲乙丙丁"),
        ("form=lecture&form=training", "甲乙丙丁"),
        ("form=training", "丁"),
        ("form!=training", "甲乙丙"),
        ("setting=school&setting=countryside", "甲乙丁"),
        ("attendance=10", "甲"),
        ("attendance!=10", "乙丙丁"),  # none of them, also where there is no number
        ("attendance!=10&attendance!=30", "乙丁"),
        ("attendance=", "乙"),
        ("attendance!=", "甲丙丁"),
        ("attendance=10&attendance=", "甲乙"),
        ("attendance=0", "丁"),
        ("attendance=10..30", "甲丙"),
        ("attendance=..10", "甲丁"),
        ("attendance=11..", "丙"),
        ("attendance!=..10", "乙丙"),
        ("held_on=2021-01-01..2021-12-31", "甲乙丙"),
        ("held_on=..2021-06-30", "甲乙"),
        ("held_on=2021-12-31..", "丙丁"),
        ("held_on=2021年6月30日", "乙"),
        ("setting=", "丙"),
        ("setting!=", "甲乙丁"),
        ("place=", "乙丁"),
        ("place!=", "甲丙"),
        ("place.kind=museum", "甲"),
        ("place.kind=museum&place.kind=room", "甲丙"),
        ("place.kind!=museum", "乙丙丁"),  # rows without a place are not in a museum either
        ("place=CS-1", "甲"),
        ("place=east/CS-1", "甲"),
        ("place=west/CS-1", ""),
        ("themes=rural", "甲乙"),
        ("themes=rural&themes=volunteering", "甲乙丁"),
        ("themes=volunteering&themes!=minority", "丁"),
        ("themes!=rural", "丙丁"),
        ("themes=", "丙"),
        ("themes!=", "甲乙丁"),
        ("unit=east", "甲乙"),
        ("unit=east&unit=west", "甲乙丙"),
        ("unit=assoc", "甲乙丙丁"),
        ("state=draft", "甲乙丙丁"),
        ("state=verified", ""),
        ("proof=4", "甲乙丙丁"),
        ("q=甲", "甲"),
        ("q=甲&form=training", ""),
        ("proof=2", ""),
    ],
)
def test_a_query_finds_exactly_the_rows_it_names(text: str, expected: str, events: Cast) -> None:
    assert titles(text) == set(expected)
    assert titles(text, events.lin) == set(expected)


@pytest.mark.fast
def test_a_row_with_three_themes_is_one_row(events: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    found = query.rows(register, "themes=volunteering&themes=rural&themes=minority")
    assert query.count(found) == 3
    assert sorted(row.title for row in found) == sorted("甲乙丁")
    assert query.bare_rows(register, "themes=volunteering&themes=rural").count() == 3


def test_terms_are_named_by_code_or_by_either_name(events: Cast) -> None:
    theme = terms("activities.theme", "rural")[0]
    for name in (theme.code, theme.name_zh, theme.name_en):
        assert titles(f"themes={name}") == {"甲", "乙"}


def test_tags_of_a_related_row_are_asked_through_a_path(events: Cast) -> None:
    row = catalogue.get(ACTIVITY).model._default_manager.get(title="甲")
    make("activities.handout", 1, events.east, events.su, activity=row, name="明白纸")
    handouts = catalogue.get("activities.handout")
    assert query.rows(handouts, "activity.themes=rural").count() == 1
    assert query.rows(handouts, "activity.themes!=rural").count() == 0
    assert query.rows(handouts, "activity.held_on=2021-01-01..2021-01-31").count() == 1


def test_a_unit_s_subtree_now_and_as_of_a_day_when_the_unit_has_moved(cast: Cast) -> None:
    village = make("org.unit", 1, cast.east, cast.lin, code="village", opened_on=None)
    make("org.placement", 1, village, cast.lin, parent=cast.west, first_on=date(2021, 7, 1))
    for title, day in (("春", date(2021, 3, 1)), ("秋", date(2021, 9, 1))):
        make(ACTIVITY, day.month, village, cast.su, title=title, held_on=day)
    make("places.place", 1, village, cast.su, name="站")
    assert titles("unit=east") == {"春"}, "by each row's own day"
    assert titles("unit=west") == {"秋"}
    assert titles("unit=village") == titles("unit=assoc") == {"春", "秋"}
    assert titles("unit=east@2021-06-30") == {"春", "秋"}, "as the tree stood that day"
    assert titles("unit=east@2021-07-01") == set()
    assert titles("unit=west@2021-07-01") == {"春", "秋"}
    assert titles("unit=east&held_on=2021-01-01..2021-12-31") == {"春"}
    places = catalogue.get("places.place")
    assert query.rows(places, "unit=west").count() == 1, "rows without a day go by today"
    assert query.rows(places, "unit=east").count() == 0
    assert query.rows(places, "unit=east@2021-06-30").count() == 1


def test_whoever_left_a_unit_behind_still_sees_its_rows_of_that_time_and_may_not_change_them(
    cast: Cast, sign_in: Any
) -> None:
    village = make("org.unit", 1, cast.east, cast.lin, code="village", opened_on=None)
    spring = make(ACTIVITY, 1, village, cast.su, title="春", held_on=date(2021, 3, 1))
    autumn = make(ACTIVITY, 2, village, cast.su, title="秋", held_on=date(2021, 9, 1))
    make("org.placement", 1, village, cast.lin, parent=cast.west, first_on=date(2021, 7, 1))
    assert titles("", cast.bo) == {"春"}
    browser = sign_in(cast.bo)
    assert browser.get(f"/activities/activity/{spring.pk}/").status_code == 200
    assert browser.get(f"/activities/activity/{autumn.pk}/").status_code == 404
    assert browser.get(f"/activities/activity/{spring.pk}/edit/").status_code == 403


def test_unknown_names_are_refused_and_the_nearest_is_said(events: Cast) -> None:
    finding = refusal("held_om=2021-01-01")
    assert (finding.code, finding.params["nearest"]) == ("query.unknown-field", "held_on")
    assert "held_on" in say(finding, "zh")
    assert refusal("place.kindd=museum").params["nearest"] == "kind"
    assert refusal("form.kind=x").code == "query.not-a-relation"
    finding = refusal("themes=rurall")
    assert (finding.code, finding.params["nearest"]) == ("query.unknown-value", "rural")
    assert refusal("form=lectur").code == "import.not-a-choice"
    assert refusal("themes=a..b").code == "query.no-range"
    assert refusal("held_on=2021-02-30").code == "import.no-such-day"
    assert refusal("attendance=viele").code == "import.not-a-number"
    assert refusal("unit=eastt").code == "query.unknown-unit"
    assert refusal("proof=9").code == "query.unknown-value"
    assert refusal("proof=").code == "query.unknown-value"


def test_a_unit_outside_one_s_own_reads_like_one_that_does_not_exist(events: Cast) -> None:
    hidden, absent = refusal("unit=west", events.bo), refusal("unit=nowhere", events.bo)
    assert hidden.code == absent.code == "query.unknown-unit"
    assert say(hidden, "zh").replace("west", "X") == say(absent, "zh").replace("nowhere", "X")


def test_personal_fields_cannot_be_asked_for_by_readers_not_even_on_the_way(events: Cast) -> None:
    finding = refusal("name=志愿者1", events.re, "volunteers.volunteer")
    assert finding.code == "query.personal-field"
    assert refusal("phone!=", events.re, "volunteers.volunteer").code == "query.personal-field"
    for text in ("volunteer.team=corps", "volunteer.name=志愿者1"):
        assert refusal(text, events.re, "activities.participation").code == "query.personal-field"
    assert query.rows(catalogue.get("volunteers.volunteer"), "name=志愿者1", events.su).count() == 0


def test_a_list_cannot_be_sorted_by_what_a_reader_may_not_see(events: Cast, sign_in: Any) -> None:
    browser = sign_in(events.re)
    assert browser.get("/volunteers/volunteer/?sort=name").status_code == 403
    assert browser.get("/volunteers/volunteer.json?sort=-name").status_code == 403
    assert 'sort=name"' not in browser.get("/volunteers/volunteer/").content.decode()
    browser = sign_in(events.su)
    assert browser.get("/volunteers/volunteer/?sort=name").status_code == 200


def test_sorting_puts_empty_values_last_both_ways_and_names_unknown_columns(
    events: Cast, sign_in: Any
) -> None:
    browser = sign_in(events.lin)

    def order(sort: str) -> list[str]:
        page = browser.get(f"/activities/activity/?sort={sort}")
        return [line.record.title for line in page.context["lines"]]

    assert order("attendance") == ["丁", "甲", "丙", "乙"]
    assert order("-attendance") == ["丙", "甲", "丁", "乙"]
    assert browser.get("/activities/activity/?sort=themes").status_code == 400
    refused = browser.get("/activities/activity/?sort=attendence")
    assert "attendance" in refused.content.decode()


def test_a_query_string_never_reaches_into_django(events: Cast) -> None:
    for text in ("unit__code=east", "title__icontains=a", "pk=1", "id=1", "written_by=1"):
        with pytest.raises(Refused):
            query.rows(catalogue.get(ACTIVITY), text)


def test_range_inputs_of_the_filter_form_become_one_range(events: Cast, sign_in: Any) -> None:
    browser = sign_in(events.lin)
    sent = {"held_on~from": "2021-01-01", "held_on~to": "", "form": "lecture"}
    answer = browser.get("/activities/activity/", sent)
    assert answer.status_code == 302
    assert browser.get(answer.url).context["summary"]["count"] == 3

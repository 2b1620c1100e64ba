"""Reading: the same conditions as the pages, part by part, and no row left out or told twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.activities.models import Activity
from taizhang.ledger import catalogue, write
from taizhang.ledger.fields import Computed
from tests.conftest import Cast
from tests.factories import act, make, terms, verified
from tests.steps import json_rows
from tests.tokens.conftest import Program, codes, program


@pytest.fixture
def reader(cast: Cast) -> Program:
    """A program that reads the association."""
    return program(cast.re, cast.association)


def keys(rows: list[dict[str, Any]]) -> list[str]:
    return [row["key"] for row in rows]


def test_a_record_is_told_in_codes_and_keys(cast: Cast, reader: Program) -> None:
    place = make("places.place", 1, cast.east, cast.su)
    record = make("activities.activity", 7, cast.east, cast.su, place=place)
    told = reader.get(f"activities/activity/{record.pk}/")
    assert told["key"] == "east/HD-2021-0001"
    assert (told["id"], told["version"], told["state"]) == (record.pk, 1, "draft")
    assert told["url"] == f"/activities/activity/{record.pk}/"
    values = told["values"]
    assert (values["unit"], values["form"], values["setting"]) == ("east", "lecture", "countryside")
    assert values["themes"] == ["rural", "volunteering"]
    assert values["held_on"] == "2021-03-08"
    assert values["place"] == catalogue.get("places.place").key_text(place)
    assert (values["campaign"], values["ended_on"], values["online_views"]) == (None, None, None)
    assert values["attendance"] == 107
    assert set(values) == set(catalogue.get("activities.activity").editable)
    assert set(told["computed"]) >= {"proof", "lacks"}
    some = reader.get(f"activities/activity/{record.pk}/?fields=title,lacks")
    assert (list(some["values"]), list(some["computed"])) == (["title"], ["lacks"])


def test_decimals_are_text_and_truths_are_truths(cast: Cast, reader: Program) -> None:
    make("activities.participation", 1, cast.east, cast.su)
    make("activities.handout", 1, cast.east, cast.su)
    (one,) = reader.get("activities/participation/")["rows"]
    assert isinstance(one["values"]["hours"], str)
    (two,) = reader.get("activities/handout/")["rows"]
    assert isinstance(two["values"]["bilingual"], bool)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=verified",
        "state!=draft",
        "held_on=2021-03-02..2021-03-04",
        "themes=rural&themes=youth_science",
        "themes!=rural",
        "themes=",
        "unit=east",
        "unit=east&unit=west",
        "attendance=102..",
        "place.kind=museum",
        "place=",
        "q=%E7%AC%AC3",
        "q=第3 讲座",
        "version=1",
    ],
)
def test_conditions_are_those_of_the_pages(
    query: str, cast: Cast, reader: Program, sign_in: Any
) -> None:
    for number in range(4):
        make("activities.activity", number, cast.east, cast.su)
    verified(
        "activities.activity", 4, cast.west, cast, themes=terms("activities.theme", "youth_science")
    )
    make("activities.activity", 5, cast.west, cast.su, themes=[])
    page = json_rows(sign_in(cast.re), catalogue.get("activities.activity"), query)
    joint = "&" if query else ""
    told = reader.all(f"activities/activity/?limit=2{joint}{query}")
    assert sorted(keys(told)) == sorted(row["key"] for row in page["rows"])


def test_parts_follow_one_another_in_every_order(cast: Cast, reader: Program) -> None:
    place = make("places.place", 1, cast.east, cast.su)
    for number in range(7):
        more = {"place": place} if number % 3 else {}
        more |= {"attendance": None} if number % 2 else {"attendance": 50}
        make("activities.activity", number % 4, cast.east, cast.su, **more)
    whole = reader.get("activities/activity/?limit=500")["rows"]
    assert [row["id"] for row in whole] == sorted(row["id"] for row in whole)
    register = catalogue.get("activities.activity")
    sortable = [
        name
        for name, field in register.fields.items()
        if not field.many and not isinstance(field, Computed)
    ]
    assert {"title", "place", "campaign", "attendance", "held_on", "state"} <= set(sortable)
    for name in sortable:
        for order in (name, f"-{name}"):
            at_once = reader.get(f"activities/activity/?sort={order}")
            assert at_once["next"] is None
            for limit in (1, 3, 7):
                found = reader.all(f"activities/activity/?sort={order}&limit={limit}")
                assert keys(found) == keys(at_once["rows"]), (order, limit)


def test_the_order_is_that_of_the_pages(cast: Cast, reader: Program, sign_in: Any) -> None:
    for number, attendance in enumerate((30, None, 10, 20, None, 10)):
        make("activities.activity", number, cast.east, cast.su, attendance=attendance)
    register = catalogue.get("activities.activity")
    for sort in ("attendance", "-attendance", "title", "-held_on", "unit", "-form"):
        page = json_rows(sign_in(cast.re), register, f"sort={sort}")
        assert keys(reader.all(f"activities/activity/?sort={sort}&limit=2")) == keys(page["rows"])


def test_rows_that_come_meanwhile_move_nothing(cast: Cast, reader: Program) -> None:
    """Somebody records while a program reads: each old row once, and none of them left out."""
    for sort in ("", "&sort=-held_on", "&sort=title"):
        old = {make("activities.activity", n, cast.east, cast.su).pk for n in range(5)}
        old = set(Activity.objects.values_list("pk", flat=True))
        seen: list[int] = []
        following: str | None = f"activities/activity/?limit=2{sort}"
        number = 0
        while following:
            part = reader.get(following)
            seen += [row["id"] for row in part["rows"]]
            following = part["next"]
            # One before the place that was reached, one behind it, in every order.
            if number < 3:
                make("activities.activity", 20 + number, cast.east, cast.su, title="一场")
                make("activities.activity", -20 - number, cast.east, cast.su, title="终场")
            number += 1
        assert len(seen) == len(set(seen))
        assert old <= set(seen)


def test_a_row_that_goes_meanwhile_takes_no_other_with_it(cast: Cast, reader: Program) -> None:
    records = [make("activities.activity", n, cast.east, cast.su) for n in range(6)]
    first = reader.get("activities/activity/?state=draft&limit=2")
    for record in records[:3]:
        act(record, "submit", cast.su)
    rest = reader.all(first["next"])
    assert [row["id"] for row in rest] == [record.pk for record in records[3:]]


def test_a_cursor_belongs_to_its_list(cast: Cast, reader: Program) -> None:
    for number in range(3):
        make("activities.activity", number, cast.east, cast.su)
    following = reader.get("activities/activity/?limit=1&sort=title")["next"]
    cursor = following.partition("cursor=")[2]
    assert len(reader.get(f"activities/activity/?limit=2&sort=title&cursor={cursor}")["rows"]) == 2
    for other in ("sort=-title", "sort=title&state=draft", "since=2021-01-01"):
        told = reader.get(f"activities/activity/?{other}&cursor={cursor}", 400)
        assert codes(told) == [("cursor", "api.other-cursor")]
    told = reader.get(f"activities/activity/?sort=title&cursor={cursor[:-1]}x", 400)
    assert codes(told) == [("cursor", "api.bad-cursor")]


def test_what_changed_since_comes_in_the_order_of_its_change(cast: Cast, reader: Program) -> None:
    register = catalogue.get("activities.activity")
    records = [make("activities.activity", n, cast.east, cast.su) for n in range(4)]
    first = reader.get("activities/activity/?since=2021-01-01")
    assert [row["id"] for row in first["rows"]] == [record.pk for record in records]
    again = reader.get(f"activities/activity/?since={first['resume'].replace('+', '%2B')}")
    assert (again["rows"], again["resume"]) == ([], first["resume"])
    write.change(register, records[2], {"title": "改名"}, actor=cast.su)
    act(records[0], "submit", cast.su)
    added = make("activities.activity", 9, cast.east, cast.su)
    # The plus sign of the zone, sent as most programs send it, arrives as a blank.
    for moment in (first["resume"], first["resume"].replace("+", "%2B")):
        changed = reader.get(f"activities/activity/?limit=2&since={moment}")
        assert changed["resume"] is None
        more = reader.get(changed["next"])
        told = [row["id"] for row in (*changed["rows"], *more["rows"])]
        assert told == [records[2].pk, records[0].pk, added.pk]
        assert more["next"] is None
        assert reader.get(f"activities/activity/?since={more['resume']}")["rows"] == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one by one")
def test_what_others_are_still_writing_is_left_for_the_next_time(
    cast: Cast, reader: Program
) -> None:
    """A row is as old as the beginning of its transaction, but is seen only at its end."""
    import psycopg

    known = connection.settings_dict
    make("activities.activity", 1, cast.east, cast.su)
    with psycopg.connect(
        host=known["HOST"],
        port=known["PORT"] or None,
        user=known["USER"],
        password=known["PASSWORD"] or None,
        dbname=known["NAME"],
    ) as other:
        other.execute("SELECT 1")  # a transaction has begun and may write at any moment
        late = make("activities.activity", 2, cast.east, cast.su)
        first = reader.get("activities/activity/?since=2021-01-01")
        assert late.pk not in [row["id"] for row in first["rows"]]
        assert len(first["rows"]) == 1
        other.rollback()
        with connection.cursor() as cursor:  # kept for the length of the test's own transaction
            cursor.execute("SELECT pg_stat_clear_snapshot()")
        second = reader.get(f"activities/activity/?since={first['resume']}")
        assert [row["id"] for row in second["rows"]] == [late.pk]


def test_many_rows_of_one_moment_are_read_in_parts(cast: Cast, reader: Program) -> None:
    for number in range(7):
        make("activities.activity", number, cast.east, cast.su)
    moment = Activity.objects.earliest("pk").changed_at
    Activity.objects.update(changed_at=moment)
    told = reader.all("activities/activity/?since=2021-01-01&limit=3")
    assert [row["id"] for row in told] == sorted(Activity.objects.values_list("pk", flat=True))
    assert (
        reader.get(f"activities/activity/?since={(moment + timedelta(seconds=1)).isoformat()}")[
            "rows"
        ]
        == []
    )


def test_counting_is_asked_for_and_stops(cast: Cast, reader: Program, monkeypatch: Any) -> None:
    from taizhang.tokens import paging

    for number in range(3):
        make("activities.activity", number, cast.east, cast.su)
    plain = reader.get("activities/activity/?limit=1")
    assert "count" not in plain
    told = reader.get("activities/activity/?limit=1&count=exact")
    assert (told["count"], told["count_capped"]) == (3, False)
    monkeypatch.setattr(paging, "COUNTED", 2)
    told = reader.get("activities/activity/?limit=1&count=exact")
    assert (told["count"], told["count_capped"]) == (2, True)


def test_a_page_asks_the_database_as_often_whatever_its_size(cast: Cast, reader: Program) -> None:
    for number in range(3):
        make("activities.activity", number, cast.east, cast.su)
    reader.get("me/")
    for query in ("", "sort=-held_on&", "since=2021-01-01&", "state!=void&count=exact&"):
        asked = []
        for limit in (1, 2, 3):
            with CaptureQueriesContext(connection) as captured:
                reader.get(f"activities/activity/?{query}limit={limit}")
            asked.append(len(captured))
        assert asked[0] == asked[1] == asked[2] <= 16, query


def test_history_is_told_newest_first_and_in_parts(cast: Cast, reader: Program) -> None:
    register = catalogue.get("activities.activity")
    record = make("activities.activity", 1, cast.east, cast.su)
    for number in range(4):
        write.change(register, record, {"attendance": number}, actor=cast.bo)
    make("activities.handout", 1, cast.east, cast.su, activity=record)
    address = f"activities/activity/{record.pk}/history/"
    whole = reader.get(address)
    assert [entry["verb"] for entry in whole["entries"]] == ["add", *["change"] * 4, "add"]
    assert whole["entries"][0]["register"] == "activities.handout"
    entry = whole["entries"][1]
    assert (entry["actor"], entry["version"], entry["record"]) == ("波", 5, record.pk)
    assert entry["changes"] == [{"field": "attendance", "personal": False, "old": 2, "new": 3}]
    found: list[int] = []
    following: str | None = f"{address}?limit=2"
    while following:
        part = reader.get(following)
        assert len(part["entries"]) <= 2
        found += [entry["id"] for entry in part["entries"]]
        following = part["next"]
    assert found == [entry["id"] for entry in whole["entries"]]


def test_an_unchanged_record_is_not_sent_again(cast: Cast, reader: Program) -> None:
    record = make("activities.activity", 1, cast.east, cast.su)
    address = f"activities/activity/{record.pk}/"
    first = reader.ask("GET", address)
    tag = first["ETag"]
    again = reader.ask("GET", address, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    write.change(catalogue.get("activities.activity"), record, {"title": "新"}, actor=cast.su)
    changed = reader.ask("GET", address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_registers_and_lists_describe_themselves(reader: Program) -> None:
    found = {r["register"]: r for r in reader.get("registers/")["registers"]}
    assert set(found) == {register.name for register in catalogue.registers()}
    fields = {field["name"]: field for field in found["activities.activity"]["fields"]}
    assert fields["themes"]["terms"] == "/api/v1/terms/activities.theme/"
    assert fields["unit"]["register"] == "org.unit"
    assert {"code": "lecture", "label": "讲座"} in fields["form"]["choices"]
    assert (fields["title"]["max_length"], fields["title"]["required"]) == (200, True)
    for one in reader.get("terms/")["lists"]:
        words = reader.get(one["terms"])["terms"]
        assert words
        assert set(words[0]) == {"code", "name_zh", "name_en", "position"}


def test_figures_are_told_for_a_unit_and_a_period(cast: Cast, reader: Program) -> None:
    for number in range(3):
        verified("activities.activity", number, cast.east, cast)
    told = reader.get("figures/?period=2021")
    assert (told["unit"], told["period"]) == ("assoc", "2021")
    figures = {figure["code"]: figure for figure in told["figures"]}
    one = reader.get("figures/volunteering.events/?period=2021&unit=east")
    assert (one["value"], one["rows"], one["unit"]) == ("3", 3, "场次")
    assert figures["volunteering.events"]["value"] == "3"
    assert reader.get("figures/volunteering.events/?period=2021&unit=west")["value"] == "0"
    both = program(cast.su, cast.east, cast.west)
    assert codes(both.get("figures/?period=2021", 400)) == [("unit", "api.name-a-unit")]
    assert both.get("figures/?period=2021&unit=east")["unit"] == "east"
    both.get("figures/?period=2021&unit=assoc", 404)

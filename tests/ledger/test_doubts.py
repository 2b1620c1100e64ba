"""Unusual values are asked about once, and never in the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from taizhang.ledger import catalogue, doubts, write
from taizhang.ledger.models import Answer
from taizhang.ledger.register import TODAY, Doubt, Register
from taizhang.wording import say
from tests.conftest import Cast
from tests.factories import make

ACTIVITY = "activities.activity"
DOUBTED = [register.name for register in catalogue.registers() if register.doubts]


def codes(name: str, record: Any) -> dict[str, str]:
    register = catalogue.get(name)
    return {q.field.name: q.finding.code for q in doubts.open_doubts(register, [record])}


@pytest.mark.fast
def test_what_is_usual_for_a_fair_is_not_for_a_lecture(cast: Cast) -> None:
    lecture = make(ACTIVITY, 1, cast.east, cast.su, attendance=20_000)
    fair = make(ACTIVITY, 2, cast.east, cast.su, attendance=20_000, form="fair")
    crowd = make(ACTIVITY, 3, cast.east, cast.su, attendance=40_000, form="fair")
    assert codes(ACTIVITY, lecture) == {"attendance": "doubt.over"}
    assert codes(ACTIVITY, fair) == {}
    assert codes(ACTIVITY, crowd) == {"attendance": "doubt.over"}
    (question,) = doubts.open_doubts(catalogue.get(ACTIVITY), [lecture])
    assert question.tag == "attendance=20000"
    assert "20000" in say(question.finding, "zh")
    assert "3000" in say(question.finding, "zh")


def test_a_day_that_has_not_come_and_one_long_ago_are_asked_about(cast: Cast) -> None:
    today = timezone.localdate()
    for day, code in (
        (today, None),
        (today + timedelta(days=1), "doubt.after-today"),
        (date(1921, 3, 1), "doubt.too-early"),
    ):
        record = make(ACTIVITY, 1, cast.east, cast.su, held_on=day)
        assert codes(ACTIVITY, record).get("held_on") == code


def test_one_field_may_be_measured_by_another(cast: Cast) -> None:
    record = make("governance.meeting", 1, cast.east, cast.su, entitled=9, present=12)
    assert codes(record._meta.label_lower, record) == {"present": "doubt.more-than"}
    unknown = make("governance.meeting", 2, cast.east, cast.su, entitled=None, present=12)
    assert codes("governance.meeting", unknown) == {}
    small = make("places.place", 1, cast.east, cast.su, building_area=Decimal("480"))
    assert codes("places.place", small) == {
        "building_area": "doubt.under",
        "exhibition_area": "doubt.more-than",
    }


def test_a_yes_holds_for_this_value_and_no_other(cast: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    record = make(ACTIVITY, 1, cast.east, cast.su, attendance=40_000)
    doubts.answer(register, record, ["attendance", "title", "held_on"], actor=cast.su)
    assert codes(ACTIVITY, record) == {}
    ((question, given),) = doubts.confirmed(register, record)
    assert (question.value, given.by, given.number) == (40_000, cast.su, 40_000)
    other = make(ACTIVITY, 2, cast.east, cast.su, attendance=40_000)
    assert codes(ACTIVITY, other) == {"attendance": "doubt.over"}, "an answer is for one record"
    record = write.change(register, record, {"attendance": 41_000}, actor=cast.su)
    assert codes(ACTIVITY, record) == {"attendance": "doubt.over"}
    assert doubts.confirmed(register, record) == []
    doubts.answer(register, record, ["attendance"], actor=cast.lin)
    assert codes(ACTIVITY, record) == {}
    assert Answer.objects.count() == 1


def test_what_nobody_would_ask_about_is_not_answered(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su, attendance=40)
    doubts.answer(catalogue.get(ACTIVITY), record, ["attendance"], actor=cast.su)
    assert not Answer.objects.exists()


def test_a_row_of_a_file_is_asked_about_before_it_exists(cast: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    rows = [register.model(form="lecture", attendance=number) for number in (10, 50_000, None)]
    found = doubts.open_doubts(register, rows)
    assert [(q.record, q.value) for q in found] == [(rows[1], 50_000)]


def beyond(register: Register, doubt: Doubt, record: Any) -> Any:
    """The nearest value that is doubted."""
    if doubt.over is None:
        assert doubt.under is not None
        step: Any = timedelta(days=1) if isinstance(doubt.under, date) else 1
        return doubt.under - step  # type: ignore[operator]
    if doubt.over == TODAY:
        return timezone.localdate() + timedelta(days=1)
    if isinstance(doubt.over, str):
        return register.fields[doubt.over].value(record) + 1
    return doubt.over + 1  # type: ignore[operator]


@pytest.mark.parametrize("name", DOUBTED)
def test_every_doubt_that_is_declared_is_asked_found_and_answered(name: str, cast: Cast) -> None:
    register = catalogue.get(name)
    usual = make(name, 1, cast.east, cast.lin)
    assert doubts.open_doubts(register, [usual]) == []
    for number, doubt in enumerate(register.doubts, start=2):
        record = make(name, number, cast.east, cast.lin)
        changes: dict[str, Any] = {f: sorted(among)[0] for f, among in doubt.when.items()}
        if name == "governance.problem":
            changes |= {"progress": "going", "closed_on": None}
        if name == "outreach.channel":
            changes |= {"closed_on": None}
        changes[doubt.about] = beyond(register, doubt, record)
        record = write.change(register, record, changes, actor=cast.lin)
        asked = [question.field.name for question in doubts.open_doubts(register, [record])]
        assert doubt.about in asked, doubt
        rows = register.model._default_manager.filter(doubts.open_condition(register))
        assert list(rows) == [record]
        doubts.answer(register, record, asked, actor=cast.lin)
        assert doubts.open_doubts(register, [record]) == []
        assert not rows.all().exists()


def test_a_hundred_records_are_asked_about_in_one_question(cast: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    rows = [register.model(pk=n, form="lecture", attendance=9_000) for n in range(1, 101)]
    with CaptureQueriesContext(connection) as asked:
        assert len(doubts.open_doubts(register, rows)) == 100
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert doubts.open_doubts(register, [register.model(attendance=9)]) == []
    assert len(asked) == 0


def test_a_list_finds_what_is_to_be_confirmed_and_counts_every_row_once(
    cast: Cast, sign_in: Any
) -> None:
    register = catalogue.get(ACTIVITY)
    crowd = make(ACTIVITY, 1, cast.east, cast.su, attendance=40_000)
    make(ACTIVITY, 2, cast.east, cast.su)
    empty = make(ACTIVITY, 3, cast.east, cast.su, attendance=None, online_views=None)
    child = make("activities.handout", 4, cast.east, cast.su, activity=crowd)
    browser = sign_in(cast.re)

    def listed(query: str, name: str = ACTIVITY) -> set[int]:
        path = catalogue.get(name).path
        return {row["id"] for row in browser.get(f"/{path}.json?{query}").json()["rows"]}

    assert listed("doubt=open") == {crowd.pk}
    assert listed("doubt!=open") == listed("doubt=") == listed("") - {crowd.pk}
    assert empty.pk in listed("doubt=")
    assert listed("activity.doubt=open", "activities.handout") == {child.pk}
    assert browser.get(f"/{register.path}/?doubt=nix").status_code == 400
    doubts.answer(register, crowd, ["attendance"], actor=cast.su)
    assert listed("doubt=open") == set()


def test_a_measure_that_is_missing_makes_no_doubt_and_hides_no_row(cast: Cast) -> None:
    meeting = catalogue.get("governance.meeting")
    rows = [
        make(meeting.name, number, cast.east, cast.su, entitled=entitled, present=present)
        for number, (entitled, present) in enumerate([(9, 12), (9, 8), (None, 12), (9, None)], 1)
    ]
    found = meeting.model._default_manager.filter(doubts.open_condition(meeting))
    others = meeting.model._default_manager.exclude(doubts.open_condition(meeting))
    assert list(found) == [rows[0]]
    assert {row.pk for row in others} == {row.pk for row in rows[1:]}

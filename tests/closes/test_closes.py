"""A unit closes a period: whoever comes later still can, and everybody sees that it came late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from taizhang.accounts.models import User
from taizhang.closes import actions, standing
from taizhang.closes.models import Close
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.ledger import catalogue, query, write
from taizhang.ledger.models import Entry, Record
from tests.conftest import Cast
from tests.factories import act, make, verified
from tests.steps import form_of

ACTIVITY = "activities.activity"
MARCH = date(2021, 3, 10)


def register() -> Any:
    return catalogue.get(ACTIVITY)


def late(*records: Record) -> set[int]:
    rows = list(register().queryset().filter(pk__in=[record.pk for record in records]))
    return set(standing.late(register(), rows))


def listed(text: str) -> set[int]:
    return set(query.rows(register(), text).values_list("pk", flat=True))


def correct(record: Any, actor: Any, **values: Any) -> None:
    write.change(register(), record, values, actor=actor, reason="数错了")


def code_of(work: Any) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.findings[0].code


@pytest.fixture
def before(cast: Cast) -> dict[str, Any]:
    """Of March and of April, of a town and of the association, all before anything is closed."""
    return {
        "march": verified(ACTIVITY, 1, cast.east, cast, held_on=MARCH),
        "april": verified(ACTIVITY, 2, cast.east, cast, held_on=date(2021, 4, 10)),
        "draft": make(ACTIVITY, 3, cast.association, cast.su, held_on=MARCH),
    }


def test_a_month_closed_by_the_association_is_closed_for_its_towns(cast: Cast) -> None:
    march = Period.parse("2021-03")
    assert standing.covering(cast.east, march) is None
    closed = actions.close(cast.association, "2021-03", actor=cast.lin)
    assert standing.covering(cast.east, march) == closed
    assert standing.covering(cast.elsewhere, march) is None
    assert standing.covering(cast.east, Period.parse("2021-03-15")) == closed
    assert standing.covering(cast.east, Period.parse("2021-Q1")) is None


def test_three_closed_months_are_a_closed_quarter(cast: Cast) -> None:
    for month in ("2021-01", "2021-02"):
        actions.close(cast.association, month, actor=cast.lin)
    assert standing.covering(cast.association, Period.parse("2021-Q1")) is None
    last = actions.close(cast.association, "2021-03", actor=cast.lin)
    assert standing.covering(cast.association, Period.parse("2021-Q1")) == last
    actions.close(cast.association, "2021", actor=cast.lin)
    assert standing.covering(cast.association, Period.parse("2021-Q1")) == last


def test_what_was_there_before_the_close_is_in_time_and_what_comes_after_is_late(
    cast: Cast, before: dict[str, Any]
) -> None:
    closed = actions.close(cast.association, "2021-03", actor=cast.lin)
    added = make(ACTIVITY, 4, cast.east, cast.bo, held_on=MARCH)
    elsewhen = make(ACTIVITY, 5, cast.east, cast.bo, held_on=date(2021, 5, 1))
    assert late(*before.values(), added, elsewhen) == {added.pk}
    correct(before["march"], cast.su, attendance=77)
    correct(before["april"], cast.su, attendance=77)
    assert late(*before.values(), added, elsewhen) == {added.pk, before["march"].pk}
    assert listed("late=1") == {added.pk, before["march"].pk}
    assert listed("late=added") == {added.pk}
    assert listed("late=corrected") == {before["march"].pk}
    assert listed("late=0") == {before["april"].pk, before["draft"].pk, elsewhen.pk}
    assert listed("late=") == listed("late=0")
    (found,) = standing.late(register(), [added]).values()
    assert found == closed


def test_moving_a_record_into_a_closed_month_makes_it_late(
    cast: Cast, before: dict[str, Any]
) -> None:
    actions.close(cast.association, "2021-03", actor=cast.lin)
    correct(before["april"], cast.su, held_on=MARCH)
    assert late(*before.values()) == {before["april"].pk} == listed("late=1")


def test_verifying_voiding_and_proving_after_the_close_is_not_late(
    cast: Cast, before: dict[str, Any]
) -> None:
    actions.close(cast.association, "2021-03", actor=cast.lin)
    assert act(before["draft"], "submit", cast.su).done == 1
    assert act(before["draft"], "verify", cast.zhi).done == 1
    assert act(before["march"], "void", cast.zhi, "重复").done == 1
    assert late(*before.values()) == set() == listed("late=1")
    assert act(before["march"], "restore", cast.su).done == 1
    assert late(*before.values()) == {before["march"].pk} == listed("late=1")


def test_the_first_of_several_closes_decides(cast: Cast, before: dict[str, Any]) -> None:
    first = actions.close(cast.association, "2021-03", actor=cast.lin)
    between = make(ACTIVITY, 4, cast.east, cast.bo, held_on=MARCH)
    actions.close(cast.association, "2021", actor=cast.lin)
    assert standing.late(register(), [between]) == {between.pk: first}
    assert listed("late=1") == {between.pk}
    actions.reopen(first, actor=cast.lin, reason="补报")
    assert late(between) == set() == listed("late=1")  # it came before the year was closed


def test_a_town_s_close_says_nothing_about_its_neighbour(cast: Cast) -> None:
    actions.close(cast.east, "2021-03", actor=cast.lin)
    mine = make(ACTIVITY, 4, cast.east, cast.su, held_on=MARCH)
    theirs = make(ACTIVITY, 5, cast.west, cast.su, held_on=MARCH)
    above = make(ACTIVITY, 6, cast.association, cast.su, held_on=MARCH)
    assert late(mine, theirs, above) == {mine.pk} == listed("late=1")


def test_a_unit_is_covered_by_who_stood_above_it_on_the_day(cast: Cast) -> None:
    placement = {
        "unit": cast.west,
        "parent": cast.east,
        "first_on": date(2021, 3, 20),
        "document": "演示〔2021〕1号",
    }
    write.create(catalogue.get("org.placement"), placement, actor=cast.lin)
    actions.close(cast.east, "2021-03", actor=cast.lin)
    apart = make(ACTIVITY, 4, cast.west, cast.su, held_on=MARCH)
    below = make(ACTIVITY, 5, cast.west, cast.su, held_on=date(2021, 3, 25))
    assert late(apart, below) == {below.pk} == listed("late=1")


def test_child_rows_are_late_by_the_day_of_their_activity(cast: Cast) -> None:
    handouts = catalogue.get("activities.handout")
    activity = make(ACTIVITY, 1, cast.east, cast.su, held_on=MARCH)
    actions.close(cast.association, "2021-03", actor=cast.lin)
    child = make("activities.handout", 1, cast.east, cast.su, activity=activity)
    rows = list(handouts.queryset().filter(pk=child.pk))
    assert set(standing.late(handouts, rows)) == {child.pk}
    assert set(query.rows(handouts, "late=1&activity.late=0").values_list("pk", flat=True)) == {
        child.pk
    }
    assert late(activity) == set()


def test_lateness_of_a_page_of_records_takes_three_queries(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for month in ("2021-01", "2021-02", "2021-03"):
        actions.close(cast.association, month, actor=cast.lin)
    for number in range(1, 8):
        make(ACTIVITY, number, cast.east, cast.su, held_on=MARCH + timedelta(days=number))
    rows = list(register().queryset())
    with django_assert_num_queries(3):
        assert len(standing.late(register(), rows)) == 7
    with django_assert_num_queries(2):
        standing.covering(cast.east, Period.parse("2021"))


def test_only_the_manager_closes_and_only_what_is_over_and_open(cast: Cast) -> None:
    for person in (cast.su, cast.zhi, cast.re, cast.bo, cast.chen):
        asked = lambda who=person: actions.close(cast.association, "2021", actor=who)  # noqa: E731
        assert code_of(asked) == "close.not-yours"
    this = str(timezone.localdate().year)
    assert code_of(lambda: actions.close(cast.east, this, actor=cast.lin)) == "close.not-over"
    assert code_of(lambda: actions.close(cast.east, "2021-03-01", actor=cast.lin)) == "close.no-day"
    assert code_of(lambda: actions.close(cast.east, "21.3", actor=cast.lin)) == "period.unknown"
    closed = actions.close(cast.east, "2021", actor=cast.lin)
    assert code_of(lambda: actions.close(cast.east, "2021-03", actor=cast.lin)) == "close.already"
    assert (
        code_of(lambda: actions.reopen(closed, actor=cast.lin, reason=" ")) == "close.reason-needed"
    )
    assert code_of(lambda: actions.reopen(closed, actor=cast.bo, reason="x")) == "close.not-yours"
    actions.reopen(closed, actor=cast.lin, reason="漏报")
    assert code_of(lambda: actions.reopen(closed, actor=cast.lin, reason="x")) == "close.not-closed"


def test_the_history_of_the_unit_keeps_who_when_and_why(cast: Cast) -> None:
    closed = actions.close(cast.east, "2021-Q1", actor=cast.lin, note="一季度报表已报")
    actions.reopen(closed, actor=cast.lin, reason="漏报两场")
    again = actions.close(cast.east, "2021-Q1", actor=cast.lin)
    told = Entry.objects.filter(register="org.unit", record_id=cast.east.pk)
    told = told.filter(verb__in=("close", "reopen")).order_by("pk")
    assert [(e.verb, e.actor, e.changes, e.reason) for e in told] == [
        ("close", cast.lin, {"period": [None, "2021-Q1"]}, "一季度报表已报"),
        ("reopen", cast.lin, {"period": ["2021-Q1", None]}, "漏报两场"),
        ("close", cast.lin, {"period": [None, "2021-Q1"]}, ""),
    ]
    assert Close.objects.count() == 2
    assert list(standing.standing()) == [again]


def test_a_journey_from_closing_to_a_late_record_to_reopening(cast: Cast, sign_in: Any) -> None:
    lin = sign_in(cast.lin)
    page = lin.get("/settings/closes/?to=2021").content.decode()
    assert "还没有结过账" in page
    assert "period=2021-03#picked" in page
    assert "为2021年3月结账" in lin.get("/settings/closes/?period=2021-03").content.decode()
    done = lin.post(
        "/settings/closes/close/", {"unit": "assoc", "period": "2021-03", "to": "2021"}, follow=True
    )
    assert "2021年3月已结账。" in done.content.decode()
    assert "反结账的原因" in done.content.decode()

    su = sign_in(cast.su)
    form = su.get("/activities/activity/add/").content.decode()
    assert "已结账的日期：演示科协 2021-03-01 – 2021-03-31" in form
    draft = make(ACTIVITY, 1, cast.association, cast.su, held_on=date(2021, 4, 1))
    values = form_of(register(), draft) | {
        "code": "",
        "held_on": "2021-03-09",
        "title": "迟到的讲座",
    }
    values.pop("version")
    saved = su.post("/activities/activity/add/", values, follow=True)
    assert "这条记录已标明“补录”" in saved.content.decode()
    record = register().model.objects.get(title="迟到的讲座")
    shown = su.get(f"/activities/activity/{record.pk}/").content.decode()
    assert "已结账的期间" in shown
    assert "这条记录在此之后补录" in shown
    lists = su.get("/activities/activity/?late=1").content.decode()
    assert "迟到的讲座" in lists
    assert ">补录</span>" in lists
    assert "第1场科普讲座" not in lists
    edit = su.get(f"/activities/activity/{record.pk}/edit/").content.decode()
    assert "这条记录所在的2021年3月已于" in edit

    lin = sign_in(cast.lin)
    closed = Close.objects.get()
    refused = lin.post(f"/settings/closes/{closed.pk}/reopen/", {"reason": ""})
    assert refused.status_code == 400
    assert "请写明反结账的原因" in refused.content.decode()
    open_again = lin.post(
        f"/settings/closes/{closed.pk}/reopen/", {"reason": "东镇补报"}, follow=True
    )
    assert "2021年3月已反结账。" in open_again.content.decode()
    assert "东镇补报" in open_again.content.decode()
    assert ">补录</span>" not in lin.get("/activities/activity/").content.decode()
    unit = lin.get(f"/org/unit/{cast.association.pk}/").content.decode()
    assert "反结账" in unit
    assert "东镇补报" in unit


def test_nobody_closes_or_looks_beyond_their_units(cast: Cast, sign_in: Any) -> None:
    closed = actions.close(cast.association, "2021", actor=cast.lin)
    chen = sign_in(cast.chen)
    for answer in (
        chen.get("/settings/closes/?unit=assoc"),
        chen.post("/settings/closes/close/", {"unit": "assoc", "period": "2020"}),
        chen.post(f"/settings/closes/{closed.pk}/reopen/", {"reason": "x"}),
        chen.post("/settings/closes/999999/reopen/", {"reason": "x"}),
    ):
        assert answer.status_code in (400, 404)
    bo = sign_in(cast.bo)
    page = bo.get("/settings/closes/?unit=east&period=2021-05").content.decode()
    assert "演示科协已于" in page
    assert "反结账的原因" not in page
    refused = bo.post("/settings/closes/close/", {"unit": "east", "period": "2020"})
    assert "只有东镇科协的管理员" in refused.content.decode()
    assert Close.objects.count() == 1


@pytest.mark.parametrize(
    "bad", ["?period=2021-13", "?period=2021-03-01", "?period=%00", "?period=x"]
)
def test_a_wrong_address_gets_a_sentence(cast: Cast, sign_in: Any, bad: str) -> None:
    answer = sign_in(cast.lin).get(f"/settings/closes/{bad}")
    assert answer.status_code in (400, 404, 422)
    assert "请" in answer.content.decode()


def test_any_year_asked_for_is_a_page(cast: Cast, sign_in: Any) -> None:
    for asked in ("?to=0", "?to=99999", "?to=x", "?to=1901", "?to=２０２１"):
        assert sign_in(cast.lin).get(f"/settings/closes/{asked}").status_code == 200


def test_the_database_itself_holds_one_standing_close_and_reasons(cast: Cast) -> None:
    closed = actions.close(cast.east, "2021", actor=cast.lin)
    for change in ({"reopened_at": timezone.now()}, {"reason": "x"}, {"last": date(2020, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Close.objects.filter(pk=closed.pk).update(**change)
    twin = Close(
        unit=cast.east,
        period="2021",
        first=closed.first,
        last=closed.last,
        closed_at=closed.closed_at,
        closed_by=cast.lin,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_somebody_without_a_unit_is_told(cast: Cast, sign_in: Any) -> None:
    page = sign_in(User.objects.create(username="new")).get("/settings/closes/")
    assert "结账以单位为准" in page.content.decode()

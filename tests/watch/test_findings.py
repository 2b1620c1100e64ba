"""The workbench says what is missing, doubtful or late, and each line opens where it is cured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from taizhang.desk import tallies
from taizhang.engines.periods import Period
from taizhang.exchange.models import ImportPlan
from taizhang.jobs.models import Job
from taizhang.ledger import catalogue
from taizhang.watch.notices import Notice, notices
from tests.conftest import Cast
from tests.factories import act, make
from tests.steps import questions as asked_by

ACTIVITY = "activities.activity"
THIS_YEAR = Period.parse(str(timezone.localdate().year))


def aged(record: Any, days: int) -> None:
    """Let a record have been touched so many days ago."""
    moment = timezone.now() - timedelta(days=days)
    type(record)._default_manager.filter(pk=record.pk).update(changed_at=moment)


def codes(found: list[Notice]) -> dict[str, int]:
    return {notice.finding.code: notice.count for notice in found}


def test_what_waits_too_long_is_late_for_whoever_can_end_it(cast: Cast, settings: Any) -> None:
    waiting = make(ACTIVITY, 1, cast.east, cast.su, held_on=timezone.localdate())
    act(waiting, "submit", cast.su)
    draft = make(ACTIVITY, 2, cast.east, cast.su)
    for record in (waiting, draft):
        aged(record, settings.LATE_DAYS - 1)
    assert not {
        code for code in codes(notices(cast.zhi, THIS_YEAR)) if code.startswith("watch.late")
    }
    for record in (waiting, draft):
        aged(record, settings.LATE_DAYS + 2)
    assert codes(notices(cast.zhi, THIS_YEAR))["watch.late-to-verify"] == 1
    found = codes(notices(cast.su, THIS_YEAR))
    assert "watch.late-to-verify" not in found
    assert found["watch.draft-long-ago"] == 1
    assert notices(cast.chen, THIS_YEAR) == []
    assert codes(notices(cast.re, THIS_YEAR)) == {}


def test_every_line_opens_a_list_with_as_many_rows(cast: Cast, sign_in: Any, settings: Any) -> None:
    for number in range(3):
        aged(make(ACTIVITY, number, cast.east, cast.su), settings.LATE_DAYS + 3)
    record = make(ACTIVITY, 7, cast.east, cast.su, held_on=timezone.localdate())
    act(record, "submit", cast.su)
    browser = sign_in(cast.su)
    lines = [
        line
        for line in notices(cast.su, THIS_YEAR)
        if line.url.startswith("/activities/activity/?")
    ]
    assert {line.finding.code for line in lines} == {"watch.draft-long-ago", "watch.lacks-proof"}
    for line in lines:
        page = browser.get(line.url)
        assert page.status_code == 200
        assert len(page.context["lines"]) == line.count


def test_an_upload_nobody_said_yes_to_and_a_failed_job_are_told(cast: Cast) -> None:
    ImportPlan.objects.create(
        register=ACTIVITY,
        actor=cast.su,
        at=timezone.now(),
        name="一季度.xlsx",
        stored="x",
        digest="y",
    )
    now = timezone.now()
    Job.objects.create(
        kind="x",
        title="导入一季度",
        actor=cast.su,
        language="zh-hans",
        state="failed",
        created_at=now,
        finished_at=now,
    )
    assert {"watch.plan-waits", "watch.job-failed"} <= set(codes(notices(cast.su, THIS_YEAR)))
    assert codes(notices(cast.bo, THIS_YEAR)) == {}


def test_the_page_and_the_workbench_show_the_same_lines_and_nothing_reads_as_nothing(
    cast: Cast, sign_in: Any, settings: Any
) -> None:
    browser = sign_in(cast.su)
    assert "没有" in browser.get("/findings/").content.decode()
    aged(make(ACTIVITY, 1, cast.east, cast.su), settings.LATE_DAYS + 3)
    page, part = browser.get("/findings/"), browser.get("/findings/part/")
    address = "changed_at=.."
    assert address in page.content.decode()
    assert address in part.content.decode()
    assert "/findings/part/" in browser.get("/").content.decode()


def test_what_is_missing_is_asked_of_the_period_the_user_works_in(cast: Cast, sign_in: Any) -> None:
    make(ACTIVITY, 1, cast.east, cast.su)  # in 2021
    assert "watch.lacks-proof" not in codes(notices(cast.su, THIS_YEAR))
    assert codes(notices(cast.su, Period.parse("2021")))["watch.lacks-proof"] == 1
    browser = sign_in(cast.su)
    browser.post("/switch/", {"period": "2021", "next": "/findings/"})
    assert "2021-01-01..2021-12-31" in browser.get("/findings/").content.decode()


def test_more_than_people_count_reads_as_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "ENOUGH", 2)
    for number in range(4):
        make(ACTIVITY, number, cast.east, cast.su, held_on=timezone.localdate())
    (line,) = [n for n in notices(cast.su, THIS_YEAR) if n.finding.code == "watch.lacks-proof"]
    assert line.shown == "2+"


def test_as_many_queries_whatever_there_is_to_tell(
    cast: Cast, settings: Any, django_assert_max_num_queries: Any
) -> None:
    most = 4 * len(list(catalogue.registers())) + 10
    with django_assert_max_num_queries(most) as few:
        notices(cast.lin, THIS_YEAR)
    for number in range(5):
        aged(make(ACTIVITY, number, cast.east, cast.su), settings.LATE_DAYS + 3)
    cast.lin._ledger_access = None
    with django_assert_max_num_queries(most) as many:
        notices(cast.lin, THIS_YEAR)
    assert len(many.captured_queries) <= len(few.captured_queries) + 1


def test_weeks_that_a_channel_missed_stand_on_the_workbench(cast: Cast, sign_in: Any) -> None:
    def questions() -> int:
        browser.get("/findings/part/")
        return asked_by(browser, "/findings/part/")

    first = make(
        "outreach.channel", 1, cast.east, cast.su, name="科普专栏", weekly_items=2, closed_on=None
    )
    make("outreach.channel", 2, cast.east, cast.su, weekly_items=None)
    browser = sign_in(cast.su)
    few = questions()
    line = next(n for n in notices(cast.su, THIS_YEAR) if n.finding.code == "channel.no-update")
    assert (line.url, line.about) == (f"/outreach/channel/{first.pk}/", "科普专栏")
    page = browser.get("/findings/").content.decode()
    assert "科普专栏：这个渠道约定了每周更新" in page
    assert browser.get(line.url).status_code == 200
    for number in range(3, 9):
        make("outreach.channel", number, cast.east, cast.su, weekly_items=2, closed_on=None)
    assert questions() == few
    assert codes(notices(cast.re, THIS_YEAR)) == {}

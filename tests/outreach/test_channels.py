"""Channels with a weekly rhythm say when a week was missed; publications when the copies do not add up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue, write
from tests.conftest import Cast
from tests.factories import act, make

pytestmark = pytest.mark.django_db


def column(cast: Cast, **changes: Any) -> Any:
    given = {"opened_on": date(2021, 1, 4), "closed_on": date(2021, 3, 31), "weekly_items": 2}
    return make("outreach.channel", 1, cast.east, cast.su, **(given | changes))


def publish(cast: Cast, channel: Any, day: date, items: int) -> Any:
    return write.create(
        catalogue.get("outreach.update"),
        {
            "channel": channel,
            "published_on": day,
            "title": f"{day}一期",
            "kind": "science",
            "items": items,
        },
        actor=cast.su,
    )


def told(record: Any) -> list[Finding]:
    register = catalogue.of_model(type(record))
    assert register is not None
    return register.notices(record)


def test_a_channel_with_a_rhythm_and_no_update_says_so(cast: Cast) -> None:
    assert [f.code for f in told(column(cast))] == ["channel.no-update"]


def test_a_channel_without_a_rhythm_is_left_alone(cast: Cast) -> None:
    assert told(column(cast, weekly_items=None)) == []


def test_a_missed_week_is_named_on_the_page(cast: Cast, sign_in: Any) -> None:
    channel = column(cast)
    for week in (0, 1, 3, 11, 12):
        publish(cast, channel, date(2021, 1, 6) + timedelta(weeks=week), 2)
    (missed,) = told(channel)
    assert missed.code == "channel.weeks-missed"
    assert missed.params["count"] == 8
    assert missed.params["first"] == "2021-01-18"
    page = sign_in(cast.re).get(f"/outreach/channel/{channel.pk}/").content.decode()
    assert "有 8 周没有发够约定的 2 条" in page
    assert "2021-01-18" in page


def test_a_void_update_does_not_fill_its_week(cast: Cast) -> None:
    channel = column(cast, closed_on=date(2021, 1, 25))
    for week in range(3):
        update = publish(cast, channel, date(2021, 1, 6) + timedelta(weeks=week), 2)
        if week == 1:
            assert act(update, "void", cast.lin, "重复").done == 1
    assert [f.params["first"] for f in told(channel)] == ["2021-01-11"]


def test_a_channel_that_fell_silent_is_told_once_not_week_by_week(cast: Cast) -> None:
    channel = column(cast)
    publish(cast, channel, date(2021, 1, 6), 2)
    (silent,) = told(channel)
    assert (silent.code, silent.params["last"]) == ("channel.silent", "2021-01-06")


def test_a_channel_merged_into_another_needs_its_last_day(cast: Cast) -> None:
    from taizhang.engines.findings import Refused

    with pytest.raises(Refused):
        column(cast, closed_on=None, merged_into="另一个群")


def test_more_copies_given_than_printed_is_told(cast: Cast) -> None:
    publication = make("outreach.publication", 1, cast.east, cast.su, copies=300)
    assert told(publication) == []
    for day, copies in ((date(2021, 4, 1), 200), (date(2021, 4, 2), 101)):
        given = {"publication": publication, "given_on": day, "recipient": "school"}
        register = catalogue.get("outreach.distribution")
        write.create(register, given | {"copies": copies}, actor=cast.su)
    (more,) = told(publication)
    assert more.code == "publication.more-given-than-printed"
    assert more.params == {"given": 301, "printed": 300}

"""What a person is told about a proof: another day, the same file, nearly the same picture."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.evidence import actions
from taizhang.evidence.models import Blob, Evidence
from taizhang.evidence.notices import notices
from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.factories import DAY, act, make
from tests.steps import links, texts

from .pictures import ACTIVITY, attach, jpeg, scene, sent_on

MEETING = catalogue.get("governance.meeting")


@pytest.fixture
def record(cast: Cast) -> Any:
    """An activity of 2021-03-02 in the east."""
    return make(ACTIVITY.name, 1, cast.east, cast.su)


@pytest.fixture
def other(cast: Cast) -> Any:
    """An activity of 2021-03-10 in the west."""
    return make(ACTIVITY.name, 9, cast.west, cast.su)


def told(record: Any, user: Any) -> list[tuple[str, str, str]]:
    """What the user is told of the record's proofs: code, severity, address."""
    register = catalogue.of_model(type(record))
    assert register is not None
    here = Evidence.objects.filter(register=register.name, record_id=record.pk)
    found = notices(register, record, list(here.select_related("blob")), user)
    return [(notice.finding.code, notice.finding.severity, notice.url) for notice in found]


def page_of(record: Any) -> str:
    return f"/activities/activity/{record.pk}/"


@pytest.mark.fast
def test_the_same_file_at_another_record_on_another_day_is_told_at_both(
    cast: Cast, record: Any, other: Any
) -> None:
    attach(record, cast.su, jpeg(scene(1)))
    assert told(record, cast.su) == []
    attach(other, cast.su, jpeg(scene(1)), "换了名字.jpg")
    assert told(other, cast.su) == [("evidence.used-elsewhere", "look", page_of(record))]
    assert told(record, cast.su) == [("evidence.used-elsewhere", "look", page_of(other))]


def test_it_is_told_when_attached_and_on_the_page_with_the_way_there(
    cast: Cast, record: Any, other: Any, sign_in: Any
) -> None:
    attach(record, cast.su, jpeg(scene(1)))
    browser = sign_in(cast.su)
    sent = {"file": SimpleUploadedFile("二.jpg", jpeg(scene(1))), "kind": "photo"}
    page = browser.post(page_of(other) + "evidence/", sent, follow=True)
    _success, warning = page.context["messages"]
    assert warning.level_tag == "warning"
    assert record.title in str(warning)
    assert "2021-03-02" in str(warning)
    assert page_of(record) in links(str(warning))
    fresh = browser.get(page_of(other)).content.decode()
    assert page_of(record) in links(fresh)
    assert any("“二.jpg”" in text and record.title in text for text in texts(fresh))


def test_a_title_cannot_smuggle_markup_into_the_message(
    cast: Cast, other: Any, sign_in: Any
) -> None:
    nasty = make(ACTIVITY.name, 3, cast.east, cast.su, title="<b onclick=x>讲座</b>")
    attach(nasty, cast.su, jpeg(scene(1)))
    sent = {"file": SimpleUploadedFile("<i>.jpg", jpeg(scene(1))), "kind": "photo"}
    page = sign_in(cast.su).post(page_of(other) + "evidence/", sent, follow=True)
    assert "<b onclick" not in page.content.decode()
    assert "<i>" not in page.content.decode()


def test_a_picture_sent_on_by_chat_is_known_again(cast: Cast, record: Any, other: Any) -> None:
    content = jpeg(scene(1), quality=95)
    attach(record, cast.su, content)
    for width, quality in ((480, 60), (400, 30), (800, 75)):
        proof = attach(other, cast.su, sent_on(content, width, quality), f"{width}.jpg")
        assert told(other, cast.su) == [("evidence.looks-like-elsewhere", "look", page_of(record))]
        actions.detach(ACTIVITY, other, proof, actor=cast.su)
    attach(other, cast.su, jpeg(scene(2)), "另一张.jpg")
    assert told(other, cast.su) == []


def test_sign_in_sheets_all_look_alike_and_are_only_compared_byte_by_byte(
    cast: Cast, record: Any, other: Any
) -> None:
    content = jpeg(scene(1))
    attach(record, cast.su, content, "签到表.jpg", "sheet")
    attach(other, cast.su, sent_on(content), "签到表.jpg", "sheet")
    assert told(other, cast.su) == []
    attach(other, cast.su, content, "同一张.jpg", "sheet")
    assert told(other, cast.su) == [("evidence.used-elsewhere", "look", page_of(record))]


def test_a_notice_that_serves_several_events_is_only_a_hint(
    cast: Cast, record: Any, other: Any
) -> None:
    paper = b"%PDF-1.7 notice"
    attach(record, cast.su, paper, "通知.pdf", "document")
    attach(other, cast.su, paper, "通知.pdf", "document")
    assert told(other, cast.su) == [("evidence.used-elsewhere", "hint", page_of(record))]


def test_what_happened_on_the_same_day_may_share_its_pictures(cast: Cast, record: Any) -> None:
    same_day = make(ACTIVITY.name, 1, cast.west, cast.su, title="同日的另一场")
    long = make(
        ACTIVITY.name,
        5,
        cast.west,
        cast.su,
        title="为期一周",
        held_on=DAY,
        ended_on=DAY + timedelta(days=6),
    )
    for each in (record, same_day, long):
        attach(each, cast.su, jpeg(scene(1)))
    assert [told(each, cast.su) for each in (record, same_day, long)] == [[], [], []]


def test_records_that_are_void_or_proofs_taken_away_are_not_told(
    cast: Cast, record: Any, other: Any
) -> None:
    attach(record, cast.su, jpeg(scene(1)))
    proof = attach(other, cast.su, jpeg(scene(1)))
    act(record, "void", cast.lin, "重复登记")
    assert told(other, cast.su) == []
    act(record, "restore", cast.lin)
    assert told(other, cast.su) != []
    actions.detach(ACTIVITY, other, proof, actor=cast.su)
    assert told(record, cast.su) == []


def test_another_register_is_looked_through_as_well(cast: Cast, record: Any) -> None:
    attach(record, cast.su, jpeg(scene(1)))
    meeting = make(MEETING.name, 20, cast.association, cast.su)
    actions.attach(
        MEETING, meeting, actor=cast.su, content=jpeg(scene(1)), name="会场.jpg", kind="photo"
    )
    assert told(meeting, cast.su) == [("evidence.used-elsewhere", "look", page_of(record))]


def test_only_records_of_the_own_units_are_told(
    cast: Cast, record: Any, other: Any, sign_in: Any
) -> None:
    content = jpeg(scene(1))
    attach(other, cast.su, content)
    attach(record, cast.bo, content)
    attach(record, cast.bo, sent_on(content), "小.jpg")
    assert told(record, cast.bo) == [], "Bo sees the east only"
    assert told(record, cast.su) == [
        ("evidence.used-elsewhere", "look", page_of(other)),
        ("evidence.looks-like-elsewhere", "look", page_of(other)),
    ]
    page = sign_in(cast.bo).get(page_of(record)).content.decode()
    assert other.title not in page
    assert page_of(other) not in page


def test_a_picture_taken_on_a_day_that_does_not_fit_is_a_hint(cast: Cast, record: Any) -> None:
    fits = attach(record, cast.su, jpeg(scene(1), "2021:03:05 10:00:00"), "布置.jpg")
    assert told(record, cast.su) == []
    actions.detach(ACTIVITY, record, fits, actor=cast.su)
    attach(record, cast.su, jpeg(scene(2), "2020:03:02 10:00:00"), "去年.jpg")
    (notice,) = notices(ACTIVITY, record, list(Evidence.objects.all()), cast.su)
    assert notice.finding.code == "evidence.taken-another-day"
    assert notice.finding.severity == "hint"
    assert notice.finding.params == {"name": "去年.jpg", "taken": date(2020, 3, 2), "days": 365}


def test_a_day_that_was_typed_does_not_hide_the_picture_s_own(cast: Cast, record: Any) -> None:
    old = jpeg(scene(1), "2020:03:02 10:00:00")
    attach(record, cast.su, old, taken_on=record.held_on)
    assert [code for code, *_rest in told(record, cast.su)] == ["evidence.taken-another-day"]


def test_any_day_of_a_long_event_fits_and_papers_may_be_older(cast: Cast) -> None:
    long = make(
        ACTIVITY.name, 5, cast.east, cast.su, held_on=DAY, ended_on=DAY + timedelta(days=60)
    )
    attach(long, cast.su, jpeg(scene(1), "2021:04:10 10:00:00"))
    attach(long, cast.su, jpeg(scene(2), "2020:01:01 10:00:00"), "旧通知.jpg", "document")
    assert told(long, cast.su) == []


def test_however_many_pictures_the_questions_stay_few(
    cast: Cast, record: Any, other: Any, sign_in: Any
) -> None:
    browser = sign_in(cast.su)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(page_of(record)).status_code == 200
        return len(queries)

    attach(record, cast.su, jpeg(scene(1)), "一.jpg")
    attach(other, cast.su, jpeg(scene(1)), "一.jpg")
    few = asked()
    for number in range(2, 8):
        content = jpeg(scene(number))
        attach(record, cast.su, content, f"{number}.jpg")
        attach(other, cast.su, sent_on(content), f"{number}.jpg")
    assert asked() == few


def test_alike_pictures_are_found_by_an_index(cast: Cast, record: Any) -> None:
    proof = attach(record, cast.su, jpeg(scene(1)))
    asked = Blob.objects.filter(band_1__in=[proof.blob.band_1, 1], band_2=proof.blob.band_2)
    either = Blob.objects.filter(band_1__in=[1, 2]) | Blob.objects.filter(band_2__in=[3, 4])
    if connection.vendor == "sqlite":
        for plan in (asked.explain(), either.explain()):
            assert "evidence_band_" in plan
            assert "SCAN" not in plan

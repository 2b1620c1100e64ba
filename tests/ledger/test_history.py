"""History is added to, never changed, and reads as sentences."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from taizhang.ledger import catalogue, render, write
from taizhang.ledger.models import Entry
from tests.conftest import Cast
from tests.factories import act, make, verified
from tests.steps import entries

ACTIVITY = catalogue.get("activities.activity")


@pytest.mark.fast
def test_nothing_in_the_history_can_be_changed_or_removed(cast: Cast) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su)
    (entry,) = entries(record)
    for attempt in (
        lambda: Entry.objects.update(reason="x"),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
        lambda: Entry.objects.filter(pk=entry.pk).update(actor=None),
        entry.save,
        entry.delete,
    ):
        with pytest.raises(TypeError, match="append-only"):
            attempt()
    assert entries(record) == [entry]


def test_the_page_tells_who_did_what_when_and_why(cast: Cast, sign_in: Any) -> None:
    record = verified(ACTIVITY.name, 1, cast.east, cast)
    make("activities.handout", 1, cast.east, cast.su, activity=record, name="明白纸")
    fresh = ACTIVITY.queryset().get(pk=record.pk)
    write.change(ACTIVITY, fresh, {"attendance": 88}, actor=cast.su, reason="按签到表核对")
    with translation.override("zh-hans"):
        events = render.history(ACTIVITY, ACTIVITY.queryset().get(pk=record.pk))
    assert [event.verb for event in events] == ["correct", "add", "verify", "submit", "add"]
    assert events[0].changes == [(ACTIVITY.fields["attendance"].labels()[0], "101", "88")]
    assert (events[0].who, events[0].reason) == ("苏", "按签到表核对")
    assert "明白纸" in events[1].sentence
    page = sign_in(cast.re).get(f"/activities/activity/{record.pk}/").content.decode()
    for words in ("按签到表核对", "101", "88", "苏", "志"):
        assert words in page


def test_rows_written_in_one_go_stand_as_one_line(cast: Cast) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su)
    handouts = catalogue.get("activities.handout")
    write.create_many(
        handouts,
        [
            {"activity": record, "kind": "leaflet", "name": f"明白纸{n}", "copies": n}
            for n in range(5)
        ],
        actor=cast.su,
    )
    events = render.history(ACTIVITY, record)
    assert [(event.verb, event.count) for event in events] == [("add", 5), ("add", 1)]
    assert "5" in events[0].sentence


def test_tags_are_remembered_as_lists_and_shown_as_words(cast: Cast) -> None:
    from tests.factories import terms

    record = make(ACTIVITY.name, 1, cast.east, cast.su)
    write.change(
        ACTIVITY,
        ACTIVITY.queryset().get(pk=record.pk),
        {"themes": terms("activities.theme", "minority")},
        actor=cast.su,
    )
    entry = entries(record)[-1]
    assert entry.changes == {"themes": [["rural", "volunteering"], ["minority"]]}
    record.refresh_from_db()
    assert record.version == 2
    with translation.override("zh-hans"):
        ((_label, old, new),) = render.history(ACTIVITY, record)[0].changes
    assert "助力乡村振兴" in old
    assert "少数民族" in new


def test_a_write_that_fails_leaves_no_entry(cast: Cast) -> None:
    from taizhang.engines.findings import Refused

    record = make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-1")
    other = make(ACTIVITY.name, 2, cast.east, cast.su, code="HD-2")
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        write.change(
            ACTIVITY, ACTIVITY.queryset().get(pk=other.pk), {"code": "HD-1"}, actor=cast.su
        )
    assert caught.value.findings[0].code in ("write.already-there", "write.broken-rule")
    assert Entry.objects.count() == before
    other.refresh_from_db()
    assert (other.code, other.version) == ("HD-2", 1)
    assert act(record, "submit", cast.su).done == 1


def test_the_history_of_a_vanished_register_still_reads(cast: Cast) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su)
    from django.utils import timezone

    Entry(
        at=timezone.now(),
        actor=cast.su,
        register="old.gone",
        record_id=9,
        label="旧记录",
        verb="add",
        version=1,
        changes={"x": [1, 2]},
        parent_register=ACTIVITY.name,
        parent_id=record.pk,
    ).save()
    assert len(render.history(ACTIVITY, record)) == 2

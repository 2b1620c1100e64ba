"""States are moved by people: whoever wrote a version does not verify it."""

from __future__ import annotations

import os
import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection

from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue, states, write
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.factories import act, found_cast, make, verified
from tests.steps import entries, form_of, really_emptied

ACTIVITY = "activities.activity"


def codes(result: states.Result) -> list[str]:
    return [finding.code for finding in result.refused]


def fresh(record: Any) -> Any:
    register = catalogue.of_model(type(record))
    assert register is not None
    return register.queryset().get(pk=record.pk)


@pytest.mark.fast
def test_nobody_verifies_their_own_work(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.lin)
    act(record, "submit", cast.lin)
    assert codes(act(record, "verify", cast.lin)) == ["write.own-work"]
    assert record.state == "submitted"
    page = sign_in(cast.lin).get(f"/activities/activity/{record.pk}/")
    assert page.context["own_work"]
    assert "verify" not in [action.name for action in page.context["actions"]]
    assert act(record, "verify", cast.zhi).done == 1
    assert (record.state, record.verified_by) == ("verified", cast.zhi)


def test_whoever_wrote_a_child_row_does_not_verify_the_parent(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    make("activities.handout", 1, cast.east, cast.zhi, activity=record)
    act(record, "submit", cast.su)
    assert codes(act(record, "verify", cast.zhi)) == ["write.own-work"]
    assert act(record, "verify", cast.lin).done == 1


def test_whoever_corrected_a_record_does_not_verify_the_correction(cast: Cast) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    write.change(catalogue.get(ACTIVITY), record, {"attendance": 5}, actor=cast.lin, reason="核对")
    record.refresh_from_db()
    assert codes(act(record, "verify", cast.lin)) == ["write.own-work"]
    # Su wrote the version before; of this one Su wrote nothing and might verify it, had Su the role.
    assert codes(act(record, "verify", cast.su)) == ["write.not-allowed"]
    assert act(record, "verify", cast.zhi).done == 1


def test_an_author_of_the_version_before_may_verify_somebody_else_s_correction(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.lin)
    act(record, "submit", cast.lin)
    act(record, "verify", cast.zhi)
    write.change(catalogue.get(ACTIVITY), record, {"attendance": 5}, actor=cast.su, reason="核对")
    record.refresh_from_db()
    assert act(record, "verify", cast.lin).done == 1


def test_a_correction_needs_a_reason_and_leaves_the_figures(cast: Cast) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    register = catalogue.get(ACTIVITY)
    for reason in ("", "   "):
        with pytest.raises(Refused) as caught:
            write.change(register, record, {"attendance": 5}, actor=cast.su, reason=reason)
        assert caught.value.findings[0].code == "write.reason-needed"
    assert fresh(record).attendance == 101
    changed = write.change(register, record, {"attendance": 5}, actor=cast.su, reason="看错")
    assert (changed.state, changed.attendance, changed.verified_at) == ("submitted", 5, None)
    entry = entries(record)[-1]
    assert (entry.verb, entry.reason, entry.changes) == (
        "correct",
        "看错",
        {"attendance": [101, 5]},
    )


def test_of_many_changed_at_once_only_the_verified_ones_are_corrected(cast: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    records = [make(ACTIVITY, 1, cast.east, cast.su), verified(ACTIVITY, 2, cast.east, cast)]
    records += [make(ACTIVITY, 3, cast.east, cast.su), verified(ACTIVITY, 4, cast.east, cast)]
    rows = [(fresh(record), {"attendance": 5}) for record in records]
    assert write.change_many(register, rows, actor=cast.su, reason="核对") == 4
    told = [entries(record)[-1] for record in records]
    assert [entry.verb for entry in told] == ["change", "correct"] * 2
    assert [fresh(r).state for r in records] == ["draft", "submitted"] * 2


def test_a_version_that_was_not_looked_at_is_not_overwritten(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    register = catalogue.get(ACTIVITY)
    stale = form_of(register, fresh(record)) | {"attendance": "7"}
    write.change(register, record, {"attendance": 9}, actor=cast.lin)
    answer = sign_in(cast.su).post(f"/activities/activity/{record.pk}/edit/", stale)
    assert answer.status_code == 409
    assert "林" in answer.content.decode(), "who was faster"
    assert fresh(record).attendance == 9


def test_verifying_a_parent_verifies_its_children_and_voiding_voids_them(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    child = make("activities.handout", 1, cast.east, cast.su, activity=record)
    draft = make("governance.measure", 1, cast.east, cast.su)
    for action, actor, state in (
        *(("submit", cast.su, "submitted"), ("verify", cast.zhi, "verified")),
        ("void", cast.lin, "void"),
    ):
        act(record, action, actor, "重复")
        child.refresh_from_db()
        assert child.state == state
        assert entries(child)[-1].verb == action
    draft.refresh_from_db()
    assert draft.state == "draft", "other people's children stay as they are"


def test_a_returned_parent_keeps_its_verified_children(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    child = make("activities.handout", 1, cast.east, cast.su, activity=record)
    act(record, "submit", cast.su)
    act(record, "verify", cast.zhi)
    late = make("activities.handout", 2, cast.east, cast.su, activity=record, name="手册")
    act(late, "submit", cast.su)
    act(record, "return", cast.zhi, "缺签到表")
    child.refresh_from_db()
    late.refresh_from_db()
    assert (child.state, late.state) == ("verified", "returned")


def test_void_and_restored(cast: Cast) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    assert codes(act(record, "void", cast.zhi, " ")) == ["write.reason-needed"]
    assert codes(act(record, "void", cast.su, "重复登记")) == ["write.not-allowed"]
    act(record, "void", cast.zhi, "重复登记")
    with pytest.raises(Refused) as caught:
        write.change(catalogue.get(ACTIVITY), record, {"attendance": 1}, actor=cast.su, reason="x")
    assert caught.value.findings[0].code == "write.void"
    assert codes(act(record, "restore", cast.re)) == ["write.not-allowed"]
    assert act(record, "restore", cast.su).done == 1
    assert (record.state, record.verified_by) == ("draft", None)


def test_a_draft_goes_into_the_bin_without_a_reason_and_comes_back_with_its_rows(
    cast: Cast,
) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    old = make("activities.handout", 1, cast.east, cast.su, activity=record)
    act(old, "void", cast.su)
    row = make("activities.handout", 2, cast.east, cast.su, activity=record)
    assert act(record, "void", cast.su).done == 1
    assert fresh(row).state == "void"
    act(record, "restore", cast.su)
    assert (fresh(record).state, fresh(row).state, fresh(old).state) == ("draft", "draft", "void")


def test_moves_that_make_no_sense_are_told_with_the_state(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    assert codes(act(record, "verify", cast.zhi)) == ["write.cannot-verify"]
    assert codes(act(record, "return", cast.zhi, "x")) == ["write.cannot-return"]
    assert codes(act(record, "restore", cast.lin)) == ["write.cannot-restore"]
    act(record, "submit", cast.su)
    assert codes(act(record, "submit", cast.su)) == ["write.cannot-submit"]


def test_in_bulk_some_move_and_each_of_the_others_is_told_why(cast: Cast, sign_in: Any) -> None:
    good = make(ACTIVITY, 1, cast.east, cast.su)
    own = make(ACTIVITY, 2, cast.east, cast.zhi)
    draft = make(ACTIVITY, 3, cast.east, cast.su)
    for record, author in ((good, cast.su), (own, cast.zhi)):
        act(record, "submit", author)
    before = Entry.objects.count()
    answer = sign_in(cast.zhi).post(
        "/activities/activity/act/",
        {"action": "verify", "pick": [good.pk, own.pk, draft.pk, 999_999], "query": ""},
        follow=True,
    )
    said = [str(message) for message in answer.context["messages"]]
    assert len(said) == 2
    assert "1" in said[0]
    assert "须由他人核实" in said[1]
    assert "草稿" in said[1]
    assert [fresh(r).state for r in (good, own, draft)] == ["verified", "submitted", "draft"]
    assert Entry.objects.count() == before + 1
    batch = Batch.objects.get(source="verify")
    assert [entry.record_id for entry in batch.entries.all()] == [good.pk]


def test_everything_a_filter_names_can_be_moved_at_once_and_nothing_else(
    cast: Cast, sign_in: Any
) -> None:
    for number in range(30):
        make(ACTIVITY, number, cast.east, cast.su)
    make(ACTIVITY, 40, cast.west, cast.su)
    answer = sign_in(cast.su).post(
        "/activities/activity/act/",
        {"action": "submit", "every": "1", "query": "unit=east", "count": "30"},
    )
    assert answer.status_code == 302
    rows = catalogue.get(ACTIVITY).model._default_manager
    assert rows.filter(state="submitted").count() == 30
    assert rows.filter(state="draft").count() == 1


def test_a_bulk_action_over_nothing_or_by_nobody_is_refused(cast: Cast, sign_in: Any) -> None:
    make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    sent = {"action": "submit", "pick": [], "query": ""}
    assert browser.post("/activities/activity/act/", sent).status_code == 400
    assert browser.post("/activities/activity/act/", {"action": "approve"}).status_code == 404
    sent = {"action": "verify", "every": "1", "query": ""}
    assert browser.post("/activities/activity/act/", sent).status_code == 403


def test_of_two_who_verify_from_the_same_page_the_second_is_told(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    act(record, "submit", cast.su)
    register = catalogue.get(ACTIVITY)
    first, second = fresh(record), fresh(record)
    move = states.ACTIONS["verify"]
    assert states.act(register, [first], move, actor=cast.zhi).done == 1
    late = states.act(register, [second], move, actor=cast.lin)
    assert (late.done, codes(late)) == (0, ["write.cannot-verify"])
    assert [entry.verb for entry in entries(record)] == ["add", "submit", "verify"]


def test_a_move_from_an_old_page_is_remembered_as_it_really_was(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    act(record, "submit", cast.su)
    register = catalogue.get(ACTIVITY)
    old = fresh(record)
    act(record, "verify", cast.zhi)
    states.act(register, [old], states.ACTIONS["return"], actor=cast.lin, reason="缺佐证")
    entry = entries(record)[-1]
    assert entry.changes == {"state": ["verified", "returned"]}
    assert entry.version == fresh(record).version


if os.environ.get("DATABASE_URL"):  # the SQLite of tests is one connection: there is no "at once"

    def test_two_people_verify_at_once_and_one_entry_is_written(
        django_db_setup: None, django_db_blocker: Any
    ) -> None:
        with django_db_blocker.unblock():
            try:
                record, actors = _really_written()
                results = _verified_by_all(record, actors)
                assert sorted(results) == [0, 1]
                assert [entry.verb for entry in entries(record)].count("verify") == 1
            finally:
                really_emptied()


def _really_written() -> tuple[Any, list[Any]]:
    """A submitted record that other connections see too."""
    cast = found_cast()
    record = make(ACTIVITY, 1, cast.east, cast.su)
    act(record, "submit", cast.su)
    return record, [cast.zhi, cast.lin]


def _verified_by_all(record: Any, actors: list[Any]) -> list[int]:
    register = catalogue.get(ACTIVITY)
    start, results = threading.Barrier(len(actors)), []

    def verify(actor: Any) -> None:
        try:
            found = fresh(record)
            start.wait(10)
            move = states.ACTIONS["verify"]
            results.append(states.act(register, [found], move, actor=actor).done)
        finally:
            connection.close()

    threads = [threading.Thread(target=verify, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_codes_are_numbered_by_unit_and_year_and_never_twice(cast: Cast) -> None:
    made = [
        make(ACTIVITY, number, unit, cast.su, held_on=date(year, 5, 1)).code
        for number, (unit, year) in enumerate(
            ((cast.east, 2021), (cast.east, 2021), (cast.west, 2021), (cast.east, 2022))
        )
    ]
    assert made == ["HD-2021-0001", "HD-2021-0002", "HD-2021-0001", "HD-2022-0001"]
    make(ACTIVITY, 9, cast.east, cast.su, code="HD-2021-0100")
    assert make(ACTIVITY, 10, cast.east, cast.su).code == "HD-2021-0101"
    make(ACTIVITY, 11, cast.east, cast.su, code="HD-2021-补")
    assert make(ACTIVITY, 12, cast.east, cast.su).code == "HD-2021-0102"

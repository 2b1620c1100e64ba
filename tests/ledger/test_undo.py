"""Whatever was done in one go can be taken back as a whole, as long as nobody built on it."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.jobs import sweep
from taizhang.ledger import catalogue, states, undo, write
from taizhang.ledger.models import Batch, Before, Entry, Record
from taizhang.ledger.register import Register
from tests.conftest import Cast
from tests.factories import act, found_cast, make, values, verified
from tests.steps import really_emptied

ACTIVITY = "activities.activity"
REGISTERS = [register.name for register in catalogue.registers()]
each_register = pytest.mark.parametrize("name", REGISTERS)


def batch_of(actor: Any) -> Batch:
    return Batch.objects.create(kind="import", actor=actor, at=timezone.now(), source="演示.xlsx")


def state_of(register: Register, record: Record) -> dict[str, Any]:
    """Everything a record says of itself, but for the marks of writing."""
    fresh = register.queryset().get(pk=record.pk)
    plain = {
        field.attname: getattr(fresh, field.attname)
        for field in fresh._meta.concrete_fields
        if field.attname not in ("version", "changed_at", "written_by_id")
    }
    many = {
        name: register.fields[name].raw(register.fields[name].value(fresh))
        for name in register.many
    }
    return plain | many


def refused(batch: Batch, actor: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        undo.undo(batch, actor=actor)
    return [finding.code for finding in caught.value.findings]


@each_register
def test_what_an_import_created_is_gone_after_its_undoing(name: str, cast: Cast) -> None:
    register = catalogue.get(name)
    given = [values(register, number, cast.east, cast.lin) for number in (1, 2)]
    before = register.model._default_manager.count()
    batch = batch_of(cast.lin)
    records = write.create_many(register, given, actor=cast.lin, batch=batch)
    undoing = undo.undo(batch, actor=cast.lin)
    assert undoing.created == 2
    assert register.model._default_manager.count() == before
    told = Entry.objects.filter(register=name, record_id__in=[r.pk for r in records])
    assert sorted(told.values_list("verb", flat=True)) == ["add", "add", "undo", "undo"]
    again = write.create_many(register, given, actor=cast.lin)
    assert len(again) == 2


@each_register
def test_what_a_batch_changed_is_as_it_was_personal_values_too(name: str, cast: Cast) -> None:
    register = catalogue.get(name)
    record = make(name, 1, cast.east, cast.lin)
    was = state_of(register, record)
    other = values(register, 2, cast.east, cast.lin)
    free = {n: v for n, v in other.items() if n not in register.key and n != register.parent}
    emptied = {
        n: known.empty()
        for n, known in register.fields.items()
        if known.writable and not known.required and n not in (*register.key, "parent")
    }
    for change in (free, emptied):
        batch = batch_of(cast.lin)
        fresh = register.queryset().get(pk=record.pk)
        try:
            changed = write.change_many(register, [(fresh, change)], actor=cast.lin, batch=batch)
        except Refused:
            continue  # an empty value that this register's rules do not allow
        if not changed:
            continue
        assert state_of(register, record) != was
        undo.undo(batch, actor=cast.lin)
        assert state_of(register, record) == was


@each_register
def test_every_move_can_be_taken_back(name: str, cast: Cast) -> None:
    register = catalogue.get(name)
    record = make(name, 1, cast.east, cast.lin)
    for action, actor in (("submit", cast.lin), ("verify", cast.zhi), ("void", cast.lin)):
        was = state_of(register, record)
        result = act(record, action, actor, reason="演示")
        assert result.done == 1, result.refused
        assert result.batch is not None
        undo.undo(result.batch, actor=actor if not register.manager_only else cast.lin)
        assert state_of(register, record) == was
        act(record, action, actor, reason="演示")


def test_a_bulk_move_has_one_way_back_and_one_entry_a_record(cast: Cast) -> None:
    records = [make(ACTIVITY, number, cast.east, cast.su) for number in range(5)]
    register = catalogue.get(ACTIVITY)
    result = states.act(register, records, states.ACTIONS["submit"], actor=cast.su)
    assert result.batch is not None
    assert result.batch.entries.count() == 5
    undo.undo(result.batch, actor=cast.su)
    assert set(register.model._default_manager.values_list("state", flat=True)) == {"draft"}


def test_a_correction_that_is_taken_back_leaves_the_record_verified_by_whom_it_was(
    cast: Cast,
) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    register = catalogue.get(ACTIVITY)
    was = state_of(register, record)
    batch = batch_of(cast.su)
    fresh = register.queryset().get(pk=record.pk)
    write.change_many(
        register, [(fresh, {"attendance": 7})], actor=cast.su, reason="核对", batch=batch
    )
    assert state_of(register, record)["state"] == "submitted"
    undo.undo(batch, actor=cast.su)
    assert state_of(register, record) == was
    assert was["verified_by_id"] == cast.zhi.pk


def test_a_verification_that_is_taken_back_does_not_let_the_author_verify(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.lin)
    act(record, "submit", cast.lin)
    result = act(record, "verify", cast.zhi)
    assert result.batch is not None
    undo.undo(result.batch, actor=cast.zhi)
    refusals = act(record, "verify", cast.lin).refused
    assert [finding.code for finding in refusals] == ["write.own-work"]


def test_a_later_change_hinders_and_is_named(cast: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    batch = batch_of(cast.su)
    first, second = write.create_many(
        register,
        [values(register, number, cast.east, cast.su) for number in (1, 2)],
        actor=cast.su,
        batch=batch,
    )
    write.change(register, first, {"attendance": 3}, actor=cast.bo)
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        undo.undo(batch, actor=cast.su)
    (finding,) = caught.value.findings
    assert finding.code == "undo.changed-since"
    assert finding.where == register.history_label(first)
    assert finding.params["who"] == "波"
    assert Entry.objects.count() == before
    assert register.model._default_manager.filter(pk=second.pk).exists()


def test_a_later_change_that_was_itself_undone_hinders_no_more(cast: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    batch = batch_of(cast.su)
    (record,) = write.create_many(
        register, [values(register, 1, cast.east, cast.su)], actor=cast.su, batch=batch
    )
    result = act(record, "submit", cast.su)
    assert refused(batch, cast.su) == ["undo.changed-since"]
    assert result.batch is not None
    undo.undo(result.batch, actor=cast.su)
    undo.undo(batch, actor=cast.su)
    assert not register.model._default_manager.exists()


def test_rows_below_and_rows_that_refer_to_it_hinder(cast: Cast) -> None:
    places = catalogue.get("places.place")
    batch = batch_of(cast.su)
    (place,) = write.create_many(
        places, [values(places, 1, cast.east, cast.su)], actor=cast.su, batch=batch
    )
    make(ACTIVITY, 1, cast.east, cast.su, place=place)
    assert refused(batch, cast.su) == ["undo.referred-to"]
    make("places.zone", 1, cast.east, cast.su, place=place)
    assert set(refused(batch, cast.su)) == {"undo.referred-to", "undo.changed-since"}


def test_an_undoing_is_done_once_and_is_not_undone(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    batch = act(record, "void", cast.su).batch
    assert batch is not None
    undoing = undo.undo(batch, actor=cast.su)
    assert refused(batch, cast.su) == ["undo.already-undone"]
    assert refused(undoing, cast.su) == ["undo.is-an-undoing"]


def test_only_whoever_did_it_or_the_manager_of_all_its_units_takes_it_back(cast: Cast) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    batch = act(record, "void", cast.su).batch
    assert batch is not None
    for outsider in (cast.bo, cast.re, cast.chen, cast.zhi):
        assert refused(batch, outsider) == ["undo.not-allowed"]
    undo.undo(batch, actor=cast.lin)


def test_after_thirty_days_what_was_kept_is_forgotten_and_the_batch_stays(
    cast: Cast, settings: Any
) -> None:
    register = catalogue.get("org.person")
    record = make("org.person", 1, cast.east, cast.su)
    batch = batch_of(cast.su)
    fresh = register.queryset().get(pk=record.pk)
    write.change_many(register, [(fresh, {"phone": "13900009999"})], actor=cast.su, batch=batch)
    kept = Before.objects.get()
    assert kept.values == {"phone": record.phone}
    assert "139" not in str(Entry.objects.get(batch=batch).changes)
    assert undo.forget() == 0
    long_ago = timezone.now() - timedelta(days=settings.BIN_DAYS + 1)
    Batch.objects.filter(pk=batch.pk).update(at=long_ago)
    Before.objects.update(at=long_ago)
    sweep.sweep()
    assert not Before.objects.exists()
    assert refused(batch, cast.su) == ["undo.too-late"]


def test_a_key_that_was_given_away_meanwhile_leaves_everything_as_it_is(cast: Cast) -> None:
    register = catalogue.get(ACTIVITY)
    record = make(ACTIVITY, 1, cast.east, cast.su, code="HD-2021-0001")
    batch = batch_of(cast.su)
    fresh = register.queryset().get(pk=record.pk)
    write.change_many(register, [(fresh, {"code": "HD-2021-0009"})], actor=cast.su, batch=batch)
    make(ACTIVITY, 2, cast.east, cast.su, code="HD-2021-0001")
    with transaction.atomic():
        (code,) = refused(batch, cast.su)
    assert code in ("write.already-there", "write.broken-rule")
    assert register.queryset().get(pk=record.pk).code == "HD-2021-0009"


def test_the_page_of_a_batch_shows_what_hinders_and_the_way_back_works(
    cast: Cast, sign_in: Any
) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    answer = browser.post(f"/activities/activity/{record.pk}/void/", follow=True)
    batch = Batch.objects.get()
    assert f'action="/batches/{batch.pk}/undo/"' in answer.content.decode()
    bin_page = browser.get("/bin/").content.decode()
    assert f"/activities/activity/{record.pk}/restore/" in bin_page
    answer = browser.post(f"/batches/{batch.pk}/undo/", follow=True)
    assert answer.status_code == 200
    record.refresh_from_db()
    assert record.state == "draft"
    again = browser.post(f"/batches/{batch.pk}/undo/", follow=True)
    assert again.context["undone"] is not None
    listed = browser.get("/batches/")
    assert len(listed.context["rows"]) == 2
    assert sign_in(cast.chen).get(f"/batches/{batch.pk}/").status_code == 404


def test_hindrances_stand_on_the_page_instead_of_the_button(cast: Cast, sign_in: Any) -> None:
    register = catalogue.get(ACTIVITY)
    batch = batch_of(cast.su)
    (record,) = write.create_many(
        register, [values(register, 1, cast.east, cast.su)], actor=cast.su, batch=batch
    )
    act(record, "submit", cast.su)
    page = sign_in(cast.su).get(f"/batches/{batch.pk}/")
    assert [each["where"] for each in page.context["hindrances"]] == [
        register.history_label(record)
    ]
    assert f"/batches/{batch.pk}/undo/" not in page.content.decode()
    answer = sign_in(cast.su).post(f"/batches/{batch.pk}/undo/", follow=True)
    assert answer.status_code == 200
    assert register.model._default_manager.filter(pk=record.pk).exists()


def test_a_large_batch_is_taken_back_by_a_job(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.jobs import worker

    monkeypatch.setattr("taizhang.desk.batch_views.LONG", 2)
    records = [make(ACTIVITY, number, cast.east, cast.su) for number in range(3)]
    register = catalogue.get(ACTIVITY)
    result = states.act(register, records, states.ACTIONS["void"], actor=cast.su)
    assert result.batch is not None
    answer = sign_in(cast.su).post(f"/batches/{result.batch.pk}/undo/")
    assert answer["Location"].startswith("/jobs/")
    worker.run_waiting()
    assert set(register.model._default_manager.values_list("state", flat=True)) == {"draft"}


if os.environ.get("DATABASE_URL"):  # the SQLite of tests is one connection: there is no "at once"

    def test_of_two_undoings_at_once_one_is_done(
        django_db_setup: None, django_db_blocker: Any
    ) -> None:
        with django_db_blocker.unblock():
            try:
                cast = found_cast()
                record = make(ACTIVITY, 1, cast.east, cast.su)
                batch = act(record, "void", cast.su).batch
                assert batch is not None
                assert sorted(_pressed_twice(batch, cast.su)) == ["done", "undo.already-undone"]
                assert Batch.objects.filter(undoes=batch).count() == 1
            finally:
                really_emptied()


def _pressed_twice(batch: Batch, actor: Any) -> list[str]:
    came: list[str] = []
    ready = threading.Barrier(2)

    def press() -> None:
        try:
            ready.wait(10)
            undo.undo(batch, actor=actor)
            came.append("done")
        except Refused as error:
            came.append(error.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came

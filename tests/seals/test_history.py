"""The history is sealed day by day, and whoever changes it afterwards is found out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from taizhang.jobs import sweep, worker
from taizhang.ledger.models import Entry
from taizhang.seals import history, keys
from taizhang.seals.models import DaySeal, SigningKey
from tests.conftest import Cast
from tests.factories import make

ACTIVITY = "activities.activity"
SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = date(2021, 3, 1)


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Any) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2021, 3, day, hour, tzinfo=SHANGHAI)


def moved(table: str, statement: str, *values: Any) -> None:
    """What somebody does who goes past the ledger, straight to the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"{statement.format(table=table)}", values)


@pytest.fixture
def three_days(cast: Cast) -> list[int]:
    """Entries of the 1st, the 2nd and the 4th of March, two a day; the days after are sealed."""
    Entry.objects.all()._raw_delete(connection.alias)
    for number, day in enumerate((1, 1, 2, 2, 4, 4), start=1):
        make(ACTIVITY, number, cast.east, cast.su)
        last = Entry.objects.order_by("-pk")[0].pk
        moved("ledger_entry", "UPDATE {table} SET at = %s WHERE id = %s", at(day), last)
    found = sorted(Entry.objects.values_list("pk", flat=True))
    assert history.seal_days(at(5)) == 3
    return found


def codes() -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in history.check()]


def test_each_day_that_is_over_is_sealed_once_and_signed(three_days: list[int]) -> None:
    assert history.seal_days(at(5)) == 0
    seals = list(DaySeal.objects.all())
    assert [one.day for one in seals] == [FIRST, date(2021, 3, 2), date(2021, 3, 4)]
    assert [one.seal["count"] for one in seals] == [2, 2, 2]
    assert [one.last_entry for one in seals] == three_days[1::2]
    assert all(len(one.seal["signatures"]) == 1 for one in seals)
    assert codes() == []
    assert history.extent() == {"day": date(2021, 3, 4), "count": 6}


def test_a_day_waits_until_its_work_has_come_to_an_end(cast: Cast) -> None:
    Entry.objects.all()._raw_delete(connection.alias)
    assert history.seal_days() == 0, "there is no history"
    make(ACTIVITY, 1, cast.east, cast.su)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    for moment in (timezone.now(), tomorrow, tomorrow + timedelta(minutes=59)):
        assert history.seal_days(moment) == 0
    assert history.seal_days(tomorrow + timedelta(hours=1)) == 1


def test_an_entry_changed_past_the_ledger_is_named(three_days: list[int]) -> None:
    moved("ledger_entry", "UPDATE {table} SET label = %s WHERE id = %s", "别的", three_days[2])
    assert codes() == [("journal.entry-changed", str(three_days[2]))]


def test_an_entry_removed_past_the_ledger_is_named(three_days: list[int]) -> None:
    Entry.objects.filter(pk=three_days[3])._raw_delete(connection.alias)
    assert codes() == [("journal.entry-removed", str(three_days[3]))]


def test_an_entry_slipped_in_afterwards_is_named(cast: Cast) -> None:
    Entry.objects.all()._raw_delete(connection.alias)
    for number in range(1, 4):
        make(ACTIVITY, number, cast.east, cast.su)
    moved("ledger_entry", "UPDATE {table} SET at = %s", at(1))
    middle = Entry.objects.order_by("pk")[1]
    gap = middle.pk
    Entry.objects.filter(pk=gap)._raw_delete(connection.alias)
    assert history.seal_days(at(2)) == 1
    assert codes() == []
    middle.pk, middle._state.adding = gap, True
    middle.save(force_insert=True)
    assert codes() == [("journal.entry-inserted", str(gap))]


def test_what_is_newer_than_the_last_seal_is_not_judged(three_days: list[int], cast: Cast) -> None:
    make(ACTIVITY, 7, cast.east, cast.su)
    assert codes() == []
    assert history.extent()["count"] == history.sealed_entries() == 6


@pytest.mark.parametrize("field", ["root", "previous", "count", "day"])
def test_a_changed_seal_is_found(field: str, three_days: list[int]) -> None:
    seal = DaySeal.objects.get(day=date(2021, 3, 2))
    changed = {"root": "00" * 32, "previous": "00" * 32, "count": 3, "day": "2021-03-03"}
    seal.seal[field] = changed[field]
    seal.save()
    assert codes() != []


def test_a_signature_by_an_unknown_key_is_found(three_days: list[int]) -> None:
    key = SigningKey.objects.get()
    assert history.check() == []
    key.public_key = "00" * 32
    key.save()
    assert {finding.code for finding in history.check()} == {"seal.key-unknown"}


def test_the_secret_half_is_a_file_that_nobody_else_reads(
    three_days: list[int], settings: Any
) -> None:
    (file,) = settings.KEYS_ROOT.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings.KEYS_ROOT.stat().st_mode & 0o777 == 0o700
    assert file.name == f"{SigningKey.objects.get().key_id}.key"
    assert keys.key_of(SigningKey.objects.get().unit) == SigningKey.objects.get()


def test_without_its_key_a_day_is_sealed_all_the_same_and_said_to_be_unsigned(
    three_days: list[int], settings: Any, cast: Cast, caplog: Any
) -> None:
    for file in settings.KEYS_ROOT.iterdir():
        file.unlink()
    make(ACTIVITY, 7, cast.east, cast.su)
    last = Entry.objects.order_by("-pk")[0].pk
    moved("ledger_entry", "UPDATE {table} SET at = %s WHERE id = %s", at(6), last)
    assert history.seal_days(at(8)) == 1
    assert "without a signature" in caplog.text
    assert codes() == [("journal.unsigned", "2021-03-06")]


def test_the_daily_sweep_seals_and_a_manager_has_it_checked(
    cast: Cast, sign_in: Any, three_days: list[int]
) -> None:
    assert history.seal_days in sweep.others
    page = sign_in(cast.lin).get("/settings/history/")
    assert [day.day.day for day in page.context["days"]] == [4, 2, 1]
    asked = sign_in(cast.lin).post("/settings/history/check/")
    worker.run_waiting()
    told = sign_in(cast.lin).get(asked["Location"]).content.decode()
    assert "与封存时一致" in told
    for other in (cast.re, cast.bo, cast.chen):
        refused = sign_in(other).post("/settings/history/check/")
        assert refused.status_code == 403
    assert "核对全部历史" not in sign_in(cast.re).get("/settings/history/").content.decode()


def test_a_ledger_without_seals_says_so(cast: Cast, sign_in: Any) -> None:
    assert "还没有封存过" in sign_in(cast.lin).get("/settings/history/").content.decode()
    assert history.whole().code == "journal.not-sealed"

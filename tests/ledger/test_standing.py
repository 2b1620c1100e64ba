"""What was counted is right until somebody writes, and is never shown any longer."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from taizhang.activities.models import Theme
from taizhang.engines.periods import Period
from taizhang.figures.facts import facts
from taizhang.ledger import catalogue, query, standing
from tests.conftest import Cast
from tests.factories import found_cast, make, verified
from tests.steps import really_emptied

ACTIVITY = "activities.activity"


@pytest.fixture
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast in a ledger where what is written is written, not within a test's transaction."""
    with django_db_blocker.unblock():
        try:
            yield found_cast()
        finally:
            really_emptied()


def how_many(user: Any = None) -> int:
    rows = query.rows(catalogue.get(ACTIVITY), "form=lecture", user)
    return standing.count(rows)


def asked() -> list[str]:
    """Whether a question was asked, or its answer still known."""
    times: list[str] = []
    standing.kept("a question", lambda: times.append("asked"))
    return times


@pytest.mark.django_db
def test_whoever_is_within_a_transaction_always_asks_anew() -> None:
    assert (asked(), asked()) == (["asked"], ["asked"])


def test_an_answer_is_known_until_somebody_writes(cast: Cast) -> None:
    make(ACTIVITY, 1, cast.east, cast.su, form="lecture")
    assert (asked(), asked()) == (["asked"], [])
    assert how_many() == how_many() == 1
    make(ACTIVITY, 2, cast.east, cast.su, form="lecture")
    assert asked() == ["asked"]
    assert how_many() == 2


def test_a_figure_is_right_after_every_write(cast: Cast) -> None:
    def value() -> int:
        period = Period.parse("2021")
        found = facts(["volunteering.events"], "assoc", period)["volunteering.events"]
        return int(found.value or 0)

    theme = Theme.objects.get(code="volunteering")
    for number in range(1, 4):
        assert value() == value() == number - 1
        day = date(2021, 3, number)
        verified(ACTIVITY, number, cast.east, cast, themes=[theme], held_on=day)


def test_within_a_transaction_everything_is_asked_anew_and_nothing_of_it_is_kept(
    cast: Cast,
) -> None:
    make(ACTIVITY, 1, cast.east, cast.su, form="lecture")
    assert how_many() == 1
    with transaction.atomic():
        make(ACTIVITY, 2, cast.east, cast.su, form="lecture")
        assert how_many() == 2
        transaction.set_rollback(True)
    assert how_many() == 1
    # The number of the entry that was taken back is given to another one.
    make(ACTIVITY, 3, cast.west, cast.su, form="show")
    assert how_many() == 1


def test_each_sees_their_own_rows(cast: Cast) -> None:
    make(ACTIVITY, 1, cast.east, cast.su, form="lecture")
    make(ACTIVITY, 2, cast.west, cast.su, form="lecture")
    for _turn in range(2):
        assert [how_many(user) for user in (cast.su, cast.bo, cast.chen)] == [2, 1, 0]


def test_no_more_is_kept_than_there_is_room_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MOST", 1)
    make(ACTIVITY, 1, cast.east, cast.su)
    assert (asked(), asked()) == (["asked"], [])
    assert standing.kept("another", lambda: 1) == 1
    assert standing.kept("another", lambda: 2) == 2
    assert asked() == []


if os.environ.get("DATABASE_URL"):  # the SQLite of tests is one connection: there is no "at once"

    def test_nothing_is_kept_while_somebody_is_writing(cast: Cast) -> None:
        make(ACTIVITY, 1, cast.east, cast.su, form="lecture")
        written, go_on = threading.Event(), threading.Event()

        def write_slowly() -> None:
            with transaction.atomic():
                make(ACTIVITY, 2, cast.west, cast.su, form="lecture")
                written.set()
                go_on.wait(10)
            connection.close()

        other = threading.Thread(target=write_slowly)
        other.start()
        try:
            assert written.wait(10)
            # A later entry is there before the earlier one: the mark will stay as it is now.
            make(ACTIVITY, 3, cast.east, cast.su, form="lecture")
            assert how_many() == 2
        finally:
            go_on.set()
            other.join(10)
        assert how_many() == 3

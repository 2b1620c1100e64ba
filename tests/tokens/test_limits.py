"""Limits narrow an access and never widen it: units, days and verbs, down to the ledger's door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from taizhang.accounts.models import User
from taizhang.engines.findings import Refused
from taizhang.ledger import access, catalogue, query, write
from taizhang.ledger.access import Limits, Verb
from tests.conftest import Cast
from tests.factories import make, values

ALL = frozenset(Verb)
READING = frozenset({Verb.LIST, Verb.SHOW})


def limited(user: Any, *units: Any, verbs: frozenset[Verb] = ALL) -> Any:
    """The same person as another object, narrowed."""
    fresh = User.objects.get(pk=user.pk)
    access.limit(fresh, Limits(frozenset(unit.pk for unit in units), verbs))
    return fresh


def test_only_what_both_allow_is_left(cast: Cast) -> None:
    units = access.of(limited(cast.su, cast.east)).units()
    assert units == {cast.east.pk}
    assert access.of(limited(cast.bo, cast.association)).units() == {cast.east.pk}
    assert access.of(limited(cast.bo, cast.west)).units() == frozenset()
    assert access.of(limited(cast.chen, cast.association)).units() == frozenset()
    assert access.of(limited(cast.su)).units() == frozenset()


def test_verbs_that_are_not_given_are_not_there(cast: Cast) -> None:
    register = catalogue.get("activities.activity")
    user = limited(cast.lin, cast.association, verbs=READING)
    record = make("activities.activity", 1, cast.east, cast.su)
    known = access.of(user)
    for verb in Verb:
        assert known.may(verb, register) is (verb in READING)
        assert known.may(verb, register, record) is (verb in READING)
        assert bool(known.where(verb, register)) is (verb in READING)


def test_the_ledger_s_door_knows_the_limits_too(cast: Cast) -> None:
    register = catalogue.get("activities.activity")
    record = make("activities.activity", 1, cast.east, cast.su)
    reading = limited(cast.su, cast.association, verbs=READING)
    beside = limited(cast.su, cast.west)
    for user in (reading, beside):
        with pytest.raises(Refused, match=r"write\.not-allowed"):
            write.create(register, values(register, 2, cast.east, user), actor=user)
        with pytest.raises(Refused, match=r"write\.not-allowed"):
            write.change(register, record, {"title": "越权"}, actor=user)


def test_limits_outlive_a_change_of_the_tree(cast: Cast) -> None:
    user = limited(cast.su, cast.east)
    assert access.of(user).units() == {cast.east.pk}
    access.tree_changed()
    assert access.of(user).units() == {cast.east.pk}


def test_searching_does_not_tell_personal_values_that_are_not_read(cast: Cast) -> None:
    register = catalogue.get("org.person")
    make("org.person", 1, cast.east, cast.su)
    plain = limited(cast.su, cast.association, verbs=READING)
    open_ = limited(cast.su, cast.association, verbs=READING | {Verb.PERSONAL})
    assert not query.rows(register, "q=演示人1", plain).exists()
    assert query.rows(register, "q=演示人1", open_).exists()


def test_days_are_narrowed_like_units(cast: Cast) -> None:
    """West stood below east from the tenth to the nineteenth of March."""
    register = catalogue.get("activities.activity")
    days = [make("activities.activity", number, cast.west, cast.su) for number in (2, 12, 22)]
    assert [record.held_on for record in days] == [date(2021, 3, day) for day in (3, 13, 23)]
    make("org.placement", 9, cast.west, cast.lin, parent=cast.east)
    make("org.placement", 19, cast.west, cast.lin, parent=cast.association)
    inside = [days[1].pk]

    def seen(user: Any) -> list[int]:
        return [row.pk for row in access.visible(user, register)]

    fresh = User.objects.get(pk=cast.bo.pk)
    assert seen(fresh) == inside
    # Su sees west today; narrowed to the east only the days below it are left, and to read.
    narrow = limited(cast.su, cast.east)
    assert seen(narrow) == inside
    assert access.of(narrow).may(Verb.SHOW, register, days[1])
    assert not access.of(narrow).may(Verb.EDIT, register, days[1])
    # Bo knows the west only for those days; narrowed to the west nothing is added.
    assert seen(limited(cast.bo, cast.west)) == inside
    assert seen(limited(cast.bo, cast.association)) == inside
    assert seen(limited(cast.chen, cast.west)) == []


def test_the_unit_of_rows_that_name_none_is_the_narrowed_one(cast: Cast) -> None:
    assert access.default_unit(cast.su) == cast.association
    assert access.default_unit(limited(cast.su, cast.east)) == cast.east
    assert access.default_unit(limited(cast.su, cast.east, cast.west)) is None
    assert access.default_unit(limited(cast.bo, cast.west)) is None

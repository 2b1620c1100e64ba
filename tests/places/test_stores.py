"""The emergency stock says what is missing, what is past its day, and what cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from taizhang.engines.findings import Finding, Refused
from taizhang.ledger import catalogue, write
from tests.conftest import Cast
from tests.factories import DAY, make

pytestmark = pytest.mark.django_db


def masks(cast: Cast, **changes: Any) -> Any:
    return make("places.material", 1, cast.east, cast.su, **({"least": None} | changes))


def move(cast: Cast, material: Any, number: int, way: str, quantity: int, **more: Any) -> None:
    slip = {"material": material, "number": number, "moved_on": DAY, "way": way}
    write.create(
        catalogue.get("places.movement"), slip | {"quantity": quantity, **more}, actor=cast.su
    )


def told(material: Any) -> list[Finding]:
    return catalogue.get("places.material").notices(material)


def test_a_stock_above_its_least_has_nothing_to_say(cast: Cast) -> None:
    material = masks(cast, least=500)
    move(cast, material, 1, "in", 800)
    move(cast, material, 2, "out", 300)
    assert told(material) == []


def test_a_stock_below_its_least_is_told(cast: Cast) -> None:
    material = masks(cast, least=500)
    move(cast, material, 1, "in", 800)
    move(cast, material, 2, "out", 301)
    (below,) = told(material)
    assert (below.code, below.params["stock"]) == ("material.below-least", 499)


def test_more_cannot_go_out_than_came_in(cast: Cast) -> None:
    material = masks(cast)
    move(cast, material, 1, "in", 10)
    move(cast, material, 2, "out", 12)
    (more,) = told(material)
    assert (more.code, more.params["more"]) == ("material.more-out-than-in", 2)


def test_what_is_past_its_day_and_still_there_is_told_the_oldest_having_gone_first(
    cast: Cast,
) -> None:
    today = timezone.localdate()
    material = masks(cast)
    move(cast, material, 1, "in", 100, expires_on=today - timedelta(days=1))
    move(cast, material, 2, "in", 50, expires_on=today)
    move(cast, material, 3, "out", 40)
    (expired,) = told(material)
    assert (expired.code, expired.params["over"]) == ("material.expired", 60)
    move(cast, material, 4, "expired", 60)
    assert told(material) == []


def test_a_keeper_cannot_be_trained_without_being_there(cast: Cast) -> None:
    with pytest.raises(Refused):
        make("places.stationcheck", 1, cast.east, cast.su, keepers=1, trained=2)


def test_what_was_lent_cannot_come_back_before(cast: Cast) -> None:
    with pytest.raises(Refused):
        make("places.loan", 1, cast.east, cast.su, returned_on=DAY - timedelta(days=1))

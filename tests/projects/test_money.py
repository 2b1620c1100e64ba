"""A project says when money is missing or when more was spent than came in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue, write
from tests.conftest import Cast
from tests.factories import DAY, act, make

pytestmark = pytest.mark.django_db


def project(cast: Cast, **changes: Any) -> Any:
    return make("projects.project", 1, cast.east, cast.su, budget=Decimal("1000"), **changes)


def pay(cast: Cast, name: str, of: Any, number: int, amount: str, **more: Any) -> Any:
    values = {"project": of, "number": number, "amount": Decimal(amount), **more}
    return write.create(catalogue.get(f"projects.{name}"), values, actor=cast.su)


def told(of: Any) -> dict[str, dict[str, Any]]:
    found = catalogue.get("projects.project").notices(of)
    return {finding.code: dict(finding.params) for finding in found}


def test_a_project_under_way_may_still_wait_for_its_money(cast: Cast) -> None:
    assert told(project(cast)) == {}


def test_a_project_that_ended_tells_its_gap_without_idle_noughts(cast: Cast) -> None:
    of = project(cast, ended_on=DAY)
    pay(cast, "funding", of, 1, "600.50", received_on=DAY, source="above")
    assert told(of) == {"project.gap": {"gap": "399.5"}}


def test_void_money_did_not_come_in(cast: Cast) -> None:
    of = project(cast)
    money = pay(cast, "funding", of, 1, "600", received_on=DAY, source="above")
    pay(cast, "spending", of, 1, "600", spent_on=DAY, purpose="labour")
    assert told(of) == {}
    act(money, "void", cast.lin, "重复")
    expected = {"spent": "600", "received": "0"}
    assert told(of) == {"project.spent-more-than-received": expected}


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_money_is_more_than_nought(amount: str, cast: Cast) -> None:
    of = project(cast)
    with pytest.raises(Refused):
        pay(cast, "funding", of, 1, amount, received_on=DAY, source="above")

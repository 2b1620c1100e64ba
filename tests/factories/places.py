"""Valid values for places and what is in them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.factories.making import DAY, make


def place(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"第{number}科技馆",
        "kind": "museum",
        "building_area": Decimal("1500"),
        "exhibition_area": Decimal("1150.5"),
        "opened_on": DAY,
    }


def zone(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "name": f"第{number}展区",
        "area": Decimal("200"),
        "opened_on": DAY,
    }


def exhibit(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "code": f"ZP-{number}",
        "name": "声波展品",
        "pieces": 3,
        "installed_on": DAY,
    }


def visitday(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "held_on": DAY + timedelta(days=number),
        "visits": 40 + number,
        "minors": 10,
        "free": True,
    }

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


def opening(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "first_on": DAY + timedelta(days=number),
        "days": "周三至周日",
        "hours": "9:00至16:30",
        "days_a_week": 5,
        "free": True,
    }


def renewal(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "done_on": DAY + timedelta(days=number),
        "kind": "repaired",
        "what": f"第{number}组展品",
        "pieces": 2,
        "cost": Decimal("1200.50"),
    }


def loan(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "number": number + 1,
        "way": "lent",
        "what": "光学展品",
        "pieces": 4,
        "other_side": "实验小学",
        "lent_on": DAY,
    }


def stationcheck(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor, kind="estation"),
        "checked_on": DAY + timedelta(days=number),
        "network": True,
        "staff": True,
        "site": True,
        "activities": True,
        "terminal": True,
        "upgrade": "ongoing",
        "keepers": 2,
        "trained": 1,
        "trained_on": DAY,
        "remark": "终端待更换",
    }


def material(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"第{number}种口罩",
        "kind": "protection",
        "measure": "只",
        "least": 500,
        "stored_at": "旗科协库房",
        "kept_from": DAY,
    }


def movement(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "material": make("places.material", number, unit, actor),
        "number": number + 1,
        "moved_on": DAY + timedelta(days=number),
        "way": "in",
        "quantity": 800,
        "expires_on": DAY + timedelta(days=700),
        "purpose": "统一采购",
    }

"""Valid values for activities and what belongs to them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.factories.making import DAY, make, terms


def activity(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}场科普讲座",
        "form": "lecture",
        "themes": terms("activities.theme", "volunteering", "rural"),
        "audiences": terms("activities.audience", "farmers"),
        "setting": "countryside",
        "held_on": DAY + timedelta(days=number),
        "location": "文化广场",
        "attendance": 100 + number,
        "volunteers": 5,
        "summary": "讲座",
    }


def participation(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "activity": make("activities.activity", number, unit, actor),
        "volunteer": make("volunteers.volunteer", number, unit, actor),
        "duty": "service",
        "hours": Decimal("2.5"),
    }


def handout(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "activity": make("activities.activity", number, unit, actor),
        "kind": "leaflet",
        "name": f"明白纸{number}",
        "copies": 50 + number,
        "bilingual": True,
    }


def partner(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "activity": make("activities.activity", number, unit, actor),
        "name": f"第{number}合办单位",
        "part": "supporter",
    }


def tour(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}次巡展",
        "kind": "caravan",
        "lender": "市科技馆",
        "pieces": 20,
        "kilometres": 180 + number,
        "started_on": DAY,
    }

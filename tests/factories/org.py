"""Valid values for units, where they moved, people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from taizhang.org.models import Unit
from tests.factories.making import DAY


def unit(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "code": f"{unit.code}-u{number}",
        "name": f"第{number}乡科协",
        "short_name": f"第{number}乡",
        "kind": "town",
        "parent": unit,
        "opened_on": DAY,
    }


def placement(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "parent": Unit.objects.get(code="assoc"),
        "first_on": DAY + timedelta(days=number),
        "document": f"演示〔2021〕{number}号",
    }


def person(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"演示人{number}",
        "kind": "staff",
        "post": "干事",
        "phone": f"1380000{number:04d}",
        "joined_on": DAY,
    }


def post(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}讲解岗",
        "basis": "established",
        "established_on": DAY,
        "filling": "own",
        "filled_on": DAY,
        "full_time_by_work": True,
        "time_share": 80,
    }

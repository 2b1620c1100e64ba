"""Valid values for projects, their money and what they handed over."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.factories.making import DAY, make


def project(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}个项目",
        "kind": "aid",
        "beneficiary": "village",
        "post": "项目岗",
        "started_on": DAY,
        "budget": Decimal("50000"),
        "served": 300 + number,
        "outcome": "建成一处活动用房。",
    }


def funding(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "project": make("projects.project", number, unit, actor),
        "number": number + 1,
        "received_on": DAY + timedelta(days=number),
        "source": "above",
        "amount": Decimal("20000.50"),
        "note": "第一笔",
    }


def spending(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "project": make("projects.project", number, unit, actor),
        "number": number + 1,
        "spent_on": DAY + timedelta(days=number),
        "purpose": "activity",
        "activity": make("activities.activity", number, unit, actor),
        "amount": Decimal("1200.50"),
        "note": "场地",
    }


def delivery(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "project": make("projects.project", number, unit, actor),
        "number": number + 1,
        "delivered_on": DAY + timedelta(days=number),
        "kind": "equipment",
        "name": "电脑",
        "quantity": Decimal("2"),
        "measure": "台",
        "beneficiary": "village",
    }

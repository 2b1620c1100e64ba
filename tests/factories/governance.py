"""Valid values for meetings, problems, measures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.making import DAY, make, terms


def meeting(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}次学习",
        "body": "centre_group",
        "kind": "study",
        "topics": terms("governance.topic", "theory"),
        "held_on": DAY + timedelta(days=number),
        "entitled": 9,
        "present": 8,
    }


def problem(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "level": "group",
        "source": "self",
        "statement": f"第{number}个问题",
        "raised_on": DAY,
        "progress": "closed",
        "closed_on": DAY + timedelta(days=30),
    }


def measure(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "problem": make("governance.problem", number, unit, actor),
        "number": number + 1,
        "statement": f"第{number}条措施",
        "progress": "done",
        "done_on": DAY + timedelta(days=20),
    }

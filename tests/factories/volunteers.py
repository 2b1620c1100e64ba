"""Valid values for volunteers."""

from __future__ import annotations

from typing import Any

from tests.factories.making import DAY


def volunteer(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"志愿者{number}",
        "phone": f"1390000{number:04d}",
        "team": "corps",
        "platform": "national",
        "speciality": "农技",
        "joined_on": DAY,
    }

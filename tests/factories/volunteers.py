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


def expert(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"专家{number}",
        "phone": f"1360000{number:04d}",
        "field": "farming",
        "employer": "农技推广站",
        "title": "农艺师",
        "languages": "汉语、蒙古语",
        "rule": "专家团管理办法",
        "joined_on": DAY,
    }


def standby(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"第{number}应急小队",
        "duty": "guidance",
        "members": 12 + number,
        "post": "办公室值班岗",
        "formed_on": DAY,
    }

"""Valid values for what reaches people: officers, channels, publications, contests, drills."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.making import DAY, make


def officer(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"信息员{number}",
        "phone": f"1370000{number:04d}",
        "group": "village",
        "registered_on": DAY,
    }


def push(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "group": "village",
        "counted_on": DAY + timedelta(days=number),
        "officers": 100,
        "items": 5000 + number,
        "note": "平台统计",
    }


def channel(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"第{number}专栏",
        "kind": "column",
        "owner": "宣传岗",
        "weekly_items": 2,
        "opened_on": DAY,
        "closed_on": DAY + timedelta(days=300),
    }


def update(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "channel": make("outreach.channel", number, unit, actor),
        "published_on": DAY + timedelta(days=number),
        "title": f"第{number}期",
        "kind": "science",
        "items": 2,
        "online_views": 300,
    }


def media(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}篇报道",
        "outlet": "示范日报",
        "level": "county",
        "published_on": DAY + timedelta(days=number),
        "link": "第二版",
    }


def lesson(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}课",
        "kind": "micro",
        "channel": make("outreach.channel", number, unit, actor),
        "published_on": DAY + timedelta(days=number),
        "minutes": 5,
        "online_views": 800 + number,
        "bilingual": True,
    }


def publication(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}种折页",
        "kind": "leaflet",
        "language": "bilingual",
        "printed_on": DAY,
        "copies": 3000,
    }


def distribution(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "publication": make("outreach.publication", number, unit, actor),
        "given_on": DAY + timedelta(days=number),
        "recipient": "school",
        "copies": 200,
    }


def contest(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}项竞赛",
        "level": "county",
        "edition": 3,
        "held_on": DAY + timedelta(days=number),
        "contestants": 80,
    }


def entry(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "contest": make("outreach.contest", number, unit, actor),
        "number": number + 1,
        "work": f"第{number}件作品",
        "category": "科学实验",
        "sent_by": "实验小学",
        "contestants": 2,
        "award": "second",
        "award_level": "county",
    }


def drill(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}次演练",
        "kind": "fire",
        "held_on": DAY + timedelta(days=number),
        "location": "东镇小学",
        "attendance": 260,
        "minors": 240,
        "minutes": 25,
        "lessons": "疏散路线需加标识。",
    }

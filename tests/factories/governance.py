"""Valid values for meetings, problems, rules, papers, groups and what belongs to them."""

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


def resolution(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "meeting": make("governance.meeting", number, unit, actor),
        "number": number + 1,
        "statement": f"第{number}项决议",
        "post": "办公室负责人",
        "progress": "done",
        "done_on": DAY + timedelta(days=40),
    }


def case(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "meeting": make("governance.meeting", number, unit, actor),
        "number": number + 1,
        "title": f"第{number}个警示案例",
        "field": "money",
        "source": "通报选编",
    }


def step(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "statement": f"第{number}项措施",
        "problem": make("governance.problem", number, unit, actor, level="work"),
        "planned_on": DAY,
        "begins_on": DAY + timedelta(days=number),
        "due_on": DAY + timedelta(days=200),
        "post": "科普部负责人",
    }


def regulation(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}项制度",
        "area": "finance",
        "change": "new",
        "issued_on": DAY + timedelta(days=number),
        "in_force_on": DAY + timedelta(days=number + 10),
    }


def duty(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "post": "分管副主席",
        "side": "party",
        "statement": f"第{number}项责任",
        "begins_on": DAY,
    }


def pledge(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "post": "党组书记",
        "occasion": "cases",
        "statement": f"第{number}项承诺",
        "pledged_on": DAY + timedelta(days=number),
    }


def riskpoint(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "post": "财务岗",
        "category": "process",
        "matter": f"第{number}个风险点",
        "signs": "询价记录不全",
        "grade": "high",
        "measures": "两人核对",
        "found_on": DAY,
    }


def document(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "direction": "received",
        "number": f"演示发〔2021〕{number + 1}号",
        "title": f"第{number}份文件",
        "issuer": "演示委",
        "subject": "office",
        "dated_on": DAY + timedelta(days=number),
        "action": "传达学习",
    }


def signatory(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "document": make("governance.document", number, unit, actor, direction="joint"),
        "number": number + 1,
        "name": f"第{number}局",
    }


def contribution(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "kind": "suggestion",
        "title": f"第{number}条建议",
        "post": "科普岗",
        "occasion": "cases",
        "handed_on": DAY + timedelta(days=number),
    }


def group(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"第{number}领导小组",
        "purpose": "统筹应急科普",
        "founded_on": DAY + timedelta(days=number),
    }


def seat(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "group": make("governance.group", number, unit, actor),
        "number": number + 1,
        "post": "党组书记",
        "role": "head",
        "duty": "总负责",
    }


def member(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"第{number}局",
        "kind": "department",
        "duty": "农民科学素质提升",
        "contact_post": "办公室",
        "phone": "0000-1234567",
        "joined_on": DAY,
    }


def service(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": f"第{number}件实事",
        "beneficiary": "farmers",
        "post": "科普部负责人",
        "promised_on": DAY + timedelta(days=number),
        "progress": "done",
        "done_on": DAY + timedelta(days=60),
        "outcome": "已办结",
    }

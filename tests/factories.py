"""Records for tests: every register has its values here, written through the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from taizhang.accounts.models import Membership, User
from taizhang.ledger import catalogue, states, write
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.org.models import Unit
from tests.conftest import Cast

DAY = date(2021, 3, 1)


def found_cast() -> Cast:
    """Write the units and the people of the cast."""
    people = {
        name: User.objects.create(username=name, display_name=shown)
        for name, shown in {
            "lin": "林",
            "su": "苏",
            "zhi": "志",
            "bo": "波",
            "re": "热",
            "chen": "陈",
        }.items()
    }
    register = catalogue.get("org.unit")
    root = {"kind": "association"}
    association = write.found(
        register, {"code": "assoc", "name": "演示科协", **root}, actor=people["lin"]
    )
    Membership.objects.create(user=people["lin"], unit=association, role="manager")
    towns = write.create_many(
        register,
        [
            {"code": code, "name": name, "kind": "town", "parent": association}
            for code, name in (("east", "东镇科协"), ("west", "西镇科协"))
        ],
        actor=people["lin"],
    )
    elsewhere = Unit(
        code="elsewhere",
        name="别处科协",
        kind="association",
        created_at=association.created_at,
        changed_at=association.created_at,
    )
    elsewhere.save()
    register.settle([elsewhere])
    for name, unit, role in (
        ("su", association, "recorder"),
        ("zhi", association, "verifier"),
        ("re", association, "reader"),
        ("bo", towns[0], "recorder"),
        ("chen", elsewhere, "manager"),
    ):
        Membership.objects.create(user=people[name], unit=unit, role=role)
    units = {"association": association, "east": towns[0], "west": towns[1]}
    return Cast(**people, **units, elsewhere=elsewhere)


def values(register: Register, number: int, unit: Any, actor: Any) -> dict[str, Any]:
    """Valid values for the ``number``-th record of a register, owned by ``unit``."""
    return _VALUES[register.name](number, unit, actor)


def make(name: str, number: int, unit: Any, actor: Any, /, **changes: Any) -> Any:
    """Write a record and return it."""
    register = catalogue.get(name)
    return write.create(register, values(register, number, unit, actor) | changes, actor=actor)


def act(record: Record, action: str, actor: Any, reason: str = "") -> states.Result:
    """Move a record and keep the object in step with its row."""
    register = catalogue.of_model(type(record))
    assert register is not None
    fresh = register.queryset().get(pk=record.pk)
    result = states.act(register, [fresh], states.ACTIONS[action], actor=actor, reason=reason)
    record.refresh_from_db()
    return result


def verified(name: str, number: int, unit: Any, cast: Cast, /, **changes: Any) -> Any:
    """A record that Su wrote and Zhi verified."""
    record = make(name, number, unit, cast.su, **changes)
    assert act(record, "submit", cast.su).done == 1
    assert act(record, "verify", cast.zhi).done == 1
    return record


def terms(model: str, *codes: str) -> list[Any]:
    """Words of a controlled list by code."""
    from django.apps import apps

    return list(apps.get_model(model)._default_manager.filter(code__in=codes))


def _unit(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "code": f"{unit.code}-u{number}",
        "name": f"第{number}乡科协",
        "short_name": f"第{number}乡",
        "kind": "town",
        "parent": unit,
        "opened_on": DAY,
    }


def _placement(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "parent": Unit.objects.get(code="assoc"),
        "first_on": DAY + timedelta(days=number),
        "document": f"演示〔2021〕{number}号",
    }


def _person(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"演示人{number}",
        "kind": "staff",
        "post": "干事",
        "phone": f"1380000{number:04d}",
        "joined_on": DAY,
    }


def _activity(number: int, unit: Any, actor: Any) -> dict[str, Any]:
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


def _participation(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "activity": make("activities.activity", number, unit, actor),
        "volunteer": make("volunteers.volunteer", number, unit, actor),
        "duty": "service",
        "hours": Decimal("2.5"),
    }


def _handout(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "activity": make("activities.activity", number, unit, actor),
        "kind": "leaflet",
        "name": f"明白纸{number}",
        "copies": 50 + number,
        "bilingual": True,
    }


def _partner(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "activity": make("activities.activity", number, unit, actor),
        "name": f"第{number}合办单位",
        "part": "supporter",
    }


def _volunteer(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"志愿者{number}",
        "phone": f"1390000{number:04d}",
        "team": "corps",
        "platform": "national",
        "speciality": "农技",
        "joined_on": DAY,
    }


def _place(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "name": f"第{number}科技馆",
        "kind": "museum",
        "building_area": Decimal("1500"),
        "exhibition_area": Decimal("1150.5"),
        "opened_on": DAY,
    }


def _zone(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "name": f"第{number}展区",
        "area": Decimal("200"),
        "opened_on": DAY,
    }


def _exhibit(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "code": f"ZP-{number}",
        "name": "声波展品",
        "pieces": 3,
        "installed_on": DAY,
    }


def _visitday(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "place": make("places.place", number, unit, actor),
        "held_on": DAY + timedelta(days=number),
        "visits": 40 + number,
        "minors": 10,
        "free": True,
    }


def _meeting(number: int, unit: Any, actor: Any) -> dict[str, Any]:
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


def _problem(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "level": "group",
        "source": "self",
        "statement": f"第{number}个问题",
        "raised_on": DAY,
        "progress": "closed",
        "closed_on": DAY + timedelta(days=30),
    }


def _measure(number: int, unit: Any, actor: Any) -> dict[str, Any]:
    return {
        "problem": make("governance.problem", number, unit, actor),
        "number": number + 1,
        "statement": f"第{number}条措施",
        "progress": "done",
        "done_on": DAY + timedelta(days=20),
    }


_VALUES: dict[str, Any] = {
    "org.unit": _unit,
    "org.placement": _placement,
    "org.person": _person,
    "activities.activity": _activity,
    "activities.participation": _participation,
    "activities.handout": _handout,
    "activities.partner": _partner,
    "volunteers.volunteer": _volunteer,
    "places.place": _place,
    "places.zone": _zone,
    "places.exhibit": _exhibit,
    "places.visitday": _visitday,
    "governance.meeting": _meeting,
    "governance.problem": _problem,
    "governance.measure": _measure,
}

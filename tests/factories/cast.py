"""The units and the people of the cast."""

from __future__ import annotations

from taizhang.accounts.models import Membership, User
from taizhang.ledger import catalogue, write
from taizhang.org.models import Unit
from tests.conftest import Cast


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

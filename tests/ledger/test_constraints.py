"""The rules asked in memory say what the database says, for every rule and any values."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue, constraints, write
from taizhang.ledger.models import State
from taizhang.wording import say
from tests.conftest import Cast
from tests.factories import make

RULES = [
    pytest.param(register.name, constraint.name, id=constraint.name)
    for register in catalogue.registers()
    for constraint in register.model._meta.constraints
    if isinstance(constraint, models.CheckConstraint)
]
DAYS = [date(2021, 3, 1) + timedelta(days=n) for n in range(3)]


def _some(field: Any, luck: random.Random) -> Any:
    """Some value of the field's type, often at an edge, often none where the column allows it."""
    if field.null and luck.random() < 0.35:
        return None
    if isinstance(field, models.ForeignKey):
        return luck.randint(1, 3)
    if isinstance(field, models.BooleanField):
        return luck.random() < 0.5
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return luck.choice(DAYS)
    if isinstance(field, models.DecimalField):
        return Decimal(luck.choice(["-1", "-0.1", "0", "1", "240", "240.1", "300"]))
    if isinstance(field, models.IntegerField):
        return luck.choice([0, 1, 2, 240])
    choices = [code for code, _label in field.choices or []]
    if field.name == "state":
        choices = [*State.values, "nonsense"]
    return luck.choice([*choices, "", "其他"])


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "rule"), RULES)
def test_memory_and_database_agree(name: str, rule: str) -> None:
    """The database evaluates the same condition over a row of literal values."""
    register = catalogue.get(name)
    model = register.model
    constraint = next(c for c in model._meta.constraints if c.name == rule)
    luck = random.Random(f"{rule}")  # noqa: S311
    seen: set[bool] = set()
    for _turn in range(200):
        record = model(
            **{f.attname: _some(f, luck) for f in model._meta.concrete_fields if not f.primary_key}
        )
        ours = constraints._holds(constraint.condition, record) is not False
        try:
            constraint.validate(model, record)
            theirs = True
        except Exception as error:
            assert type(error).__name__ == "ValidationError", error  # noqa: PT017
            theirs = False
        assert ours is theirs, {
            f.attname: getattr(record, f.attname) for f in model._meta.concrete_fields
        }
        seen.add(ours)
    assert seen == {True, False}, "the values must both keep and break the rule"


@pytest.mark.parametrize("name", [register.name for register in catalogue.registers()])
def test_every_rule_can_be_read_in_memory(name: str) -> None:
    model = catalogue.get(name).model
    found = constraints.broken(model(state="nonsense"))
    assert [field for field, _message in found if field == "state"]


@pytest.mark.django_db
def test_the_database_enforces_the_rules_itself() -> None:
    with connection.cursor() as cursor:
        for register in catalogue.registers():
            table = register.model._meta.db_table
            held = {
                key
                for key, found in connection.introspection.get_constraints(cursor, table).items()
                if found["check"]
            }
            declared = {
                c.name
                for c in register.model._meta.constraints
                if isinstance(c, models.CheckConstraint)
            }
            assert declared <= held, register.name


def test_two_versions_of_a_regulation_are_never_in_force_on_one_day(cast: Cast) -> None:
    old = make("governance.regulation", 1, cast.association, cast.su)
    begins = old.in_force_on + timedelta(days=90)
    values = {"replaces": old, "change": "improved", "issued_on": begins, "in_force_on": begins}
    with pytest.raises(Refused) as caught:
        make("governance.regulation", 2, cast.association, cast.su, **values)
    assert old.code in say(caught.value.findings[0], "zh")
    register = catalogue.get("governance.regulation")
    write.change(register, old, {"repealed_on": begins - timedelta(days=1)}, actor=cast.su)
    values["replaces"] = register.queryset().get(pk=old.pk)
    assert make("governance.regulation", 3, cast.association, cast.su, **values).pk

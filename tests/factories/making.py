"""Records for tests, written through the ledger."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from taizhang.ledger import catalogue, states, write
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from tests.conftest import Cast

DAY = date(2021, 3, 1)


def factory(name: str) -> Any:
    """The function with a register's values: ``governance.meeting`` is ``governance.meeting``
    in ``tests/factories/governance.py``; ``None`` where nobody wrote one."""
    domain, row = name.split(".")
    if find_spec(f"tests.factories.{domain}") is None:
        return None
    return getattr(import_module(f"tests.factories.{domain}"), row, None)


def values(register: Register, number: int, unit: Any, actor: Any) -> dict[str, Any]:
    """Valid values for the ``number``-th record of a register, owned by ``unit``."""
    written = factory(register.name)
    assert written is not None, f"write the values of {register.name} in tests/factories"
    found: dict[str, Any] = written(number, unit, actor)
    return found


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

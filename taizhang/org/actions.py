"""Founding an office: its first unit and the first person who may do anything in it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import transaction

from taizhang.ledger import catalogue, write

from .models import Unit


def found_office(*, code: str, name: str, short_name: str, kind: str, manager: Any) -> Unit:
    """Write the first unit of an empty ledger and make ``manager`` its manager."""
    with transaction.atomic():
        unit: Any = write.found(
            catalogue.get("org.unit"),
            {"code": code, "name": name, "short_name": short_name, "kind": kind},
            actor=manager,
        )
        apps.get_model("accounts", "Membership")._default_manager.create(
            user=manager, unit=unit, role="manager"
        )
    assert isinstance(unit, Unit)
    return unit

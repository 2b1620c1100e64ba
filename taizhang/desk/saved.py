"""Filters kept under a name: one's own, and those a unit shares."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.engines.queries import parse
from taizhang.ledger import access, query
from taizhang.ledger.register import Register

from .models import ListChoice, SavedFilter

MOST = 50
"""So many filters may one person keep for one register."""


def seen(register: Register, user: Any) -> QuerySet[SavedFilter]:
    """The filters a user finds above a list: their own, and what their units and those above share."""
    known = access.of(user)
    above = access.remembered(
        ("above", tuple(known.roots)), lambda: access.provider.above(known.roots, known.today)
    )
    found = SavedFilter.objects.filter(register=register.name)
    return found.filter(Q(owner=user) | Q(unit__in=above))


def managed(register: Register, user: Any) -> QuerySet[SavedFilter]:
    """The filters a user may change and remove: their own, and shared ones of units they manage."""
    found = SavedFilter.objects.filter(register=register.name)
    return found.filter(Q(owner=user) | Q(unit__in=access.of(user).units("manager")))


def keep(
    register: Register, asked: str, name: str, user: Any, *, unit: int | None = None
) -> SavedFilter:
    """Keep a list's query under a name, for oneself or shared with a unit.

    Refuses a query that the user may not ask, a name that is taken or blank, and a unit in which
    they do not record.
    """
    wanted = parse(asked)
    if not (wanted.conditions or wanted.units or wanted.search or wanted.sort):
        raise Refused.because("saved.nothing-asked", register.label_plural)
    query.ordered(register, query.rows(register, wanted, user), wanted.sort, user)
    text = wanted.canonical()
    if len(text) > SavedFilter._meta.get_field("query").max_length:  # type: ignore[operator]
        raise Refused.because("saved.too-long", register.label_plural)
    if SavedFilter.objects.filter(register=register.name, owner=user).count() >= MOST:
        raise Refused.because("saved.too-many", register.label_plural, limit=MOST)
    _may_share(unit, user)
    kept = SavedFilter(
        register=register.name, query=text, owner=user, unit_id=unit, at=timezone.now()
    )
    return _named(kept, name)


def change(kept: SavedFilter, name: str, user: Any, *, unit: int | None) -> SavedFilter:
    """Give a filter another name, and share it with a unit or with nobody."""
    if unit != kept.unit_id:
        _may_share(unit, user)
    kept.unit_id = unit
    return _named(kept, name)


def _may_share(unit: int | None, user: Any) -> None:
    if unit is not None and unit not in access.of(user).units("recorder"):
        raise Refused.because("saved.not-your-unit")


def _named(kept: SavedFilter, name: str) -> SavedFilter:
    kept.name = " ".join(name.split())
    limit = SavedFilter._meta.get_field("name").max_length or 0
    if not kept.name or len(kept.name) > limit:
        raise Refused.because("saved.needs-name", limit=limit)
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise Refused.because("saved.name-taken", name=kept.name) from None
    return kept


def put_back(kept: dict[str, Any]) -> SavedFilter:
    """A filter that was removed a moment ago, as it was."""
    return _named(SavedFilter(**kept, at=timezone.now()), kept["name"])


def open_with(register: Register, kept: SavedFilter | None, user: Any) -> None:
    """Let the list of a register open with this filter for the user, or with everything."""
    ListChoice.objects.update_or_create(user=user, register=register.name, defaults={"home": kept})

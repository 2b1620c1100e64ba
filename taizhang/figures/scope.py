"""The unit and the period that pages are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.ledger import access
from taizhang.ledger.render import period_label
from taizhang.org.models import Path, Unit


@dataclass(frozen=True)
class Scope:
    """What a page is about: one unit with everything below it, in one period.

    ``home`` is where the user's pages begin.
    """

    unit: Unit
    period: Period
    home: Unit

    @property
    def period_label(self) -> str:
        """The period as people say it."""
        return period_label(self.period)


def home_unit(user: Any) -> Unit | None:
    """The highest unit the user belongs to: where their pages begin."""
    mine = [unit for unit, _role in access.roles_of(user)]
    today = timezone.localdate()
    depths = Path.objects.filter(
        descendant_id__in=mine, first__lte=today, last__gte=today
    ).values_list("descendant_id", "depth")
    level: dict[int, int] = {}
    for unit, depth in depths:
        level[unit] = max(depth, level.get(unit, 0))
    if not level:
        return None
    return Unit.objects.get(pk=min(level, key=lambda unit: (level[unit], unit)))


def scope_of(user: Any, asked: Mapping[str, Any], kept: Mapping[str, Any]) -> Scope | None:
    """Unit and period: asked for in the address, else kept in the session, else the user's own.

    Refuses a unit the user does not see; None for a user without any unit.
    """
    home = home_unit(user)
    if home is None:
        return None
    unit = home
    if code := asked.get("unit"):
        found = visible_unit(user, str(code))
        if found is None:
            raise Refused.because("query.unknown-unit", "unit", code=code)
        unit = found
    elif code := kept.get("unit"):
        unit = visible_unit(user, str(code)) or home
    text = asked.get("period") or kept.get("period") or str(timezone.localdate().year)
    try:
        period = page_period(str(text))
    except Refused:
        if asked.get("period"):
            raise
        period = Period.parse(str(timezone.localdate().year))
    return Scope(unit, period, home)


FIRST_YEAR = 1900
"""Pages compare with the years before; the calendar must have them."""


def page_period(text: str) -> Period:
    """The period a page is asked for; refuses one before there were associations."""
    period = Period.parse(text)
    if period.year < FIRST_YEAR:
        raise Refused.because("period.unknown", text=text)
    return period


def visible_unit(user: Any, code: str) -> Unit | None:
    """The unit of that code, as far as it exists for the user."""
    unit = Unit.objects.filter(code=code).first()
    known = access.of(user)
    if unit is None:
        return None
    seen = unit.pk in known.ranks or any(span.unit == unit.pk for span in known.past)
    return unit if seen else None


def children(unit: Unit, period: Period) -> list[tuple[int, str, str]]:
    """The units directly below a unit at any time in the period: number, code, name."""
    rows = (
        Path.objects.filter(ancestor=unit, depth=1, first__lte=period.last, last__gte=period.first)
        .order_by("descendant__code")
        .values_list("descendant_id", "descendant__code", "descendant__name")
        .distinct()
    )
    return list(rows)

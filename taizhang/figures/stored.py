"""The figures that units have made, as definitions: read anew by every worker when one changes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Sum

from taizhang.engines.figures.definitions import Definition, parse_definitions
from taizhang.engines.findings import Refused
from taizhang.ledger import access

from .models import OwnFigure, OwnFigureVersion


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """Every figure in use, and the unit that each belongs to."""

    definitions: Mapping[str, Definition]
    owners: Mapping[str, int]


_NONE = Stored({}, {})
_kept: tuple[Hashable, Stored] = (None, _NONE)


def stored() -> Stored:
    """The figures of all units; one small question tells whether they are still what they were."""
    global _kept
    stamp = access.remembered("own figures", _stamp)
    current = _kept
    if current[0] != stamp:
        current = _kept = (stamp, _read() if stamp[1] else _NONE)
    return current[1]


def _stamp() -> tuple[Any, ...]:
    told = OwnFigure.objects.aggregate(
        count=Count("pk"), versions=Sum("version"), last=Max("changed_at"), key=Max("pk")
    )
    return (connection.settings_dict["NAME"], told["count"], *told.values())


def _read() -> Stored:
    rows = OwnFigureVersion.objects.filter(
        number=F("figure__version"), figure__retired_at__isnull=True
    ).values_list("figure__code", "figure__unit_id", "table")
    found, owners = {}, {}
    for code, unit, table in rows.order_by("figure_id"):
        try:
            found[code] = definition(code, table)
        except Refused:
            # Written by an older release in a way that is no longer read: as if it were retired.
            continue
        owners[code] = unit
    return Stored(found, owners)


def definition(code: str, table: Mapping[str, Any]) -> Definition:
    """The table of one figure as a definition; refuses with everything wrong in it."""
    document: dict[str, Any] = dict(table)
    for part in reversed(code.split(".")):
        document = {part: document}
    try:
        return parse_definitions({"own": document})[code]
    except Refused as refused:
        raise Refused(*(finding.at("") for finding in refused.findings)) from None

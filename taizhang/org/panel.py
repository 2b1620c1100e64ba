"""The tree on a unit's page: what stands directly below it now, and what stood there before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from taizhang.ledger import access
from taizhang.ledger.access import FIRST_DAY, LAST_DAY
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

from .models import Path


@dataclass(frozen=True, slots=True)
class Stay:
    """A unit that stands or stood below, with its days; None where an end is open."""

    name: str
    url: str
    first: date | None
    last: date | None


class BelowPanel:
    """Draws the units directly below a unit, then and now."""

    template = "org/below.html"

    def context(
        self, register: Register, record: Record, may_write: bool, user: Any
    ) -> dict[str, Any]:
        """``now`` and ``before``, each by unit code and day; three questions in all."""
        today = timezone.localdate()
        paths = list(
            Path.objects.filter(ancestor_id=record.pk, depth=1)
            .select_related("descendant")
            .order_by("descendant__code", "first")
        )
        reached = set(
            access.visible(user, register)
            .filter(pk__in=[path.descendant_id for path in paths])
            .values_list("pk", flat=True)
        )
        now = [path for path in paths if path.first <= today <= path.last]
        before = [path for path in paths if path.last < today]
        return {"now": list(_stays(now, reached)), "before": list(_stays(before, reached))}


def _stays(paths: Iterable[Path], reached: set[int]) -> Iterable[Stay]:
    """The stays; what the viewer may not open has no address."""
    for path in paths:
        unit = path.descendant
        yield Stay(
            unit.name,
            f"/org/unit/{unit.pk}/" if unit.pk in reached else "",
            None if path.first == FIRST_DAY else path.first,
            None if path.last == LAST_DAY else path.last,
        )

"""Units and members as the ledger asks for them, and the tree kept up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.apps import apps

from taizhang.engines import trees
from taizhang.ledger import access
from taizhang.ledger.access import FIRST_DAY, LAST_DAY, Span
from taizhang.ledger.models import State

from .models import Path, Placement, Unit


class OrgProvider:
    """Answers the ledger's questions about units and members."""

    def roles(self, user: Any) -> Sequence[tuple[int, str]]:
        """The user's (unit, role) pairs."""
        memberships = apps.get_model("accounts", "Membership")._default_manager
        return list(memberships.filter(user_id=user.pk).values_list("unit_id", "role"))

    def spans(self, units: Iterable[int]) -> dict[int, list[Span]]:
        """For each unit the spans of everything below it, itself included."""
        found: dict[int, list[Span]] = defaultdict(list)
        rows = Path.objects.filter(ancestor_id__in=list(units)).values_list(
            "ancestor_id", "descendant_id", "first", "last", "descendant__closed_on"
        )
        for ancestor, descendant, first, last, closed in rows:
            found[ancestor].append(Span(descendant, first, last, closed == last))
        return found

    def unit_id(self, code: str) -> int | None:
        """The number of the unit with that code."""
        return Unit.objects.filter(code=code).values_list("pk", flat=True).first()

    def names(self, units: Iterable[int]) -> list[tuple[str, str]]:
        """Code and name of these units, in the order of their codes."""
        found = Unit.objects.filter(pk__in=list(units)).order_by("code")
        return [(unit.code, str(unit)) for unit in found.only("code", "name", "short_name")]

    def name(self, code: str) -> str:
        """The name of a unit; its code when there is none."""
        unit = Unit.objects.filter(code=code).only("name", "short_name").first()
        return str(unit) if unit else code

    def unit(self, number: int) -> Unit:
        """The unit of that number."""
        return Unit.objects.get(pk=number)

    def total(self) -> int:
        """How many units there are."""
        return Unit.objects.count()

    def above(self, units: Iterable[int], day: date) -> set[int]:
        """Everything that stands above these units on a day, themselves included."""
        found = Path.objects.filter(descendant_id__in=list(units), first__lte=day, last__gte=day)
        return set(found.values_list("ancestor_id", flat=True))


def rebuild_paths() -> None:
    """Work the tree's history out anew from units and placements; refuses a cycle."""
    # Void units keep their place: outside the tree nobody could see them, nor restore them.
    units = list(Unit.objects.values_list("pk", "parent_id", "opened_on", "closed_on"))
    moves: dict[int, list[tuple[date, int]]] = defaultdict(list)
    placements = Placement.objects.exclude(state=State.VOID).order_by("first_on")
    for unit, parent, first in placements.values_list("unit_id", "parent_id", "first_on"):
        moves[unit].append((first, parent))
    stays: list[trees.Placement] = []
    for unit, parent, opened, closed in units:
        steps = [(opened or FIRST_DAY, parent), *moves[unit]]
        end = closed or LAST_DAY
        for number, (first, above) in enumerate(steps):
            later = steps[number + 1][0] if number + 1 < len(steps) else None
            last = min(later - timedelta(days=1), end) if later and later > FIRST_DAY else end
            if first <= last:
                stays.append(trees.Placement(unit, above, first, last))
    Path.objects.all().delete()
    Path.objects.bulk_create(
        [
            Path(
                ancestor_id=path.ancestor,
                descendant_id=path.descendant,
                first=path.first,
                last=path.last or LAST_DAY,
                depth=path.depth,
            )
            for path in trees.closure(stays)
        ],
        batch_size=2000,
    )
    access.tree_changed()

"""In the margin of a tour's page: its stops, which are activities."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum

from taizhang.ledger import access, catalogue
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import Register

SHOWN = 20


class StopsAside:
    """The stops of a tour that the user may see, the first ones by name, and their visitors."""

    template = "activities/stops.html"

    def context(self, register: Register, record: Record, user: Any) -> dict[str, Any] | None:
        """The stops in the order they were held; None for everything but tours."""
        if register.name != "activities.tour":
            return None
        activities = catalogue.get("activities.activity")
        stops = access.visible(user, activities).filter(tour=record).exclude(state=State.VOID)
        listed = list(stops.order_by("held_on", "pk")[: SHOWN + 1])
        query = urlencode({"tour": register.key_text(record), "state!": State.VOID}, safe="!/")
        return {
            "stops": listed[:SHOWN],
            "more": len(listed) > SHOWN,
            "visitors": stops.aggregate(all=Sum("attendance"))["all"],
            "list": f"/{activities.path}/?{query}",
        }

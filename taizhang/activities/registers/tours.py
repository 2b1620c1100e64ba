"""Travelling exhibitions as a register."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.activities.models import Activity, Tour
from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View


@catalogue.add
class Tours(Register):
    model = Tour
    key = ("unit", "code")
    dated = "started_on"
    ended = "ended_on"
    title = "title"
    code_prefix = "XH"
    columns = ("code", "title", "kind", "lender", "pieces", "started_on", "ended_on", "state")
    filters = ("kind", "started_on", "ended_on", "state")
    search = ("code", "title", "lender")
    totals = ("kilometres",)
    sections = (
        Section(
            _("Tour"),
            "unit",
            "code",
            "title",
            "kind",
            "lender",
            "pieces",
            "kilometres",
            "started_on",
            "ended_on",
        ),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Science caravan"), "kind=caravan"),
        View(_("Mobile science museum"), "kind=mobile_museum"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("started_on", over=TODAY),
        Doubt("pieces", over=1_000),
        Doubt("kilometres", over=50_000),
    )
    group = _("Activities")

    def notices(self, record: Record) -> list[Finding]:
        """A tour whose stops nobody recorded, or with stops outside its days."""
        assert isinstance(record, Tour)
        stops = Activity.objects.filter(tour=record).exclude(state=State.VOID)
        days = list(stops.values_list("held_on", flat=True))
        if not days:
            return [Finding("tour.no-stop", "look", "title")]
        outside = [
            day
            for day in days
            if day < record.started_on or (record.ended_on and day > record.ended_on)
        ]
        if not outside:
            return []
        return [Finding("tour.stops-outside", "look", "ended_on", {"count": len(outside)})]

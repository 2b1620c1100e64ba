"""The emergency stock as registers."""

from __future__ import annotations

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View
from taizhang.places.models import Material, Movement

GROUP = _("Places")


@catalogue.add
class Materials(Register):
    model = Material
    key = ("unit", "code")
    title = "name"
    code_prefix = "WZ"
    columns = ("code", "name", "kind", "unit", "measure", "least", "stored_at", "state")
    filters = ("kind", "kept_from", "kept_until", "state")
    search = ("code", "name", "stored_at")
    sections = (
        Section(
            _("Emergency material"),
            "unit",
            "code",
            "name",
            "kind",
            "measure",
            "least",
            "stored_at",
            "kept_from",
            "kept_until",
        ),
        Section(_("In and out"), Related("movement")),
    )
    views = (
        View(_("Kept now"), "kept_until="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("kept_from", over=TODAY), Doubt("least", over=100_000))
    group = GROUP

    def notices(self, record: Record) -> list[Finding]:
        """A stock that cannot be, one below its least, lots past their day; one query."""
        assert isinstance(record, Material)
        today = timezone.localdate()
        came = Q(way=Movement.Way.IN)
        sums = record.movements.exclude(state=State.VOID).aggregate(
            came=Sum("quantity", filter=came, default=0),
            went=Sum("quantity", filter=~came, default=0),
            expired=Sum("quantity", filter=came & Q(expires_on__lt=today), default=0),
        )
        stock = sums["came"] - sums["went"]
        named = {"measure": record.measure}
        if stock < 0:
            params = {**named, "more": -stock}
            return [Finding("material.more-out-than-in", "look", "name", params)]
        found = []
        if record.least and record.kept_until is None and stock < record.least:
            params = {**named, "stock": stock, "least": record.least}
            found.append(Finding("material.below-least", "look", "least", params))
        # First in, first out: what left the stock was of the oldest lots.
        over = min(stock, sums["expired"] - sums["went"])
        if over > 0:
            found.append(Finding("material.expired", "look", "name", {**named, "over": over}))
        return found


@catalogue.add
class Movements(Register):
    model = Movement
    key = ("material", "number")
    scope = "material.unit"
    dated = "moved_on"
    parent = "material"
    columns = (
        "material",
        "number",
        "moved_on",
        "way",
        "quantity",
        "expires_on",
        "purpose",
        "state",
    )
    filters = ("way", "moved_on", "expires_on", "material.kind", "state")
    search = ("material.code", "material.name", "purpose")
    sections = (
        Section(
            _("Stock movement"),
            "material",
            "number",
            "moved_on",
            "way",
            "quantity",
            "expires_on",
            "purpose",
        ),
    )
    views = (View(_("With a day of expiry"), "way=in&expires_on!="),)
    doubts = (Doubt("moved_on", over=TODAY), Doubt("quantity", over=50_000))
    group = GROUP

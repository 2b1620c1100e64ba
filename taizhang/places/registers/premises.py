"""Places, their zones, exhibits and visits as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View
from taizhang.places.models import Exhibit, Place, VisitDay, Zone

GROUP = _("Places")


@catalogue.add
class Places(Register):
    model = Place
    key = ("unit", "code")
    title = "name"
    code_prefix = "CS"
    columns = (
        "code",
        "name",
        "kind",
        "unit",
        "building_area",
        "exhibition_area",
        "opened_on",
        "closed_on",
        "state",
    )
    filters = ("kind", "free", "opened_on", "closed_on", "upgraded_on", "state")
    search = ("code", "name", "address")
    totals = ("building_area", "exhibition_area")
    sections = (
        Section(
            _("Place"),
            "unit",
            "code",
            "name",
            "kind",
            "address",
            "free",
            "opened_on",
            "closed_on",
            "upgraded_on",
        ),
        Section(_("Size"), "building_area", "exhibition_area"),
        Section(_("Zones"), Related("zone")),
        Section(_("Exhibits"), Related("exhibit")),
        Section(_("Opening hours"), Related("opening")),
        Section(_("Visits"), Related("visitday")),
        Section(_("Checks of the e-station"), Related("stationcheck")),
        Section(_("Renewals"), Related("renewal")),
        Section(_("On loan"), Related("loan")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Science museums"), "kind=museum"),
        View(_("E-stations"), "kind=estation"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("opened_on", over=TODAY),
        Doubt("closed_on", over=TODAY),
        Doubt("upgraded_on", over=TODAY),
        # The national survey calls a place a science museum only above this.
        Doubt("building_area", under=500, when={"kind": ("museum",)}),
        Doubt("building_area", over=150_000),
        Doubt("exhibition_area", over="building_area"),
    )
    group = GROUP


@catalogue.add
class Zones(Register):
    model = Zone
    key = ("place", "name")
    scope = "place.unit"
    parent = "place"
    title = "name"
    columns = ("place", "name", "area", "opened_on", "closed_on", "state")
    filters = ("place.kind", "opened_on", "closed_on", "state")
    search = ("name", "place.name")
    totals = ("area",)
    sections = (Section(_("Zone"), "place", "name", "area", "opened_on", "closed_on"),)
    doubts = (Doubt("opened_on", over=TODAY), Doubt("area", over=20_000))
    group = GROUP


@catalogue.add
class Exhibits(Register):
    model = Exhibit
    key = ("place", "code")
    scope = "place.unit"
    parent = "place"
    title = "name"
    columns = ("code", "name", "place", "zone", "pieces", "installed_on", "removed_on", "state")
    filters = ("place.kind", "zone", "installed_on", "removed_on", "state")
    search = ("code", "name", "zone", "place.name")
    totals = ("pieces",)
    sections = (
        Section(
            _("Exhibit"), "place", "code", "name", "zone", "pieces", "installed_on", "removed_on"
        ),
    )
    doubts = (Doubt("installed_on", over=TODAY), Doubt("pieces", over=500))
    group = GROUP


@catalogue.add
class VisitDays(Register):
    model = VisitDay
    key = ("place", "held_on")
    scope = "place.unit"
    dated = "held_on"
    parent = "place"
    columns = ("held_on", "place", "visits", "minors", "free", "state")
    filters = ("held_on", "place.kind", "free", "visits", "state")
    search = ("place.name", "place.code")
    totals = ("visits",)
    sections = (Section(_("Visit day"), "place", "held_on", "visits", "minors", "free"),)
    doubts = (
        Doubt("held_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("visits", over=10_000),
    )
    group = GROUP

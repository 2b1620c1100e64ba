"""Opening hours and the checks of e-stations as registers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Register, Section, View
from taizhang.places.models import Opening, StationCheck

GROUP = _("Places")


@catalogue.add
class Openings(Register):
    model = Opening
    key = ("place", "first_on")
    scope = "place.unit"
    dated = "first_on"
    ended = "last_on"
    parent = "place"
    columns = ("place", "first_on", "last_on", "days", "hours", "days_a_week", "free", "state")
    filters = ("free", "first_on", "last_on", "place.kind", "state")
    search = ("place.name", "place.code", "days", "hours")
    sections = (
        Section(
            _("Opening hours"),
            "place",
            "first_on",
            "last_on",
            "days",
            "hours",
            "days_a_week",
            "free",
        ),
    )
    group = GROUP


@catalogue.add
class StationChecks(Register):
    model = StationCheck
    key = ("place", "checked_on")
    scope = "place.unit"
    dated = "checked_on"
    parent = "place"
    columns = (
        "checked_on",
        "place",
        "network",
        "staff",
        "site",
        "activities",
        "terminal",
        "upgrade",
        "trained",
        "state",
    )
    filters = (
        "upgrade",
        "checked_on",
        "network",
        "staff",
        "site",
        "activities",
        "terminal",
        "trained_on",
        "state",
    )
    search = ("place.name", "place.code", "remark")
    totals = ("keepers", "trained")
    sections = (
        Section(_("E-station check"), "place", "checked_on"),
        Section(_("The five conditions"), "network", "staff", "site", "activities", "terminal"),
        Section(_("Upgrade"), "upgrade", "remark"),
        Section(_("Keepers and training"), "keepers", "trained", "trained_on"),
    )
    views = (
        View(_("All five conditions"), "network=1&staff=1&site=1&activities=1&terminal=1"),
        View(_("Upgrade under way"), "upgrade=ongoing"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("checked_on", over=TODAY),
        Doubt("trained_on", over=TODAY),
        Doubt("keepers", over=20),
    )
    group = GROUP

"""Activities and what belongs to them as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.activities.models import Activity, Handout, Participation, Partner
from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

GROUP = _("Activities")


@catalogue.add
class Activities(Register):
    model = Activity
    key = ("unit", "code")
    dated = "held_on"
    ended = "ended_on"
    title = "title"
    code_prefix = "HD"
    columns = (
        "code",
        "title",
        "held_on",
        "location",
        "unit",
        "volunteers",
        "attendance",
        "lacks",
        "state",
    )
    filters = (
        "themes",
        "held_on",
        "state",
        "form",
        "audiences",
        "campaign",
        "round",
        "edition",
        "setting",
        "language",
        "tour",
        "tour.kind",
        "lacks",
        "proof",
        "late",
        "attendance",
        "place.kind",
    )
    search = ("code", "title", "location")
    totals = ("volunteers", "attendance")
    sections = (
        Section(
            _("What happened"),
            "unit",
            "code",
            "title",
            "form",
            "themes",
            "campaign",
            "edition",
            "round",
            "tour",
            "audiences",
            "setting",
            "language",
            "held_on",
            "ended_on",
            "place",
            "location",
            "summary",
        ),
        Section(_("Who came"), "volunteers", "attendance", "online_views"),
        Section(_("Volunteers who served"), Related("participation")),
        Section(_("Given out"), Related("handout")),
        Section(_("Partners"), Related("partner")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Science volunteering"), "themes=volunteering"),
        View(_("For minorities"), "themes=minority"),
        View(_("To verify"), "state=submitted"),
        View(_("Proof missing"), "lacks=anything&state!=void"),
    )
    doubts = (
        Doubt("held_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("ended_on", over=TODAY),
        Doubt("attendance", over=0, when={"setting": ("online",)}),
        Doubt("attendance", over=1_000, when={"form": ("training", "workshop", "field")}),
        Doubt("attendance", over=3_000, when={"form": ("lecture", "consultation", "clinic")}),
        Doubt("attendance", over=10_000, when={"form": ("caravan", "show", "other")}),
        Doubt("attendance", over=30_000),
        Doubt("online_views", over=1_000_000),
        Doubt("volunteers", over=500),
    )
    proof = (
        Proof("sheet", "check_in", when="form=lecture&form=training&form=workshop&form=contest"),
        Proof("photo"),
    )
    group = GROUP

    def notices(self, record: Record) -> list[Finding]:
        assert isinstance(record, Activity)
        named = record.participations.exclude(state="void").count()
        if record.volunteers is None or named <= record.volunteers:
            return []
        params = {"named": named, "number": record.volunteers}
        return [Finding("activity.more-names-than-volunteers", "look", "volunteers", params)]


@catalogue.add
class Participations(Register):
    model = Participation
    key = ("activity", "volunteer")
    scope = "activity.unit"
    dated = "activity.held_on"
    parent = "activity"
    columns = ("activity", "volunteer", "duty", "hours", "state")
    filters = ("duty", "activity.held_on", "activity.themes", "hours", "state")
    search = ("activity.code", "activity.title", "volunteer.code", "volunteer.name")
    totals = ("hours",)
    personal = ("volunteer",)
    sections = (Section(_("Participation"), "activity", "volunteer", "duty", "hours"),)
    doubts = (Doubt("hours", over=24),)
    group = GROUP


@catalogue.add
class Handouts(Register):
    model = Handout
    key = ("activity", "name")
    scope = "activity.unit"
    dated = "activity.held_on"
    parent = "activity"
    title = "name"
    columns = ("activity", "name", "kind", "copies", "bilingual", "state")
    filters = ("kind", "bilingual", "activity.held_on", "state")
    search = ("name", "activity.code", "activity.title")
    totals = ("copies",)
    sections = (Section(_("Handout"), "activity", "name", "kind", "copies", "bilingual"),)
    doubts = (Doubt("copies", over=20_000),)
    group = GROUP


@catalogue.add
class Partners(Register):
    model = Partner
    key = ("activity", "name")
    scope = "activity.unit"
    dated = "activity.held_on"
    parent = "activity"
    title = "name"
    columns = ("activity", "name", "unit", "part", "state")
    filters = ("part", "activity.held_on", "state")
    search = ("name", "activity.code", "activity.title")
    sections = (Section(_("Partner"), "activity", "name", "unit", "part"),)
    group = GROUP

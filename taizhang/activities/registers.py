"""Activities and what belongs to them as registers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register, Related, Section, View

from .models import Activity, Handout, Participation, Partner

GROUP = _("Activities")


@catalogue.add
class Activities(Register):
    model = Activity
    key = ("unit", "code")
    dated = "held_on"
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
        "proof",
        "state",
    )
    filters = (
        "themes",
        "held_on",
        "state",
        "form",
        "audiences",
        "campaign",
        "setting",
        "proof",
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
            "audiences",
            "setting",
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
        View(_("Without proof"), "proof=4&state!=void"),
    )
    proved = True
    group = GROUP

    def notices(self, record: Record) -> list[Finding]:
        assert isinstance(record, Activity)
        found = []
        if record.attendance and record.attendance >= 10_000:
            found.append(
                Finding(
                    "activity.large-attendance", "look", "attendance", {"number": record.attendance}
                )
            )
        named = record.participations.exclude(state="void").count()
        if record.volunteers is not None and named > record.volunteers:
            found.append(
                Finding(
                    "activity.more-names-than-volunteers",
                    "look",
                    "volunteers",
                    {"named": named, "number": record.volunteers},
                )
            )
        return found


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

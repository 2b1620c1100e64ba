"""Contests, their entries, and drills as registers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View
from taizhang.outreach.models import Contest, Drill, Entry

GROUP = _("Outreach")


@catalogue.add
class Contests(Register):
    model = Contest
    key = ("unit", "code")
    dated = "held_on"
    title = "title"
    code_prefix = "JS"
    columns = ("code", "title", "level", "edition", "held_on", "contestants", "unit", "state")
    filters = ("level", "held_on", "lacks", "state")
    search = ("code", "title")
    totals = ("contestants",)
    sections = (
        Section(
            _("Contest"), "unit", "code", "title", "level", "edition", "held_on", "contestants"
        ),
        Section(_("Entries and awards"), Related("entry")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (View(_("To verify"), "state=submitted"),)
    doubts = (Doubt("held_on", over=TODAY), Doubt("contestants", over=20_000))
    proof = (Proof("document", "photo"),)
    group = GROUP


@catalogue.add
class Entries(Register):
    model = Entry
    key = ("contest", "number")
    scope = "contest.unit"
    dated = "contest.held_on"
    parent = "contest"
    title = "work"
    columns = (
        "contest",
        "number",
        "work",
        "sent_by",
        "contestants",
        "award",
        "award_level",
        "state",
    )
    filters = ("award", "award_level", "category", "contest.held_on", "state")
    search = ("work", "sent_by", "contest.code", "contest.title")
    totals = ("contestants",)
    sections = (
        Section(
            _("Contest entry"),
            "contest",
            "number",
            "work",
            "category",
            "sent_by",
            "contestants",
            "award",
            "award_level",
        ),
    )
    doubts = (Doubt("contestants", over=30),)
    group = GROUP


@catalogue.add
class Drills(Register):
    model = Drill
    key = ("unit", "code")
    dated = "held_on"
    title = "title"
    code_prefix = "YL"
    columns = ("code", "title", "kind", "held_on", "location", "attendance", "lacks", "state")
    filters = ("kind", "held_on", "lacks", "state")
    search = ("code", "title", "location")
    totals = ("attendance",)
    sections = (
        Section(_("Drill"), "unit", "code", "title", "kind", "held_on", "location", "minutes"),
        Section(_("Who came"), "attendance", "minors"),
        Section(_("Afterwards"), "lessons"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (View(_("To verify"), "state=submitted"),)
    doubts = (
        Doubt("held_on", over=TODAY),
        Doubt("attendance", over=5_000),
        Doubt("minutes", over=240),
    )
    proof = (Proof("photo"),)
    group = GROUP

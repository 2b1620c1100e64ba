"""Meetings, their resolutions and the warning cases shown at them as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.governance.models import Case, Meeting, Resolution
from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

GROUP = _("Governance")


@catalogue.add
class Meetings(Register):
    model = Meeting
    key = ("unit", "code")
    dated = "held_on"
    title = "title"
    code_prefix = "HY"
    columns = (
        "code",
        "title",
        "held_on",
        "body",
        "kind",
        "unit",
        "entitled",
        "present",
        "lacks",
        "state",
    )
    filters = ("body", "kind", "topics", "held_on", "lacks", "proof", "late", "state")
    search = ("code", "title", "joint_with")
    totals = ("present",)
    sections = (
        Section(
            _("Meeting"),
            "unit",
            "code",
            "title",
            "body",
            "kind",
            "topics",
            "held_on",
            "joint_with",
            "summary",
        ),
        Section(_("Attendance"), "entitled", "present"),
        Section(_("Resolutions"), Related("resolution")),
        Section(_("Warning cases"), Related("case")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Centre group"), "body=centre_group"),
        View(_("Warning education"), "kind=warning"),
        View(_("Party branch"), "body=branch"),
        View(_("To verify"), "state=submitted"),
        View(_("Proof missing"), "lacks=anything&state!=void"),
    )
    doubts = (
        Doubt("held_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("entitled", over=2_000),
        Doubt("present", over="entitled"),
    )
    proof = (Proof("document"),)
    group = GROUP


@catalogue.add
class Resolutions(Register):
    model = Resolution
    key = ("meeting", "number")
    scope = "meeting.unit"
    dated = "meeting.held_on"
    parent = "meeting"
    title = "statement"
    columns = ("meeting", "number", "statement", "post", "due_on", "progress", "done_on", "state")
    filters = ("meeting.body", "meeting.kind", "meeting.held_on", "progress", "due_on", "state")
    search = ("statement", "post", "meeting.code", "meeting.title")
    sections = (
        Section(
            _("Resolution"),
            "meeting",
            "number",
            "statement",
            "post",
            "due_on",
            "progress",
            "done_on",
        ),
    )
    views = (
        View(_("Open"), "progress!=done"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("number", over=50), Doubt("done_on", over=TODAY))
    group = GROUP


@catalogue.add
class Cases(Register):
    model = Case
    key = ("meeting", "number")
    scope = "meeting.unit"
    dated = "meeting.held_on"
    parent = "meeting"
    title = "title"
    columns = ("meeting", "number", "title", "field", "source", "state")
    filters = ("meeting.kind", "meeting.topics", "meeting.held_on", "field", "state")
    search = ("title", "source", "meeting.code", "meeting.title")
    sections = (Section(_("Case"), "meeting", "number", "title", "field", "source"),)
    doubts = (Doubt("number", over=50),)
    group = GROUP

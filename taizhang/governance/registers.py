"""Meetings, problems and their measures as registers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register, Related, Section, View

from .models import Measure, Meeting, Problem

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
        "proof",
        "state",
    )
    filters = ("body", "kind", "topics", "held_on", "proof", "state")
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
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Centre group"), "body=centre_group"),
        View(_("Warning education"), "kind=warning"),
        View(_("To verify"), "state=submitted"),
        View(_("Without proof"), "proof=4&state!=void"),
    )
    proved = True
    group = GROUP

    def notices(self, record: Record) -> list[Finding]:
        assert isinstance(record, Meeting)
        if record.entitled is None or record.present is None or record.present <= record.entitled:
            return []
        return [
            Finding(
                "meeting.more-present-than-entitled",
                "look",
                "present",
                {"present": record.present, "entitled": record.entitled},
            )
        ]


@catalogue.add
class Problems(Register):
    model = Problem
    key = ("unit", "code")
    dated = "raised_on"
    title = "statement"
    code_prefix = "WT"
    columns = (
        "code",
        "statement",
        "level",
        "source",
        "raised_on",
        "due_on",
        "progress",
        "closed_on",
        "state",
    )
    filters = ("level", "source", "progress", "raised_on", "due_on", "closed_on", "state")
    search = ("code", "statement", "category", "post")
    sections = (
        Section(
            _("Problem"),
            "unit",
            "code",
            "level",
            "source",
            "category",
            "statement",
            "goal",
            "post",
            "raised_on",
        ),
        Section(
            _("Who rectifies it"),
            "lead_post",
            "department",
            "responsible_post",
            "due_on",
            "progress",
            "closed_on",
        ),
        Section(_("Measures"), Related("measure")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Open"), "progress!=closed&progress!=standing"),
        View(_("Rectified"), "progress=closed"),
        View(_("To verify"), "state=submitted"),
    )
    proved = True
    group = GROUP


@catalogue.add
class Measures(Register):
    model = Measure
    key = ("problem", "number")
    scope = "problem.unit"
    dated = "problem.raised_on"
    parent = "problem"
    title = "statement"
    columns = ("problem", "number", "statement", "due_on", "progress", "done_on", "state")
    filters = (
        "problem.level",
        "problem.source",
        "problem.raised_on",
        "progress",
        "due_on",
        "state",
    )
    search = ("statement", "problem.code", "problem.statement")
    sections = (
        Section(_("Measure"), "problem", "number", "statement", "due_on", "progress", "done_on"),
    )
    group = GROUP

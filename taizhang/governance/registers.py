"""Meetings, problems and their measures as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

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
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Centre group"), "body=centre_group"),
        View(_("Warning education"), "kind=warning"),
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
    filters = ("level", "source", "progress", "raised_on", "due_on", "closed_on", "lacks", "state")
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
    doubts = (
        Doubt("raised_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("closed_on", over=TODAY),
    )
    proof = (Proof("document", "photo", when="progress=mostly&progress=closed&progress=standing"),)
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
    doubts = (Doubt("number", over=50), Doubt("done_on", over=TODAY))
    group = GROUP

"""Problems, their measures and the steps planned for the next year as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.governance.models import Measure, Problem, Step
from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

GROUP = _("Governance")


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
        View(_("Shortcomings in the work"), "level=work"),
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


@catalogue.add
class Steps(Register):
    model = Step
    key = ("unit", "code")
    dated = "begins_on"
    title = "statement"
    code_prefix = "JH"
    columns = (
        "code",
        "statement",
        "problem",
        "begins_on",
        "due_on",
        "post",
        "progress",
        "done_on",
        "state",
    )
    filters = ("planned_on", "begins_on", "due_on", "progress", "problem.level", "state")
    search = ("code", "statement", "post")
    sections = (
        Section(
            _("Planned step"),
            "unit",
            "code",
            "statement",
            "problem",
            "planned_on",
            "begins_on",
            "due_on",
        ),
        Section(_("Who does it"), "post", "progress", "done_on"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Open"), "progress!=done"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("planned_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("done_on", over=TODAY),
    )
    proof = (Proof("document", "photo", when="progress=done"),)
    group = GROUP

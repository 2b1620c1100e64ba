"""Regulations, duties, pledges and integrity risks as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.governance.models import Duty, Pledge, Regulation, RiskPoint
from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

GROUP = _("Rules and duties")


@catalogue.add
class Regulations(Register):
    model = Regulation
    key = ("unit", "code")
    dated = "issued_on"
    title = "title"
    code_prefix = "ZD"
    columns = (
        "code",
        "title",
        "area",
        "change",
        "occasion",
        "issued_on",
        "in_force_on",
        "repealed_on",
        "state",
    )
    filters = (
        "area",
        "change",
        "occasion",
        "issued_on",
        "in_force_on",
        "repealed_on",
        "lacks",
        "state",
    )
    search = ("code", "title")
    sections = (
        Section(_("Regulation"), "unit", "code", "title", "area", "change", "occasion", "replaces"),
        Section(_("In force"), "issued_on", "in_force_on", "repealed_on"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("In force now"), "change!=repealed&repealed_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("issued_on", over=TODAY, under=date(1990, 1, 1)),)
    proof = (Proof("document"),)
    group = GROUP


@catalogue.add
class Duties(Register):
    model = Duty
    key = ("unit", "code")
    dated = "begins_on"
    ended = "ended_on"
    title = "statement"
    code_prefix = "ZZ"
    columns = ("code", "post", "side", "statement", "begins_on", "ended_on", "state")
    filters = ("post", "side", "begins_on", "ended_on", "state")
    search = ("code", "post", "statement")
    sections = (
        Section(_("Duty"), "unit", "code", "post", "side", "statement", "begins_on", "ended_on"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Valid"), "ended_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("begins_on", over=TODAY, under=date(1990, 1, 1)),)
    group = GROUP


@catalogue.add
class Pledges(Register):
    model = Pledge
    key = ("unit", "code")
    dated = "pledged_on"
    title = "statement"
    code_prefix = "CN"
    columns = ("code", "post", "occasion", "statement", "pledged_on", "public", "state")
    filters = ("occasion", "public", "pledged_on", "lacks", "state")
    search = ("code", "post", "statement")
    sections = (
        Section(
            _("Pledge"), "unit", "code", "post", "occasion", "statement", "pledged_on", "public"
        ),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Made in public"), "public=1"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("pledged_on", over=TODAY, under=date(1990, 1, 1)),)
    proof = (Proof("document", "photo"),)
    group = GROUP


@catalogue.add
class RiskPoints(Register):
    model = RiskPoint
    key = ("unit", "code")
    dated = "found_on"
    ended = "ended_on"
    title = "matter"
    code_prefix = "FX"
    columns = (
        "code",
        "post",
        "category",
        "matter",
        "grade",
        "measures",
        "found_on",
        "ended_on",
        "state",
    )
    filters = ("category", "grade", "found_on", "ended_on", "state")
    search = ("code", "post", "matter")
    sections = (
        Section(
            _("Integrity risk"), "unit", "code", "post", "category", "matter", "signs", "grade"
        ),
        Section(_("Against it"), "measures", "lead_post", "found_on", "ended_on"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("High"), "grade=high"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("found_on", over=TODAY, under=date(1990, 1, 1)),)
    group = GROUP

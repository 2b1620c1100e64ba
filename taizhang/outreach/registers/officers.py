"""Information officers and what they push as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View
from taizhang.outreach.models import Officer, Push

GROUP = _("Outreach")


@catalogue.add
class Officers(Register):
    model = Officer
    key = ("unit", "code")
    title = "name"
    code_prefix = "XX"
    columns = ("code", "name", "unit", "group", "registered_on", "left_on", "state")
    filters = ("group", "registered_on", "left_on", "state")
    search = ("code", "name")
    personal = ("name", "phone")
    sections = (
        Section(
            _("Information officer"),
            "unit",
            "code",
            "name",
            "phone",
            "group",
            "registered_on",
            "left_on",
        ),
    )
    views = (
        View(_("Registered now"), "left_on="),
        View(_("Villages"), "group=village&left_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("registered_on", over=TODAY, under=date(2010, 1, 1)),
        Doubt("left_on", over=TODAY),
    )
    group = GROUP


@catalogue.add
class Pushes(Register):
    model = Push
    key = ("unit", "group", "counted_on")
    dated = "counted_on"
    columns = ("counted_on", "unit", "group", "officers", "items", "state")
    filters = ("group", "counted_on", "items", "state")
    search = ("note",)
    totals = ("items",)
    sections = (
        Section(_("Push batch"), "unit", "group", "counted_on", "officers", "items", "note"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (View(_("To verify"), "state=submitted"),)
    doubts = (
        Doubt("counted_on", over=TODAY, under=date(2010, 1, 1)),
        Doubt("items", over=100_000),
        Doubt("officers", over=20_000),
    )
    group = GROUP

"""The expert group as a register."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View
from taizhang.volunteers.models import Expert


@catalogue.add
class Experts(Register):
    model = Expert
    key = ("unit", "code")
    title = "name"
    code_prefix = "ZJ"
    columns = ("code", "name", "field", "employer", "unit", "joined_on", "left_on", "state")
    filters = ("field", "rule", "joined_on", "left_on", "state")
    search = ("code", "name", "employer", "title")
    personal = ("name", "phone")
    sections = (
        Section(
            _("Expert"),
            "unit",
            "code",
            "name",
            "phone",
            "field",
            "employer",
            "title",
            "languages",
        ),
        Section(_("In the expert group"), "joined_on", "left_on", "rule"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Members now"), "left_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("joined_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("left_on", over=TODAY),
    )
    group = _("Volunteers")

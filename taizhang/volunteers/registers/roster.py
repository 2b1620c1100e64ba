"""The roster of volunteers as a register."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Register, Section, View
from taizhang.volunteers.models import Volunteer


@catalogue.add
class Volunteers(Register):
    model = Volunteer
    key = ("unit", "code")
    title = "name"
    code_prefix = "ZY"
    columns = ("code", "name", "unit", "team", "platform", "joined_on", "left_on", "state")
    filters = ("team", "platform", "speciality", "joined_on", "left_on", "state")
    search = ("code", "name", "speciality")
    personal = ("name", "phone")
    sections = (
        Section(
            _("Volunteer"),
            "unit",
            "code",
            "name",
            "phone",
            "team",
            "platform",
            "speciality",
            "joined_on",
            "left_on",
        ),
    )
    views = (
        View(_("Corps"), "team=corps&left_on="),
        View(_("National platform"), "platform=national&left_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("joined_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("left_on", over=TODAY),
    )
    group = _("Volunteers")

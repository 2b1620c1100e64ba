"""Teams that stand by as a register."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View
from taizhang.volunteers.models import Standby


@catalogue.add
class StandbyTeams(Register):
    model = Standby
    key = ("unit", "code")
    title = "name"
    code_prefix = "DM"
    columns = ("code", "name", "duty", "members", "unit", "formed_on", "dissolved_on", "state")
    filters = ("duty", "formed_on", "dissolved_on", "state")
    search = ("code", "name")
    totals = ("members",)
    sections = (
        Section(
            _("Standby team"),
            "unit",
            "code",
            "name",
            "duty",
            "members",
            "post",
            "formed_on",
            "dissolved_on",
        ),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Standing by now"), "dissolved_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("formed_on", over=TODAY), Doubt("members", over=500))
    group = _("Volunteers")

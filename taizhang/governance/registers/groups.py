"""Leading groups, coordination partners and practical services as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.governance.models import Group, Member, Seat, Service
from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

GROUP = _("Coordination and service")


@catalogue.add
class Groups(Register):
    model = Group
    key = ("unit", "code")
    dated = "founded_on"
    ended = "dissolved_on"
    title = "name"
    code_prefix = "XZ"
    columns = ("code", "name", "purpose", "document", "founded_on", "dissolved_on", "state")
    filters = ("founded_on", "dissolved_on", "lacks", "state")
    search = ("code", "name", "purpose")
    sections = (
        Section(
            _("Leading group"),
            "unit",
            "code",
            "name",
            "purpose",
            "document",
            "founded_on",
            "dissolved_on",
        ),
        Section(_("Seats"), Related("seat")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("At work"), "dissolved_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("founded_on", over=TODAY, under=date(1990, 1, 1)),)
    proof = (Proof("document"),)
    group = GROUP


@catalogue.add
class Seats(Register):
    model = Seat
    key = ("group", "number")
    scope = "group.unit"
    dated = "group.founded_on"
    parent = "group"
    title = "post"
    columns = ("group", "number", "post", "role", "duty", "state")
    filters = ("role", "group.founded_on", "group.dissolved_on", "state")
    search = ("post", "duty", "group.name")
    sections = (Section(_("Seat"), "group", "number", "post", "role", "duty"),)
    doubts = (Doubt("number", over=60),)
    group = GROUP


@catalogue.add
class Members(Register):
    model = Member
    key = ("unit", "code")
    dated = "joined_on"
    ended = "left_on"
    title = "name"
    code_prefix = "CY"
    columns = ("code", "name", "kind", "duty", "contact_post", "joined_on", "left_on", "state")
    filters = ("kind", "joined_on", "left_on", "state")
    search = ("code", "name", "duty")
    sections = (
        Section(
            _("Coordination partner"),
            "unit",
            "code",
            "name",
            "kind",
            "duty",
            "contact_post",
            "phone",
            "joined_on",
            "left_on",
        ),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Takes part"), "left_on="),
        View(_("Township associations"), "kind=town"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("joined_on", over=TODAY, under=date(1990, 1, 1)),)
    group = GROUP


@catalogue.add
class Services(Register):
    model = Service
    key = ("unit", "code")
    dated = "promised_on"
    title = "title"
    code_prefix = "SS"
    columns = (
        "code",
        "title",
        "beneficiary",
        "post",
        "promised_on",
        "due_on",
        "progress",
        "done_on",
        "lacks",
        "state",
    )
    filters = ("beneficiary", "promised_on", "due_on", "progress", "done_on", "lacks", "state")
    search = ("code", "title", "post")
    sections = (
        Section(
            _("Practical service"),
            "unit",
            "code",
            "title",
            "beneficiary",
            "post",
            "promised_on",
            "due_on",
        ),
        Section(_("State of doing"), "progress", "done_on", "outcome"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Open"), "progress!=done"),
        View(_("Done"), "progress=done"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("promised_on", over=TODAY, under=date(1990, 1, 1)),
        Doubt("done_on", over=TODAY),
    )
    proof = (Proof("document", "photo", when="progress=done"),)
    group = GROUP

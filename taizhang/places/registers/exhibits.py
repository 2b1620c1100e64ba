"""Renewals and loans of exhibits as registers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Register, Section
from taizhang.places.models import Loan, Renewal

GROUP = _("Places")


@catalogue.add
class Renewals(Register):
    model = Renewal
    key = ("place", "done_on", "what")
    scope = "place.unit"
    dated = "done_on"
    parent = "place"
    title = "what"
    columns = ("done_on", "place", "kind", "what", "pieces", "cost", "state")
    filters = ("kind", "done_on", "place.kind", "state")
    search = ("what", "place.name", "place.code")
    totals = ("pieces", "cost")
    sections = (
        Section(_("Exhibit renewal"), "place", "done_on", "kind", "what", "pieces", "cost"),
    )
    doubts = (
        Doubt("done_on", over=TODAY),
        Doubt("pieces", over=500),
        Doubt("cost", over=10_000_000),
    )
    group = GROUP


@catalogue.add
class Loans(Register):
    model = Loan
    key = ("place", "number")
    scope = "place.unit"
    dated = "lent_on"
    ended = "returned_on"
    parent = "place"
    title = "what"
    columns = (
        "place",
        "what",
        "way",
        "pieces",
        "other_side",
        "lent_on",
        "due_on",
        "returned_on",
        "state",
    )
    filters = ("way", "lent_on", "due_on", "returned_on", "state")
    search = ("what", "other_side", "place.name", "place.code")
    totals = ("pieces",)
    sections = (
        Section(
            _("Exhibit loan"),
            "place",
            "number",
            "way",
            "what",
            "pieces",
            "other_side",
            "lent_on",
            "due_on",
            "returned_on",
        ),
    )
    doubts = (Doubt("lent_on", over=TODAY), Doubt("pieces", over=200))
    group = GROUP

"""Projects, their money and what they handed over as registers."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

from .models import Delivery, Funding, Project, Spending

GROUP = _("Projects")


@catalogue.add
class Projects(Register):
    model = Project
    key = ("unit", "code")
    dated = "started_on"
    ended = "ended_on"
    title = "title"
    code_prefix = "XM"
    columns = ("code", "title", "kind", "beneficiary", "started_on", "budget", "served", "state")
    filters = ("kind", "beneficiary", "started_on", "ended_on", "budget", "lacks", "state")
    search = ("code", "title")
    totals = ("budget", "served")
    sections = (
        Section(
            _("Project"),
            "unit",
            "code",
            "title",
            "kind",
            "beneficiary",
            "post",
            "started_on",
            "ended_on",
            "budget",
        ),
        Section(_("Money received"), Related("funding")),
        Section(_("Money spent"), Related("spending")),
        Section(_("Handed over"), Related("delivery")),
        Section(_("What came of it"), "served", "outcome"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Aid to villages"), "kind=aid"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("started_on", over=TODAY),
        Doubt("budget", over=100_000_000),
        Doubt("served", over=1_000_000),
    )
    proof = (Proof("document"),)
    group = GROUP

    def notices(self, record: Record) -> list[Finding]:
        """More spent than came in; money that did not come in by the end of the project."""
        assert isinstance(record, Project)
        received = _sum(record.fundings)
        spent = _sum(record.spendings)
        found = []
        if spent > received:
            params = {"spent": _yuan(spent), "received": _yuan(received)}
            found.append(Finding("project.spent-more-than-received", "look", "budget", params))
        if record.ended_on and received < record.budget:
            params = {"gap": _yuan(record.budget - received)}
            found.append(Finding("project.gap", "look", "budget", params))
        return found


def _yuan(amount: Decimal) -> str:
    """An amount without idle decimals: 40000, 40000.5."""
    return f"{amount:.2f}".rstrip("0").rstrip(".")


def _sum(rows: object) -> Decimal:
    """The money of the child rows that are not void."""
    total = rows.exclude(state=State.VOID).aggregate(all=Sum("amount"))["all"]  # type: ignore[attr-defined]
    return Decimal(total or 0)


@catalogue.add
class Fundings(Register):
    model = Funding
    key = ("project", "number")
    scope = "project.unit"
    dated = "received_on"
    parent = "project"
    columns = ("project", "number", "received_on", "source", "amount", "state")
    filters = ("source", "received_on", "project.kind", "project.beneficiary", "amount", "state")
    search = ("project.code", "project.title", "note")
    totals = ("amount",)
    sections = (
        Section(_("Funding"), "project", "number", "received_on", "source", "amount", "note"),
    )
    doubts = (Doubt("received_on", over=TODAY), Doubt("amount", over=50_000_000))
    group = GROUP


@catalogue.add
class Spendings(Register):
    model = Spending
    key = ("project", "number")
    scope = "project.unit"
    dated = "spent_on"
    parent = "project"
    columns = ("project", "number", "spent_on", "purpose", "activity", "amount", "state")
    filters = ("purpose", "spent_on", "project.kind", "amount", "state")
    search = ("project.code", "project.title", "activity.code", "note")
    totals = ("amount",)
    sections = (
        Section(
            _("Spending"), "project", "number", "spent_on", "purpose", "activity", "amount", "note"
        ),
    )
    doubts = (Doubt("spent_on", over=TODAY), Doubt("amount", over=50_000_000))
    group = GROUP


@catalogue.add
class Deliveries(Register):
    model = Delivery
    key = ("project", "number")
    scope = "project.unit"
    dated = "delivered_on"
    parent = "project"
    title = "name"
    columns = (
        "project",
        "number",
        "delivered_on",
        "kind",
        "name",
        "quantity",
        "measure",
        "beneficiary",
        "state",
    )
    filters = ("kind", "name", "measure", "beneficiary", "delivered_on", "project.kind", "state")
    search = ("name", "project.code", "project.title")
    sections = (
        Section(
            _("Delivery"),
            "project",
            "number",
            "delivered_on",
            "kind",
            "name",
            "quantity",
            "measure",
            "beneficiary",
        ),
    )
    doubts = (Doubt("delivered_on", over=TODAY), Doubt("quantity", over=1_000_000))
    group = GROUP

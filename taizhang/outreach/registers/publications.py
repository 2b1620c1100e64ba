"""Publications and their copies as registers."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View
from taizhang.outreach.models import Distribution, Publication

GROUP = _("Outreach")


@catalogue.add
class Publications(Register):
    model = Publication
    key = ("unit", "code")
    dated = "printed_on"
    title = "title"
    code_prefix = "ZL"
    columns = ("code", "title", "kind", "language", "printed_on", "copies", "unit", "state")
    filters = ("kind", "language", "printed_on", "state")
    search = ("code", "title")
    totals = ("copies",)
    sections = (
        Section(
            _("Publication"), "unit", "code", "title", "kind", "language", "printed_on", "copies"
        ),
        Section(_("Given away"), Related("distribution")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("In a minority language"), "language=mongolian&language=bilingual"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("printed_on", over=TODAY), Doubt("copies", over=100_000))
    group = GROUP

    def notices(self, record: Record) -> list[Finding]:
        """More copies given away than were printed."""
        assert isinstance(record, Publication)
        rows = record.distributions.exclude(state=State.VOID)
        given = rows.aggregate(all=Sum("copies"))["all"] or 0
        if given <= record.copies:
            return []
        params = {"given": given, "printed": record.copies}
        return [Finding("publication.more-given-than-printed", "look", "copies", params)]


@catalogue.add
class Distributions(Register):
    model = Distribution
    key = ("publication", "given_on", "recipient")
    scope = "publication.unit"
    dated = "given_on"
    parent = "publication"
    columns = ("given_on", "publication", "recipient", "copies", "state")
    filters = ("recipient", "given_on", "publication.kind", "state")
    search = ("publication.code", "publication.title")
    totals = ("copies",)
    sections = (
        Section(_("Distribution of copies"), "publication", "given_on", "recipient", "copies"),
    )
    doubts = (Doubt("given_on", over=TODAY), Doubt("copies", over=20_000))
    group = GROUP

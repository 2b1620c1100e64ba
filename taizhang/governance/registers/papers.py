"""Documents, joint signatories and contributions as registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from taizhang.governance.models import Contribution, Document, Signatory
from taizhang.ledger import catalogue
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View

GROUP = _("Governance")


@catalogue.add
class Documents(Register):
    model = Document
    key = ("unit", "code")
    dated = "dated_on"
    title = "title"
    code_prefix = "WJ"
    columns = (
        "code",
        "number",
        "title",
        "direction",
        "issuer",
        "subject",
        "dated_on",
        "handled_on",
        "lacks",
        "state",
    )
    filters = ("direction", "subject", "dated_on", "handled_on", "lacks", "state")
    search = ("code", "number", "title", "issuer")
    sections = (
        Section(
            _("Document"),
            "unit",
            "code",
            "direction",
            "number",
            "title",
            "issuer",
            "subject",
            "dated_on",
        ),
        Section(_("What was done about it"), "answers", "action", "handled_on"),
        Section(_("Joint signatories"), Related("signatory")),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Received"), "direction=received"),
        View(_("Not yet dealt with"), "direction=received&handled_on="),
        View(_("Issued jointly"), "direction=joint"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("dated_on", over=TODAY, under=date(1990, 1, 1)),)
    proof = (Proof("document"),)
    notice = _(
        "This is not a classified system: entering, keeping or sending state secrets or work secrets "
        "is strictly forbidden."
    )
    group = GROUP


@catalogue.add
class Signatories(Register):
    model = Signatory
    key = ("document", "number")
    scope = "document.unit"
    dated = "document.dated_on"
    parent = "document"
    title = "name"
    columns = ("document", "number", "name", "state")
    filters = ("document.direction", "document.subject", "document.dated_on", "state")
    search = ("name", "document.number", "document.title")
    sections = (Section(_("Joint signatory"), "document", "number", "name"),)
    doubts = (Doubt("number", over=60),)
    group = GROUP


@catalogue.add
class Contributions(Register):
    model = Contribution
    key = ("unit", "code")
    dated = "handed_on"
    title = "title"
    code_prefix = "TJ"
    columns = ("code", "kind", "title", "post", "occasion", "handed_on", "adopted", "state")
    filters = ("kind", "occasion", "handed_on", "adopted", "lacks", "state")
    search = ("code", "title", "post")
    sections = (
        Section(
            _("Contribution"),
            "unit",
            "code",
            "kind",
            "title",
            "post",
            "occasion",
            "handed_on",
            "adopted",
        ),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Suggestions"), "kind=suggestion"),
        View(_("Research articles"), "kind=article"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("handed_on", over=TODAY, under=date(1990, 1, 1)),)
    proof = (Proof("document"),)
    group = GROUP

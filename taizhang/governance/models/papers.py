"""Documents received and issued, who signed them jointly, and what the staff contributed in writing."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record

from .rules import Occasion


class Document(Record):
    """A document that came in or went out, and what was done about it."""

    class Direction(models.TextChoices):
        RECEIVED = "received", _("Received")
        ISSUED = "issued", _("Issued")
        JOINT = "joint", _("Issued jointly")

    class Subject(models.TextChoices):
        PARTY = "party", _("Party building")
        CASES = "cases", _("Reform through cases")
        SCIENCE = "science", _("Science popularisation")
        EMERGENCY = "emergency", _("Emergency education")
        OUTLINE = "outline", _("Science literacy outline")
        OFFICE = "office", _("Office work")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Document entry"), max_length=40, blank=True)
    direction = models.CharField(_("Received or issued"), max_length=10, choices=Direction)
    number = models.CharField(_("Document number"), max_length=60, blank=True)
    title = models.CharField(_("Document title"), max_length=200)
    issuer = models.CharField(_("Issued by"), max_length=80)
    subject = models.CharField(_("Subject"), max_length=10, choices=Subject)
    dated_on = models.DateField(_("Date of the document"))
    handled_on = models.DateField(_("Dealt with on"), null=True, blank=True)
    action = models.CharField(_("What was done about it"), max_length=300, blank=True)
    answers = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("Carries out the document"),
    )

    class Meta(Record.Meta):
        verbose_name = _("document entry")
        verbose_name_plural = _("document entries")
        ordering = ["-dated_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_document_code"),
            models.CheckConstraint(
                name="governance_document_handled_after_dated",
                condition=Q(handled_on__isnull=True) | Q(handled_on__gte=F("dated_on")),
                violation_error_message=_("It cannot be dealt with before its date."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Signatory(Record):
    """A unit that signed a joint document beside its issuer."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="signatories", verbose_name=_("Document")
    )
    number = models.PositiveSmallIntegerField(_("No."))
    name = models.CharField(_("Name of the signing unit"), max_length=80)

    class Meta(Record.Meta):
        verbose_name = _("joint signatory")
        verbose_name_plural = _("joint signatories")
        ordering = ["document_id", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["document", "number"],
                name="governance_signatory_number",
                violation_error_message=_("This document already has a signatory of that number."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contribution(Record):
    """Something a member of the staff wrote: reflections, a suggestion, a research article."""

    class Kind(models.TextChoices):
        REFLECTION = "reflection", _("Written reflections")
        SUGGESTION = "suggestion", _("Suggestion")
        ARTICLE = "article", _("Research article")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Contribution number"), max_length=40, blank=True)
    kind = models.CharField(_("Kind of contribution"), max_length=12, choices=Kind)
    title = models.CharField(_("Contribution"), max_length=200)
    post = models.CharField(_("Post of the author"), max_length=60, blank=True)
    occasion = models.CharField(_("Occasion"), max_length=14, choices=Occasion)
    handed_on = models.DateField(_("Handed in on"))
    adopted = models.BooleanField(_("Adopted"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-handed_on", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_contribution_code"),
        ]

    def __str__(self) -> str:
        return self.title

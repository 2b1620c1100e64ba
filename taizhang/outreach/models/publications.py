"""Publications of the association and to whom their copies went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Publication(Record):
    """A leaflet, a book, a poster that the unit made or had printed."""

    class Kind(models.TextChoices):
        LEAFLET = "leaflet", _("Leaflet")
        BOOK = "book", _("Book")
        JOURNAL = "journal", _("Journal")
        POSTER = "poster", _("Poster")
        PANEL = "panel", _("Exhibition panel")

    class Language(models.TextChoices):
        CHINESE = "chinese", _("Chinese")
        MONGOLIAN = "mongolian", _("Mongolian")
        BILINGUAL = "bilingual", _("Chinese and a minority language")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Publication number"), max_length=40, blank=True)
    title = models.CharField(_("Title of the publication"), max_length=160)
    kind = models.CharField(_("Kind of publication"), max_length=10, choices=Kind)
    language = models.CharField(
        _("Language"), max_length=10, choices=Language, default=Language.CHINESE
    )
    printed_on = models.DateField(_("Printed on"))
    copies = models.PositiveIntegerField(_("Copies printed"))

    class Meta(Record.Meta):
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-printed_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="outreach_publication_code"),
        ]

    def __str__(self) -> str:
        return self.title


class Distribution(Record):
    """Copies of a publication that were given away, outside of an activity."""

    class Recipient(models.TextChoices):
        ESTATION = "estation", _("E-stations")
        SCHOOL = "school", _("Schools")
        VILLAGE = "village", _("Villages and communities")
        OFFICE = "office", _("Offices")
        PUBLIC = "public", _("The public")

    publication = models.ForeignKey(
        Publication,
        models.CASCADE,
        related_name="distributions",
        verbose_name=_("Publication"),
    )
    given_on = models.DateField(_("Given on"))
    recipient = models.CharField(_("Given to"), max_length=10, choices=Recipient)
    copies = models.PositiveIntegerField(_("Copies given"))

    class Meta(Record.Meta):
        verbose_name = _("distribution of copies")
        verbose_name_plural = _("distributions of copies")
        ordering = ["-given_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["publication", "given_on", "recipient"],
                name="outreach_distribution_once",
                violation_error_message=_("What these were given that day is already recorded."),
            ),
            models.CheckConstraint(
                name="outreach_distribution_copies",
                condition=Q(copies__gte=1),
                violation_error_message=_("At least one copy was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_recipient_display()} {self.given_on}"

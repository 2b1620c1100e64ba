"""Travelling exhibitions: the mobile museum, the science caravan."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Tour(Record):
    """A travelling exhibition from its first to its last day.

    Its stops are activities that name the tour, so that visitors are recorded once, where they came.
    """

    class Kind(models.TextChoices):
        CARAVAN = "caravan", _("Science caravan")
        MOBILE_MUSEUM = "mobile_museum", _("Mobile science museum")
        PANELS = "panels", _("Travelling panels")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Tour number"), max_length=40, blank=True)
    title = models.CharField(_("Tour"), max_length=160)
    kind = models.CharField(_("Kind of tour"), max_length=14, choices=Kind)
    lender = models.CharField(_("Exhibits lent by"), max_length=100, blank=True)
    pieces = models.PositiveIntegerField(_("Exhibits on the road"), null=True, blank=True)
    kilometres = models.PositiveIntegerField(_("Kilometres driven"), null=True, blank=True)
    started_on = models.DateField(_("Started on"))
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("tour")
        verbose_name_plural = _("tours")
        ordering = ["-started_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="activities_tour_code"),
            models.CheckConstraint(
                name="activities_tour_span",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

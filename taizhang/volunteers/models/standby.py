"""Teams of volunteers that stand by for emergencies."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Standby(Record):
    """A team that stands by, as a head-count; nobody's name, health or travel is kept."""

    class Duty(models.TextChoices):
        REGISTRATION = "registration", _("Registration at sampling points")
        GUIDANCE = "guidance", _("Guidance and keeping order")
        SUPPLIES = "supplies", _("Carrying supplies")
        SCIENCE = "science", _("Emergency science talks")
        TRANSLATION = "translation", _("Translation")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Team number"), max_length=40, blank=True)
    name = models.CharField(_("Standby team"), max_length=100)
    duty = models.CharField(_("Duty of the team"), max_length=14, choices=Duty)
    members = models.PositiveIntegerField(_("Members"))
    post = models.CharField(_("Post that calls them"), max_length=60, blank=True)
    formed_on = models.DateField(_("Formed on"))
    dissolved_on = models.DateField(_("Dissolved on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("standby team")
        verbose_name_plural = _("standby teams")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="volunteers_standby_code"),
            models.CheckConstraint(
                name="volunteers_standby_dissolved_after_formed",
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=F("formed_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

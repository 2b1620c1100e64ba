"""The expert group."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from taizhang.ledger.models import Record


class Expert(Record):
    """A member of the expert group, from joining to the last day, and the rule that admitted him.

    What experts do are activities with the theme of expert service; it is not recorded here again.
    """

    class Field(models.TextChoices):
        FARMING = "farming", _("Farming")
        HERDING = "herding", _("Herding and veterinary medicine")
        MEDICINE = "medicine", _("Medicine and health")
        MONGOLIAN_MEDICINE = "mongolian", _("Mongolian medicine")
        FORESTRY = "forestry", _("Forestry and grassland")
        WEATHER = "weather", _("Weather and disaster prevention")
        EDUCATION = "education", _("Education")
        LAW = "law", _("Law")
        TECHNOLOGY = "technology", _("Information and engineering")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Expert number"), max_length=40, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=40)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    field = models.CharField(_("Expert field"), max_length=12, choices=Field)
    employer = models.CharField(_("Works at"), max_length=80, blank=True)
    title = models.CharField(_("Professional title"), max_length=40, blank=True)
    languages = models.CharField(_("Languages of service"), max_length=60, blank=True)
    rule = models.CharField(_("Admitted under the rule"), max_length=100, blank=True)
    joined_on = models.DateField(_("Joined on"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="volunteers_expert_code"),
            models.CheckConstraint(
                name="volunteers_expert_left_after_joined",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""The roster of science volunteers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from taizhang.ledger.models import Record


class Volunteer(Record):
    """A registered science volunteer, from the day of joining to the last day, both included."""

    class Platform(models.TextChoices):
        NATIONAL = "national", _("National science volunteer platform")
        PROVINCIAL = "provincial", _("Provincial platform")
        PAPER = "paper", _("Paper roster only")

    class Team(models.TextChoices):
        CORPS = "corps", _("Volunteer corps")
        BRIGADE = "brigade", _("Township brigade")
        SCHOOL = "school", _("School team")
        PROFESSION = "profession", _("Professional team")
        NONE = "none", _("No team")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Volunteer number"), max_length=40, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=40)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    team = models.CharField(_("Team"), max_length=12, choices=Team, default=Team.NONE)
    platform = models.CharField(_("Platform"), max_length=12, choices=Platform)
    speciality = models.CharField(_("Speciality"), max_length=60, blank=True)
    joined_on = models.DateField(_("Joined on"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="volunteers_volunteer_code"),
            models.CheckConstraint(
                name="volunteers_volunteer_left_after_joined",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "joined_on"], name="volunteers_unit_joined")]

    def __str__(self) -> str:
        return self.name

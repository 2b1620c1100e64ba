"""Science information officers and what they push."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from taizhang.ledger.models import Record


class OfficerGroup(models.TextChoices):
    """Where an information officer spreads science; a push is counted for one of these groups."""

    VILLAGE = "village", _("Villages")
    COMMUNITY = "community", _("Communities")
    SCHOOL = "school", _("Schools")
    HEALTH = "health", _("Health service")
    AGRICULTURE = "agriculture", _("Agricultural service")
    OFFICE = "office", _("Offices")
    ENTERPRISE = "enterprise", _("Enterprises")


class Officer(Record):
    """A registered science information officer, from registration to the last day, both included."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Officer number"), max_length=40, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=40)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    group = models.CharField(_("Officer group"), max_length=12, choices=OfficerGroup)
    registered_on = models.DateField(_("Registered on"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("information officer")
        verbose_name_plural = _("information officers")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="outreach_officer_code"),
            models.CheckConstraint(
                name="outreach_officer_left_after_registered",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("registered_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "registered_on"], name="outreach_officer_registered"),
            # The list of ten thousand is read page by page in this order.
            models.Index(fields=["code", "id"], name="outreach_officer_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Push(Record):
    """What one group of officers of one unit pushed in one month, as the platform counted it."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    group = models.CharField(_("Officer group"), max_length=12, choices=OfficerGroup)
    counted_on = models.DateField(_("Counted on"))
    officers = models.PositiveIntegerField(_("Officers who pushed"), null=True, blank=True)
    items = models.PositiveIntegerField(_("Items pushed"))
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("push batch")
        verbose_name_plural = _("push batches")
        ordering = ["-counted_on", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "group", "counted_on"],
                name="outreach_push_once",
                violation_error_message=_(
                    "What this group of the unit pushed is already counted for that day."
                ),
            ),
        ]
        indexes = [models.Index(fields=["unit", "counted_on"], name="outreach_push_counted")]

    def __str__(self) -> str:
        return f"{self.get_group_display()} {self.counted_on}"

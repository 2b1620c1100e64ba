"""Leading groups, the units that carry the science literacy outline, and services to the people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Group(Record):
    """A leading group, from the day it was set up to the day it was dissolved."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Group number"), max_length=40, blank=True)
    name = models.CharField(_("Leading group"), max_length=120)
    purpose = models.CharField(_("Purpose"), max_length=300, blank=True)
    document = models.CharField(_("Founding document"), max_length=120, blank=True)
    founded_on = models.DateField(_("Set up on"))
    dissolved_on = models.DateField(_("Wound up on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("leading group")
        verbose_name_plural = _("leading groups")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_group_code"),
            models.CheckConstraint(
                name="governance_group_dissolved_after_founded",
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(Record):
    """A seat in a leading group: the post that holds it and its duty."""

    class Role(models.TextChoices):
        HEAD = "head", _("Head")
        DEPUTY = "deputy", _("Deputy head")
        MEMBER = "member", _("Member")
        OFFICE = "office", _("Head of its office")

    group = models.ForeignKey(
        Group, models.CASCADE, related_name="seats", verbose_name=_("Leading group")
    )
    number = models.PositiveSmallIntegerField(_("No."))
    post = models.CharField(_("Post"), max_length=60)
    role = models.CharField(_("Role in the group"), max_length=8, choices=Role)
    duty = models.CharField(_("Duty"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["group_id", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["group", "number"],
                name="governance_seat_number",
                violation_error_message=_("This group already has a seat of that number."),
            ),
        ]

    def __str__(self) -> str:
        return self.post


class Member(Record):
    """A unit that carries the science literacy outline with the association, or a township association."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("Government department")
        PARTY = "party", _("Party department")
        PEOPLE = "people", _("People’s organisation")
        TOWN = "town", _("Township association")
        OTHER = "other", _("Other unit")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Partner number"), max_length=40, blank=True)
    name = models.CharField(_("Partner"), max_length=80)
    kind = models.CharField(_("Kind of partner"), max_length=12, choices=Kind)
    duty = models.CharField(_("Duty in the outline"), max_length=300, blank=True)
    contact_post = models.CharField(_("Contact (post)"), max_length=60, blank=True)
    phone = models.CharField(_("Office telephone"), max_length=30, blank=True)
    joined_on = models.DateField(_("Takes part since"))
    left_on = models.DateField(_("Takes part until"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("coordination partner")
        verbose_name_plural = _("coordination partners")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_member_code"),
            models.CheckConstraint(
                name="governance_member_left_after_joined",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Service(Record):
    """A practical service promised to the people, for a kind of people, with its state of doing."""

    class Beneficiary(models.TextChoices):
        FARMERS = "farmers", _("Farmers and herders")
        YOUTH = "youth", _("Young people")
        RESIDENTS = "residents", _("Residents")
        ELDERLY = "elderly", _("Elderly people")
        WORKERS = "workers", _("Science and technology workers")

    class Progress(models.TextChoices):
        PLANNED = "planned", _("Planned")
        GOING = "going", _("Under way")
        DONE = "done", _("Done")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Service number"), max_length=40, blank=True)
    title = models.CharField(_("Practical service"), max_length=200)
    beneficiary = models.CharField(_("For whom"), max_length=10, choices=Beneficiary)
    post = models.CharField(_("Responsible (post)"), max_length=60, blank=True)
    promised_on = models.DateField(_("Promised on"))
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    progress = models.CharField(
        _("Progress"), max_length=10, choices=Progress, default=Progress.PLANNED
    )
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("practical service")
        verbose_name_plural = _("practical services")
        ordering = ["-promised_on", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_service_code"),
            models.CheckConstraint(
                name="governance_service_done_has_day",
                condition=~Q(progress="done") | Q(done_on__isnull=False),
                violation_error_message=_("A service that is done needs its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

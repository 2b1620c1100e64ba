"""Projects and aid: where the money came from, what it was spent on, what was handed over."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Beneficiary(models.TextChoices):
    """Whom a project is for, as a kind: never a private person's name."""

    VILLAGE = "village", _("A village")
    HOUSEHOLD = "household", _("A household in need")
    SCHOOL = "school", _("A school")
    COMMUNITY = "community", _("A community")
    ENTERPRISE = "enterprise", _("An enterprise or cooperative")
    PUBLIC = "public", _("The public at large")


class Project(Record):
    """Something with a budget and an end: aid to a village, a science project, a base."""

    class Kind(models.TextChoices):
        AID = "aid", _("Aid to a village")
        SCIENCE = "science", _("Science popularisation project")
        BUILDING = "building", _("Building and equipping")
        SERVICE = "service", _("Technical service project")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Project number"), max_length=40, blank=True)
    title = models.CharField(_("Project"), max_length=160)
    kind = models.CharField(_("Kind of project"), max_length=10, choices=Kind)
    beneficiary = models.CharField(_("Kind of beneficiary"), max_length=12, choices=Beneficiary)
    post = models.CharField(_("Post in charge"), max_length=60, blank=True)
    started_on = models.DateField(_("Started on"))
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    budget = models.DecimalField(_("Budget (yuan)"), max_digits=14, decimal_places=2)
    served = models.PositiveIntegerField(_("Person-times served"), null=True, blank=True)
    outcome = models.TextField(_("Outcome"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-started_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="projects_project_code"),
            models.CheckConstraint(
                name="projects_project_ended_after_started",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="projects_project_budget",
                condition=Q(budget__gte=0),
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Funding(Record):
    """Money that came in for a project on one day, by its source."""

    class Source(models.TextChoices):
        FISCAL = "fiscal", _("Budget of the own level")
        ABOVE = "above", _("Funds from a higher level")
        DEPARTMENT = "department", _("Arranged with other departments")
        DONATION = "donation", _("Donations")
        OWN = "own", _("Own funds")

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="fundings", verbose_name=_("Project")
    )
    number = models.PositiveIntegerField(_("Number of the receipt"))
    received_on = models.DateField(_("Received on"))
    source = models.CharField(_("Source of money"), max_length=12, choices=Source)
    amount = models.DecimalField(_("Amount (yuan)"), max_digits=14, decimal_places=2)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        ordering = ["project", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["project", "number"],
                name="projects_funding_number",
                violation_error_message=_("This project already has a receipt of that number."),
            ),
            models.CheckConstraint(
                name="projects_funding_amount",
                condition=Q(amount__gt=0),
                violation_error_message=_("An amount must be more than nought."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.number}"


class Spending(Record):
    """Money of a project that was spent on one day; on an activity if there was one."""

    class Purpose(models.TextChoices):
        ACTIVITY = "activity", _("Activities")
        BUILDING = "building", _("Building and premises")
        EQUIPMENT = "equipment", _("Exhibits and equipment")
        MATERIAL = "material", _("Publications and materials")
        LABOUR = "labour", _("Experts’ fees")
        ADMINISTRATION = "administration", _("Administration")

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="spendings", verbose_name=_("Project")
    )
    number = models.PositiveIntegerField(_("Number of the voucher"))
    spent_on = models.DateField(_("Spent on"))
    purpose = models.CharField(_("Spent for"), max_length=16, choices=Purpose)
    activity = models.ForeignKey(
        "activities.Activity",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("On the activity"),
    )
    amount = models.DecimalField(_("Amount (yuan)"), max_digits=14, decimal_places=2)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("spending")
        verbose_name_plural = _("spendings")
        ordering = ["project", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["project", "number"],
                name="projects_spending_number",
                violation_error_message=_("This project already has a voucher of that number."),
            ),
            models.CheckConstraint(
                name="projects_spending_amount",
                condition=Q(amount__gt=0),
                violation_error_message=_("An amount must be more than nought."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.number}"


class Delivery(Record):
    """What a project handed over: goods, equipment or a finished building, with its quantity."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("Materials and goods")
        EQUIPMENT = "equipment", _("Equipment")
        BUILDING = "building", _("Building")

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="deliveries", verbose_name=_("Project")
    )
    number = models.PositiveIntegerField(_("Number of the delivery"))
    delivered_on = models.DateField(_("Handed over on"))
    kind = models.CharField(_("What was handed over"), max_length=10, choices=Kind)
    name = models.CharField(_("Item"), max_length=100)
    quantity = models.DecimalField(_("Quantity"), max_digits=12, decimal_places=2)
    measure = models.CharField(_("Counted in"), max_length=12)
    beneficiary = models.CharField(_("Kind of beneficiary"), max_length=12, choices=Beneficiary)

    class Meta(Record.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["project", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["project", "number"],
                name="projects_delivery_number",
                violation_error_message=_("This project already has a delivery of that number."),
            ),
            models.CheckConstraint(
                name="projects_delivery_quantity",
                condition=Q(quantity__gt=0),
                violation_error_message=_("A quantity must be more than nought."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

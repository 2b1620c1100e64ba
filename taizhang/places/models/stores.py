"""The emergency stock: what is kept, what came in and went out, what expires."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Material(Record):
    """One kind of material a unit keeps for emergencies."""

    class Kind(models.TextChoices):
        PROTECTION = "protection", _("Protective goods")
        DISINFECTION = "disinfection", _("Disinfection")
        TOOL = "tool", _("Tools and equipment")
        SCIENCE = "science", _("Emergency science material")
        OTHER = "other", _("Other material")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Material number"), max_length=40, blank=True)
    name = models.CharField(_("Material"), max_length=80)
    kind = models.CharField(_("Kind of material"), max_length=14, choices=Kind)
    measure = models.CharField(_("Counted in"), max_length=12)
    least = models.PositiveIntegerField(_("Least stock"), null=True, blank=True)
    stored_at = models.CharField(_("Stored at"), max_length=100, blank=True)
    kept_from = models.DateField(_("Kept from"))
    kept_until = models.DateField(_("Kept until"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("emergency material")
        verbose_name_plural = _("emergency materials")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="places_material_code"),
            models.CheckConstraint(
                name="places_material_span",
                condition=Q(kept_until__isnull=True) | Q(kept_until__gte=F("kept_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Movement(Record):
    """Material that came into the stock or left it on one day."""

    class Way(models.TextChoices):
        IN = "in", _("Came in")
        OUT = "out", _("Issued")
        EXPIRED = "expired", _("Written off")

    material = models.ForeignKey(
        Material, models.CASCADE, related_name="movements", verbose_name=_("Material")
    )
    number = models.PositiveIntegerField(_("Number of the slip"))
    moved_on = models.DateField(_("Moved on"))
    way = models.CharField(_("In or out"), max_length=8, choices=Way)
    quantity = models.PositiveIntegerField(_("Pieces moved"))
    expires_on = models.DateField(_("Expires on"), null=True, blank=True)
    purpose = models.CharField(_("From where or what for"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["material", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["material", "number"],
                name="places_movement_number",
                violation_error_message=_("This material already has a slip of that number."),
            ),
            models.CheckConstraint(
                name="places_movement_quantity",
                condition=Q(quantity__gte=1),
                violation_error_message=_("At least one piece was moved."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material} {self.number}"

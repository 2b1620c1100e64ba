"""Where science is shown: museums, e-stations, bases, activity rooms – and who came."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Place(Record):
    """A place, from the day it opened to the last day it was open, both included."""

    class Kind(models.TextChoices):
        MUSEUM = "museum", _("Science museum")
        ESTATION = "estation", _("Science e-station")
        BASE = "base", _("Science education base")
        ROOM = "room", _("Activity room")
        GALLERY = "gallery", _("Science gallery")
        SCHOOL = "school", _("School")
        OTHER = "other", _("Other place")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Place number"), max_length=40, blank=True)
    name = models.CharField(_("Place name"), max_length=120)
    kind = models.CharField(_("Kind of place"), max_length=10, choices=Kind)
    address = models.CharField(_("Address"), max_length=160, blank=True)
    building_area = models.DecimalField(
        _("Building area (m²)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    exhibition_area = models.DecimalField(
        _("Exhibition area (m²)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    free = models.BooleanField(_("Free of charge"), default=True)
    opened_on = models.DateField(_("Opened on"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    upgraded_on = models.DateField(_("Upgraded on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="places_place_code"),
            models.CheckConstraint(
                name="places_place_closed_after_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="places_place_areas",
                condition=(Q(building_area__isnull=True) | Q(building_area__gte=0))
                & (Q(exhibition_area__isnull=True) | Q(exhibition_area__gte=0)),
                violation_error_message=_("An area cannot be negative."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "kind"], name="places_unit_kind")]

    def __str__(self) -> str:
        return self.name


class Zone(Record):
    """A part of a place with its own exhibition."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="zones", verbose_name=_("Place"))
    name = models.CharField(_("Zone name"), max_length=80)
    area = models.DecimalField(
        _("Area (m²)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    opened_on = models.DateField(_("Opened on"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["place", "name"],
                name="places_zone_once",
                violation_error_message=_("This place already has a zone of that name."),
            ),
            models.CheckConstraint(
                name="places_zone_closed_after_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Exhibit(Record):
    """An exhibit, or several of one kind, from installation to the last day shown."""

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="exhibits", verbose_name=_("Place")
    )
    code = models.CharField(_("Exhibit number"), max_length=40)
    name = models.CharField(_("Exhibit"), max_length=100)
    zone = models.CharField(_("In zone"), max_length=80, blank=True)
    pieces = models.PositiveIntegerField(_("Pieces"), default=1)
    installed_on = models.DateField(_("Installed on"))
    removed_on = models.DateField(_("Removed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["place", "code"],
                name="places_exhibit_code",
                violation_error_message=_("This place already has an exhibit of that number."),
            ),
            models.CheckConstraint(
                name="places_exhibit_removed_after_installed",
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("installed_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VisitDay(Record):
    """The visits to a place on one day of opening."""

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="visit_days", verbose_name=_("Place")
    )
    held_on = models.DateField(_("Day"))
    visits = models.PositiveIntegerField(_("Visits"))
    minors = models.PositiveIntegerField(_("Of them minors"), null=True, blank=True)
    free = models.BooleanField(_("Free of charge"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("visit day")
        verbose_name_plural = _("visit days")
        ordering = ["-held_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["place", "held_on"],
                name="places_visitday_once",
                violation_error_message=_("The visits of that day are already recorded."),
            ),
            models.CheckConstraint(
                name="places_visitday_minors",
                condition=Q(minors__isnull=True) | Q(minors__lte=F("visits")),
                violation_error_message=_("There cannot be more minors than visits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.held_on}"

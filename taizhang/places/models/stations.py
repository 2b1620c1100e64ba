"""How places are run: opening hours, and the checks of e-stations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record

from .premises import Place


class Opening(Record):
    """The opening hours of a place, from a day on."""

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="openings", verbose_name=_("Place")
    )
    first_on = models.DateField(_("In force from"))
    last_on = models.DateField(_("Last day in force"), null=True, blank=True)
    days = models.CharField(_("Days of opening"), max_length=60)
    hours = models.CharField(_("Hours of opening"), max_length=60)
    days_a_week = models.PositiveSmallIntegerField(_("Days open each week"))
    free = models.BooleanField(_("Free of charge"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["place", "-first_on"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["place", "first_on"],
                name="places_opening_once",
                violation_error_message=_("This place already has opening hours from that day."),
            ),
            models.CheckConstraint(
                name="places_opening_span",
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="places_opening_week",
                condition=Q(days_a_week__gte=1, days_a_week__lte=7),
                violation_error_message=_("A week has 1 to 7 days of opening."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} {self.hours}"


class StationCheck(Record):
    """One check of an e-station: the five conditions, its upgrade, the training of its keepers.

    The five conditions – network, staff, place, activities, terminal – are those of 科协办函普字
    〔2019〕48号, 《科普中国e站建设管理办法》.
    """

    class Upgrade(models.TextChoices):
        WAITING = "waiting", _("Not begun")
        ONGOING = "ongoing", _("Under way")
        DONE = "done", _("Done")
        NOT_NEEDED = "not_needed", _("Not needed")

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="station_checks", verbose_name=_("Place")
    )
    checked_on = models.DateField(_("Checked on"))
    network = models.BooleanField(_("Has a network"), default=False)
    staff = models.BooleanField(_("Has a keeper"), default=False)
    site = models.BooleanField(_("Has a site"), default=False)
    activities = models.BooleanField(_("Has activities"), default=False)
    terminal = models.BooleanField(_("Has a terminal"), default=False)
    upgrade = models.CharField(_("State of upgrade"), max_length=10, choices=Upgrade)
    keepers = models.PositiveSmallIntegerField(_("Keepers"), null=True, blank=True)
    trained = models.PositiveSmallIntegerField(
        _("Keepers trained this year"), null=True, blank=True
    )
    trained_on = models.DateField(_("Last training on"), null=True, blank=True)
    remark = models.CharField(_("What has to be put right"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("e-station check")
        verbose_name_plural = _("e-station checks")
        ordering = ["-checked_on", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["place", "checked_on"],
                name="places_stationcheck_once",
                violation_error_message=_("The check of that day is already recorded."),
            ),
            models.CheckConstraint(
                name="places_stationcheck_trained",
                condition=Q(trained__isnull=True)
                | Q(keepers__isnull=True)
                | Q(trained__lte=F("keepers")),
                violation_error_message=_("There cannot be more trained keepers than keepers."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.checked_on}"

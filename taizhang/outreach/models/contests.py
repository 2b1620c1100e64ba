"""Contests with their entries and awards, and drills; entries without anybody's name."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Level(models.TextChoices):
    """The level that holds a contest or gives an award."""

    NATIONAL = "national", _("National")
    REGION = "region", _("Province or autonomous region")
    CITY = "city", _("City or league")
    COUNTY = "county", _("County or banner")


class Contest(Record):
    """A contest the unit held, or took part in under a higher level."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Contest number"), max_length=40, blank=True)
    title = models.CharField(_("Contest"), max_length=160)
    level = models.CharField(_("Held at the level of"), max_length=10, choices=Level)
    edition = models.PositiveSmallIntegerField(_("Edition"), null=True, blank=True)
    held_on = models.DateField(_("Date held"))
    contestants = models.PositiveIntegerField(_("Contestants"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["-held_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="outreach_contest_code"),
        ]

    def __str__(self) -> str:
        return self.title


class Entry(Record):
    """One entry of a contest: a work or a team, and what it won; contestants as a number only."""

    class Award(models.TextChoices):
        NONE = "none", _("No award")
        FIRST = "first", _("First prize")
        SECOND = "second", _("Second prize")
        THIRD = "third", _("Third prize")
        MERIT = "merit", _("Merit award")

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="contest_entries", verbose_name=_("Contest")
    )
    number = models.PositiveIntegerField(_("Entry number"))
    work = models.CharField(_("Work or team"), max_length=120)
    category = models.CharField(_("Category"), max_length=60, blank=True)
    sent_by = models.CharField(_("Sent in by"), max_length=80)
    contestants = models.PositiveIntegerField(_("Contestants"), default=1)
    award = models.CharField(_("Award"), max_length=8, choices=Award, default=Award.NONE)
    award_level = models.CharField(
        _("Level of the award"), max_length=10, choices=Level, blank=True
    )

    class Meta(Record.Meta):
        verbose_name = _("contest entry")
        verbose_name_plural = _("contest entries")
        ordering = ["contest", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["contest", "number"],
                name="outreach_entry_number",
                violation_error_message=_("This contest already has an entry of that number."),
            ),
        ]

    def __str__(self) -> str:
        return self.work


class Drill(Record):
    """An emergency drill: who practised as a number, and how long it took."""

    class Kind(models.TextChoices):
        FIRE = "fire", _("Fire")
        EARTHQUAKE = "earthquake", _("Earthquake")
        FLOOD = "flood", _("Flood")
        EPIDEMIC = "epidemic", _("Epidemic")
        CROWD = "crowd", _("Evacuation of a crowd")
        OTHER = "other", _("Other drill")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Drill number"), max_length=40, blank=True)
    title = models.CharField(_("Drill"), max_length=160)
    kind = models.CharField(_("Kind of drill"), max_length=12, choices=Kind)
    held_on = models.DateField(_("Date held"))
    location = models.CharField(_("Location"), max_length=120, blank=True)
    attendance = models.PositiveIntegerField(_("On-site person-times"))
    minors = models.PositiveIntegerField(_("Of them minors"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Length (minutes)"), null=True, blank=True)
    lessons = models.TextField(_("What to do better"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("drill")
        verbose_name_plural = _("drills")
        ordering = ["-held_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="outreach_drill_code"),
            models.CheckConstraint(
                name="outreach_drill_minors",
                condition=Q(minors__isnull=True) | Q(minors__lte=F("attendance")),
                violation_error_message=_("There cannot be more minors than person-times."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

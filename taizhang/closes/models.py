"""Periods that units declared closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Close(models.Model):
    """A unit with everything below it declared a month, a quarter, a half or a year closed.

    A reopened one stays; closing the period once more makes another. The history of the unit tells
    of both, and is sealed with the rest.
    """

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="closes")
    period = models.CharField(max_length=7)
    first = models.DateField()
    last = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    """Why it was reopened."""

    class Meta:
        ordering = ["-closed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period"],
                condition=Q(reopened_at__isnull=True),
                name="closes_close_stands_once",
            ),
            models.CheckConstraint(name="closes_close_span", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="closes_close_reopened_by_someone_for_a_reason",
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period}"

"""Figures that units have made of their lists, with all their versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class OwnFigure(models.Model):
    """A figure of a unit, for the pages of everything below it. A retired one is counted no more.

    ``changed_at`` moves with every change: it tells all workers that what they know is old.
    """

    code = models.CharField(max_length=80, unique=True)
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="figures_ownfigure_filled", condition=~Q(code="") & Q(version__gt=0)
            ),
            models.CheckConstraint(
                name="figures_ownfigure_retired_by_someone",
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class OwnFigureVersion(models.Model):
    """A figure's definition as it stood; ``table`` is what a TOML file would say. Never changed."""

    figure = models.ForeignKey(OwnFigure, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    table = models.JSONField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "number"], name="figures_version_once"),
            models.CheckConstraint(name="figures_version_number", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.number}"

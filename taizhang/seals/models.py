"""What was sealed, and with which keys."""

from __future__ import annotations

from django.db import models


class SigningKey(models.Model):
    """The public half of a unit's key; the secret half is a file outside the database."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    algorithm = models.CharField(max_length=20)
    key_id = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.key_id}"


class DaySeal(models.Model):
    """The seal of one day's history: plain data as ``engines.sealing.journal`` makes it.

    ``last_entry`` is the number of the last entry that this seal or an earlier one holds.
    """

    day = models.DateField(unique=True)
    last_entry = models.BigIntegerField()
    seal = models.JSONField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"

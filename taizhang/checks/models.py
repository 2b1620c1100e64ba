"""Manuscripts handed in for proofreading, and the remarks that a unit has set aside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Manuscript(models.Model):
    """A report somebody handed in; its file lies under ``stored`` and goes when this row goes.

    ``period`` is the one of the ledger that it is compared with.
    """

    class Kind(models.TextChoices):
        DOCX = "docx", _("Word file")
        TXT = "txt", _("Plain text")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind)
    stored = models.CharField(max_length=32, unique=True)
    length = models.PositiveIntegerField()
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()

    class Meta:
        ordering = ["-handed_in_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="checks_manuscript_filled",
                condition=~Q(name="") & ~Q(stored="") & ~Q(period="") & Q(length__gt=0),
            ),
            models.CheckConstraint(
                name="checks_manuscript_kind", condition=Q(kind__in=["docx", "txt"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dismissal(models.Model):
    """A remark that a unit has looked at and set aside, with the reason.

    ``key`` is a fingerprint of the check and of the words it spoke of: the same sentence in the
    next version is not asked about again, a changed number is.
    """

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    code = models.CharField(max_length=80)
    words = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], name="checks_dismissal_once"),
            models.CheckConstraint(
                name="checks_dismissal_filled", condition=~Q(key="") & ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.words}"

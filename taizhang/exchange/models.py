"""Files that wait for somebody to say yes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from taizhang.ledger.models import Batch


class ImportPlan(models.Model):
    """An uploaded table that waits for somebody to say yes.

    ``register`` is empty for a file that may hold rows of every register. The rows are not kept:
    the plan is worked out anew from the file when it is confirmed, and ``digest`` tells whether the
    ledger still gives the plan that was looked at. It is empty while the file is being read by
    ``job``, and stays so when the file could not be read as a whole. ``left`` are the rows that a
    carried out plan has not written, because they or what they refer to are invalid.
    """

    register = models.CharField(max_length=60, blank=True)
    unit_code = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(default=0)
    job = models.PositiveBigIntegerField(null=True)
    batch = models.OneToOneField(Batch, models.PROTECT, null=True)
    left = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} → {self.register or '*'}"

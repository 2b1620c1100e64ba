"""The keys with which programs come in."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Token(models.Model):
    """A key with which a program acts for a user: in some units, for some verbs, until a day.

    Of the secret only its SHA-256 is kept; ``prefix`` is the part of it that people may see. Rows
    are never deleted: who made and who revoked a token stays on record. From where it was used is
    not kept.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("Name of the program"), max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    units = models.ManyToManyField("org.Unit", related_name="+")
    writes = models.BooleanField(_("May record and change"), default=False)
    personal = models.BooleanField(_("May read personal values"), default=False)
    created_at = models.DateTimeField()
    expires_on = models.DateField(_("Valid until"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tokens_token_revoked_by_someone",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]
        indexes = [models.Index("user", F("id").desc(), name="tokens_token_of_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        """Whether its last day is over."""
        return self.expires_on < self._today()

    @property
    def is_open(self) -> bool:
        """Whether it still lets anybody in: neither revoked nor expired."""
        return self.revoked_at is None and not self.is_expired

    @property
    def days_left(self) -> int:
        """How many days it is still valid, today not counted."""
        return (self.expires_on - self._today()).days

    @staticmethod
    def _today() -> date:
        return timezone.localdate()

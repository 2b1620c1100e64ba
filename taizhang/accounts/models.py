"""Who signs in, and what they may do in which unit."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in. Users are deactivated, never removed: the history names them."""

    display_name = models.CharField(_("Name shown"), max_length=40, blank=True)
    language = models.CharField(
        _("Language"), max_length=10, choices=[("zh-hans", "中文"), ("en", "English")], blank=True
    )
    theme = models.CharField(
        _("Appearance"),
        max_length=6,
        choices=[("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
        default="system",
    )
    single_keys = models.BooleanField(_("Shortcuts of a single key"), default=True)
    demo_role = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username


class Role(models.TextChoices):
    """What a member of a unit may do; each role includes those before it."""

    READER = "reader", _("Reader")
    RECORDER = "recorder", _("Recorder")
    VERIFIER = "verifier", _("Verifier")
    MANAGER = "manager", _("Manager")


class Membership(models.Model):
    """A user's role in a unit and everything below it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    role = models.CharField(_("Role"), max_length=10, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "unit"], name="accounts_membership_once"),
            models.CheckConstraint(
                name="accounts_membership_role", condition=Q(role__in=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_role_display()}"

"""Outlines that units have made their own, all their versions, and what people say about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OwnOutline(models.Model):
    """A unit's own text for one report of one period. ``version`` is the current one's number."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    period = models.CharField(max_length=10)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "code"], name="outlines_ownoutline_once"
            ),
            models.CheckConstraint(
                name="outlines_ownoutline_filled", condition=~Q(code="") & ~Q(period="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.unit_id} {self.period}"


class OutlineVersion(models.Model):
    """An outline as it stood after one change; never changed itself.

    ``act`` is what was done, to ``block`` where it was one; ``restores`` is the version it went
    back to. ``content`` is what ``draft.to_data`` gives.
    """

    class Act(models.TextChoices):
        ADOPTED = "adopted", _("Taken over from the common outline")
        WRITTEN = "written", _("Text changed")
        ADDED = "added", _("Paragraph added")
        REMOVED = "removed", _("Deleted")
        MOVED = "moved", _("Moved")
        UNDONE = "undone", _("Undone")
        RESTORED = "restored", _("Version restored")
        COPIED = "copied", _("Copied from elsewhere")
        IMPORTED = "imported", _("Imported from a file")

    outline = models.ForeignKey(OwnOutline, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    block = models.CharField(max_length=12, blank=True)
    restores = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    content = models.JSONField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["outline", "number"], name="outlines_version_once"),
            models.CheckConstraint(name="outlines_version_number", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="outlines_version_restores",
                condition=Q(restores__isnull=True) | Q(restores__lt=models.F("number")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outline_id} {self.number}"


class Comment(models.Model):
    """What somebody says about a block of an outline, until it is settled."""

    outline = models.ForeignKey(OwnOutline, models.CASCADE, related_name="comments")
    block = models.CharField(max_length=12)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="outlines_comment_resolved_by_someone",
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
            ),
            models.CheckConstraint(name="outlines_comment_filled", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.outline_id} {self.block}"

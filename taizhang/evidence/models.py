"""Files that prove records: stored once by their SHA-256, attached to any number of records."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """The bytes of a file, kept once under ``EVIDENCE_ROOT`` by their SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class Strength(models.IntegerChoices):
    """How a record is proved, strongest first."""

    MACHINE = 1, _("Machine check-in")
    FILE = 2, _("Sheet or photo")
    LATER = 3, _("Entered later")
    NONE = 4, _("No proof")


class Evidence(models.Model):
    """A file attached to a record, as proof of one kind."""

    class Kind(models.TextChoices):
        CHECK_IN = "check_in", _("Machine check-in")
        SHEET = "sheet", _("Sign-in sheet")
        PHOTO = "photo", _("Photo")
        DOCUMENT = "document", _("Document")
        STATEMENT = "statement", _("Statement entered later")

    register = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="uses")
    kind = models.CharField(_("Kind of evidence"), max_length=10, choices=Kind)
    strength = models.PositiveSmallIntegerField(choices=Strength)
    name = models.CharField(_("File name"), max_length=160)
    taken_on = models.DateField(_("Taken on"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["strength", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "record_id", "blob"], name="evidence_once_a_record"
            ),
            # The strength follows from the kind; it is kept so that a list can be sorted by it.
            models.CheckConstraint(
                name="evidence_strength_of_kind",
                condition=Q(kind="check_in", strength=1)
                | Q(kind__in=["sheet", "photo", "document"], strength=2)
                | Q(kind="statement", strength=3),
            ),
        ]

    def __str__(self) -> str:
        return self.name

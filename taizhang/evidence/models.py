"""Files that prove records: stored once by their SHA-256, attached to any number of records."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taizhang.engines import pictures
from taizhang.engines.pictures import Look


class Blob(models.Model):
    """The bytes of a file, kept once under ``EVIDENCE_ROOT`` by their SHA-256.

    ``taken_on`` is the day a picture itself tells. Its look is kept in pieces: ``band_…`` are the
    four parts of its mark, each with an index, so that alike pictures are looked up and not searched.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_on = models.DateField(null=True)
    band_1 = models.PositiveIntegerField(null=True)
    band_2 = models.PositiveIntegerField(null=True)
    band_3 = models.PositiveIntegerField(null=True)
    band_4 = models.PositiveIntegerField(null=True)
    grain = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=[name], name=f"evidence_{name}", condition=Q(**{f"{name}__isnull": False})
            )
            for name in ("band_1", "band_2", "band_3", "band_4")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as a picture."""
        return self.media_type.startswith("image/")

    @property
    def look(self) -> Look | None:
        """How the picture looks; None for a file that is none, or shows nothing."""
        bands = [self.band_1, self.band_2, self.band_3, self.band_4]
        known = [band for band in bands if band is not None]
        if self.grain is None or len(known) < len(bands):
            return None
        return Look(pictures.marked(known), bytes(self.grain))


class Strength(models.IntegerChoices):
    """How a record is proved, strongest first."""

    MACHINE = 1, _("Machine check-in")
    FILE = 2, _("Sheet or photo")
    LATER = 3, _("Entered later")
    NONE = 4, _("No proof")


class Attached(models.Manager["Evidence"]):
    """Proofs that are there: what was taken away proves nothing, though it can come back."""

    def get_queryset(self) -> models.QuerySet[Evidence]:
        return super().get_queryset().filter(removed_at__isnull=True)


class Evidence(models.Model):
    """A file attached to a record, as proof of one kind.

    What is taken away stays for ``settings.BIN_DAYS`` with ``removed_at`` and can be put back;
    ``objects`` does not know it, ``everything`` does.
    """

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
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)

    objects = Attached()
    everything = models.Manager["Evidence"]()

    class Meta:
        ordering = ["strength", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "record_id", "blob"],
                name="evidence_once_a_record",
                condition=Q(removed_at__isnull=True),
            ),
            # The strength follows from the kind; it is kept so that a list can be sorted by it.
            models.CheckConstraint(
                name="evidence_strength_of_kind",
                condition=Q(kind="check_in", strength=1)
                | Q(kind__in=["sheet", "photo", "document"], strength=2)
                | Q(kind="statement", strength=3),
            ),
            models.CheckConstraint(
                name="evidence_removed_by_someone",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]
        indexes = [
            # All that lists ask of a record's proof stands in the index, for SQLite also what its
            # own condition says.
            models.Index(
                fields=["register", "record_id", "kind", "strength", "removed_at"],
                name="evidence_of_record",
                condition=Q(removed_at__isnull=True),
            ),
            models.Index(
                fields=["removed_at"],
                name="evidence_removed",
                condition=Q(removed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_read_from_picture(self) -> bool:
        """Whether the day it was taken is what the picture itself tells."""
        return self.taken_on is not None and self.taken_on == self.blob.taken_on

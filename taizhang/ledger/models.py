"""What every record carries, and the history of all of them."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far a record has come; set by the actions of ``ledger.write`` and by nothing else."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Returned")
    VOID = "void", _("Void")


class Record(models.Model):
    """A row of a register.

    ``version`` rises with every write to the record, its tags or its child rows. ``written_by`` is
    whoever wrote last; who wrote the version that waits for verification stands in the history.
    """

    state = models.CharField(
        _("State"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(_("Version"), default=1, editable=False)
    created_at = models.DateTimeField(_("Created at"), editable=False)
    changed_at = models.DateTimeField(_("Changed at"), editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("Written by"),
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("Verified by"),
    )
    verified_at = models.DateTimeField(_("Verified at"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_state",
                condition=Q(state__in=State.values),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_verified_by_someone",
                condition=~Q(state=State.VERIFIED)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
            ),
        ]


class Term(models.Model):
    """A word of a controlled list: a theme, a campaign, an audience, a topic.

    Its ``code`` is what files and queries say, its names are what people read.
    """

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("Position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class Batch(models.Model):
    """Writes that belong together and are undone together: an import, an action, an undoing."""

    class Kind(models.TextChoices):
        IMPORT = "import", _("Import")
        ACTION = "action", _("Action")
        UNDO = "undo", _("Undoing")

    kind = models.CharField(max_length=10, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)
    register = models.CharField(max_length=60, blank=True)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_batch_kind", condition=Q(kind__in=["import", "action", "undo"])
            ),
            models.CheckConstraint(
                name="ledger_batch_undoes",
                condition=Q(kind="undo", undoes__isnull=False)
                | Q(kind__in=["import", "action"], undoes__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.source}"


class EntryQuerySet(models.QuerySet["Entry"]):
    """History is read and added to, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("History is append-only.")

    def delete(self) -> NoReturn:
        raise TypeError("History is append-only.")


class Entry(models.Model):
    """One write: who, when, what it was and what it became.

    ``changes`` maps a field to ``[old, new]``, or to null for a personal field: history says that it
    changed, never the value. A child row's entry names its parent, so that the parent's page tells
    the whole story.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="entries")
    register = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=240)
    verb = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    parent_register = models.CharField(max_length=60, blank=True)
    parent_id = models.BigIntegerField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("register", "record_id", F("id").desc(), name="ledger_entry_record"),
            models.Index(
                "parent_register",
                "parent_id",
                F("id").desc(),
                name="ledger_entry_parent",
                condition=Q(parent_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.label}: {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("History is append-only.")


class Before(models.Model):
    """What a change took away and history does not say: personal values, and which row it was.

    Kept only so long as the batch can be undone (``settings.BIN_DAYS``), then forgotten. ``values``
    maps a field to what ``Field.keep`` makes of its old value.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="before")
    at = models.DateTimeField(db_index=True)
    values = models.JSONField()

    def __str__(self) -> str:
        return f"before {self.entry_id}"


class Answer(models.Model):
    """Somebody looked at an unusual value of a record and said that it is right.

    It holds for this very value: a record that comes to hold another one is asked about again.
    """

    register = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    number = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    day = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "record_id", "field"], name="ledger_answer_once_a_field"
            ),
            models.CheckConstraint(
                name="ledger_answer_one_value",
                condition=Q(number__isnull=True, day__isnull=False)
                | Q(number__isnull=False, day__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.record_id} {self.field}"

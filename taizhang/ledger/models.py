"""What every record carries, and the history of all of them."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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
        from django.utils.translation import get_language

        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class Batch(models.Model):
    """Writes that belong together: one import, one bulk action."""

    class Kind(models.TextChoices):
        IMPORT = "import", _("Import")
        ACTION = "action", _("Bulk action")

    kind = models.CharField(max_length=10, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_batch_kind", condition=Q(kind__in=["import", "action"])
            )
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


class ImportPlan(models.Model):
    """An uploaded table that waits for somebody to say yes.

    The rows are not kept: the plan is worked out anew from the file when it is confirmed, and
    ``digest`` tells whether the ledger still gives the plan that was looked at.
    """

    register = models.CharField(max_length=60)
    unit_code = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    batch = models.OneToOneField(Batch, models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"{self.name} → {self.register}"

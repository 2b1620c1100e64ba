"""Reports handed up: who wrote, reviewed and signed each, and what was frozen then."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.engines.periods import Period

PERSON = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """How far a submission has come; only ``flow`` and the freezing set it."""

    WAITING = "waiting", _("Waiting for review")
    REVIEWED = "reviewed", _("Waiting for signature")
    SIGNING = "signing", _("Being sealed")
    SIGNED = "signed", _("Signed and sealed")
    RETURNED = "returned", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (State.WAITING, State.REVIEWED, State.SIGNING)
"""The states in which somebody still has to do something."""


class Submission(models.Model):
    """One version of a unit's report on its way up.

    ``shown`` is the fingerprint of the report as it was submitted. When it is signed the frozen
    file is named by ``root``; ``last_entry`` is the number of the last entry of the history that
    may be in it, ``history`` the head of the sealed history then, ``registers`` those it
    reads. ``number`` counts the signed versions of a report; a restated one names the old.
    """

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    restates = models.ForeignKey("self", models.PROTECT, null=True, related_name="restated_by")
    reason = models.TextField(blank=True)
    one_person = models.BooleanField(default=False)
    shown = models.CharField(max_length=64)
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    job = models.BigIntegerField(null=True)
    root = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    row_count = models.PositiveBigIntegerField(default=0)
    last_entry = models.BigIntegerField(default=0)
    history = models.JSONField(default=dict)
    registers = models.JSONField(default=list)

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="submissions_state", condition=Q(state__in=State.values)),
            models.UniqueConstraint(
                name="submissions_one_open",
                fields=["unit", "period", "code"],
                condition=Q(state__in=[state.value for state in OPEN]),
            ),
            models.UniqueConstraint(
                name="submissions_one_of_each_number",
                fields=["unit", "period", "code", "number"],
                condition=Q(state="signed"),
            ),
            models.CheckConstraint(
                name="submissions_reviewed_by_another",
                condition=Q(one_person=True)
                | Q(reviewed_by__isnull=True)
                | ~Q(reviewed_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="submissions_signed_by_a_third",
                condition=Q(one_person=True)
                | Q(signed_by__isnull=True)
                | (~Q(signed_by=F("written_by")) & ~Q(signed_by=F("reviewed_by"))),
            ),
            models.CheckConstraint(
                name="submissions_signed_is_sealed",
                condition=~Q(state="signed")
                | (
                    Q(
                        reviewed_by__isnull=False,
                        signed_by__isnull=False,
                        signed_at__isnull=False,
                    )
                    & ~Q(root="")
                ),
            ),
            models.CheckConstraint(
                name="submissions_restated_with_reason",
                condition=Q(restates__isnull=True) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def span(self) -> Period:
        """The period the report is about."""
        return Period.parse(self.period)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    @property
    def is_signed(self) -> bool:
        """Whether it is frozen and sealed."""
        return self.state == State.SIGNED


class Value(models.Model):
    """What a figure was in a signed report: enough to see quickly whether it still is."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="values")
    code = models.CharField(max_length=120)
    value = models.CharField(max_length=40, blank=True)
    rows = models.PositiveBigIntegerField()
    definition = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="submissions_value_once", fields=["submission", "code"])
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class Step(models.Model):
    """What somebody did with a submission, and what they had to say; nothing is ever changed."""

    class Verb(models.TextChoices):
        SUBMIT = "submit", _("submitted it")
        REVIEW = "review", _("reviewed it")
        RETURN = "return", _("sent it back")
        WITHDRAW = "withdraw", _("withdrew it")
        REMARK = "remark", _("remarked")
        SIGN = "sign", _("signed it")
        COUNTERSIGN = "countersign", _("counter-signed it")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12, choices=Verb)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    place = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="submissions_sent_back_with_words",
                condition=~Q(verb__in=["return", "remark"]) | ~Q(text=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.by_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What somebody did is not changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("What somebody did is not taken away.")


class KeptRoot(models.Model):
    """A seal that the unit above keeps: a report of another root under this name is another one."""

    keeper = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    unit_code = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=10)
    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kept_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="submissions_kept_once", fields=["keeper", "root"])
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.root[:16]}"


class Practice(models.Model):
    """How a unit signs. ``one_person``: there are not three people, and every report says so."""

    unit = models.OneToOneField("org.Unit", models.PROTECT, related_name="+")
    one_person = models.BooleanField(default=False)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id}: {'one' if self.one_person else 'three'}"

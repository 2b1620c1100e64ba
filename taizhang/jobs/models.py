"""Work that takes longer than a request: what was asked, by whom, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from . import told

if TYPE_CHECKING:
    from taizhang.engines.findings import Finding


class State(models.TextChoices):
    """How far a job has come; set by ``queue``, ``run`` and ``worker`` and by nothing else."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OVER = (State.DONE, State.FAILED, State.CANCELLED)


class Job(models.Model):
    """One piece of long work, owned by whoever asked for it.

    ``worker`` is the claim (machine:process:token) of the worker that has it; a fresh one every
    time it is taken up, so that a worker which lost the job can no longer write its end. While the
    job runs, ``pulse.read`` knows ``done_count``, ``total`` and the last sign of life better than
    the row does. Other tables must not point here: old jobs are swept.
    """

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    title = models.CharField(_("Job"), max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    language = models.CharField(max_length=10)
    state = models.CharField(
        _("State"), max_length=10, choices=State, default=State.WAITING, editable=False
    )
    total = models.PositiveBigIntegerField(default=0)
    done_count = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=160, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    url = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    output = models.CharField(max_length=120, blank=True)
    output_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="jobs_job_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="jobs_job_running_has_worker",
                condition=~Q(state=State.RUNNING)
                | (~Q(worker="") & Q(started_at__isnull=False, heartbeat_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="jobs_job_over_has_end",
                condition=Q(state__in=[State.WAITING, State.RUNNING], finished_at__isnull=True)
                | Q(state__in=[str(state) for state in OVER], finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                "state",
                "id",
                name="jobs_job_open",
                condition=Q(state__in=[State.WAITING, State.RUNNING]),
            ),
            models.Index("actor", F("id").desc(), name="jobs_job_of_actor"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in OVER

    @property
    def told(self) -> list[Finding]:
        """What there is to say about its end."""
        kept: list[dict[str, Any]] = self.findings
        return told.unpack(kept)

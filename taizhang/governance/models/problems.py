"""Problems, the measures against them, and the steps planned for the next year."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Problem(Record):
    """A problem to be rectified. Personal problems are kept by post, never by name."""

    class Level(models.TextChoices):
        GROUP = "group", _("Party group problem")
        PERSONAL = "personal", _("Personal problem (by post)")
        WORK = "work", _("Shortcoming in the work")

    class Source(models.TextChoices):
        INSPECTION = "inspection", _("Inspection tour")
        AUDIT = "audit", _("Audit")
        SUPERVISION = "supervision", _("Supervision")
        MEETING = "meeting", _("Democratic life meeting")
        CASES = "cases", _("Reform through cases")
        SELF = "self", _("Self-examination")
        SUMMARY = "summary", _("Summing up the year")

    class Progress(models.TextChoices):
        WAITING = "waiting", _("Not started")
        GOING = "going", _("Being rectified")
        MOSTLY = "mostly", _("Mostly done")
        CLOSED = "closed", _("Rectified")
        STANDING = "standing", _("Kept up permanently")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Problem number"), max_length=40, blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=Level)
    source = models.CharField(_("Source"), max_length=12, choices=Source)
    category = models.CharField(_("Category"), max_length=60, blank=True)
    statement = models.CharField(_("Problem"), max_length=300)
    goal = models.CharField(_("Goal"), max_length=300, blank=True)
    post = models.CharField(_("Post concerned"), max_length=60, blank=True)
    lead_post = models.CharField(_("Leader in charge (post)"), max_length=60, blank=True)
    department = models.CharField(_("Department in charge"), max_length=60, blank=True)
    responsible_post = models.CharField(_("Responsible (post)"), max_length=60, blank=True)
    raised_on = models.DateField(_("Raised on"))
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    progress = models.CharField(
        _("Progress"), max_length=10, choices=Progress, default=Progress.WAITING
    )
    closed_on = models.DateField(_("Rectified on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["-raised_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_problem_code"),
            models.CheckConstraint(
                name="governance_problem_closed_has_day",
                condition=~Q(progress="closed") | Q(closed_on__isnull=False),
                violation_error_message=_("A rectified problem needs the day it was closed."),
            ),
            models.CheckConstraint(
                name="governance_problem_closed_after_raised",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("raised_on")),
                violation_error_message=_("It cannot be closed before it was raised."),
            ),
            models.CheckConstraint(
                name="governance_problem_personal_by_post",
                condition=~Q(level="personal") | ~Q(post=""),
                violation_error_message=_("A personal problem needs the post it concerns."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement


class Measure(Record):
    """A measure against a problem."""

    class Progress(models.TextChoices):
        PLANNED = "planned", _("Planned")
        GOING = "going", _("Under way")
        DONE = "done", _("Done")

    problem = models.ForeignKey(
        Problem, models.CASCADE, related_name="measures", verbose_name=_("Problem")
    )
    number = models.PositiveSmallIntegerField(_("No."))
    statement = models.CharField(_("Measure"), max_length=300)
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    progress = models.CharField(
        _("Progress"), max_length=10, choices=Progress, default=Progress.PLANNED
    )
    done_on = models.DateField(_("Done on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["problem_id", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["problem", "number"],
                name="governance_measure_number",
                violation_error_message=_("This problem already has a measure of that number."),
            ),
            models.CheckConstraint(
                name="governance_measure_done_has_day",
                condition=~Q(progress="done") | Q(done_on__isnull=False),
                violation_error_message=_("A measure that is done needs its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement


class Step(Record):
    """A step planned for a year, perhaps against a shortcoming of the year before."""

    class Progress(models.TextChoices):
        PLANNED = "planned", _("Planned")
        GOING = "going", _("Under way")
        DONE = "done", _("Done")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Step number"), max_length=40, blank=True)
    statement = models.CharField(_("Step"), max_length=300)
    problem = models.ForeignKey(
        Problem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("Against the shortcoming"),
    )
    planned_on = models.DateField(_("Planned on"))
    begins_on = models.DateField(_("Begins on"))
    due_on = models.DateField(_("Due on"))
    post = models.CharField(_("Responsible (post)"), max_length=60, blank=True)
    progress = models.CharField(
        _("Progress"), max_length=10, choices=Progress, default=Progress.PLANNED
    )
    done_on = models.DateField(_("Done on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("planned step")
        verbose_name_plural = _("planned steps")
        ordering = ["-begins_on", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_step_code"),
            models.CheckConstraint(
                name="governance_step_due_after_begin",
                condition=Q(due_on__gte=F("begins_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="governance_step_done_has_day",
                condition=~Q(progress="done") | Q(done_on__isnull=False),
                violation_error_message=_("A step that is done needs its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement

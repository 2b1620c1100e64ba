"""How the association governs itself: meetings, and problems with their rectification."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record, Term


class Topic(Term):
    """What a meeting was about; one meeting may have several."""

    class Meta(Term.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Meeting(Record):
    """A meeting or study session of a body, with head-counts only."""

    class Body(models.TextChoices):
        PARTY_GROUP = "party_group", _("Party group")
        CENTRE_GROUP = "centre_group", _("Theoretical study centre group")
        BRANCH = "branch", _("Party branch")
        OFFICE = "office", _("Office meeting")
        COUNCIL = "council", _("Council")
        STANDING = "standing", _("Standing committee")
        CONGRESS = "congress", _("Congress")
        OTHER = "other", _("Other body")

    class Kind(models.TextChoices):
        STUDY = "study", _("Study session")
        TOPIC = "topic", _("Special-topic meeting")
        WARNING = "warning", _("Warning education")
        LECTURE = "lecture", _("Party lecture")
        ANALYSIS = "analysis", _("Situation analysis")
        REGULAR = "regular", _("Regular meeting")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Meeting number"), max_length=40, blank=True)
    title = models.CharField(_("Meeting title"), max_length=200)
    body = models.CharField(_("Body"), max_length=14, choices=Body)
    kind = models.CharField(_("Kind of meeting"), max_length=10, choices=Kind)
    topics = models.ManyToManyField(Topic, blank=True, verbose_name=_("Topics"))
    held_on = models.DateField(_("Date of meeting"))
    entitled = models.PositiveIntegerField(_("Entitled to attend"), null=True, blank=True)
    present = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    joint_with = models.CharField(_("Joint with"), max_length=120, blank=True)
    summary = models.TextField(_("Summary"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_meeting_code"),
        ]
        indexes = [models.Index(fields=["unit", "held_on"], name="governance_meeting_day")]

    def __str__(self) -> str:
        return self.title


class Problem(Record):
    """A problem to be rectified. Personal problems are kept by post, never by name."""

    class Level(models.TextChoices):
        GROUP = "group", _("Party group problem")
        PERSONAL = "personal", _("Personal problem (by post)")

    class Source(models.TextChoices):
        INSPECTION = "inspection", _("Inspection tour")
        AUDIT = "audit", _("Audit")
        SUPERVISION = "supervision", _("Supervision")
        MEETING = "meeting", _("Democratic life meeting")
        CASES = "cases", _("Reform through cases")
        SELF = "self", _("Self-examination")

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

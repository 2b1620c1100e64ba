"""Meetings and study sessions, what they resolved, and the cases shown at them."""

from __future__ import annotations

from django.db import models
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
        FILM = "film", _("Film shown")
        VISIT = "visit", _("Visit")
        JOINT = "joint", _("Joint activity with another branch")
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


class Resolution(Record):
    """What a meeting resolved, with the post that sees to it."""

    class Progress(models.TextChoices):
        OPEN = "open", _("To be carried out")
        GOING = "going", _("Being carried out")
        DONE = "done", _("Carried out")

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="resolutions", verbose_name=_("Meeting")
    )
    number = models.PositiveSmallIntegerField(_("No."))
    statement = models.CharField(_("Resolution"), max_length=300)
    post = models.CharField(_("Responsible (post)"), max_length=60, blank=True)
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    progress = models.CharField(
        _("Progress"), max_length=10, choices=Progress, default=Progress.OPEN
    )
    done_on = models.DateField(_("Done on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["meeting_id", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="governance_resolution_number",
                violation_error_message=_("This meeting already has a resolution of that number."),
            ),
            models.CheckConstraint(
                name="governance_resolution_done_has_day",
                condition=~models.Q(progress="done") | models.Q(done_on__isnull=False),
                violation_error_message=_("A resolution that is carried out needs its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement


class Case(Record):
    """A case chosen for warning education: what kind of fault it warns of, nobody's name."""

    class Field(models.TextChoices):
        POLITICS = "politics", _("Political discipline")
        INTEGRITY = "integrity", _("Integrity")
        MONEY = "money", _("Money and purchases")
        STYLE = "style", _("Style of work")
        DUTY = "duty", _("Neglect of duty")

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="cases", verbose_name=_("Meeting")
    )
    number = models.PositiveSmallIntegerField(_("No."))
    title = models.CharField(_("Case"), max_length=160)
    field = models.CharField(_("What it warns of"), max_length=10, choices=Field)
    source = models.CharField(_("Source of the case"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("warning case")
        verbose_name_plural = _("warning cases")
        ordering = ["meeting_id", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="governance_case_number",
                violation_error_message=_("This meeting already has a case of that number."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

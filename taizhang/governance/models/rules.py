"""What binds the staff: regulations, lists of duties, pledges, integrity risks. By post, never by name."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Occasion(models.TextChoices):
    """On what occasion something was written or pledged."""

    CASES = "cases", _("Reform through cases")
    PARTY_HISTORY = "party_history", _("Party history education")
    INSPECTION = "inspection", _("Inspection tour")
    DAILY = "daily", _("Daily work")


class Regulation(Record):
    """A version of a regulation, in force from a day until it was replaced or repealed."""

    class Change(models.TextChoices):
        NEW = "new", _("Newly made")
        IMPROVED = "improved", _("Improved")
        REPEALED = "repealed", _("Repealed")

    class Area(models.TextChoices):
        PARTY = "party", _("Party building")
        INTEGRITY = "integrity", _("Integrity")
        FINANCE = "finance", _("Money and assets")
        SCIENCE = "science", _("Science popularisation")
        OFFICE = "office", _("Office work")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Regulation number"), max_length=40, blank=True)
    title = models.CharField(_("Regulation"), max_length=160)
    area = models.CharField(_("Area of the regulation"), max_length=10, choices=Area)
    change = models.CharField(_("Change of the regulation"), max_length=10, choices=Change)
    occasion = models.CharField(
        _("Occasion"), max_length=14, choices=Occasion, default=Occasion.DAILY
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("Replaces the version"),
    )
    issued_on = models.DateField(_("Decided on"))
    in_force_on = models.DateField(_("In force from"))
    repealed_on = models.DateField(_("Last day in force"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")
        ordering = ["-issued_on", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_regulation_code"),
            models.CheckConstraint(
                name="governance_regulation_repealed_has_day",
                condition=~Q(change="repealed") | Q(repealed_on__isnull=False),
                violation_error_message=_("A repealed regulation needs its last day in force."),
            ),
            models.CheckConstraint(
                name="governance_regulation_repealed_after_force",
                condition=Q(repealed_on__isnull=True) | Q(repealed_on__gte=F("in_force_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a version that is in force on a day on which the one it replaces still is."""
        old = self.replaces
        if old is not None and old.repealed_on is None:
            raise ValidationError(
                _("The version %(code)s is still in force: give its last day in force first.")
                % {"code": old.code}
            )
        if old is not None and old.repealed_on is not None and old.repealed_on >= self.in_force_on:
            raise ValidationError(
                _("The version %(code)s was in force until %(day)s: this one begins later.")
                % {"code": old.code, "day": old.repealed_on.isoformat()}
            )


class Duty(Record):
    """An entry in the duty list of a post: party duty and business duty in one post."""

    class Side(models.TextChoices):
        PARTY = "party", _("Party building duty")
        BUSINESS = "business", _("Business duty")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Duty number"), max_length=40, blank=True)
    post = models.CharField(_("Post"), max_length=60)
    side = models.CharField(_("Side of the duty"), max_length=10, choices=Side)
    statement = models.CharField(_("Duty"), max_length=300)
    begins_on = models.DateField(_("Valid from"))
    ended_on = models.DateField(_("Valid until"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["post", "side", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_duty_code"),
            models.CheckConstraint(
                name="governance_duty_ended_after_begin",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("begins_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement


class Pledge(Record):
    """A pledge made in public by the holder of a post; the name is not kept."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Pledge number"), max_length=40, blank=True)
    post = models.CharField(_("Post"), max_length=60)
    occasion = models.CharField(_("Occasion"), max_length=14, choices=Occasion)
    statement = models.CharField(_("Pledge"), max_length=300)
    pledged_on = models.DateField(_("Pledged on"))
    public = models.BooleanField(_("Made in public"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["-pledged_on", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_pledge_code"),
        ]

    def __str__(self) -> str:
        return self.statement


class RiskPoint(Record):
    """An integrity risk of a post, its grade and the measures against it."""

    class Category(models.TextChoices):
        DUTY = "duty", _("Duties of the post")
        PROCESS = "process", _("Course of business")
        RULES = "rules", _("Rules and mechanisms")
        OUTSIDE = "outside", _("Outside influence")

    class Grade(models.TextChoices):
        HIGH = "high", _("High")
        MIDDLE = "middle", _("Middle")
        LOW = "low", _("Low")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Risk number"), max_length=40, blank=True)
    post = models.CharField(_("Post concerned"), max_length=60)
    category = models.CharField(_("Category of risk"), max_length=10, choices=Category)
    matter = models.CharField(_("Risk point"), max_length=160)
    signs = models.CharField(_("How it shows"), max_length=300, blank=True)
    grade = models.CharField(_("Grade of risk"), max_length=8, choices=Grade)
    measures = models.CharField(_("Measures against it"), max_length=300)
    lead_post = models.CharField(_("Leader in charge (post)"), max_length=60, blank=True)
    found_on = models.DateField(_("Found on"))
    ended_on = models.DateField(_("No risk since"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("integrity risk")
        verbose_name_plural = _("integrity risks")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="governance_riskpoint_code"),
            models.CheckConstraint(
                name="governance_riskpoint_ended_after_found",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("found_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.matter

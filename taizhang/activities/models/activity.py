"""What the association does with and for the public."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record, Term


class Theme(Term):
    """What an activity is about; one activity may have several."""

    class Meta(Term.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class Audience(Term):
    """Whom an activity is meant for; one activity may have several."""

    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class Campaign(Term):
    """A recurring campaign an activity belongs to, such as the National Science Day."""

    class Meta(Term.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")


class Activity(Record):
    """One activity, recorded once by the unit that leads it; partners see it as done with them.

    On-site person-times, on-line views and volunteers are three quantities and are never added.
    """

    class Form(models.TextChoices):
        LECTURE = "lecture", _("Lecture")
        TRAINING = "training", _("Training")
        CONSULTATION = "consultation", _("Consultation")
        CLINIC = "clinic", _("Free clinic")
        FIELD = "field", _("Guidance in the field")
        EXHIBITION = "exhibition", _("Exhibition")
        CARAVAN = "caravan", _("Science caravan")
        SHOW = "show", _("Science show")
        WORKSHOP = "workshop", _("Hands-on class")
        CONTEST = "contest", _("Contest")
        FAIR = "fair", _("Science fair")
        OTHER = "other", _("Other form")

    class Setting(models.TextChoices):
        COMMUNITY = "community", _("In a community")
        SCHOOL = "school", _("In a school")
        OFFICE = "office", _("In an office")
        COUNTRYSIDE = "countryside", _("In the countryside")
        BARRACKS = "barracks", _("In a barracks")
        ENTERPRISE = "enterprise", _("In an enterprise")
        VENUE = "venue", _("In a venue")
        ONLINE = "online", _("On line only")

    class Round(models.TextChoices):
        SPRING = "spring", _("Spring round")
        AUTUMN = "autumn", _("Autumn round")

    class Language(models.TextChoices):
        CHINESE = "chinese", _("Chinese")
        MONGOLIAN = "mongolian", _("Mongolian")
        BILINGUAL = "bilingual", _("Chinese and a minority language")

    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, related_name="+", verbose_name=_("Owner unit")
    )
    code = models.CharField(_("Activity number"), max_length=40, blank=True)
    title = models.CharField(_("Activity title"), max_length=200)
    form = models.CharField(_("Form"), max_length=14, choices=Form)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, verbose_name=_("Campaign")
    )
    edition = models.PositiveSmallIntegerField(_("Edition"), null=True, blank=True)
    round = models.CharField(_("Round of the campaign"), max_length=8, choices=Round, blank=True)
    tour = models.ForeignKey(
        "activities.Tour",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Stop of the tour"),
    )
    themes = models.ManyToManyField(Theme, blank=True, verbose_name=_("Themes"))
    audiences = models.ManyToManyField(Audience, blank=True, verbose_name=_("Audiences"))
    setting = models.CharField(_("Setting"), max_length=12, choices=Setting, blank=True)
    language = models.CharField(_("Language"), max_length=10, choices=Language, blank=True)
    held_on = models.DateField(_("Date held"))
    ended_on = models.DateField(_("Last day"), null=True, blank=True)
    place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Registered place"),
    )
    location = models.CharField(_("Location"), max_length=120, blank=True)
    attendance = models.PositiveIntegerField(_("On-site person-times"), null=True, blank=True)
    online_views = models.PositiveIntegerField(_("On-line views"), null=True, blank=True)
    volunteers = models.PositiveIntegerField(_("Volunteers taking part"), null=True, blank=True)
    summary = models.TextField(_("Summary"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-held_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="activities_activity_code"),
            models.CheckConstraint(
                name="activities_activity_span",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("held_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="activities_activity_edition_of_campaign",
                condition=Q(edition__isnull=True) | Q(campaign__isnull=False),
                violation_error_message=_("An edition needs its campaign."),
            ),
            models.CheckConstraint(
                name="activities_activity_round_of_campaign",
                condition=Q(round="") | Q(campaign__isnull=False),
                violation_error_message=_("A round needs its campaign."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "held_on"], name="activities_unit_day"),
            models.Index(F("held_on").desc(), F("id").desc(), name="activities_newest"),
            # What figures and totals read stands in the index, so that they need not fetch the rows.
            models.Index(
                fields=["unit", "state", "held_on", "attendance", "volunteers"],
                name="activities_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Participation(Record):
    """A volunteer who took part in an activity, with the hours served."""

    class Duty(models.TextChoices):
        SERVICE = "service", _("On-site service")
        SPEAKER = "speaker", _("Speaker")
        EXPERT = "expert", _("Expert on duty")
        TRANSLATOR = "translator", _("Translator")
        ORGANISER = "organiser", _("Coordinator")

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="participations", verbose_name=_("Activity")
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name=_("Volunteer")
    )
    duty = models.CharField(_("Duty"), max_length=12, choices=Duty, default=Duty.SERVICE)
    hours = models.DecimalField(
        _("Hours served"), max_digits=5, decimal_places=1, null=True, blank=True
    )

    class Meta(Record.Meta):
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "volunteer"],
                name="activities_participation_once",
                violation_error_message=_("This volunteer is already on the list."),
            ),
            models.CheckConstraint(
                name="activities_participation_hours",
                condition=Q(hours__isnull=True) | Q(hours__gte=0, hours__lte=240),
                violation_error_message=_("Hours must lie between 0 and 240."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.volunteer)


class Handout(Record):
    """Something given out at an activity: leaflets, books, bags."""

    class Kind(models.TextChoices):
        LEAFLET = "leaflet", _("Leaflet")
        BOOK = "book", _("Book")
        POSTER = "poster", _("Poster")
        GOODS = "goods", _("Goods")

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="handouts", verbose_name=_("Activity")
    )
    kind = models.CharField(_("Kind of handout"), max_length=10, choices=Kind)
    name = models.CharField(_("Handout"), max_length=100)
    copies = models.PositiveIntegerField(_("Copies"))
    bilingual = models.BooleanField(_("In two languages"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("handout")
        verbose_name_plural = _("handouts")
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "name"],
                name="activities_handout_once",
                violation_error_message=_("This handout is already on the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(Record):
    """Somebody who did the activity together with its owner: a unit of ours, or a name."""

    class Part(models.TextChoices):
        HOST = "host", _("Joint host")
        ORGANISER = "organiser", _("Organiser")
        CO_ORGANISER = "co_organiser", _("Co-organiser")
        SUPPORTER = "supporter", _("Supporter")

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="partners", verbose_name=_("Activity")
    )
    name = models.CharField(_("Partner"), max_length=100)
    unit = models.ForeignKey(
        "org.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Partner unit"),
    )
    part = models.CharField(_("Part played"), max_length=12, choices=Part)

    class Meta(Record.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "name"],
                name="activities_partner_once",
                violation_error_message=_("This partner is already on the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""The channels of an association, what appears in them, and what others wrote about its work."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record


class Channel(Record):
    """A site, a column, an account or a group: who answers for it, since when, until when.

    Of groups only name, owner and time are kept: what people say in them is not read.
    """

    class Kind(models.TextChoices):
        SITE = "site", _("Web site")
        COLUMN = "column", _("Column in an app")
        ACCOUNT = "account", _("Public account")
        VIDEO = "video", _("Video account")
        GROUP = "group", _("Work group")
        BROADCAST = "broadcast", _("Radio or television programme")
        SCREEN = "screen", _("Public screen")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Channel number"), max_length=40, blank=True)
    name = models.CharField(_("Channel name"), max_length=100)
    kind = models.CharField(_("Kind of channel"), max_length=12, choices=Kind)
    owner = models.CharField(_("Post that answers for it"), max_length=60)
    weekly_items = models.PositiveSmallIntegerField(_("Items due each week"), null=True, blank=True)
    opened_on = models.DateField(_("In use since"))
    closed_on = models.DateField(_("In use until"), null=True, blank=True)
    merged_into = models.CharField(_("Merged into"), max_length=100, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="outreach_channel_code"),
            models.CheckConstraint(
                name="outreach_channel_closed_after_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="outreach_channel_merged_is_closed",
                condition=Q(merged_into="") | Q(closed_on__isnull=False),
                violation_error_message=_("A channel that was merged needs its last day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Update(Record):
    """What appeared in a channel on one day."""

    class Kind(models.TextChoices):
        NEWS = "news", _("News of the work")
        SCIENCE = "science", _("Science for everybody")
        NOTICE = "notice", _("Public notice")

    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="updates", verbose_name=_("Channel")
    )
    published_on = models.DateField(_("Published on"))
    title = models.CharField(_("Title of the update"), max_length=160)
    kind = models.CharField(_("Kind of update"), max_length=10, choices=Kind)
    items = models.PositiveIntegerField(_("Items"), default=1)
    online_views = models.PositiveIntegerField(_("On-line views"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("channel update")
        verbose_name_plural = _("channel updates")
        ordering = ["-published_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["channel", "published_on", "title"],
                name="outreach_update_once",
                violation_error_message=_("This update is already recorded for that day."),
            ),
            models.CheckConstraint(
                name="outreach_update_items",
                condition=Q(items__gte=1),
                violation_error_message=_("An update has at least one item."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Media(Record):
    """A report by a newspaper, a station or a platform about the unit's work."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("National")
        REGION = "region", _("Province or autonomous region")
        CITY = "city", _("City or league")
        COUNTY = "county", _("County or banner")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Report number"), max_length=40, blank=True)
    title = models.CharField(_("Headline"), max_length=160)
    outlet = models.CharField(_("Published by"), max_length=80)
    level = models.CharField(_("Level of the outlet"), max_length=10, choices=Level)
    published_on = models.DateField(_("Published on"))
    link = models.CharField(_("Where to find it"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("media report")
        verbose_name_plural = _("media reports")
        ordering = ["-published_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="outreach_media_code"),
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(Record):
    """A cloud lesson or micro lesson; its on-line views are never added to people on site."""

    class Kind(models.TextChoices):
        CLOUD = "cloud", _("Cloud lesson")
        MICRO = "micro", _("Micro lesson")
        LIVE = "live", _("Live lesson")
        SERIES = "series", _("Video series")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    code = models.CharField(_("Lesson number"), max_length=40, blank=True)
    title = models.CharField(_("Title of the lesson"), max_length=160)
    kind = models.CharField(_("Kind of lesson"), max_length=10, choices=Kind)
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Published in"),
    )
    published_on = models.DateField(_("Published on"))
    minutes = models.PositiveSmallIntegerField(_("Length (minutes)"), null=True, blank=True)
    online_views = models.PositiveIntegerField(_("On-line views"), null=True, blank=True)
    bilingual = models.BooleanField(_("In two languages"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("on-line lesson")
        verbose_name_plural = _("on-line lessons")
        ordering = ["-published_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="outreach_lesson_code"),
        ]

    def __str__(self) -> str:
        return self.title

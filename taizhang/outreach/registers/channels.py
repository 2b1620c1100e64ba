"""Channels and what appears in them as registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding
from taizhang.engines.rhythm import weeks_missed
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import TODAY, Doubt, Proof, Register, Related, Section, View
from taizhang.outreach.models import Channel, Lesson, Media, Update

GROUP = _("Outreach")


@catalogue.add
class Channels(Register):
    model = Channel
    key = ("unit", "code")
    title = "name"
    code_prefix = "QD"
    columns = ("code", "name", "kind", "unit", "owner", "opened_on", "closed_on", "state")
    filters = ("kind", "opened_on", "closed_on", "merged_into", "state")
    search = ("code", "name", "owner", "merged_into")
    sections = (
        Section(_("Channel"), "unit", "code", "name", "kind", "owner", "weekly_items"),
        Section(_("From when to when"), "opened_on", "closed_on", "merged_into"),
        Section(_("What appeared"), Related("update")),
    )
    views = (
        View(_("Open now"), "closed_on="),
        View(_("Work groups"), "kind=group"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("opened_on", over=TODAY),
        Doubt("closed_on", over=TODAY),
        Doubt("weekly_items", over=50),
    )
    group = GROUP

    watched = "weekly_items=1..&closed_on="

    def notices(self, record: Record) -> list[Finding]:
        """Weeks in which a channel with a weekly rhythm fell short, from its first update on."""
        assert isinstance(record, Channel)
        return self.notices_of([record])[record.pk]

    def notices_of(self, records: Sequence[Channel]) -> dict[int, list[Finding]]:
        """The same of several, in one query."""
        published: dict[int, list[tuple[date, int]]] = {record.pk: [] for record in records}
        updates = Update._default_manager.filter(
            channel__in=[record.pk for record in records if record.weekly_items]
        ).exclude(state=State.VOID)
        for channel, day, items in updates.order_by("published_on").values_list(
            "channel_id", "published_on", "items"
        ):
            published[channel].append((day, items))
        return {record.pk: _fell_short(record, published[record.pk]) for record in records}


def _fell_short(channel: Channel, published: list[tuple[date, int]]) -> list[Finding]:
    if not channel.weekly_items:
        return []
    if not published:
        return [Finding("channel.no-update", "look", "weekly_items")]
    found = []
    if missed := weeks_missed(published, channel.weekly_items):
        params = {
            "count": len(missed),
            "first": missed[0].isoformat(),
            "due": channel.weekly_items,
        }
        found.append(Finding("channel.weeks-missed", "look", "weekly_items", params))
    # Weeks that have not begun to come in are told as one silence, not one by one.
    last = published[-1][0]
    if ((channel.closed_on or timezone.localdate()) - last).days > 14:
        found.append(Finding("channel.silent", "look", "weekly_items", {"last": last.isoformat()}))
    return found


@catalogue.add
class Updates(Register):
    model = Update
    key = ("channel", "published_on", "title")
    scope = "channel.unit"
    dated = "published_on"
    parent = "channel"
    title = "title"
    columns = ("published_on", "channel", "title", "kind", "items", "online_views", "state")
    filters = ("kind", "channel.kind", "published_on", "state")
    search = ("title", "channel.code", "channel.name")
    totals = ("items", "online_views")
    sections = (
        Section(
            _("Channel update"), "channel", "published_on", "title", "kind", "items", "online_views"
        ),
    )
    doubts = (
        Doubt("published_on", over=TODAY),
        Doubt("items", over=100),
        Doubt("online_views", over=1_000_000),
    )
    group = GROUP


@catalogue.add
class MediaReports(Register):
    model = Media
    key = ("unit", "code")
    dated = "published_on"
    title = "title"
    code_prefix = "BD"
    columns = ("code", "title", "outlet", "level", "published_on", "unit", "lacks", "state")
    filters = ("level", "outlet", "published_on", "lacks", "state")
    search = ("code", "title", "outlet")
    sections = (
        Section(
            _("Media report"), "unit", "code", "title", "outlet", "level", "published_on", "link"
        ),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (View(_("To verify"), "state=submitted"),)
    doubts = (Doubt("published_on", over=TODAY),)
    proof = (Proof("document", "photo"),)
    group = GROUP


@catalogue.add
class Lessons(Register):
    model = Lesson
    key = ("unit", "code")
    dated = "published_on"
    title = "title"
    code_prefix = "KC"
    columns = ("code", "title", "kind", "published_on", "minutes", "online_views", "unit", "state")
    filters = ("kind", "bilingual", "published_on", "channel.kind", "state")
    search = ("code", "title")
    totals = ("online_views",)
    sections = (
        Section(
            _("On-line lesson"),
            "unit",
            "code",
            "title",
            "kind",
            "channel",
            "published_on",
            "minutes",
            "bilingual",
        ),
        Section(_("Who watched"), "online_views"),
        Section(_("Evidence"), Related("evidence")),
    )
    views = (
        View(_("Cloud lessons"), "kind=cloud"),
        View(_("Micro lessons"), "kind=micro"),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (
        Doubt("published_on", over=TODAY),
        Doubt("minutes", over=240),
        Doubt("online_views", over=1_000_000),
    )
    group = GROUP

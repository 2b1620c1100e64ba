"""Units, their placements and people as registers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from taizhang.ledger import catalogue
from taizhang.ledger.models import Record
from taizhang.ledger.register import TODAY, Doubt, Register, Related, Section, View

from .models import Person, Placement, Post, Unit

GROUP = _("Units and people")


@catalogue.add
class Units(Register):
    model = Unit
    key = ("code",)
    scope = "self"
    title = "name"
    columns = ("code", "name", "kind", "parent", "opened_on", "closed_on", "state")
    filters = ("kind", "parent", "opened_on", "closed_on", "state")
    search = ("code", "name", "short_name")
    sections = (
        Section(
            _("Unit"),
            "code",
            "name",
            "short_name",
            "kind",
            "parent",
            "opened_on",
            "closed_on",
        ),
        Section(_("Units below, now and before"), Related("below")),
        Section(_("Later placements"), Related("placement")),
    )
    doubts = (Doubt("opened_on", over=TODAY), Doubt("closed_on", over=TODAY))
    group = GROUP
    manager_only = True

    def settle(self, records: Sequence[Record]) -> None:
        _rebuild()


@catalogue.add
class Placements(Register):
    model = Placement
    key = ("unit", "first_on")
    parent = "unit"
    dated = "first_on"
    columns = ("unit", "parent", "first_on", "document", "state")
    filters = ("first_on", "state")
    search = ("unit.name", "parent.name", "document")
    sections = (Section(_("Placement"), "unit", "parent", "first_on", "document"),)
    group = GROUP
    manager_only = True

    def settle(self, records: Sequence[Record]) -> None:
        _rebuild()


def _rebuild() -> None:
    from .provider import rebuild_paths

    rebuild_paths()


@catalogue.add
class People(Register):
    model = Person
    key = ("unit", "code")
    title = "name"
    code_prefix = "RY"
    columns = ("code", "name", "unit", "kind", "post", "joined_on", "left_on", "state")
    filters = ("kind", "post", "joined_on", "left_on", "state")
    search = ("code", "name", "post")
    personal = ("name", "phone")
    sections = (
        Section(
            _("Person"),
            "unit",
            "code",
            "name",
            "kind",
            "post",
            "phone",
            "joined_on",
            "left_on",
        ),
    )
    views = (
        View(_("In office"), "left_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("joined_on", over=TODAY), Doubt("left_on", over=TODAY))
    group = GROUP


@catalogue.add
class Posts(Register):
    model = Post
    key = ("unit", "code")
    dated = "established_on"
    ended = "abolished_on"
    title = "title"
    code_prefix = "GW"
    columns = (
        "code",
        "title",
        "unit",
        "basis",
        "established_on",
        "filling",
        "filled_on",
        "vacated_on",
        "state",
    )
    filters = (
        "basis",
        "filling",
        "unit.kind",
        "established_on",
        "abolished_on",
        "filled_on",
        "vacated_on",
        "full_time_by_work",
        "time_share",
        "state",
    )
    search = ("code", "title")
    sections = (
        Section(_("Post"), "unit", "code", "title", "basis", "established_on", "abolished_on"),
        Section(_("Filled"), "filling", "filled_on", "vacated_on"),
        Section(_("Full time"), "full_time_by_work", "time_share"),
    )
    views = (
        View(_("Vacant"), "filled_on=&abolished_on="),
        View(_("To verify"), "state=submitted"),
    )
    doubts = (Doubt("established_on", over=TODAY), Doubt("filled_on", over=TODAY))
    group = GROUP

"""The five steps that show a newcomer the chain, in the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from taizhang.activities.models import Activity
from taizhang.evidence.models import Evidence
from taizhang.ledger.models import State


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, and where."""

    title: str | Promise
    text: str | Promise


STEPS = (
    Step(
        _("Open the number"),
        _(
            "Open “24场次” in the report: the card shows definition, trend and proof; “24 records” shows the rows."
        ),
    ),
    Step(
        _("See its proof"),
        _("This record is one of the 24. Its photo and its history stand on the page."),
    ),
    Step(
        _("Correct a row"),
        _(
            "Change the attendance and give a reason. The record leaves the figures until somebody else verifies it: look at the figure again."
        ),
    ),
    Step(
        _("Return a record"),
        _(
            "Signed in as the verifier, return a submitted record with a reason; its author sees it."
        ),
    ),
    Step(
        _("Import a faulty workbook"),
        _(
            "Upload demo-output/faulty-activities.xlsx: every fault is named with its cell, and nothing is written."
        ),
    ),
)


def target(number: int) -> str:
    """Where a step takes place."""
    activity = "/activities/activity/"
    if number == 1:
        return reverse("report", args=["county-annual"]) + "?unit=banner&period=2021"
    if number in (2, 3):
        proved = Evidence.objects.filter(register="activities.activity", kind="photo")
        row = (
            Activity.objects.filter(
                state=State.VERIFIED,
                held_on__year=2021,
                themes__code="rural",
                pk__in=proved.values("record_id"),
            )
            .order_by("-attendance")
            .first()
        )
        if row is None:
            return activity
        return f"{activity}{row.pk}/" if number == 2 else f"{activity}{row.pk}/edit/"
    if number == 4:
        return f"{activity}?state=submitted"
    return f"{activity}import/"


def current(request: HttpRequest) -> dict[str, Any] | None:
    """The step the user stands at, for the bar on top of the page."""
    number = request.session.get("tour")
    if not settings.DEMO or not isinstance(number, int) or not 1 <= number <= len(STEPS):
        return None
    step = STEPS[number - 1]
    return {
        "step": number,
        "total": len(STEPS),
        "text": step.text,
        "next_url": reverse("tour", args=[number + 1]) if number < len(STEPS) else "",
        "stop_url": reverse("tour_stop"),
    }

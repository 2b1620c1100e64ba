"""The heads of the sealed history that signed reports keep."""

from __future__ import annotations

from collections.abc import Iterator

from .models import State, Submission


def of_signed_reports() -> Iterator[dict[str, object]]:
    """The head of the day sealed last when each report was signed."""
    kept = Submission.objects.filter(state=State.SIGNED).order_by("pk")
    for known in kept.values_list("history", flat=True):
        if "seal" in known:
            yield {name: value for name, value in known.items() if name != "last_entry"}

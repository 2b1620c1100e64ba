"""The reports as somewhere to go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from taizhang.goto.destinations import REPORT, Destination
from taizhang.outlines.catalogue import outlines


def of_the_reports(user: Any) -> Iterator[Destination]:
    """Every report there is an outline for."""
    language = get_language() or "zh"
    for code, outline in outlines().items():
        names = (outline.name.zh, outline.name.en, code)
        url = reverse("report", args=(code,))
        yield Destination(REPORT, outline.name.say(language), url, words=names)

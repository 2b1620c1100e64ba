"""The figures as somewhere to go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from taizhang.goto.destinations import FIGURE, Destination

from .definitions import of_user


def of_the_figures(user: Any) -> Iterator[Destination]:
    """Every figure, found by either name, its code, and the words reports use for it."""
    language = get_language() or "zh"
    for code, definition in of_user(user).items():
        names = (definition.name.zh, definition.name.en, code, *definition.subject)
        url = reverse("figure", args=(code,))
        yield Destination(FIGURE, definition.name.say(language), url, definition.unit, names)

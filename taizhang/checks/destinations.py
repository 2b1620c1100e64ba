"""Proofreading as somewhere to go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from taizhang.goto.destinations import ACTION, PAGE, Destination


def of_the_checks(user: Any) -> Iterator[Destination]:
    """The page of all manuscripts, and where a new one is handed in."""
    url = reverse("checks")
    yield Destination(PAGE, _("Proofreading"), url, words=("核稿", "校对", "检查报告", "checks"))
    yield Destination(
        ACTION, _("Check a manuscript"), f"{url}#new", words=("核稿", "上传文稿", "check")
    )

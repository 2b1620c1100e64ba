"""What templates ask about outlines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import get_language

from taizhang.engines.findings import Finding
from taizhang.engines.tree import Run
from taizhang.outlines.views import may_edit
from taizhang.wording import say

register = template.Library()
SHORT = 14


@register.filter
def beginning(runs: Iterable[Run]) -> str:
    """The first words of a block, to call it by."""
    text = "".join(run.text for run in runs)
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


@register.filter
def sentence(finding: Finding) -> str:
    """What a finding says."""
    return say(finding, get_language() or "zh")


@register.filter
def may_be_edited_by(unit: Any, user: Any) -> bool:
    """Whether the user may edit the outlines of the unit."""
    return may_edit(user, unit)

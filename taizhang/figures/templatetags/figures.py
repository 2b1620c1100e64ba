"""Words of figures for templates."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.translation import get_language

from taizhang.engines.tree import FigureRun, Run
from taizhang.figures.facts import Fact

register = template.Library()
_STOPS = tuple("，。；：、！？）”’%")


@register.filter
def figure_name(fact: Fact) -> str:
    """The name of a figure in the language of the moment."""
    return fact.definition.name.say(get_language() or "zh")


@register.filter
def figure_note(fact: Fact) -> str:
    """The definition's own words, where it has some."""
    note = fact.definition.note
    return note.say(get_language() or "zh") if note else ""


@register.filter
def pieces(runs: Sequence[Run]) -> list[dict[str, object]]:
    """Runs of a paragraph for the page: a number keeps the punctuation that follows it, so that
    no line begins with a full stop."""
    found: list[dict[str, object]] = []
    for run in runs:
        if isinstance(run, FigureRun):
            found.append({"figure": run, "tail": ""})
            continue
        text = run.text
        if found and "figure" in found[-1] and text[:1] in _STOPS:
            found[-1]["tail"], text = text[0], text[1:]
        if text:
            found.append({"text": text})
    return found

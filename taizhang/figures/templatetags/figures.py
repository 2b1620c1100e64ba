"""Words of figures for templates."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from taizhang.engines.tree import FigureRun, Run
from taizhang.figures.facts import Fact

register = template.Library()


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
def is_figure(run: Run) -> bool:
    """Whether a run of text is a number that opens."""
    return isinstance(run, FigureRun)

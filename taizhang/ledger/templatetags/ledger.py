"""What the ledger's templates ask for: marks, and addresses made out of a list's query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from taizhang.engines.queries import Condition, Exact, Query
from taizhang.ledger import kinds, render, states
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

register = template.Library()


@register.filter
def mark(state: str) -> str:
    """The single character inside the chop of a state."""
    return render.mark_character(state)


@register.filter
def each_word(text: str) -> list[str]:
    """The words of a many-valued field, as ``TermsField.show`` joins them."""
    return text.split("、")


@register.filter
def extension(name: str) -> str:
    """What kind of file a name says: ``PDF``."""
    return PurePath(name).suffix.removeprefix(".").upper()


@register.filter
def latest_reason(events: Iterable[render.Event], verb: str) -> str:
    """The reason given when this was last done; events come newest first."""
    return next((event.reason for event in events if event.verb == verb), "")


@register.filter
def way(message: Any, kind: str) -> str:
    """Where a message leads: to ``see`` more, or to ``undo`` it (to be posted); blank if nowhere."""
    tags = str(message.extra_tags or "").split()
    return next((tag.removeprefix(f"{kind}:") for tag in tags if tag.startswith(f"{kind}:/")), "")


@register.filter
def needing_reason(actions: Iterable[states.Offer]) -> list[states.Offer]:
    """The actions for which somebody has to say why."""
    return [action for action in actions if action.needs_reason]


@register.filter
def with_reasons(actions: Iterable[states.Action]) -> list[states.Action]:
    """The actions for which somebody may have to say why."""
    return [action for action in actions if action.reason_from]


@register.simple_tag
def pairs(query: Query, *left_out: Any) -> list[tuple[str, str]]:
    """The query as (name, value) pairs, without some paths (or the paths of some filters)."""
    for part in left_out:
        for path in [part] if isinstance(part, str) else [each.path for each in part]:
            query = query.without(path)
    return parse_qsl(query.canonical(), keep_blank_values=True)


@register.simple_tag
def hidden_inputs(query: Query, *left_out: Any) -> SafeString:
    """The same as hidden inputs, for a form that changes only what is left out."""
    given = pairs(query, *left_out)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', given)


@register.simple_tag
def narrowed(query: Query, path: str, value: str) -> str:
    """The query string of the rows that have just this value there."""
    rest = query.without(path)
    wanted = (*rest.conditions, Condition(path, False, (Exact(value),)))
    return replace(rest, conditions=wanted).canonical()


@register.simple_tag
def without(query: Query, path: str) -> str:
    """The query string without the conditions on a path."""
    return query.without(path).canonical()


@register.simple_tag
def at_page(query: Query, number: int) -> str:
    """The query string of one page of the list."""
    return query.at_page(number)


@register.simple_tag
def searched(declared: Register) -> str:
    """The labels of the fields that a search looks into."""
    labels = [kinds.resolve_path(declared, path)[1].label for path in declared.search]
    between = "、" if (get_language() or "zh").startswith("zh") else ", "
    return between.join(dict.fromkeys(labels))


@register.simple_tag
def day_of(declared: Register, record: Record) -> Any:
    """The day a record belongs to; None when its kind has none."""
    value: Any = record if declared.dated else None
    for step in filter(None, declared.dated.split(".")):
        value = getattr(value, step, None)
    return value

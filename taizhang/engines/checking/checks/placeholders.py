"""What was never filled in: X个, XXX余次, 20XX年, and names left as XX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue, Span

_YEAR = re.compile(r"(?<![0-9])(?:19|20)(?:[xX]{2}|[○_*]{2})年|(?<![0-9A-Za-z])[xX]{2,4}年")
_NAME = re.compile(r"(?<![A-Za-z0-9])[xX]{1,6}(?![A-Za-z0-9%])|[○]{2,4}")


def check(context: Context) -> Iterator[Issue]:
    """An error for each number and year, one hint for all names together."""
    taken: set[int] = set()
    for one in context.quantities:
        if one.is_placeholder:
            taken.update(range(one.start, one.end))
            params = {"text": one.text, "subject": one.subject}
            yield Issue("placeholder", "placeholder.number", "error", (one.span,), params)
    for match in _YEAR.finditer(context.folded):
        taken.update(range(*match.span()))
        text = context.plain[match.start() : match.end()]
        yield Issue(
            "placeholder", "placeholder.year", "error", (Span(*match.span()),), {"text": text}
        )
    names = [Span(*m.span()) for m in _NAME.finditer(context.folded) if m.start() not in taken]
    if names:
        yield Issue("placeholder", "placeholder.name", "hint", tuple(names), {"count": len(names)})

"""Reading a report back: every quantity in it, and what does not agree.

``check`` is the whole; ``extract`` the quantities alone. No model, no database, no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from taizhang.engines.checking import subjects, tables
from taizhang.engines.checking.checks import ALL
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.scan import fold, scan
from taizhang.engines.checking.sections import Sections
from taizhang.engines.checking.text import Text
from taizhang.engines.checking.types import Issue, Quantity, Report, Span

__all__ = ["Issue", "Quantity", "Report", "Span", "Text", "check", "extract", "read"]


def extract(source: str | Text) -> tuple[Quantity, ...]:
    """Return every quantity of the text in reading order."""
    text = _text(source)
    return _quantities(text, fold(text.plain), Sections(text.plain))


def check(
    source: str | Text, *, year: int | None = None, synonyms: Mapping[str, str] | None = None
) -> Report:
    """Return the quantities and everything that does not agree, in reading order.

    ``year`` is the year reported on, where the caller knows it, else the first year that the
    opening names; ``synonyms`` maps words for what is counted to the one word that stands for them.
    """
    context = read(source, year=year, synonyms=synonyms)
    # Two checks may come upon one mistake by different ways; it is told once.
    told = {(one.type, one.spans): one for each in ALL for one in each(context)}
    issues = sorted(
        _once(told.values()),
        key=lambda issue: (issue.spans[0].start, issue.spans[0].end, issue.type, issue.code),
    )
    return Report(context.text, context.quantities, tuple(issues))


def read(
    source: str | Text, *, year: int | None = None, synonyms: Mapping[str, str] | None = None
) -> Context:
    """Return what the checks are given: the text with its quantities and sections."""
    text = _text(source)
    folded, sections = fold(text.plain), Sections(text.plain)
    quantities = _quantities(text, folded, sections)
    return Context(text, folded, quantities, sections, year, synonyms or {})


def _once(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Of two sums that have two numbers in common the first that was found."""
    summed: set[frozenset[Span]] = set()
    for issue in issues:
        if issue.type == "sum_mismatch":
            spans = frozenset(issue.spans)
            if any(len(spans & other) > 1 for other in summed):
                continue
            summed.add(spans)
        yield issue


def _text(source: str | Text) -> Text:
    return source if isinstance(source, Text) else Text.of(source)


def _quantities(text: Text, folded: str, sections: Sections) -> tuple[Quantity, ...]:
    found = scan(text.plain, folded)
    listed = tables.in_tables(text)
    if listed:
        taken = {one.start for one in found}
        found += [one for one, _subject in listed if one.start not in taken]
        found.sort()
    known = {one.start: subject for one, subject in listed}
    return tuple(subjects.attach(found, text, sections, known))

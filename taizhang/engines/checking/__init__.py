"""Reading a Chinese work report back: every quantity in it, and what does not agree.

    from taizhang.engines.checking import check

    report = check("全年开展活动24场次，受益3356余人次。", year=2021)
    for issue in report.issues:
        print(issue.type, [report.text[a:b] for a, b in issue.spans])

Pure: no files, no database, no sentences. ``documents`` makes a ``Text`` of a .docx, ``wording``
makes sentences of the codes.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import subjects, tables
from .checks import ALL
from .context import Context
from .scan import scan
from .sections import Sections
from .text import Text
from .types import Issue, Quantity, Report, Span

__all__ = ["Issue", "Quantity", "Report", "Span", "Text", "check", "extract"]


def check(
    source: str | Text, *, year: int | None = None, synonyms: Mapping[str, str] | None = None
) -> Report:
    """Extract the quantities of a text and check them; offsets count characters of the plain text.

    ``year`` is the year the report is about; without it the first year of its opening is taken.
    ``synonyms`` maps words for what is counted to one word (受益群众 → 受益公众), beside the table.
    """
    text = Text.of(source) if isinstance(source, str) else source
    sections = Sections(text.plain)
    quantities = _extracted(text, sections)
    context = Context(text, quantities, sections, year, synonyms or {})
    issues = [issue for find in ALL for issue in find(context)]
    issues.sort(key=lambda issue: (issue.spans[0], issue.code))
    return Report(text.plain, quantities, tuple(issues))


def extract(source: str | Text) -> tuple[Quantity, ...]:
    """The quantities alone, with subject, section, period and scope."""
    text = Text.of(source) if isinstance(source, str) else source
    return _extracted(text, Sections(text.plain))


def _extracted(text: Text, sections: Sections) -> tuple[Quantity, ...]:
    found = scan(text.plain)
    listed = tables.in_tables(text)
    if listed:
        taken = {one.start for one in found}
        found += [one for one, _subject in listed if one.start not in taken]
        found.sort(key=lambda one: one.start)
    known = {one.start: subject for one, subject in listed}
    return tuple(subjects.attach(found, text, sections, known))

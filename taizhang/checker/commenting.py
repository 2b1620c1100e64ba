"""What was found, written into a copy of the report as Word comments at their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from taizhang.checker.saying import said
from taizhang.checker.words import word
from taizhang.documents.docx_comments import Remark, write_commented, write_text_commented
from taizhang.documents.files import Target
from taizhang.documents.manuscripts import Manuscript
from taizhang.engines.checking import Issue, Report

MOST_SPANS = 8
"""An issue that speaks of more places is said at the first so many."""


def remarks_of(
    report: Report, language: str, issues: Sequence[Issue] | None = None
) -> list[Remark]:
    """The comments for the issues of a report (or for these): the whole at the first place of each,
    at its other places what they have to do with it."""
    found = []
    plain = report.text.plain
    for issue in report.issues if issues is None else issues:
        words = said(issue, language)
        first, *others = issue.spans[:MOST_SPANS]
        quoted = word("quoted", language, text=plain[first.start : first.end][:40])
        text = f"【{words.level}】{words.heading}：{words.text}"
        found.append(Remark(first.start, first.end, text))
        found += [
            Remark(span.start, span.end, f"【{words.level}】{words.heading}：{quoted}")
            for span in others
        ]
    return found


def write(
    path: Path,
    manuscript: Manuscript,
    report: Report,
    target: Target,
    *,
    language: str,
    extra: Iterable[Remark] = (),
    issues: Sequence[Issue] | None = None,
) -> int:
    """Write the commented copy; returns how many comments found their place."""
    remarks = sorted(
        [*remarks_of(report, language, issues), *extra], key=lambda one: (one.start, one.end)
    )
    if path.suffix.lower() == ".docx":
        return write_commented(path, remarks, target, manuscript.name)
    return write_text_commented(
        manuscript, remarks, target, title=Path(manuscript.name).stem, at=datetime.now(UTC)
    )

"""What an issue says to a person: its heading, the reason, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.checker.words import word
from taizhang.engines.checking import Issue
from taizhang.wording.checking import explain


@dataclass(frozen=True, slots=True)
class Said:
    """An issue in words; ``suggestion`` is blank where there is nothing to add."""

    heading: str
    level: str
    reason: str
    suggestion: str

    @property
    def text(self) -> str:
        """Reason and suggestion as one text."""
        between = " " if self.suggestion and self.reason.endswith(".") else ""
        return f"{self.reason}{between}{self.suggestion}"


def said(issue: Issue, language: str) -> Said:
    """An issue in the reader's language."""
    words = explain(issue.code, issue.params, language)
    return Said(
        word(issue.type.replace("_", "-"), language),
        word(issue.severity, language),
        words.reason,
        words.suggestion,
    )

"""What an issue says to a person: its heading, the reason, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from taizhang.checker.words import word
from taizhang.engines.checking import Issue
from taizhang.engines.findings import Finding
from taizhang.wording import codes, say

_FIRST = re.compile(r"(?<=[。.!?！？])\s*")


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
    """An issue in the reader's language: the first sentence is the reason, the rest the cure."""
    heading = word(issue.type.replace("_", "-"), language)
    known = issue.code in codes()
    sentence = say(Finding(issue.code, params=issue.params), language) if known else heading
    reason, *rest = _FIRST.split(sentence, maxsplit=1)
    return Said(
        heading,
        word(issue.severity, language),
        reason,
        rest[0].strip() if rest else "",
    )

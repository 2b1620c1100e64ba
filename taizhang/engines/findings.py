"""What a check has to say, without the sentence.

An engine returns codes and parameters; ``taizhang.wording`` makes the sentence at the edge, in the
reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["must", "look", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say: ``code`` names the sentence, ``where`` the place, ``params`` fill it in.

    ``severity``: *must* hinders the work until it is cured, *look* wants a person's eye, *hint*
    is advice. ``where`` is a place a person can find: ``活动!C7``, ``p-12``,
    ``volunteering.events``.
    """

    code: str
    severity: Severity = "must"
    where: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def at(self, where: str) -> Finding:
        """Return the same finding at another place."""
        return Finding(self.code, self.severity, where, self.params)


class Refused(Exception):
    """Something was asked that cannot be done; the findings say what and why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f"{f.code} {dict(f.params)}".strip() for f in findings))
        self.findings: tuple[Finding, ...] = findings

    @classmethod
    def because(cls, code: str, where: str = "", /, **params: object) -> Refused:
        """Refuse for one reason."""
        return cls(Finding(code, "must", where, params))

"""What the checker finds: quantities, and issues about them. No sentences: codes and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

Number = int | Decimal
Severity = Literal["error", "warning", "hint"]
_NOTHING: Mapping[str, object] = MappingProxyType({})


class Span(NamedTuple):
    """A stretch of the plain text in characters; ``end`` is exclusive."""

    start: int
    end: int


class Quantity(NamedTuple):
    """A number with its measure word, as it stands in the text.

    ``value`` is the number written (7800余 → 7800; None for 数百, XX), ``value_max`` the end of a
    range. Money keeps 万元 or 亿元 as its unit, elsewhere 万 and 亿 are in the value. ``qualifier``
    is one of exact, over, nearly, about, at_least, at_most, less_than, range, vague, or two of them
    joined by ``|``. ``subject`` is what is counted, ``section`` the path of headings (``三/（一）``),
    ``period`` and ``scope`` the time and the circle that the clause names ("" when none).
    ``fact`` is the id of our own content control in which it stands.
    """

    start: int
    end: int
    text: str
    value: Number | None
    value_max: Number | None
    unit: str
    qualifier: str
    placeholder: bool = False
    bare: bool = False
    subject: str = ""
    section: str = ""
    period: str = ""
    scope: str = ""
    fact: str = ""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that does not agree, or is not written as it should be.

    ``type`` is the kind (``sum_mismatch``), ``code`` the exact rule (``sum_mismatch.total``), whose
    sentence ``taizhang.wording`` makes with ``params``. ``error`` is wrong whatever was meant,
    ``warning`` very probably, ``hint`` worth a look.
    """

    type: str
    code: str
    severity: Severity
    spans: tuple[Span, ...]
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check: both lists in reading order; offsets are those of ``text``."""

    text: str
    quantities: tuple[Quantity, ...]
    issues: tuple[Issue, ...]

"""What the checker finds: quantities, issues, and the report that holds both.

Offsets count characters of the plain text, the end exclusive. Issues carry codes and parameters;
sentences are made at the edge (``taizhang.wording``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from taizhang.engines.checking.text import Text

Number = int | Decimal
Severity = Literal["error", "warning", "hint"]
Type = Literal[
    "conflict",
    "duplicate_reuse",
    "exact_with_over",
    "redundant_approx",
    "sum_mismatch",
    "arithmetic",
    "unit_mix",
    "date_or_year",
    "placeholder",
    "other",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the plain text."""

    start: int
    end: int


class Quantity(NamedTuple):
    """One statement of a quantity as it stands in the text.

    ``value`` is the number written (7800余 → 7800, 近千 → 1000), None where none is (数百, X个);
    ``value_max`` the end of a range. Money keeps 万元 or 亿元 as its unit; elsewhere 万 and 亿 are
    in the value. ``qualifier``: exact, over, nearly, about, at_least, at_most, less_than, range,
    vague, or several joined by ``|``. ``low`` and ``high`` bound what the words can mean, in the
    base unit (yuan for money), inclusive; None: unbounded. ``sentence`` numbers sentences.
    ``fact`` is the id of
    the content control around it, blank for a number somebody typed.
    """

    start: int
    end: int
    text: str
    value: Number | None
    value_max: Number | None
    unit: str
    qualifier: str
    subject: str = ""
    section: str = ""
    low: Number | None = None
    high: Number | None = None
    dimension: str = "other"
    sentence: int = 0
    fact: str = ""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @property
    def is_placeholder(self) -> bool:
        """Whether the number was never filled in."""
        return self.value is None and "vague" not in self.qualifier


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that does not agree. The first span is the place to look at first."""

    type: Type
    code: str
    severity: Severity
    spans: tuple[Span, ...]
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A text with what was found in it, both in reading order."""

    text: Text
    quantities: tuple[Quantity, ...]
    issues: tuple[Issue, ...]

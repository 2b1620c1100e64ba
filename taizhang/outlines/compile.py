"""A report of a unit and a period: facts gathered, outline compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from taizhang.engines.findings import Finding
from taizhang.engines.outlines.compile import Compiled, ListFact, ReportFact, compile_outline
from taizhang.engines.outlines.parse import Listing, Outline
from taizhang.engines.periods import Period
from taizhang.evidence.models import Strength
from taizhang.figures import breakdown
from taizhang.figures.facts import Fact, facts
from taizhang.ledger import access
from taizhang.ledger.render import period_label
from taizhang.org.models import Unit

from . import lists

DRAFT, FINAL = "送审稿", "定稿"
"""What a report calls itself, in the variable ``version``: a report is a Chinese document."""
WEAK_SHARE = Fraction(3, 10)
"""From this share of rows without proof of their day a figure's proof is called weak."""


@dataclass(frozen=True)
class Report:
    """A compiled report with the facts it stands on."""

    outline: Outline
    unit: Unit
    period: Period
    compiled: Compiled
    facts: dict[str, Fact]
    strengths: dict[str, dict[int, int]]
    given: Mapping[str, ReportFact] = field(repr=False)
    names: Mapping[Listing, ListFact] = field(repr=False)

    @property
    def title(self) -> str:
        """The printed title on one line."""
        return self.compiled.document.title

    def missing(self) -> list[Finding]:
        """The findings that must be cured before the report can go out."""
        return [finding for finding in self.compiled.findings if finding.severity == "must"]


def report(outline: Outline, unit: Unit, period: Period) -> Report:
    """Compile an outline for a unit and a period, in a fixed number of queries."""
    with access.remembering():
        return _report(outline, unit, period)


def _report(outline: Outline, unit: Unit, period: Period) -> Report:
    found = facts(outline.figures(), unit.code, period)
    groups = breakdown.shared_rows(found.values())
    strengths: dict[str, dict[int, int]] = {}
    by_rows: dict[str, dict[int, int]] = {}
    for code, fact in found.items():
        key = fact.address or code
        if key not in by_rows:
            by_rows[key] = breakdown.strength(fact)
        strengths[code] = by_rows[key]
    given = {
        code: ReportFact(
            code=code,
            name=fact.definition.name.say("zh"),
            value=fact.value,
            rows=fact.rows,
            unit=fact.definition.unit,
            style=fact.definition.style,
            zero=fact.definition.zero,
            query=fact.address,
            row_group=groups.get(code),
            row_group_size=fact.rows,
            weak=_weak(strengths[code]),
        )
        for code, fact in found.items()
    }
    names = lists.gather(outline.lists(), unit, period)
    compiled = compile_outline(outline, given, variables(unit, period), names)
    return Report(outline, unit, period, compiled, found, strengths, given, names)


def final(made: Report) -> Report:
    """The same report, worded as the one that is signed: the same facts, no longer a draft."""
    words = variables(made.unit, made.period) | {"version": FINAL}
    compiled = compile_outline(made.outline, made.given, words, made.names)
    return replace(made, compiled=compiled)


def _weak(strength: dict[int, int]) -> bool:
    total = sum(strength.values())
    weak = strength.get(Strength.LATER, 0) + strength.get(Strength.NONE, 0)
    return bool(total) and Fraction(weak, total) >= WEAK_SHARE


def variables(unit: Unit, period: Period) -> dict[str, str]:
    """What the variables of an outline say for a unit and a period."""
    last = period.last
    return {
        "unit": unit.name,
        "year": str(period.year),
        "next_year": str(period.year + 1),
        "period": f"{period.year}年" if period.kind == "year" else period_label(period),
        "version": DRAFT,
        "date": f"{last.year}年{last.month}月{last.day}日",
    }


def control_facts(made: Report) -> dict[str, dict[str, Any]]:
    """What each content control carries: its fact, so that an edited file can be read back."""
    return {
        run.id: {
            "code": run.code,
            "value": run.value,
            "unit": run.unit,
            "rows": run.rows,
            "query": run.query,
            "period": made.period.text,
            "unit_code": made.unit.code,
            "prints": run.text,
            "definition": made.facts[run.code].definition.hash,
        }
        for run in made.compiled.document.figures()
    }

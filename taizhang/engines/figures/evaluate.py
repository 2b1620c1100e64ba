"""From the counts of rows to the values of figures, each with its trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from taizhang.engines.figures.definitions import Definition
from taizhang.engines.figures.formula import Computed, Trace, compute, figures_in, to_decimal
from taizhang.engines.figures.numerals import plain
from taizhang.engines.findings import Finding
from taizhang.engines.periods import Period


@dataclass(frozen=True, slots=True)
class LeafValue:
    """What the register gave for a leaf: the measure, the rows, and the rows without a value.

    ``blank`` counts rows whose measured field is empty; it is 0 for a count.
    """

    value: Decimal | None
    rows: int
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure's value. ``rows`` is 0 for a formula: its leaves have the rows."""

    code: str
    value: Decimal | None
    rows: int
    leaves: tuple[str, ...]
    findings: tuple[Finding, ...]
    trace: Trace


def leaves_of(codes: Iterable[str], definitions: Mapping[str, Definition]) -> tuple[str, ...]:
    """Return the leaves that these figures rest on, in first-use order.

    Raises KeyError for a code without a definition.
    """
    found: dict[str, None] = {}
    for code in codes:
        formula = definitions[code].formula
        if formula is None:
            found[code] = None
        else:
            below = leaves_of(figures_in(formula.expression), definitions)
            found.update(dict.fromkeys(below))
    return tuple(found)


def evaluate(
    codes: Iterable[str],
    definitions: Mapping[str, Definition],
    values: Mapping[str, LeafValue],
    period: Period,
) -> dict[str, Outcome]:
    """Return the outcome of each code, given the value of every leaf in ``leaves_of(codes)``.

    No rows is nought. Rows of which none has a value give no value; some blank ones give the
    value of the others; both say ``figure.blank-values``. A formula is exact where its decimals
    end, else rounded half-even to six places; where it has no value its findings say why. A
    finding's ``where`` is the figure that it is about. Raises KeyError for an unknown code or a
    leaf without a value.
    """
    done: dict[str, Computed] = {}
    outcomes: dict[str, Outcome] = {}
    for code in codes:
        computed = _figure(code, definitions, values, period, done)
        is_leaf = definitions[code].formula is None
        outcomes[code] = Outcome(
            code,
            computed.trace.value,
            values[code].rows if is_leaf else 0,
            leaves_of((code,), definitions),
            computed.findings,
            computed.trace,
        )
    return outcomes


def _figure(
    code: str,
    definitions: Mapping[str, Definition],
    values: Mapping[str, LeafValue],
    period: Period,
    done: dict[str, Computed],
) -> Computed:
    if code in done:
        return done[code]
    formula = definitions[code].formula
    if formula is None:
        done[code] = _leaf(code, values[code])
        return done[code]
    parts = {
        part: _figure(part, definitions, values, period, done)
        for part in figures_in(formula.expression)
    }
    computed = compute(formula.expression, parts, period)
    findings: list[Finding] = []
    for finding in computed.findings:
        # What the formula itself says has no place yet; what its parts say already has theirs.
        placed = finding if finding.where else finding.at(code)
        if placed not in findings:
            findings.append(placed)
    value = None if computed.value is None else to_decimal(computed.value)
    trace = Trace(code, value, (computed.trace,))
    done[code] = replace(computed, trace=trace, findings=tuple(findings))
    return done[code]


def _leaf(code: str, given: LeafValue) -> Computed:
    findings: tuple[Finding, ...] = ()
    if given.blank:
        params = {"rows": given.rows, "blank": given.blank}
        findings = (Finding("figure.blank-values", "look", code, params),)
    value = given.value
    if given.rows == 0:
        value = Decimal(0)
    elif given.rows == given.blank:
        value = None
    if value is None:
        return Computed(None, Trace(code, None), findings)
    value = Decimal(plain(value))
    return Computed(Fraction(value), Trace(code, value), findings)

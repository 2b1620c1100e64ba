"""Formulas over figures: ``a.b / c.d``, read safely and computed exactly.

Allowed are ``+ - * /``, parentheses, decimal numbers, figure codes, and the counts ``weeks``,
``days`` and ``months`` of the period. Nothing is ever executed: Python's own parser gives the
tree, and only nodes on a short list are taken from it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from taizhang.engines.figures.numerals import plain
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.periods import Period

PERIOD_NAMES = ("weeks", "days", "months")
Operator = Literal["+", "-", "*", "/"]

# Long enough for any honest formula, short enough that no nesting can exhaust the stack.
_LONGEST = 500
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_OPERATORS: Mapping[type[ast.operator], Operator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the formula."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """Another figure's value."""

    code: str


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """A count of the period: its Mondays, days or months."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the four operations."""

    operator: Operator
    left: Expression
    right: Expression


Expression = Number | Figure | PeriodCount | Operation


@dataclass(frozen=True, slots=True)
class Trace:
    """How a value came about: ``what`` is a figure's code, an operator, a number or a count.

    ``parts`` are what it was made of, in writing order; a leaf has none.
    """

    what: str
    value: Decimal | None
    parts: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """An exact result with its trace and what there is to say about it."""

    value: Fraction | None
    trace: Trace
    findings: tuple[Finding, ...] = ()


def parse_formula(text: str) -> Expression:
    """Read a formula. Raises Refused ``definition.formula-syntax`` naming what cannot be read."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise Refused.because("definition.formula-syntax", text=text[:40] + "…")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        raise Refused.because("definition.formula-syntax", text=text) from None
    return _expression(tree.body, text)


def write(expression: Expression) -> str:
    """Return the formula in one spelling, every operation in parentheses."""
    match expression:
        case Number(value):
            return plain(value)
        case Figure(code):
            return code
        case PeriodCount(name):
            return name
        case Operation(operator, left, right):
            return f"({write(left)} {operator} {write(right)})"


def figures_in(expression: Expression) -> tuple[str, ...]:
    """Return the codes that the formula names, in first-use order."""
    match expression:
        case Figure(code):
            return (code,)
        case Operation(_, left, right):
            return tuple(dict.fromkeys(figures_in(left) + figures_in(right)))
        case _:
            return ()


def operators_in(expression: Expression) -> frozenset[Operator]:
    """Return the operators that the formula uses."""
    if isinstance(expression, Operation):
        below = operators_in(expression.left) | operators_in(expression.right)
        return below | {expression.operator}
    return frozenset()


def has_constants(expression: Expression) -> bool:
    """Tell whether the formula names a number or a count of the period."""
    if isinstance(expression, Operation):
        return has_constants(expression.left) or has_constants(expression.right)
    return not isinstance(expression, Figure)


def compute(expression: Expression, parts: Mapping[str, Computed], period: Period) -> Computed:
    """Compute a formula over the figures in ``parts`` (all that it names: else KeyError).

    Exact: fractions throughout, decimals only in the trace. Without a value, a finding says why:
    ``figure.missing-part`` or ``figure.divided-by-nought``; findings of the parts come first.
    """
    match expression:
        case Number(value):
            return Computed(Fraction(value), Trace(plain(value), value))
        case PeriodCount(name):
            count = _count(name, period)
            return Computed(Fraction(count), Trace(name, Decimal(count)))
        case Figure(code):
            part = parts[code]
            if part.value is not None:
                return part
            missing = Finding("figure.missing-part", "look", "", {"part": code})
            return Computed(None, part.trace, (*part.findings, missing))
        case Operation(operator, left, right):
            return _operate(
                operator, compute(left, parts, period), compute(right, parts, period), right
            )


def to_decimal(value: Fraction) -> Decimal:
    """Return the decimal: exact where it ends, else rounded half-even to six places."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest == 1:
        return Decimal(
            plain(Decimal(f"{value.numerator * 10**places // value.denominator}E-{places}"))
        )
    scaled = round(value * 10**_PLACES)  # Fraction rounds halves to even
    return Decimal(plain(Decimal(f"{scaled}E-{_PLACES}")))


def _expression(node: ast.expr, text: str) -> Expression:
    written = ast.get_source_segment(text, node) or ""
    match node:
        # The text of the number, not its value: a float would lose decimal places.
        case ast.Constant() if _NUMBER.fullmatch(written):
            return Number(Decimal(written))
        case ast.Name(name) if name in PERIOD_NAMES:
            return PeriodCount(name)
        case ast.Name() | ast.Attribute():
            return Figure(_code(node, text))
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            kind = _OPERATORS[type(operator)]
            return Operation(kind, _expression(left, text), _expression(right, text))
        case _:
            raise Refused.because("definition.formula-syntax", text=written)


def _code(node: ast.expr, text: str) -> str:
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value, attribute):
            return f"{_code(value, text)}.{attribute}"
        case _:
            written = ast.get_source_segment(text, node) or ""
            raise Refused.because("definition.formula-syntax", text=written)


def _count(name: str, period: Period) -> int:
    if name == "weeks":
        return period.weeks()
    return period.days() if name == "days" else len(period.months())


def _operate(operator: Operator, left: Computed, right: Computed, divisor: Expression) -> Computed:
    findings = left.findings + right.findings
    value: Fraction | None = None
    if left.value is not None and right.value is not None:
        if operator == "+":
            value = left.value + right.value
        elif operator == "-":
            value = left.value - right.value
        elif operator == "*":
            value = left.value * right.value
        elif right.value != 0:
            value = left.value / right.value
        else:
            params = {"divisor": write(divisor)}
            findings += (Finding("figure.divided-by-nought", "look", "", params),)
    decimal = None if value is None else to_decimal(value)
    return Computed(value, Trace(operator, decimal, (left.trace, right.trace)), findings)

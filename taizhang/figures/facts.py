"""Facts: what the figures of a unit are in a period, each with the address of its rows.

gather (one query for each set of rows) → evaluate (pure) → word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from taizhang.engines.figures.definitions import Definition, Leaf, Measure
from taizhang.engines.figures.evaluate import LeafValue, evaluate, leaves_of
from taizhang.engines.figures.formula import Trace
from taizhang.engines.figures.numerals import plain, spell
from taizhang.engines.figures.rows import rows_query
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.periods import Period
from taizhang.ledger import access, catalogue, kinds, query
from taizhang.ledger.register import Register

from . import statements
from .definitions import definitions, get


@dataclass(frozen=True)
class Fact:
    """A figure's value for one unit and one period.

    ``rows`` is how many records were counted (0 for a formula), ``address`` the list that shows
    exactly these (None for a formula: its ``leaves`` have them).
    """

    definition: Definition
    unit_code: str
    period: Period
    value: Decimal | None
    rows: int
    address: str | None
    leaves: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    trace: Trace | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def prints(self) -> str:
        """The default wording; empty when there is no value."""
        d = self.definition
        return spell(self.value, d.unit, d.style, d.zero) or ""

    @property
    def text(self) -> str:
        """The exact value as plain text; empty when there is none."""
        return "" if self.value is None else plain(self.value)

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The fact as other programs read it."""
        found: dict[str, Any] = {
            "code": self.code,
            "name": self.definition.name.say(language),
            "value": None if self.value is None else plain(self.value),
            "unit": self.definition.unit,
            "rows": self.rows,
            "query": self.address,
            "period": self.period.text,
            "unit_code": self.unit_code,
            "prints": self.prints,
        }
        if self.leaves:
            found["leaves"] = [leaf.as_json(language) for leaf in self.leaves]
        return found


def facts(codes: Iterable[str] | None, unit_code: str, period: Period) -> dict[str, Fact]:
    """The facts of these figures (all of them when None), in order.

    Refuses an unknown unit or figure.
    """
    wanted = list(codes) if codes is not None else list(definitions())
    for code in wanted:
        get(code)
    with access.remembering():
        if access.unit_id(unit_code) is None:
            raise Refused.because("query.unknown-unit", "unit", code=unit_code)
        leaves = leaves_of(wanted, definitions())
        values = gather(leaves, unit_code, period)
    return build(wanted, values, unit_code, period)


def build(
    codes: Sequence[str], values: Mapping[str, LeafValue], unit_code: str, period: Period
) -> dict[str, Fact]:
    """Facts from the values of their leaves."""
    known = definitions()
    outcomes = evaluate([*codes, *values], known, values, period)

    def fact(code: str) -> Fact:
        outcome = outcomes[code]
        definition = known[code]
        leaf = definition.leaf
        return Fact(
            definition=definition,
            unit_code=unit_code,
            period=period,
            value=outcome.value,
            rows=outcome.rows,
            address=address(leaf, period, unit_code) if leaf else None,
            leaves=() if leaf else tuple(fact(part) for part in outcome.leaves),
            findings=outcome.findings,
            trace=outcome.trace,
        )

    return {code: fact(code) for code in codes}


def address(leaf: Leaf, period: Period, unit_code: str) -> str:
    """The list that shows exactly the rows of a leaf."""
    return f"/{leaf.register.replace('.', '/')}/?{rows_query(leaf, period, unit_code)}"


def leaf_rows(leaf: Leaf, period: Period, unit_code: str) -> tuple[Register, QuerySet[Any]]:
    """The rows of a leaf, bare: for counting, grouping and comparing."""
    register = catalogue.get(leaf.register)
    return register, query.bare_rows(register, rows_query(leaf, period, unit_code))


def gather(codes: Sequence[str], unit_code: str, period: Period) -> dict[str, LeafValue]:
    """The values of these leaves: one query for each different set of rows."""
    memory = access.memory()
    missing = [code for code in codes if ("figure", code, unit_code, period) not in memory]
    for code, values in _grouped(missing, unit_code, period, []).items():
        memory["figure", code, unit_code, period] = values[()]
    return {code: memory["figure", code, unit_code, period] for code in codes}


def remember_value(code: str, unit_code: str, period: Period, value: LeafValue) -> None:
    """Keep a leaf's value that was worked out on the way, for the rest of this request."""
    access.memory()["figure", code, unit_code, period] = value


def gather_by(
    codes: Sequence[str], unit_code: str, period: Period, groups: Mapping[str, list[Any]]
) -> dict[str, dict[tuple[Any, ...], LeafValue]]:
    """The values of leaves by group; ``groups`` gives each register its grouping expressions."""
    found: dict[str, dict[tuple[Any, ...], LeafValue]] = {}
    for register, wanted in _by_register(codes).items():
        found |= _grouped(wanted, unit_code, period, groups[register])
    return found


def _by_register(codes: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        leaf = definitions()[code].leaf
        assert leaf is not None
        found[leaf.register].append(code)
    return found


def _grouped(
    codes: Sequence[str], unit_code: str, period: Period, groups: list[Any]
) -> dict[str, dict[tuple[Any, ...], LeafValue]]:
    same_rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code in codes:
        leaf = definitions()[code].leaf
        assert leaf is not None
        same_rows[leaf.register, rows_query(leaf, period, unit_code)].append(code)
    found: dict[str, dict[tuple[Any, ...], LeafValue]] = {}
    if not codes:
        return found
    with connection.cursor() as cursor:
        asker = statements.Asker(unit_code, cursor)
        for (name, text), members in same_rows.items():
            register = catalogue.get(name)
            measures = tuple([definitions()[code].leaf.measure for code in members])  # type: ignore[union-attr]
            rows = partial(query.bare_rows, register, text)
            wanted = partial(_wanted, register, measures)
            if groups:
                names = {f"_group{number}": known for number, known in enumerate(groups)}
                listed = list(rows().annotate(**names).values(*names).annotate(**wanted()))
            else:
                listed = [asker.totals(register, text, measures, rows, wanted)]
            found |= _measured(listed, members, len(groups))
    return found


def _wanted(register: Register, measures: Sequence[Measure]) -> dict[str, Any]:
    """Several measures over the same rows, for one statement."""
    wanted: dict[str, Any] = {"_rows": Count("pk")}
    for number, measure in enumerate(measures):
        path = measure_path(register, measure)
        if measure.kind == "sum":
            wanted[f"_sum{number}"] = Sum(path)
            wanted[f"_some{number}"] = Count(path)
        elif measure.kind == "distinct":
            wanted[f"_sum{number}"] = Count(path, distinct=True)
            wanted[f"_some{number}"] = Count(path)
    return wanted


def _measured(
    listed: Sequence[Mapping[str, Any]], codes: Sequence[str], groups: int
) -> dict[str, dict[tuple[Any, ...], LeafValue]]:
    """The rows of such a statement as values, by group."""
    found: dict[str, dict[tuple[Any, ...], LeafValue]] = {code: {} for code in codes}
    for row in listed:
        group = tuple(row[f"_group{number}"] for number in range(groups))
        for number, code in enumerate(codes):
            count = row["_rows"]
            if f"_sum{number}" in row:
                blank = count - row[f"_some{number}"]
                total = row[f"_sum{number}"]
                value = None if total is None else Decimal(total)
                found[code][group] = LeafValue(value, count, blank)
            else:
                found[code][group] = LeafValue(Decimal(count), count)
    return found


def measure_path(register: Register, measure: Measure) -> str:
    """The measured field as a query path."""
    if not measure.field:
        return "pk"
    prefix, known, _way = kinds.resolve_path(register, measure.field)
    return prefix + known.name

"""Facts: what the figures of a unit are in a period, each with the address of its rows.

gather (one query for each set of rows) → evaluate (pure) → word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from taizhang.engines.figures.definitions import Definition, Leaf
from taizhang.engines.figures.evaluate import LeafValue, evaluate, leaves_of
from taizhang.engines.figures.formula import Trace
from taizhang.engines.figures.numerals import plain, spell
from taizhang.engines.figures.rows import rows_query
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.periods import Period
from taizhang.ledger import access, catalogue, query, standing
from taizhang.ledger.register import Register

from . import measuring as measures_of
from . import statements, together
from .definitions import definitions, get, of_unit


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
    with access.remembering():
        unit = access.unit_id(unit_code)
        if unit is None:
            raise Refused.because("query.unknown-unit", "unit", code=unit_code)
        known = of_unit(unit)
        wanted = list(known if codes is None else codes)
        for code in wanted:
            get(code, known)
        leaves = leaves_of(wanted, known)
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
    missing = tuple([code for code in codes if ("figure", code, unit_code, period) not in memory])
    if missing:
        question = _question(missing, unit_code, period)
        found = standing.kept(question, partial(_grouped, missing, unit_code, period, []))
        for code, values in found.items():
            memory["figure", code, unit_code, period] = values[()]
    return {code: memory["figure", code, unit_code, period] for code in codes}


def is_kept(code: str, unit_code: str, period: Period) -> bool:
    """Whether the value of a figure is known without counting anew."""
    leaves = tuple(leaves_of([code], definitions()))
    return standing.is_kept(_question(leaves, unit_code, period))


def _question(codes: tuple[str, ...], unit_code: str, period: Period) -> tuple[Hashable, ...]:
    """What the values of these leaves are kept under: also what they count, for that may change."""
    known = definitions()
    hashes = tuple([known[code].hash for code in codes])
    return ("values", codes, hashes, unit_code, period)


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
    same_rows: dict[tuple[str, str], list[str]] = {}
    for code in codes:
        leaf = definitions()[code].leaf
        assert leaf is not None
        key = (leaf.register, rows_query(leaf, period, unit_code))
        same_rows.setdefault(key, []).append(code)
    found: dict[str, dict[tuple[Any, ...], LeafValue]] = {}
    if not codes:
        return found
    if not groups:
        found |= together.counted(same_rows, unit_code, period)
        same_rows = {key: its for key, its in same_rows.items() if its[0] not in found}
    with connection.cursor() as cursor:
        asker = statements.Asker(unit_code, cursor)
        for (name, text), members in same_rows.items():
            register = catalogue.get(name)
            measures = tuple([definitions()[code].leaf.measure for code in members])  # type: ignore[union-attr]
            rows = partial(query.bare_rows, register, text)
            wanted = partial(measures_of.wanted, register, measures)
            if groups:
                names = {f"_group{number}": known for number, known in enumerate(groups)}
                listed = list(rows().annotate(**names).values(*names).annotate(**wanted()))
            else:
                listed = [asker.totals(register, text, measures, rows, wanted)]
            found |= measures_of.measured(listed, members, len(groups))
    return found

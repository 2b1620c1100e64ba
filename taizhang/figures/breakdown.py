"""A figure taken apart: by month, by unit, by any choice or tag; and which rows it shares."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial, reduce
from typing import Any

from django.db.models import Case, F, When
from django.db.models.functions import TruncMonth

from taizhang.engines.figures.evaluate import LeafValue, leaves_of
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.evidence.proof import strengths
from taizhang.ledger import access, catalogue, kinds, standing
from taizhang.ledger.access import FIRST_DAY, Span

from .definitions import definitions, get
from .facts import Fact, build, facts, gather, gather_by, leaf_rows, remember_value

NOTHING = LeafValue(Decimal(0), 0)


def by_month(code: str, unit_code: str, period: Period) -> list[tuple[Period, Fact]]:
    """The figure for each month of the period: flows by their date, stocks at the month's end."""
    months = period.months()
    if len(months) < 2:
        return []
    question = ("months", code, unit_code, period)
    found, wholes = standing.kept(question, partial(_by_month, code, unit_code, period))
    for leaf, whole in wholes.items():
        remember_value(leaf, unit_code, period, whole)
    return found


def _by_month(
    code: str, unit_code: str, period: Period
) -> tuple[list[tuple[Period, Fact]], dict[str, LeafValue]]:
    """The months, and the wholes of those leaves whose months add up: these need no counting."""
    definition = get(code)
    leaves = leaves_of([code], definitions())
    flows = [leaf for leaf in leaves if definitions()[leaf].kind == "flow"]
    with access.remembering():
        expressions = {leaf: _month_of(leaf) for leaf in flows}
        monthly: dict[str, dict[date, LeafValue]] = defaultdict(dict)
        wholes: dict[str, LeafValue] = {}
        for leaf in flows:
            register = definitions()[leaf].leaf.register  # type: ignore[union-attr]
            grouped = gather_by([leaf], unit_code, period, {register: [expressions[leaf]]})
            for (month,), value in grouped[leaf].items():
                monthly[leaf][month] = value
            if definitions()[leaf].leaf.measure.kind != "distinct":  # type: ignore[union-attr]
                wholes[leaf] = reduce(_plus, list(grouped[leaf].values()) or [NOTHING])
        found = []
        for month in period.months():
            values = {leaf: monthly[leaf].get(month.first, NOTHING) for leaf in flows}
            values |= gather([leaf for leaf in leaves if leaf not in flows], unit_code, month)
            found.append((month, build([definition.code], values, unit_code, month)[code]))
    return found, wholes


def _month_of(code: str) -> Any:
    leaf = definitions()[code].leaf
    assert leaf is not None
    register = catalogue.get(leaf.register)
    prefix, known, _way = kinds.resolve_path(register, leaf.time.fields[0])
    return TruncMonth(prefix + known.name)


@dataclass(frozen=True)
class Share:
    """A part of a figure: ``code`` is a unit's or a choice's, blank for what has none."""

    code: str
    label: str
    fact: Fact


def by_unit(
    codes: Sequence[str], unit_code: str, period: Period, children: Sequence[tuple[int, str, str]]
) -> list[dict[str, Fact]]:
    """Several figures for each child unit (number, code, name) and, last, for the unit's own rows.

    A unit that moved within the period counts where it stood on each row's day. Two queries a
    figure's set of rows, however many children there are.
    """
    asked = (tuple(codes), unit_code, period, tuple(children))
    return standing.kept(("units", *asked), partial(_by_unit, *asked))


def _by_unit(
    codes: Sequence[str], unit_code: str, period: Period, children: Sequence[tuple[int, str, str]]
) -> list[dict[str, Fact]]:
    with access.remembering():
        leaves = leaves_of(codes, definitions())
        additive = [c for c in leaves if definitions()[c].leaf.measure.kind != "distinct"]  # type: ignore[union-attr]
        running = any(definitions()[leaf].kind == "cumulative" for leaf in additive)
        placed = _placed(FIRST_DAY if running else period.first, period.last, children)
        found = []
        grouped = _by_day_or_unit(additive, unit_code, period, placed.moved)
        totals = {leaf: placed.totals(grouped[leaf], period.last) for leaf in additive}
        for number, child_code, _name in children:
            values = {leaf: totals[leaf].get(number, NOTHING) for leaf in additive}
            values |= gather([leaf for leaf in leaves if leaf not in additive], child_code, period)
            found.append(build(list(codes), values, child_code, period))
        return found


@dataclass
class _Placed:
    """Which child a unit's rows belong to, and when; ``moved`` are units where the day decides."""

    spans: dict[int, list[tuple[int, Span]]]
    moved: frozenset[int]

    def totals(self, grouped: dict[tuple[Any, ...], LeafValue], last: date) -> dict[int, LeafValue]:
        """The values of all units below each child, on the days they were below it."""
        found: dict[int, LeafValue] = {}
        for (unit, *rest), leaf in grouped.items():
            day = rest[0] if rest and rest[0] is not None else last
            for child, span in self.spans.get(unit, ()):
                if span.first <= day <= span.last:
                    found[child] = _plus(found[child], leaf) if child in found else leaf
        return found


def _plus(one: LeafValue, other: LeafValue) -> LeafValue:
    told = [part.value for part in (one, other) if part.value is not None]
    value = sum(told, Decimal(0)) if told else None
    return LeafValue(value, one.rows + other.rows, one.blank + other.blank)


def _placed(first: date, last: date, children: Sequence[tuple[int, str, str]]) -> _Placed:
    spans: dict[int, list[tuple[int, Span]]] = defaultdict(list)
    moved: set[int] = set()
    below = access.provider.spans([number for number, _code, _name in children])
    for number, _code, _name in children:
        for span in below.get(number, []):
            if span.first <= last and span.last >= first:
                spans[span.unit].append((number, span))
                if span.first > first or span.last < last:
                    moved.add(span.unit)
    return _Placed(spans, frozenset(moved))


def _by_day_or_unit(
    leaves: Sequence[str], unit_code: str, period: Period, moved: frozenset[int]
) -> dict[str, dict[tuple[Any, ...], LeafValue]]:
    found: dict[str, dict[tuple[Any, ...], LeafValue]] = {}
    for code in leaves:
        leaf = definitions()[code].leaf
        assert leaf is not None
        register = catalogue.get(leaf.register)
        groups: list[Any] = [F(register.scope_lookup)]
        if moved and register.dated and leaf.time.kind != "stock":
            # Day by day only where the day decides: everything else is one group a unit.
            there = {f"{register.scope_lookup}__in": moved}
            groups.append(Case(When(**there, then=F(register.dated_lookup))))
        found |= gather_by([code], unit_code, period, {leaf.register: groups})
    return found


def groupings(code: str) -> list[tuple[str, str, bool]]:
    """The fields a figure can be taken apart by: name, label, whether parts may overlap."""
    leaf = get(code).leaf
    if leaf is None:
        return []
    register = catalogue.get(leaf.register)
    return [
        (name, known.label, known.many)
        for name, known in register.fields.items()
        if known.kind in {"choice", "term", "terms", "boolean"} and not known.personal
    ]


def by_field(code: str, unit_code: str, period: Period, name: str) -> list[Share]:
    """The figure by a choice or tag; parts of a many-valued field may overlap and exceed the whole."""
    definition = get(code)
    leaf = definition.leaf
    if leaf is None or name not in {known for known, _label, _many in groupings(code)}:
        raise Refused.because("figure.no-grouping", code, code=code, field=name)
    register = catalogue.get(leaf.register)
    known = register.fields[name]
    path = f"{name}__code" if known.kind in {"term", "terms"} else name
    with access.remembering():
        grouped = standing.kept(
            ("choices", code, unit_code, period, name),
            lambda: gather_by([code], unit_code, period, {leaf.register: [F(path)]})[code],
        )
    labels = dict(known.options())
    order = {option: position for position, option in enumerate(labels)}
    shares = []
    for (value,), measured in grouped.items():
        key = (
            ""
            if value in (None, "")
            else str(int(value))
            if known.kind == "boolean"
            else str(value)
        )
        fact = build([code], {code: measured}, unit_code, period)[code]
        shares.append(Share(key, labels.get(key, key), fact))
    return sorted(shares, key=lambda share: order.get(share.code, len(order)))


def strength(fact: Fact) -> dict[int, int]:
    """How the rows behind a fact are proved: strength → rows, a formula's leaves together."""
    total: dict[int, int] = defaultdict(int)
    for leaf in fact.leaves or (fact,):
        question = ("strength", leaf.address)
        known = partial(standing.kept, question, partial(_leaf_strength, leaf))
        found = access.remembered(question, known)
        for level, count in found.items():
            total[level] += count
    return dict(total)


def _leaf_strength(fact: Fact) -> dict[int, int]:
    assert fact.definition.leaf is not None
    register = catalogue.get(fact.definition.leaf.register)
    if not register.proved or not fact.rows:
        return {}
    return strengths(*leaf_rows(fact.definition.leaf, fact.period, fact.unit_code))


def shared_rows(found: Iterable[Fact]) -> dict[str, str]:
    """Figures that count the very same rows get the same group name: code → group.

    Only figures of one register with equally many rows are compared, row by row.
    """
    candidates: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for fact in found:
        if fact.definition.leaf is not None and fact.rows:
            candidates[fact.definition.leaf.register, fact.rows].append(fact)
    groups: dict[str, str] = {}
    for (register, _rows), members in candidates.items():
        by_address: dict[str, list[Fact]] = defaultdict(list)
        for fact in members:
            by_address[fact.address or ""].append(fact)
        seen: dict[str, str] = {}
        for address, same in by_address.items():
            alone = len(by_address) == 1
            rows = "" if alone else standing.kept(("rows", address), partial(_fingerprint, same[0]))
            group = seen.setdefault(rows, f"{register} {address}")
            groups.update({fact.code: group for fact in same})
    return groups


def _fingerprint(fact: Fact) -> str:
    """A short word for the rows behind a fact: the same for the same rows."""
    assert fact.definition.leaf is not None
    _register, rows = leaf_rows(fact.definition.leaf, fact.period, fact.unit_code)
    keys = array("q", sorted(rows.values_list("pk", flat=True)))
    return hashlib.sha256(keys.tobytes()).hexdigest()


def a_year_before(fact: Fact) -> Fact:
    """The same figure of the same unit a year earlier."""
    earlier = fact.period.a_year_before()
    return facts([fact.code], fact.unit_code, earlier)[fact.code]

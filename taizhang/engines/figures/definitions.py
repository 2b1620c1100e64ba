"""Definitions of figures, read from TOML: which rows, which measure, which time, which words."""

from __future__ import annotations

import hashlib
import json
import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, TypeVar

from taizhang.engines.figures.formula import (
    PERIOD_NAMES,
    Expression,
    Number,
    Operation,
    figures_in,
    parse_formula,
    write,
)
from taizhang.engines.figures.numerals import check_style
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import Bilingual, nearest
from taizhang.engines.queries import Query, is_path, parse
from taizhang.engines.tables import TableReader

T = TypeVar("T")
MeasureKind = Literal["count", "sum", "distinct"]
TimeKind = Literal["flow", "stock", "cumulative"]

_LEAF_KEYS = ("rows", "measure", "time")
_KEYS = (
    *("name", "subject", "unit", "rows", "measure", "time"),
    *("formula", "percent", "style", "zero", "note"),
)
_SEGMENT = re.compile(r"[a-z][a-z0-9_]*")
_REGISTER = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured over the rows; ``field`` is blank for a count."""

    kind: MeasureKind
    field: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """Which date decides: one field, or for a stock those of the first and the last day."""

    kind: TimeKind
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The rows of one register, a measure and a time."""

    register: str
    query: Query
    measure: Measure
    time: Time


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure made of figures. ``text`` is as written; ``percent`` is part of ``expression``."""

    text: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: exactly one of ``leaf`` and ``formula`` is there.

    ``hash`` is over everything that affects the value (SHA-256, hex), a formula's parts included,
    but not over words; ``unit`` is the measure word, ``style`` the default wording.
    """

    code: str
    name: Bilingual
    subject: tuple[str, ...]
    unit: str
    style: str
    zero: str | None
    note: Bilingual | None
    percent: bool
    leaf: Leaf | None
    formula: Formula | None
    hash: str

    @property
    def group(self) -> str:
        """The first part of the code."""
        return self.code.partition(".")[0]

    @property
    def kind(self) -> Literal["flow", "stock", "cumulative", "formula"]:
        """The kind of time, or ``formula``."""
        return "formula" if self.leaf is None else self.leaf.time.kind


def parse_definitions(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Definition]:
    """Return the definitions in all documents (file name → parsed TOML) by code, in file order.

    A table is a definition if it holds anything but tables, or a ``name``; else it is a group
    whose name is part of the code. Raises one Refused with everything that is wrong, ``where``
    being ``file: code``; the codes are ``definition.*``, ``table.*``, ``style.*``, ``query.*``.
    """
    findings: list[Finding] = []
    places: dict[str, str] = {}
    found: dict[str, Definition] = {}
    for file, document in documents.items():
        for code, table in _tables(document, "", file, findings):
            where = f"{file}: {code}"
            if code in places:
                params = {"code": code, "first": places[code]}
                findings.append(Finding("definition.duplicate-code", "must", where, params))
                continue
            places[code] = where
            definition = _definition(code, table, where, findings)
            if definition is not None:
                found[code] = definition
    for definition in found.values():
        findings.extend(_unknown_figures(definition, places))
    findings.extend(_cycles(found, places))
    if findings:
        raise Refused(*findings)
    hashes: dict[str, str] = {}
    for code in found:
        _hash(code, found, hashes)
    return {code: replace(one, hash=hashes[code]) for code, one in found.items()}


def _tables(
    table: Mapping[str, Any], prefix: str, file: str, findings: list[Finding]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in table.items():
        code = f"{prefix}{key}"
        where = f"{file}: {code}"
        if not isinstance(value, Mapping):
            findings.append(Finding("definition.not-a-table", "must", where, {"key": key}))
        # A Python word cannot stand in a formula, which Python's parser reads.
        elif not _SEGMENT.fullmatch(key) or keyword.iskeyword(key):
            findings.append(Finding("definition.bad-code", "must", where, {"code": code}))
        elif "name" in value or not all(isinstance(one, Mapping) for one in value.values()):
            if prefix:
                yield code, value
            else:  # without a group, the code might be taken for a word such as "weeks"
                findings.append(Finding("definition.bad-code", "must", where, {"code": code}))
        else:
            yield from _tables(value, f"{code}.", file, findings)


def _definition(
    code: str, table: Mapping[str, Any], where: str, findings: list[Finding]
) -> Definition | None:
    """Return the definition, without its hash; None when it cannot be computed with."""
    reader = TableReader(table, _KEYS, where, findings)
    name = reader.bilingual("name")
    percent = reader.truth("percent")
    unit = reader.text("unit", required=not percent) or "%"
    style = reader.text("style", required=False)
    _try(findings, where, lambda: check_style(style))
    leaf: Leaf | None = None
    formula: Formula | None = None
    if percent and unit != "%":
        findings.append(Finding("definition.percent-unit", "must", where, {"unit": unit}))
    if reader.has("formula"):
        named = tuple(key for key in _LEAF_KEYS if reader.has(key))
        if named:
            params = {"keys": named}
            findings.append(Finding("definition.formula-and-rows", "must", where, params))
        text = reader.text("formula")
        formula = _try(findings, where, lambda: _formula(text, percent)) if text else None
    else:
        if percent:
            findings.append(Finding("definition.percent-without-formula", "must", where))
        leaf = _leaf(reader)
    zero = reader.text("zero") if reader.has("zero") else None
    note = reader.bilingual("note", required=False)
    subject = reader.texts("subject")
    if name is None or (leaf is None and formula is None):
        return None
    return Definition(code, name, subject, unit, style, zero, note, percent, leaf, formula, hash="")


def _formula(text: str, percent: bool) -> Formula:
    expression = parse_formula(text)
    if percent:
        expression = Operation("*", expression, Number(Decimal(100)))
    return Formula(text, expression)


def _leaf(reader: TableReader) -> Leaf | None:
    rows, measure_text, time_text = (reader.text(key) for key in _LEAF_KEYS)
    findings, where = reader.findings, reader.where
    measure = _try(findings, where, lambda: _measure(measure_text)) if measure_text else None
    time = _try(findings, where, lambda: _time(time_text)) if time_text else None
    register, _, query_text = rows.partition("?")
    if rows and not _REGISTER.fullmatch(register):
        findings.append(Finding("definition.bad-register", "must", where, {"register": register}))
    query = _try(findings, where, lambda: parse(query_text))
    if query is None or measure is None or time is None:
        return None
    named = query.paths() & set(time.fields)
    if query.units:
        named |= {"unit"}
    for field in sorted(named):
        params = {"field": field}
        findings.append(Finding("definition.time-field-in-query", "must", where, params))
    if query.sort is not None or query.per is not None or query.page != 1:
        findings.append(Finding("definition.layout-in-query", "must", where, {"query": query_text}))
    return Leaf(register, query, measure, time)


def _measure(text: str) -> Measure:
    kind, _, field = text.partition(":")
    if text == "count":
        return Measure("count")
    if kind == "sum" and is_path(field):
        return Measure("sum", field)
    if kind == "distinct" and is_path(field):
        return Measure("distinct", field)
    raise Refused.because("definition.bad-measure", text=text)


def _time(text: str) -> Time:
    kind, _, names = text.partition(":")
    fields = tuple(name.strip() for name in names.split(","))
    if all(is_path(field) for field in fields) and len(set(fields)) == len(fields):
        if kind == "flow" and len(fields) == 1:
            return Time("flow", fields)
        if kind == "cumulative" and len(fields) == 1:
            return Time("cumulative", fields)
        if kind == "stock" and len(fields) == 2:
            return Time("stock", fields)
    raise Refused.because("definition.bad-time", text=text)


def _try(findings: list[Finding], where: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Refused as refused:
        findings.extend(finding.at(where) for finding in refused.findings)
        return None


def _unknown_figures(definition: Definition, places: Mapping[str, str]) -> Iterator[Finding]:
    if definition.formula is None:
        return
    for part in figures_in(definition.formula.expression):
        if part not in places:
            params = {"code": part, "nearest": nearest(part, (*places, *PERIOD_NAMES))}
            where = places[definition.code]
            yield Finding("definition.formula-unknown-figure", "must", where, params)


def _parts(code: str, found: Mapping[str, Definition]) -> tuple[str, ...]:
    definition = found.get(code)
    if definition is None or definition.formula is None:
        return ()
    return figures_in(definition.formula.expression)


def _cycles(found: Mapping[str, Definition], places: Mapping[str, str]) -> Iterator[Finding]:
    """Yield one finding per ring of formulas, at its first member."""
    told: set[str] = set()
    finished: set[str] = set()

    def visit(chain: tuple[str, ...]) -> Iterator[Finding]:
        code = chain[-1]
        for part in _parts(code, found):
            if part in chain:
                ring = chain[chain.index(part) :]
                if not told.intersection(ring):
                    told.update(ring)
                    params = {"codes": (*ring, part)}
                    yield Finding("definition.formula-cycle", "must", places[part], params)
            elif part not in finished:
                yield from visit((*chain, part))
        finished.add(code)

    for code in found:
        if code not in finished:
            yield from visit((code,))


def _hash(code: str, found: Mapping[str, Definition], hashes: dict[str, str]) -> str:
    if code not in hashes:
        definition = found[code]
        content: dict[str, object]
        if definition.formula is not None:
            parts = {part: _hash(part, found, hashes) for part in _parts(code, found)}
            content = {"formula": write(definition.formula.expression), "parts": parts}
        else:
            leaf = definition.leaf
            assert leaf is not None, "a definition is a leaf or a formula"
            content = {
                "rows": f"{leaf.register}?{leaf.query.canonical()}",
                "measure": [leaf.measure.kind, leaf.measure.field],
                "time": [leaf.time.kind, *leaf.time.fields],
            }
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        hashes[code] = hashlib.sha256(canonical.encode()).hexdigest()
    return hashes[code]


def as_table(definition: Definition) -> dict[str, Any]:
    """Write a definition as the table it is read from; it reads again with the same hash.

    The tables of a formula's figures have to be read along with its own.
    """
    table: dict[str, Any] = {"name": {"zh": definition.name.zh, "en": definition.name.en}}
    if definition.subject:
        table["subject"] = list(definition.subject)
    if not definition.percent:
        table["unit"] = definition.unit
    if definition.leaf is not None:
        leaf = definition.leaf
        text = leaf.query.canonical()
        table["rows"] = f"{leaf.register}?{text}" if text else leaf.register
        table["measure"] = ":".join(filter(None, (leaf.measure.kind, leaf.measure.field)))
        table["time"] = f"{leaf.time.kind}:{','.join(leaf.time.fields)}"
    if definition.formula is not None:
        table["formula"] = definition.formula.text
    for key, value in (("style", definition.style), ("zero", definition.zero)):
        if value:
            table[key] = value
    if definition.percent:
        table["percent"] = True
    if definition.note is not None:
        table["note"] = {"zh": definition.note.zh, "en": definition.note.en}
    return table


def read_tables(tables: Mapping[str, Mapping[str, Any]], source: str) -> dict[str, Definition]:
    """Read definitions from their ``as_table`` by code. Raises Refused as ``parse_definitions``."""
    nested: dict[str, Any] = {}
    for code, table in tables.items():
        *groups, last = code.split(".")
        at = nested
        for group in groups:
            at = at.setdefault(group, {})
        at[last] = table
    return parse_definitions({source: nested})

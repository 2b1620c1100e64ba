"""The one parser of query strings, for the filters of lists and for the rows of figures.

``field=a&field=b`` any of; ``field!=a`` none of; ``field=x..y`` an inclusive range, either end may
be blank; ``field=`` empty and ``field!=`` not empty; ``place.kind=museum`` a path. Reserved names:
``unit`` (``CODE`` or ``CODE@2021-12-31``: the subtree as it stood on that day), ``q`` (search
words), ``sort``, ``page`` and ``per``; a blank value for these is as good as none, as a form sends
it.

Two dots always make a range. A value that itself holds two dots in a row writes each dot as ``\\.``
(and a backslash as ``\\\\``); a backslash before anything else is an ordinary character. The
escape is part of the value, not of the URL, so it survives whoever decodes and encodes the address
again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.periods import Period

RESERVED = frozenset({"unit", "q", "sort", "page", "per"})

# A single underscore at a time: two in a row are a lookup to Django, and a query string must never
# be able to say one.
_NAME = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME})*")
_SORT = re.compile(rf"-?{_PATH.pattern}(?:,-?{_PATH.pattern})*")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_SIGN = re.compile(r"\\[\\.]|\.{2,}|.", re.DOTALL)
_READABLE = frozenset("-._~,@!:/*()\\")


@dataclass(frozen=True, slots=True)
class Exact:
    """The field has this value; ``text`` is not blank."""

    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """The field lies between the ends, both included; None is an open end, never both."""

    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class Empty:
    """The field has no value."""


Value = Exact | Range | Empty


@dataclass(frozen=True, slots=True)
class Condition:
    """``path`` has any of ``values``, or none of them when ``negated``."""

    path: str
    negated: bool
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class UnitScope:
    """The subtree of the unit ``code``: by each row's own date, or as it stood on ``day``."""

    code: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows: all ``conditions`` hold, in any of ``units`` (all units when none).

    Conditions, values and units are kept in one order without repetitions, so equal queries are
    equal objects. Two different positive conditions on one path cannot be written in a query
    string (there they would mean "any of") and are refused: ``query.same-field-twice``.
    """

    conditions: tuple[Condition, ...] = ()
    units: tuple[UnitScope, ...] = ()
    search: str = ""
    sort: str | None = None
    page: int = 1
    per: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", _in_order(self.conditions))
        object.__setattr__(self, "units", tuple(sorted(set(self.units), key=_scope_text)))
        object.__setattr__(self, "search", " ".join(self.search.split()))

    def canonical(self) -> str:
        """Return the one query string of this query, without the page.

        Percent-encoded only where a URL needs it, Chinese left readable; safe in an ``href`` once
        HTML-escaped. ``parse`` of it gives this query at page 1.
        """
        pairs = [
            (condition.path + ("!" if condition.negated else ""), _value_text(value))
            for condition in self.conditions
            for value in condition.values
        ]
        pairs += [("unit", _scope_text(scope)) for scope in self.units]
        if self.search:
            pairs.append(("q", self.search))
        if self.sort is not None:
            pairs.append(("sort", self.sort))
        if self.per is not None:
            pairs.append(("per", str(self.per)))
        return "&".join(f"{key}={_encoded(value)}" for key, value in pairs)

    def at_page(self, page: int) -> str:
        """Return the canonical query string for one page of the list; page 1 is not named."""
        parts = (self.canonical(), f"page={page}" if page > 1 else "")
        return "&".join(part for part in parts if part)

    def paths(self) -> frozenset[str]:
        """Return the field paths on which there are conditions."""
        return frozenset(condition.path for condition in self.conditions)

    def without(self, path: str) -> Query:
        """Return the query without its conditions on ``path``, or without a reserved part.

        The result is at page 1: another set of rows begins at its beginning.
        """
        return Query(
            tuple(condition for condition in self.conditions if condition.path != path),
            () if path == "unit" else self.units,
            "" if path == "q" else self.search,
            None if path == "sort" else self.sort,
            per=None if path == "per" else self.per,
        )


def is_path(text: str) -> bool:
    """Tell whether ``text`` is written like a field path: ``held_on``, ``place.kind``."""
    return _PATH.fullmatch(text) is not None


def merge(first: Query, second: Query) -> Query:
    """Return the query for the rows that both queries show, at page 1.

    Sorting and rows per page are the second's where it names them. Raises Refused
    ``query.same-field-twice`` where both name a field (or the unit) with different values.
    """
    if first.units and second.units and first.units != second.units:
        raise Refused.because("query.same-field-twice", "unit", path="unit")
    words = (first.search, second.search) if first.search != second.search else (first.search,)
    return Query(
        first.conditions + second.conditions,
        first.units + second.units,
        " ".join(words),
        first.sort if second.sort is None else second.sort,
        per=first.per if second.per is None else second.per,
    )


@lru_cache(maxsize=1024)
def parse(query: str) -> Query:
    """Read a query string (without the ``?``).

    Raises one Refused with all that is wrong, ``where`` being the parameter: ``query.bad-path``,
    ``query.bad-value`` (not UTF-8, or a NUL), ``query.bad-range``, ``query.bad-unit``,
    ``query.bad-sort``, ``query.bad-page``, ``query.bad-per``, ``query.given-twice``.
    """
    fields: dict[tuple[str, bool], list[Value]] = {}
    units: list[UnitScope] = []
    single: dict[str, str] = {}
    findings: list[Finding] = []
    for piece in filter(None, query.split("&")):
        raw_key, _, raw_value = piece.partition("=")
        try:
            # The sign is looked for after decoding: browsers send the "!" of a form as %21.
            key = _decoded(raw_key, raw_key)
            value = _decoded(raw_value, key)
            path = key.removesuffix("!")
            if "=" not in piece or not is_path(path) or (path in RESERVED and path != key):
                raise Refused.because("query.bad-path", key, text=piece)
            if path not in RESERVED:
                fields.setdefault((path, path != key), []).append(_read_value(path, value))
            elif path == "unit":
                units.extend(_read_scope(value))
            elif path in single:
                raise Refused.because("query.given-twice", path, path=path)
            elif value:
                single[path] = value
        except Refused as refused:
            findings.extend(refused.findings)
    findings.extend(_wrong_settings(single))
    if findings:
        raise Refused(*findings)
    return Query(
        tuple(
            Condition(path, negated, tuple(values)) for (path, negated), values in fields.items()
        ),
        tuple(units),
        single.get("q", ""),
        single.get("sort"),
        int(single.get("page", "1")),
        int(single["per"]) if "per" in single else None,
    )


def _wrong_settings(single: dict[str, str]) -> list[Finding]:
    wrong: list[Finding] = []
    if not _SORT.fullmatch(single.get("sort", "x")):
        wrong.append(Finding("query.bad-sort", "must", "sort", {"text": single["sort"]}))
    if not _NUMBER.fullmatch(single.get("page", "1")):
        wrong.append(Finding("query.bad-page", "must", "page", {"text": single["page"]}))
    if not _NUMBER.fullmatch(single.get("per", "1")):
        wrong.append(Finding("query.bad-per", "must", "per", {"text": single["per"]}))
    return wrong


def _in_order(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    kept: dict[tuple[str, bool], Condition] = {}
    for condition in conditions:
        key = (condition.path, condition.negated)
        earlier = kept.get(key)
        values = set(condition.values)
        if earlier is not None and set(earlier.values) != values:
            if not condition.negated:
                raise Refused.because("query.same-field-twice", condition.path, path=condition.path)
            values |= set(earlier.values)  # none of these and none of those: none of all
        ordered = tuple(sorted(values, key=_value_text))
        kept[key] = replace(condition, values=ordered)
    return tuple(kept[key] for key in sorted(kept))


def _read_value(path: str, text: str) -> Value:
    if not text:
        return Empty()
    sides = [""]
    for sign in _SIGN.findall(text):
        if sign == "..":
            sides.append("")
        elif len(sign) > 2:  # three dots: where does the range lie?
            raise Refused.because("query.bad-range", path, text=text)
        else:
            sides[-1] += sign[-1]
    if len(sides) == 1:
        return Exact(sides[0])
    if len(sides) > 2 or not any(sides):
        raise Refused.because("query.bad-range", path, text=text)
    return Range(sides[0] or None, sides[1] or None)


def _value_text(value: Value) -> str:
    match value:
        case Exact(text):
            return _escaped(text, ".." in text)
        case Range(low, high):
            return f"{_end_text(low)}..{_end_text(high)}"
        case Empty():
            return ""


def _end_text(text: str | None) -> str:
    if text is None:
        return ""
    return _escaped(text, ".." in text or text.startswith(".") or text.endswith("."))


def _escaped(text: str, dots: bool) -> str:
    text = text.replace("\\", "\\\\")
    return text.replace(".", "\\.") if dots else text


def _read_scope(text: str) -> tuple[UnitScope, ...]:
    if not text:
        return ()
    code, at, written = text.partition("@")
    if not at:
        return (UnitScope(code),)
    try:
        day = Period.parse(written)
    except Refused:
        raise Refused.because("query.bad-unit", "unit", text=text) from None
    if day.kind != "day" or not code:
        raise Refused.because("query.bad-unit", "unit", text=text)
    return (UnitScope(code, day.first),)


def _scope_text(scope: UnitScope) -> str:
    return scope.code if scope.day is None else f"{scope.code}@{scope.day.isoformat()}"


def _decoded(text: str, where: str) -> str:
    try:
        decoded = unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeError:
        raise Refused.because("query.bad-value", where, text=text) from None
    if "\0" in decoded:  # no database column can hold it, and PostgreSQL stumbles over it
        raise Refused.because("query.bad-value", where, text=text)
    return decoded


def _encoded(text: str) -> str:
    return "".join(
        character
        if character in _READABLE
        or (character.isalnum() if character.isascii() else character.isprintable())
        else quote(character, safe="")
        for character in text
    )

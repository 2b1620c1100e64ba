"""The figures: those the product ships, read from TOML, and those that units have made."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from django.core import checks
from django.utils import timezone

from taizhang.engines.figures.definitions import Definition, parse_definitions
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest
from taizhang.ledger import access, catalogue, kinds

from .stored import Stored, stored


@cache
def shipped() -> Mapping[str, Definition]:
    """Every shipped definition by its code, in the order of the files."""
    folder = files("taizhang.figures") / "definitions"
    documents = {
        entry.name: tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }
    return parse_definitions(documents)


def definitions() -> Mapping[str, Definition]:
    """Every definition by its code: the shipped ones, then those of all units."""
    return _all(stored())


@lru_cache(maxsize=2)
def _all(own: Stored) -> Mapping[str, Definition]:
    return {**shipped(), **own.definitions}


def of_unit(unit: int) -> Mapping[str, Definition]:
    """The figures there are on the pages of a unit: shipped, its own, and those of units above it."""
    known = stored()
    if not known.owners:
        return shipped()
    above = access.remembered(
        ("above", unit), lambda: access.provider.above([unit], timezone.localdate())
    )
    return _with(code for code, owner in known.owners.items() if owner in above)


def of_user(user: Any) -> Mapping[str, Definition]:
    """The figures that somebody meets on any page of theirs."""
    known = stored()
    if not known.owners:
        return shipped()
    mine = access.of(user)
    above = access.remembered(
        ("above", tuple(mine.roots)), lambda: access.provider.above(mine.roots, mine.today)
    )
    seen = above | mine.ranks.keys()
    return _with(code for code, owner in known.owners.items() if owner in seen)


def _with(codes: Iterable[str]) -> Mapping[str, Definition]:
    own = stored().definitions
    return {**shipped(), **{code: own[code] for code in codes}}


def get(code: str, among: Mapping[str, Definition] | None = None) -> Definition:
    """The definition of a figure; refuses an unknown code and names the nearest."""
    known = definitions() if among is None else among
    if found := known.get(code):
        return found
    raise Refused.because("figure.unknown", code, code=code, nearest=nearest(code, known) or "–")


def faults(definition: Definition) -> Iterator[Finding]:
    """What in a definition does not fit the registers."""
    leaf = definition.leaf
    if leaf is None:
        return
    try:
        register = catalogue.get(leaf.register)
        paths = [*(part.path for part in leaf.query.conditions), *leaf.time.fields]
        if leaf.measure.field:
            paths.append(leaf.measure.field)
        for path in paths:
            kinds.resolve_path(register, path)
        for name in leaf.time.fields:
            _prefix, field, _way = kinds.resolve_path(register, name)
            if field.kind != "date":
                yield Finding("figure.not-a-date-field", "must", definition.code, {"field": name})
        if leaf.measure.kind == "sum":
            _prefix, field, _way = kinds.resolve_path(register, leaf.measure.field)
            if not field.numeric:
                params = {"field": leaf.measure.field}
                yield Finding("figure.not-a-number-field", "must", definition.code, params)
        for part in leaf.query.conditions:
            _prefix, field, _way = kinds.resolve_path(register, part.path)
            known = {code for code, _label in field.options()} if field.kind == "choice" else set()
            for value in part.values:
                text = getattr(value, "text", None)
                if known and text is not None and text not in known:
                    params = {"value": text, "nearest": nearest(text, known)}
                    yield Finding("figure.unknown-value", "must", definition.code, params)
    except Refused as refused:
        yield from (finding.at(definition.code) for finding in refused.findings)


@checks.register("figures")
def check_definitions(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Start-up check: every shipped figure fits the registers."""
    from taizhang.wording import say

    try:
        known = shipped()
    except Refused as refused:
        return [
            checks.Error(f"{f.where}: {say(f, 'en')}", id="figures.E001") for f in refused.findings
        ]
    return [
        checks.Error(f"{definition.code}: {say(finding, 'en')}", id="figures.E002")
        for definition in known.values()
        for finding in faults(definition)
    ]

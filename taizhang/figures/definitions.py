"""The figures the product ships, read from TOML and checked against the registers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.core import checks

from taizhang.engines.figures.definitions import Definition, parse_definitions
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest
from taizhang.ledger import catalogue, kinds


@cache
def definitions() -> Mapping[str, Definition]:
    """Every definition by its code, in the order of the files."""
    folder = files("taizhang.figures") / "definitions"
    documents = {
        entry.name: tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }
    return parse_definitions(documents)


def get(code: str) -> Definition:
    """The definition of a figure; refuses an unknown code and names the nearest."""
    if found := definitions().get(code):
        return found
    raise Refused.because(
        "figure.unknown", code, code=code, nearest=nearest(code, definitions()) or "–"
    )


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
        known = definitions()
    except Refused as refused:
        return [
            checks.Error(f"{f.where}: {say(f, 'en')}", id="figures.E001") for f in refused.findings
        ]
    return [
        checks.Error(f"{definition.code}: {say(finding, 'en')}", id="figures.E002")
        for definition in known.values()
        for finding in faults(definition)
    ]

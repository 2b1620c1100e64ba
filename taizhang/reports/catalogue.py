"""The outlines the product ships, read from TOML and checked against the figures."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.core import checks

from taizhang.engines.findings import Refused
from taizhang.engines.names import nearest
from taizhang.engines.outlines.parse import Outline, Part, Slot, parse_outline
from taizhang.figures.definitions import definitions
from taizhang.figures.uses import Use
from taizhang.wording import say

ANNUAL = "county-annual"


@cache
def outlines() -> Mapping[str, Outline]:
    """Every outline by its code; refuses what names unknown figures."""
    found = {}
    for entry in sorted(files("taizhang.reports.outlines").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            document = tomllib.loads(entry.read_text("utf-8"))
            outline = parse_outline(document, definitions(), entry.name)
            found[outline.code] = outline
    return found


def get(code: str) -> Outline:
    """The outline of that code; refuses an unknown one and names the nearest."""
    if found := outlines().get(code):
        return found
    raise Refused.because(
        "report.unknown-outline", code, code=code, nearest=nearest(code, outlines()) or "–"
    )


@checks.register("reports")
def check_outlines(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Start-up check: every outline can be read and names only figures that exist."""
    try:
        outlines()
    except Refused as refused:
        return [
            checks.Error(f"{f.where}: {say(f, 'en')}", id="reports.E001") for f in refused.findings
        ]
    return []


def uses_of(code: str, unit_code: str, period: str) -> list[Use]:
    """The reports in which a figure stands, with the heading it stands under."""
    return [
        Use(f"{period} {outline.name.say('zh')}", heading, address(outline.code, unit_code, period))
        for outline in outlines().values()
        for heading in _headings(outline, code)
    ]


def address(code: str, unit_code: str, period: str) -> str:
    """The page of a report."""
    return f"/reports/{code}/?unit={unit_code}&period={period}"


def _headings(outline: Outline, code: str) -> Iterator[str]:
    def walk(parts: tuple[Part, ...]) -> Iterator[str]:
        for part in parts:
            pieces = [
                p for paragraph in part.paragraphs for sentence in paragraph for p in sentence
            ]
            if any(isinstance(piece, Slot) and piece.code == code for piece in pieces):
                yield "".join(getattr(piece, "text", "") for piece in part.heading)
            yield from walk(part.sections)

    yield from walk(outline.parts)

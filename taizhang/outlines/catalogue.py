"""The outlines: those the product ships, read from TOML, and in their place what a unit made of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from django.core import checks
from django.db.models import F, QuerySet

from taizhang.engines.findings import Refused
from taizhang.engines.names import nearest
from taizhang.engines.outlines import draft
from taizhang.engines.outlines.draft import Draft
from taizhang.engines.outlines.parse import Outline, Part, Slot, parse_outline
from taizhang.engines.outlines.showing import still_awaited
from taizhang.engines.periods import Period
from taizhang.figures.definitions import of_unit
from taizhang.figures.definitions import shipped as figures
from taizhang.figures.uses import Use
from taizhang.org.models import Unit
from taizhang.wording import say

from .lists import LISTS
from .models import OutlineVersion, OwnOutline

ANNUAL = "county-annual"


@cache
def outlines() -> dict[str, Outline]:
    """Every shipped outline by its code; refuses what names unknown figures."""
    found = {}
    for entry in sorted(files("taizhang.outlines.shipped").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            document = tomllib.loads(entry.read_text("utf-8"))
            outline = parse_outline(document, figures(), entry.name, lists=LISTS)
            found[outline.code] = outline
    return found


def get(code: str) -> Outline:
    """The outline of that code; refuses an unknown one and names the nearest."""
    if found := outlines().get(code):
        return found
    raise Refused.because(
        "report.unknown-outline", code, code=code, nearest=nearest(code, outlines()) or "–"
    )


@cache
def shipped(code: str) -> Draft:
    """The shipped outline of that code in blocks, each with the same id every time."""
    get(code)
    for entry in files("taizhang.outlines.shipped").iterdir():
        if entry.name.endswith(".toml"):
            document = tomllib.loads(entry.read_text("utf-8"))
            if document["code"] == code:
                return draft.from_document(document)
    raise KeyError(code)


def find(code: str, unit: Unit, period: Period) -> Outline:
    """The outline that a unit uses for its report of that period; refuses an unknown code.

    What in the unit's own text cannot be read any more is a ``Fault`` in its place.
    """
    common = get(code)
    kept = _current(unit.code, period.text).filter(outline__code=code).first()
    return common if kept is None else _parsed(kept)


def version(code: str, unit: Unit, period: Period) -> int:
    """The number of the current version of a unit's own outline; 0 while it uses the shipped one."""
    found = OwnOutline.objects.filter(unit=unit, period=period.text, code=code)
    return found.values_list("version", flat=True).first() or 0


def _current(unit_code: str, period: str) -> QuerySet[OutlineVersion]:
    """The current versions of the outlines that a unit has for a period."""
    found = OutlineVersion.objects.filter(
        outline__unit__code=unit_code, outline__period=period, number=F("outline__version")
    )
    return found.select_related("outline")


def _parsed(kept: OutlineVersion) -> Outline:
    return parsed(draft.from_data(kept.content), kept.outline.code, kept.outline.unit_id)


def parsed(text: Draft, code: str, unit: int, *, lenient: bool = True) -> Outline:
    """A draft as an outline of a unit; refuses what cannot be read unless ``lenient``."""
    known = of_unit(unit)
    text = replace(text, awaits=still_awaited(text, known))
    document = draft.to_document(text, code)
    return parse_outline(document, known, code, lists=LISTS, lenient=lenient)


def holding(figure: str) -> list[Use]:
    """Every own outline whose current text names a figure."""
    found = OutlineVersion.objects.filter(number=F("outline__version"))
    marks = (f"{{{figure}}}", f"{{{figure}|")
    uses = []
    for kept in found.select_related("outline__unit").iterator():
        at = kept.outline
        if any(mark in text for *_block, text in kept.content["blocks"] for mark in marks):
            title = f"{at.unit.name} {at.period} {get(at.code).name.say('zh')}"
            uses.append(Use(title, "", address(at.code, at.unit.code, at.period)))
    return uses


@checks.register("outlines")
def check_outlines(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Start-up check: every outline can be read and names only figures that exist."""
    try:
        outlines()
    except Refused as refused:
        return [
            checks.Error(f"{f.where}: {say(f, 'en')}", id="outlines.E001") for f in refused.findings
        ]
    return []


def uses_of(code: str, unit_code: str, period: str) -> list[Use]:
    """The reports in which a figure stands, with the heading it stands under."""
    own = {kept.outline.code: _parsed(kept) for kept in _current(unit_code, period)}
    return [
        Use(f"{period} {outline.name.say('zh')}", heading, address(outline.code, unit_code, period))
        for outline in (outlines() | own).values()
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

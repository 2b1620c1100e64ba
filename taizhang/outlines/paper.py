"""The text of an outline on its editor's paper: values gathered, blocks shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taizhang.engines.outlines.compile import ReportFact
from taizhang.engines.outlines.draft import Draft
from taizhang.engines.outlines.showing import Shown, read_blocks, show_blocks, still_awaited
from taizhang.figures.facts import Fact, facts

from . import compile, lists
from .models import OutlineVersion, OwnOutline
from .own import Place


@dataclass(frozen=True, slots=True)
class Line:
    """A block on the paper, who wrote it as it is, and how many comments on it are open."""

    shown: Shown
    who: str = ""
    at: datetime | None = None
    comments: int = 0


def lines(
    place: Place,
    text: Draft,
    kept: OwnOutline | None,
    comments: dict[str, int] | None = None,
    only: Collection[str] | None = None,
) -> list[Line]:
    """The blocks of a text as they print for its unit and period, ``only`` these when given."""
    writers = _writers(kept, text)
    open_ones = comments or {}
    found = []
    for one in shown(place, text, only):
        who, at = writers.get(one.block.version, ("", None))
        found.append(Line(one, who, at, open_ones.get(one.block.id, 0)))
    return found


def shown(place: Place, text: Draft, only: Collection[str] | None = None) -> Iterable[Shown]:
    """The blocks as they print. The number of a heading follows from the whole text."""
    known = place.figures
    read = read_blocks(text, known, lists.LISTS)
    if only is not None and not any(text.block(key).level for key in only):
        read = tuple(one for one in read if one.block.id in only)
    awaits = still_awaited(text, known)
    codes = {code for one in read for code in one.figures() if code not in awaits}
    given = {code: _given(fact) for code, fact in _facts(codes, place).items()}
    names = lists.gather({one for block in read for one in block.lists()}, place.unit, place.period)
    words = compile.variables(place.unit, place.period)
    found = show_blocks(read, awaits, given, words, names)
    return [one for one in found if only is None or one.block.id in only]


def _facts(codes: Collection[str], place: Place) -> dict[str, Fact]:
    return facts(sorted(codes), place.unit.code, place.period) if codes else {}


def _given(fact: Fact) -> ReportFact:
    d = fact.definition
    return ReportFact(
        fact.code, d.name.say("zh"), fact.value, fact.rows, d.unit, d.style, d.zero, fact.address
    )


def _writers(kept: OwnOutline | None, text: Draft) -> dict[int, tuple[str, datetime]]:
    """Who wrote each version that a block of the text comes from."""
    numbers = {block.version for block in text.blocks if block.version > 1}
    if kept is None or not numbers:
        return {}
    found = OutlineVersion.objects.filter(outline=kept, number__in=numbers)
    rows: Any = found.select_related("written_by").only("number", "written_at", "written_by")
    return {row.number: (str(row.written_by), row.written_at) for row in rows}

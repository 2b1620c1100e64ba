"""Changing a unit's own outline: every change is a new version, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from taizhang.engines.figures.definitions import Definition
from taizhang.engines.findings import Refused
from taizhang.engines.outlines import draft
from taizhang.engines.outlines.draft import Block, Draft, Kind
from taizhang.engines.outlines.parse import parse_outline, parse_text
from taizhang.engines.outlines.showing import still_awaited
from taizhang.engines.outlines.written import read_toml, write_toml
from taizhang.engines.periods import Period
from taizhang.figures.definitions import of_unit
from taizhang.org.models import Unit

from . import catalogue
from .lists import LISTS
from .models import OutlineVersion, OwnOutline

Act = OutlineVersion.Act
Change = Callable[[Draft], Draft]


@dataclass(frozen=True)
class Place:
    """Which report an outline is for: of which unit, for which period."""

    code: str
    unit: Unit
    period: Period

    @property
    def figures(self) -> Mapping[str, Definition]:
        """The figures that may stand in its text."""
        return of_unit(self.unit.pk)

    def find(self) -> OwnOutline | None:
        """The unit's own outline here, if it has one."""
        found = OwnOutline.objects.filter(unit=self.unit, period=self.period.text, code=self.code)
        return found.first()

    @property
    def path(self) -> str:
        """The editor's address; every page about the outline lies below it."""
        return f"/reports/{self.code}/edit/"

    @property
    def query(self) -> str:
        """The place as the end of an address."""
        return f"unit={self.unit.code}&period={self.period.text}"

    def a_year_before(self) -> Place:
        """The same report of the year before."""
        return replace(self, period=self.period.a_year_before())


class Conflict(Exception):
    """Somebody else changed the block meanwhile: ``block`` is what it says now."""

    def __init__(self, block: Block) -> None:
        super().__init__(block.id)
        self.block = block


def text_of(place: Place) -> tuple[Draft, OwnOutline | None]:
    """The current text of a report, and the unit's own outline it comes from."""
    kept = place.find()
    if kept is None:
        return catalogue.shipped(place.code), None
    return version_of(kept, kept.version), kept


def version_of(kept: OwnOutline | None, number: int) -> Draft:
    """One version of an outline; refuses a number there is none for."""
    found = OutlineVersion.objects.filter(outline=kept, number=number).first()
    if found is None:
        raise Refused.because("outline.no-version", number=number)
    return draft.from_data(found.content)


def write(place: Place, key: str, text: str, base: int, actor: Any) -> Draft:
    """Give a block another text; ``base`` is the version of the block that the writer had before them.

    Raises Conflict when somebody else changed the block meanwhile, unless to the very same text.
    """

    def rewritten(current: Draft) -> Draft:
        block = current.block(key)
        if block.version != base and block.text != text.strip():
            raise Conflict(block)
        return draft.rewrite(current, key, text)

    return change(place, rewritten, Act.WRITTEN, actor, block=key)


def insert(place: Place, after: str, kind: Kind, level: int, text: str, actor: Any) -> Draft:
    """Add a block after another one."""
    added = lambda current: draft.insert(current, after, kind, level, text)  # noqa: E731
    return change(place, added, Act.ADDED, actor, block=after)


def remove(place: Place, key: str, base: int, actor: Any) -> Draft:
    """Take a block away, a heading with everything under it; ``base`` is the version looked at."""

    def removed(current: Draft) -> Draft:
        gone = current.section(key)
        if any(block.version > base for block in current.blocks[gone.start : gone.stop]):
            raise Refused.because("outline.changed-meanwhile")
        return draft.remove(current, key)

    return change(place, removed, Act.REMOVED, actor, block=key)


def move(place: Place, key: str, way: str, actor: Any) -> Draft:
    """Let a block or section change places with its neighbour above or below."""
    moved = lambda current: draft.move(current, key, "up" if way == "up" else "down")  # noqa: E731
    return change(place, moved, Act.MOVED, actor, block=key)


def undo(place: Place, base: int, actor: Any) -> Draft:
    """Go back before the last change, which must be the version that was looked at."""
    kept = place.find()
    if kept is None:
        raise Refused.because("outline.nothing-to-undo")
    target = undone_by(kept)
    if target is None:
        raise Refused.because("outline.nothing-to-undo")
    before = version_of(kept, target)
    return change(place, lambda current: before, Act.UNDONE, actor, base=base, restores=target)


def undone_by(kept: OwnOutline) -> int | None:
    """The version that undoing goes back to; None when there is nothing before.

    Going back twice goes back two changes: a version that restores another stands for it.
    """
    last = kept.versions.filter(number=kept.version).values_list("restores", flat=True).first()
    target = (last or kept.version) - 1
    return target if target >= 1 else None


def restore(place: Place, number: int, actor: Any) -> Draft:
    """Make an older version the current text again, as a new version."""
    kept = place.find()
    if kept is None:
        raise Refused.because("outline.nothing-own")
    before = version_of(kept, number)
    return change(place, lambda current: before, Act.RESTORED, actor, restores=number)


def copy(place: Place, target: Place, actor: Any) -> Draft:
    """Take the text of one place over to another unit or period, as a new version there."""
    text, _kept = text_of(place)
    note = f"{place.unit.name} {place.period.text}"
    return change(target, lambda current: text, Act.COPIED, actor, note=note)


def written(place: Place) -> str:
    """The text of a place as a TOML file."""
    text, _kept = text_of(place)
    text = replace(text, awaits=still_awaited(text, place.figures))
    return write_toml(draft.to_document(text, place.code, ids=True))


def take_in(place: Place, content: bytes, name: str, actor: Any) -> Draft:
    """Take over the text of a TOML file as a new version; refuses with everything wrong in it."""
    document = read_toml(content) | {"code": place.code}
    bare = {key: value for key, value in document.items() if key != "ids"}
    parse_outline(bare, place.figures, name[-60:], lists=LISTS)
    text = draft.from_document(document)
    return change(place, lambda current: text, Act.IMPORTED, actor, note=name[-60:])


def change(
    place: Place,
    changed: Change,
    act: OutlineVersion.Act,
    actor: Any,
    *,
    base: int | None = None,
    **told: Any,
) -> Draft:
    """Make the next version with what ``changed`` makes of the current text.

    The first change takes the shipped text over as version 1. ``base`` is the version that must
    still be the current one. Where nothing changes there is no new version.
    """
    with transaction.atomic():
        kept = adopted(place, actor)
        if base is not None and base != kept.version:
            raise Refused.because("outline.changed-meanwhile")
        current = version_of(kept, kept.version)
        number = kept.version + 1
        new = draft.stamped(current, changed(current), number)
        if new == replace(current, made=new.made):
            return current
        _check_texts(current, new, place.figures)
        _lay_down(kept, number, new, act, actor, **told)
    return new


def adopted(place: Place, actor: Any) -> OwnOutline:
    """The unit's own outline, locked; the shipped text becomes its first version if there is none."""
    kept, _made = OwnOutline.objects.get_or_create(
        unit=place.unit, period=place.period.text, code=place.code
    )
    kept = OwnOutline.objects.select_for_update().get(pk=kept.pk)
    if not kept.version:
        _lay_down(kept, 1, catalogue.shipped(place.code), Act.ADOPTED, actor)
    return kept


def _lay_down(
    kept: OwnOutline, number: int, text: Draft, act: OutlineVersion.Act, actor: Any, **told: Any
) -> None:
    OutlineVersion.objects.create(
        outline=kept,
        number=number,
        content=draft.to_data(text),
        act=act,
        written_by=actor,
        written_at=timezone.now(),
        **told,
    )
    kept.version = number
    kept.save(update_fields=["version"])


def _check_texts(old: Draft, new: Draft, figures: Mapping[str, Definition]) -> None:
    """Refuse a text that cannot be read; one that stays as it was may name what vanished."""
    known = {(block.kind, block.text) for block in old.blocks}
    awaited = still_awaited(new, figures)
    for block in new.blocks:
        if (block.kind, block.text) not in known:
            parse_text(block.text, figures, awaited, LISTS, figures=block.takes_figures)

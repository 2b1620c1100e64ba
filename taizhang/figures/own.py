"""Making a figure of a filtered list, changing it by a new version, and retiring it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from taizhang.engines.figures.definitions import Definition
from taizhang.engines.findings import Refused
from taizhang.engines.names import Bilingual
from taizhang.engines.queries import Query, parse
from taizhang.ledger import access, kinds, query
from taizhang.ledger.register import Register
from taizhang.org.models import Unit

from . import definitions, stored, uses
from .models import OwnFigure, OwnFigureVersion

MOST = 200
"""So many figures may one unit have."""
_TEXTS = {
    "name": (Bilingual("名称", "the name"), 60),
    "unit": (Bilingual("量词", "the measure word"), 12),
    "style": (Bilingual("写法", "the wording"), 40),
    "note": (Bilingual("定义", "the definition"), 400),
    "subject": (Bilingual("主题词", "the subject words"), 200),
}
"""What is typed into the form: what it is called, and how long it may be."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What of a register may be measured, and by which dates: the value to send, and words."""

    measures: list[tuple[str, str]]
    times: list[tuple[str, str]]


def choices(register: Register, words: Mapping[str, str]) -> Choices:
    """What a form offers; ``words`` are the phrases for each kind with ``{field}`` in them."""
    plain = [f for f in register.fields.values() if not f.personal]
    numbers = [f for f in plain if f.numeric]
    kept = [f for f in plain if f.kind in ("term", "reference", "choice", "text") and not f.many]
    dates = sorted(
        (f for f in plain if f.kind == "date"), key=lambda field: field.name != register.dated
    )
    measures = [("count", words["count"])]
    measures += [(f"sum:{f.name}", words["sum"].format(field=f.label)) for f in numbers]
    measures += [(f"distinct:{f.name}", words["distinct"].format(field=f.label)) for f in kept]
    times = [(f"flow:{f.name}", words["flow"].format(field=f.label)) for f in dates]
    times += [
        (f"stock:{a.name},{b.name}", words["stock"].format(first=a.label, last=b.label))
        for a in dates
        for b in dates
        if a is not b
    ]
    times += [(f"cumulative:{f.name}", words["cumulative"].format(field=f.label)) for f in dates]
    return Choices(measures, times)


def table(register: Register, asked: str, sent: Mapping[str, str], user: Any) -> dict[str, Any]:
    """What somebody filled in, as the table of a definition; refuses what cannot be one.

    Days, units and layout of the list are left out: the figure is asked for a unit and a period.
    """
    texts = {name: " ".join(sent.get(name, "").replace("\0", "").split()) for name in _TEXTS}
    for name, (called, most) in _TEXTS.items():
        if len(texts[name]) > most:
            raise Refused.because("ownfigure.too-long", what=called, most=most)
    missing = tuple(_TEXTS[name][0] for name in ("name", "unit", "note") if not texts[name])
    if missing:
        raise Refused.because("ownfigure.needs", what=missing)
    measure, time = sent.get("measure", ""), sent.get("time", "")
    wanted = bare(parse(asked), time)
    if wanted.search:
        raise Refused.because("ownfigure.searched")
    _refuse_personal(register, wanted, measure)
    query.rows(register, wanted, user)
    rows = f"{register.name}?{wanted.canonical()}"
    found: dict[str, Any] = {
        "name": {"zh": texts["name"], "en": texts["name"]},
        "unit": texts["unit"],
        "rows": rows,
        "measure": measure,
        "time": time,
        "style": texts["style"],
        "note": {"zh": texts["note"], "en": texts["note"]},
        "subject": [word for word in re.split("[、，,;； ]+", texts["subject"]) if word],
    }
    _checked("own.x.f0", found)
    return found


def bare(asked: Query, time: str) -> Query:
    """The conditions of a list without its days, units and layout."""
    dates = set(time.partition(":")[2].split(","))
    kept = tuple(part for part in asked.conditions if part.path not in dates)
    return Query(conditions=kept, search=asked.search)


def _refuse_personal(register: Register, wanted: Query, measure: str) -> None:
    """A figure is read by everybody below its unit: it must not tell what only some may read."""
    field = measure.partition(":")[2]
    for path in (*sorted(wanted.paths()), *([field] if field else [])):
        _prefix, known, way = kinds.resolve_path(register, path)
        for step in (*way, known):
            if step.personal:
                raise Refused.because("ownfigure.personal", field=step.label)


def _checked(code: str, found: Mapping[str, Any]) -> Definition:
    made = stored.definition(code, found)
    if wrong := list(definitions.faults(made)):
        raise Refused(*(finding.at("") for finding in wrong))
    return made


def may_keep(user: Any, unit: Unit | int) -> bool:
    """Whether the user may make and change figures of a unit: recorders and above, today."""
    number = unit if isinstance(unit, int) else unit.pk
    return number in access.of(user).units("recorder")


def make(unit: Unit, found: Mapping[str, Any], user: Any) -> OwnFigure:
    """Keep a new figure of a unit."""
    _allow(user, unit)
    with transaction.atomic():
        # The unit's row is locked: two people making figures at once get two numbers.
        Unit.objects.select_for_update().get(pk=unit.pk)
        there = OwnFigure.objects.filter(unit=unit).count()
        if there >= MOST:
            raise Refused.because("ownfigure.too-many", most=MOST)
        code = f"own.u{unit.pk}.f{there + 1}"
        made = OwnFigure.objects.create(code=code, unit=unit, version=1, changed_at=timezone.now())
        _lay_down(made, found, user)
    return made


def change(code: str, base: int, found: Mapping[str, Any], user: Any) -> OwnFigure:
    """Give a figure another definition as a new version; ``base`` is the version looked at."""
    with transaction.atomic():
        kept = _locked(code, base, user)
        if found == version(kept).table:
            return kept
        kept.version += 1
        kept.changed_at = timezone.now()
        kept.save()
        _lay_down(kept, found, user)
    return kept


def retire(code: str, base: int, user: Any) -> None:
    """Take a figure out of use; refused while somebody's text names it."""
    with transaction.atomic():
        kept = _locked(code, base, user)
        if held := uses.held(code):
            places = tuple(use.title for use in held[:5])
            raise Refused.because("ownfigure.used", places=places, count=len(held))
        kept.changed_at = kept.retired_at = timezone.now()
        kept.retired_by = user
        kept.save()


def find(code: str) -> OwnFigure | None:
    """The figure of that code that is in use."""
    found = OwnFigure.objects.filter(code=code, retired_at__isnull=True)
    return found.select_related("unit").first()


def version(kept: OwnFigure) -> OwnFigureVersion:
    """The current version of a figure."""
    return OwnFigureVersion.objects.get(figure=kept, number=kept.version)


def _allow(user: Any, unit: Unit | int) -> None:
    if not may_keep(user, unit):
        raise Refused.because("ownfigure.not-yours")


def _locked(code: str, base: int, user: Any) -> OwnFigure:
    kept = OwnFigure.objects.select_for_update().filter(code=code, retired_at=None).first()
    if kept is None:
        raise Refused.because("ownfigure.gone")
    _allow(user, kept.unit_id)
    if kept.version != base:
        raise Refused.because("ownfigure.changed-meanwhile")
    return kept


def _lay_down(kept: OwnFigure, found: Mapping[str, Any], user: Any) -> None:
    OwnFigureVersion.objects.create(
        figure=kept,
        number=kept.version,
        table=dict(found),
        written_by=user,
        written_at=timezone.now(),
    )

"""Two people at one record: what the other changed meanwhile, and what has to be chosen.

Whoever saves second is shown it field by field. What only one of them changed is merged; where both
wrote something else, the second picks. Nothing is written before that, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.engines.merging import Cell, Difference, merge
from taizhang.ledger import render
from taizhang.ledger.models import Entry, Record
from taizhang.ledger.register import Register

from .forms import RecordForm, cells_of

LAST_ENTRIES = 100
THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the other wrote, as people read it. ``picked`` is ``theirs``, ``mine`` or blank."""

    name: str
    label: str
    before: str | None
    theirs: str
    mine: str
    who: str
    at: datetime | None
    conflict: bool
    picked: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A move of the record from state to state meanwhile: who, when, what, and why."""

    who: str
    at: datetime
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """What happened to a record while somebody typed, and what is to stand in the form now."""

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    cells: Mapping[str, Cell]

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Where a person has to pick."""
        return tuple(change for change in self.changes if change.conflict)

    def __bool__(self) -> bool:
        return bool(self.changes or self.steps)


def meet(form: RecordForm, base: Mapping[str, Cell], version: int) -> Meeting:
    """What happened to the form's record since ``version``, when ``base`` stood in it.

    Falsy when nothing that concerns the form did: a child row or a proof was added. The form must
    have been read (``RecordForm.is_valid``).
    """
    record = form.record
    assert record is not None
    found = merge(base, cells_of(form.register, record), form.typed())
    entries = _entries(form.register, record).filter(version__gt=version).order_by("pk")
    written = list(entries[:LAST_ENTRIES])
    changes = tuple(_change(form, each, written) for each in found.differences)
    return Meeting(changes, tuple(_steps(written)), found.cells)


def again(form: RecordForm, names: Iterable[str], picked: Mapping[str, str]) -> Meeting:
    """The same meeting shown once more, because something was not picked yet."""
    record = form.record
    assert record is not None
    theirs, mine = cells_of(form.register, record), form.typed()
    written = list(_entries(form.register, record).order_by("-pk")[:LAST_ENTRIES])[::-1]
    changes = tuple(
        _change(
            form,
            Difference(name, None, theirs[name], mine[name], mine[name], True),
            written,
            picked.get(name, ""),
        )
        for name in names
        if name in mine
    )
    return Meeting(changes, (), mine)


def _entries(register: Register, record: Record) -> QuerySet[Entry]:
    history = Entry.objects.filter(register=register.name, record_id=record.pk)
    return history.select_related("actor")


def _change(
    form: RecordForm, each: Difference, written: Iterable[Entry], picked: str = ""
) -> Change:
    last = next((e for e in reversed(list(written)) if each.name in e.changes), None)
    known = form.register.fields[each.name]
    before = None if each.base is None else form.words(each.name, each.base)
    if before is None and last and last.changes[each.name]:
        before = known.show_raw(last.changes[each.name][0])
    return Change(
        each.name,
        known.label,
        before,
        form.words(each.name, each.theirs),
        form.words(each.name, each.mine),
        str(last.actor or "–") if last else "",
        timezone.localtime(last.at) if last else None,
        each.conflict,
        picked,
    )


def _steps(written: Iterable[Entry]) -> Iterable[Step]:
    for entry in written:
        if "state" in entry.changes or entry.verb == "correct":
            yield Step(
                str(entry.actor or "–"),
                timezone.localtime(entry.at),
                render.VERBS[entry.verb](),
                entry.reason,
            )

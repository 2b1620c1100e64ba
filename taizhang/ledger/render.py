"""Records as people read them: table cells, sections of a page, sentences of the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from taizhang.engines.periods import Period
from taizhang.engines.queries import Condition, Empty, Exact, Query, Range

from . import access, catalogue, cells, fields, kinds
from .access import Verb
from .models import Entry, Record, State
from .register import Register


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its words, the column's label (for narrow pages) and kind."""

    name: str
    label: str
    kind: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    record: Record
    url: str
    key: str
    cells: list[Cell]
    mark: str = ""


def lines(
    register: Register, records: Sequence[Record], columns: Sequence[str], user: Any
) -> list[Line]:
    """The rows of a table, personal values masked where this user may not read them.

    A column may be a path over references (``place.kind``); the records then have been read with
    what it needs (``paging.whole``).
    """
    loaded = {
        name: known.load(records)
        for name in columns
        if isinstance(known := register.fields.get(name), fields.Computed)
    }
    behind = {name: kinds.resolve_path(register, name) for name in columns if "." in name}
    marks = _marks(register, records, columns)
    known_access = access.of(user)
    found = []
    for record in records:
        open_ = known_access.may(Verb.PERSONAL, register, record)
        row = [
            _cell_behind(name, record, behind[name][1], behind[name][2], user)
            if name in behind
            else _cell(register.fields[name], record, loaded.get(name), open_)
            for name in columns
        ]
        url, key = f"/{register.path}/{record.pk}/", register.key_text(record)
        found.append(Line(record, url, key, row, marks.get(record.pk, "")))
    return found


def _marks(register: Register, records: Sequence[Record], columns: Sequence[str]) -> dict[int, str]:
    """What stands beside the titles of rows, as far as no column says it."""
    found: dict[int, str] = {}
    for name, known in register.fields.items():
        if isinstance(known, fields.Computed) and known.marks and name not in columns and records:
            found |= {key: known.show(value) for key, value in known.load(records).items() if value}
    return found


def _cell(known: fields.Field, record: Record, loaded: dict[int, Any] | None, open_: bool) -> Cell:
    value = loaded[record.pk] if loaded is not None else known.value(record)
    text = known.show(value)
    if known.personal and not open_:
        text = cells.masked(text)
    code = str(value) if known.kind in {"state", "choice", "proof", "lacks"} else ""
    return Cell(known.name, known.label, known.kind, text, code)


def _cell_behind(
    path: str, record: Record, known: fields.Field, way: list[fields.Field], user: Any
) -> Cell:
    """A cell of the row a path leads to.

    What the register itself filters by may be read of rows that lie outside the user's units;
    anything else only of rows that exist for them.
    """
    label = path_label(known, way)
    sees, target = access.of(user), known.register
    row: Any = record
    open_ = True
    for step in way:
        open_ = open_ and sees.may(Verb.PERSONAL, step.register, row)
        row = step.value(row)
        if row is None:
            return Cell(path, label, known.kind, "")
    declared = path in way[0].register.filters
    if not declared and target.unit_id(row) not in sees.where(Verb.SHOW, target):
        return Cell(path, label, known.kind, "")
    open_ = open_ and sees.may(Verb.PERSONAL, target, row)
    personal = known.personal or any(step.personal for step in way)
    text = known.show(known.value(row))
    return Cell(path, label, known.kind, cells.masked(text) if personal and not open_ else text)


def path_label(known: fields.Field, way: Sequence[fields.Field]) -> str:
    """What a field behind references is called: ``Registered place·Kind``."""
    return "·".join([*(step.label for step in way), known.label])


def values(register: Register, record: Record, names: Sequence[str], user: Any) -> list[Cell]:
    """Fields of one record for its page; empty ones are left out."""
    (line,) = lines(register, [record], [n for n in names if n in register.fields], user)
    return [cell for cell in line.cells if cell.text]


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition of the list in words, with the address of the list without it."""

    label: str
    text: str
    without: str


def chips(register: Register, query: Query) -> list[Chip]:
    """The conditions of a query as people read them."""
    found = []
    for part in query.conditions:
        _prefix, known, _way = kinds.resolve_path(register, part.path)
        rest = query.without(part.path).canonical() or EVERYTHING
        found.append(Chip(known.label, condition_text(known, part), f"?{rest}"))
    for scope in query.units:
        rest = query.without("unit").canonical() or EVERYTHING
        text = access.provider.name(scope.code)
        if scope.day is not None:
            text = _("{unit} as of {day}").format(unit=text, day=scope.day)
        found.append(Chip(_("Unit"), text, f"?{rest}"))
    return found


def condition_text(known: fields.Field, part: Condition) -> str:
    """The values of a condition in words: ``2021-01-01 – 2021-12-31``, ``not verified``."""
    names = dict(known.options())
    words = []
    for value in part.values:
        match value:
            case Empty():
                words.append(_("empty"))
            case Exact(text):
                words.append(names.get(text, text))
            case Range(low, high):
                words.append(_range_text(low, high))
    text = pgettext("between alternatives", " or ").join(words)
    return _("not {values}").format(values=text) if part.negated else text


def _range_text(low: str | None, high: str | None) -> str:
    if low and high and low[4:] == "-01-01" and high == f"{low[:4]}-12-31":
        return _("the year {year}").format(year=low[:4])
    if low and high:
        return f"{low} – {high}"
    return _("from {day}").format(day=low) if low else _("up to {day}").format(day=high)


EVERYTHING = "q="
"""The query string of a list without conditions; without one it opens as its user wants it."""


def address(register: Register, query: str = "") -> str:
    """The address of a list."""
    return f"/{register.path}/" + (f"?{query}" if query else "")


def add_address(register: Register, **initial: str) -> str:
    """The address of the form for a new record with some fields filled in."""
    return f"/{register.path}/add/" + (f"?{urlencode(initial)}" if initial else "")


@dataclass
class Event:
    """Something that happened to a record, as one line of its history."""

    at: Any
    who: str
    verb: str
    sentence: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reason: str = ""
    count: int = 1


def history(register: Register, record: Record, limit: int = 200) -> list[Event]:
    """What happened to a record and its child rows, newest first, in two queries.

    Rows of one kind written in one go stand as one line.
    """
    own = Entry.objects.filter(register=register.name, record_id=record.pk)
    below = Entry.objects.filter(parent_register=register.name, parent_id=record.pk)
    entries = sorted(
        [*own.select_related("actor")[:limit], *below.select_related("actor")[:limit]],
        key=lambda entry: -entry.pk,
    )[:limit]
    events: list[Event] = []
    last: tuple[Any, ...] = ()
    for entry in entries:
        child = entry.register != register.name
        mark = (entry.at, entry.actor_id, entry.verb, entry.register)
        if child and mark == last:
            events[-1].count += 1
            events[-1].sentence = _many_sentence(entry, events[-1].count)
            events[-1].changes = []
            continue
        last = mark
        events.append(_event(entry, child))
    return events


def _event(entry: Entry, child: bool) -> Event:
    known = catalogue.find(entry.register)
    changes = []
    for name, change in entry.changes.items():
        if known is None or name == "state":
            continue
        found = known.fields.get(name)
        label = found.label if found else name
        if name in _BESIDE:
            label = _BESIDE[name]()
        if change is None:
            changes.append((label, "", _("changed (personal, not shown)")))
            continue
        old, new = change
        show = found.show_raw if found else lambda raw: "" if raw is None else str(raw)
        changes.append((label, show(old), show(new)))
    if entry.verb == "add":
        changes = []
    sentence = VERBS[entry.verb]()
    if child and known is not None:
        sentence = f"{sentence} {known.label} {entry.label.split('/')[-1]}"
    return Event(
        timezone.localtime(entry.at),
        str(entry.actor or "–"),
        entry.verb,
        sentence,
        changes,
        entry.reason,
    )


def _many_sentence(entry: Entry, count: int) -> str:
    known = catalogue.find(entry.register)
    label = known.label if known else entry.register
    return ngettext("{verb} {count} {label}", "{verb} {count} {label}", count).format(
        verb=VERBS[entry.verb](), count=count, label=label
    )


_BESIDE: dict[str, Any] = {"evidence": lambda: _("Evidence"), "period": lambda: _("Period")}
"""What ``write.note`` tells of beside the fields."""

VERBS: dict[str, Any] = {
    "add": lambda: _("recorded"),
    "change": lambda: _("changed"),
    "correct": lambda: _("corrected"),
    "submit": lambda: _("submitted"),
    "verify": lambda: _("verified"),
    "return": lambda: _("returned"),
    "void": lambda: _("voided"),
    "restore": lambda: _("restored"),
    "attach": lambda: _("attached"),
    "detach": lambda: _("took away"),
    "undo": lambda: _("put back"),
    "close": lambda: pgettext("a period", "closed"),
    "reopen": lambda: pgettext("a period", "reopened"),
}


def mark_character(state: str) -> str:
    """The single character inside the chop of a state."""
    return {
        State.DRAFT: pgettext("chop", "D"),
        State.SUBMITTED: pgettext("chop", "S"),
        State.VERIFIED: pgettext("chop", "V"),
        State.RETURNED: pgettext("chop", "R"),
        State.VOID: pgettext("chop", "X"),
    }[State(state)]


def period_label(period: Period) -> str:
    """``2021`` as 2021年, ``2021-H1`` as 2021年上半年."""
    year = period.year
    match period.kind:
        case "year":
            return pgettext("a period", "{year}").format(year=year)
        case "half":
            half = (
                _("first half of {year}")
                if period.text.endswith("1")
                else _("second half of {year}")
            )
            return half.format(year=year)
        case "quarter":
            return _("quarter {number} of {year}").format(year=year, number=period.text[-1])
        case "month":
            return _("{year}-{month}").format(year=year, month=period.first.month)
    return period.text

"""Why the figures of a signed report are others now: record by record, with who and when.

gather (the frozen file, the history since, the rows of today) → compare (pure, ``engines.drifting``).
Every write leaves an entry in the history; so the history since names the records to look at, and
a figure is now what it was and what these records changed in it. Only when units were moved, or a
figure asks for what no entry tells of, are all its records compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from taizhang.engines import drifting
from taizhang.engines.drifting import Change, Counting, Told
from taizhang.engines.figures.definitions import Definition, read_tables
from taizhang.engines.figures.evaluate import LeafValue, leaves_of
from taizhang.engines.findings import Finding, Refused
from taizhang.figures import definitions as today
from taizhang.figures.facts import Fact, build, facts, gather
from taizhang.ledger import catalogue, kinds, standing
from taizhang.ledger.fields import Computed
from taizhang.ledger.models import Entry
from taizhang.ledger.relations import TermField
from taizhang.org.models import Placement, Unit

from . import rows
from .models import Submission
from .stored import Frozen

_PART = 2000
_TREE = tuple(f"{model._meta.app_label}.{model._meta.model_name}" for model in (Unit, Placement))


@dataclass(frozen=True)
class Figure:
    """A frozen figure beside what it is now.

    ``gone``: it no longer exists; ``redefined``: its definition is another one today.
    """

    code: str
    name: str
    unit: str
    before: Decimal | None
    rows_before: int
    after: Decimal | None
    rows_after: int
    gone: bool = False
    redefined: bool = False

    @property
    def drifts(self) -> bool:
        """Whether another number would be printed today, or another number of records counted."""
        if self.gone or self.redefined:
            return True
        return (self.after, self.rows_after) != (self.before, self.rows_before)


@dataclass(frozen=True)
class Drift:
    """All that is otherwise than when the report was signed."""

    figures: tuple[Figure, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...] = ()

    @cached_property
    def drifting(self) -> tuple[Figure, ...]:
        """The figures that are others now, or count other records."""
        touched = {effect.code for change in self.changes for effect in change.effects}
        return tuple(one for one in self.figures if one.drifts or one.code in touched)

    def by_cause(self) -> dict[str, list[Change]]:
        """The changed records, sorted by what happened to them."""
        found: dict[str, list[Change]] = {cause: [] for cause in drifting.CAUSES}
        for change in self.changes:
            found[change.cause].append(change)
        return {cause: changes for cause, changes in found.items() if changes}


@dataclass
class _Gathered:
    """What is compared: the frozen definitions, what they count and how, and their lists of today."""

    submission: Submission
    frozen: Frozen
    definitions: Mapping[str, Definition]
    readers: Mapping[str, rows.Reader] = field(init=False)
    lists: Mapping[str, rows.List] = field(init=False)
    countings: dict[str, list[Counting]] = field(init=False)
    today: dict[str, list[rows.List]] = field(init=False)

    def __post_init__(self) -> None:
        unit, period = self.submission.unit, self.submission.span
        known = list(self.definitions.values())
        self.readers = rows.readers(known)
        self.lists = rows.lists_of(known, unit.code, period)
        self.countings, self.today = defaultdict(list), defaultdict(list)
        for code, one in self.lists.items():
            leaf = self.definitions[code].leaf
            assert leaf is not None
            name = self.frozen.figures[code]["list"]
            counting = Counting(code, name, leaf.measure.kind, leaf.measure.field)
            self.countings[one.register.name].append(counting)
            mine = replace(one, name=name)  # as the frozen file calls it
            if mine not in self.today[one.register.name]:
                self.today[one.register.name].append(mine)

    def asks_more(self, register: str) -> bool:
        """Whether a list asks for what no entry tells of: a field that is worked out."""
        return any(
            isinstance(kinds.resolve_path(one.register, path)[1], Computed)
            for one in self.today[register]
            for path in one.own.paths()
        )


def drift(submission: Submission) -> Drift:
    """Compare a signed report with the ledger of today, in few queries for few changes."""
    frozen = Frozen(submission.root)
    try:
        gathered = _Gathered(submission, frozen, _definitions(frozen))
    except Refused as refused:  # a register or a field is gone: say so, and show the values
        return Drift(_counted_anew(submission, frozen), (), refused.findings)
    changes: list[Change] = []
    moved = _tree_changed(submission)
    for register in gathered.readers:
        told = _told(register, submission.last_entry)
        related = _related(gathered.readers[register], submission.last_entry)
        if moved or gathered.asks_more(register):
            numbers: Iterable[int] = _all_numbers(gathered, register)
        else:
            numbers = {*told, *related}
        changes += _compare(gathered, register, numbers, told, related)
    changes.sort(key=lambda change: (drifting.CAUSES.index(change.cause), change.label))
    return Drift(_figures(gathered, changes), tuple(changes))


def drifts(submission: Submission) -> bool:
    """Whether any figure of a signed report is another one now; kept until something is written."""
    known = today.definitions()
    frozen = list(submission.values.order_by("code").values_list("code", "definition"))
    hashes = [known[code].hash if code in known else "" for code, _hash in frozen]
    if hashes == [hash_ for _code, hash_ in frozen] and not _touched(submission):
        return False
    question = ("drift", submission.pk, *hashes)
    return standing.kept(question, lambda: bool(drift(submission).drifting))


def _touched(submission: Submission) -> bool:
    """Whether anything was written since that could make the report drift."""
    asked = Entry.objects.filter(pk__gt=submission.last_entry)
    return asked.filter(register__in=[*submission.registers, *_TREE]).exists()


def registers_of(definitions: Iterable[Definition]) -> list[str]:
    """The registers whose entries can make these figures drift."""
    found: set[str] = set()
    for name, reader in rows.readers(definitions).items():
        found.add(name)
        for path in reader.paths:
            _prefix, last, way = kinds.resolve_path(reader.register, path)
            found.update(one.register.name for one in (*way, last))
    return sorted(found)


def _definitions(frozen: Frozen) -> Mapping[str, Definition]:
    tables = {one["code"]: one["table"] for one in frozen.parts["definitions"]}
    return read_tables(tables, "frozen")


def _figures(gathered: _Gathered, changes: Sequence[Change]) -> tuple[Figure, ...]:
    """Every frozen figure, and what it is now by what the changes did to it."""
    known, submission = today.definitions(), gathered.submission
    frozen = gathered.frozen.figures
    values: dict[str, LeafValue] = {}
    anew: list[str] = []
    for code, one in frozen.items():
        now = known.get(code)
        if now is None or one["list"] is None:
            continue
        leaf = gathered.definitions[code].leaf
        assert leaf is not None
        count = one["rows"] + sum(change.moves(one["list"]) for change in changes)
        value = (_decimal(one["value"]) or Decimal(0)) + drifting.difference(changes, code)
        same = now.hash == one["definition"]
        if same and leaf.measure.kind != "distinct" and (value or leaf.measure.kind == "count"):
            values[code] = LeafValue(value, count)
        else:  # no sum of parts, nothing left of it, or defined otherwise
            anew.append(code)
    there = [code for code in frozen if code in known]
    formulas = [code for code in there if frozen[code]["list"] is None]
    parts = leaves_of([*anew, *formulas], known)
    asked = [code for code in parts if code not in values]
    values |= gather(asked, submission.unit.code, submission.span) if asked else {}
    found = build(there, values, submission.unit.code, submission.span)
    return tuple(
        _figure(code, one, found.get(code), code in known and known[code].hash != one["definition"])
        for code, one in frozen.items()
    )


def _counted_anew(submission: Submission, frozen: Frozen) -> tuple[Figure, ...]:
    known = today.definitions()
    codes = [code for code in frozen.figures if code in known]
    found = facts(codes, submission.unit.code, submission.span)
    return tuple(
        _figure(code, one, found.get(code), code in known and known[code].hash != one["definition"])
        for code, one in frozen.figures.items()
    )


def _figure(code: str, one: Mapping[str, Any], now: Fact | None, redefined: bool) -> Figure:
    return Figure(
        code=code,
        name=one["name"],
        unit=one["unit"],
        before=_decimal(one["value"]),
        rows_before=one["rows"],
        after=None if now is None else now.value,
        rows_after=0 if now is None else now.rows,
        gone=now is None,
        redefined=redefined,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _told(register: str, last: int) -> dict[int, list[Told]]:
    """What was done to each record since, oldest first."""
    found: dict[int, list[Told]] = defaultdict(list)
    entries = Entry.objects.filter(register=register, pk__gt=last).order_by("pk")
    for entry in entries.select_related("actor").iterator(_PART):
        told = Told(
            verb=entry.verb,
            fields=frozenset(entry.changes) - {"state"} if entry.verb != "add" else frozenset(),
            who=str(entry.actor or ""),
            at=entry.at,
            reason=entry.reason,
        )
        found[entry.record_id].append(told)
    return found


def _related(reader: rows.Reader, last: int) -> set[int]:
    """Records that a figure reads through another record that was changed since."""
    found: set[int] = set()
    for path in reader.paths:
        if "." not in path:
            continue
        _prefix, field_, way = kinds.resolve_path(reader.register, path)
        target = field_.register
        entries = Entry.objects.filter(register=target.name, pk__gt=last)
        changed = list(entries.order_by().values_list("record_id", flat=True).distinct())
        lookup = "__".join(one.name for one in way)
        for part in _pieces(changed):
            mine = reader.register.model._default_manager.filter(**{f"{lookup}__in": part})
            found.update(mine.values_list("pk", flat=True))
    return found


def _tree_changed(submission: Submission) -> bool:
    """Whether units were moved since: then rows come and go that nobody touched."""
    return Entry.objects.filter(register__in=_TREE, pk__gt=submission.last_entry).exists()


def _all_numbers(gathered: _Gathered, register: str) -> set[int]:
    """Every record that was counted otherwise than today: by its lists, or by its version."""
    before = {
        row["id"]: (row["version"], frozenset(row["lists"]))
        for row in gathered.frozen.rows(register)
    }
    after = rows.members(gathered.today[register], Q())
    versions = dict(
        catalogue.get(register).model._default_manager.order_by().values_list("pk", "version")
    )
    return {
        number
        for number in {*before, *after}
        if before.get(number) != (versions.get(number), frozenset(after.get(number, ())))
    }


def _compare(
    gathered: _Gathered,
    register: str,
    numbers: Iterable[int],
    told: Mapping[int, Sequence[Told]],
    related: set[int],
) -> Iterator[Change]:
    reader = gathered.readers[register]
    tags = {name for name, known in reader.register.fields.items() if isinstance(known, TermField)}
    for part in _pieces(sorted(numbers)):
        before = {row["id"]: row for row in gathered.frozen.rows(register, part)}
        after = _today(gathered, register, part)
        for number in part:
            found = drifting.changed(
                register,
                number,
                _row(before.get(number)),
                _row(after.get(number)),
                told.get(number, ()),
                gathered.countings[register],
                tags,
                number in related,
            )
            if found is not None:
                yield found


def _today(gathered: _Gathered, register: str, part: Sequence[int]) -> dict[int, dict[str, Any]]:
    found = gathered.readers[register].read(part)
    inside = rows.members(gathered.today[register], Q(pk__in=part))
    return {number: row | {"lists": inside.get(number, [])} for number, row in found.items()}


def _row(given: Mapping[str, Any] | None) -> drifting.Row | None:
    if given is None:
        return None
    return drifting.Row(
        version=given["version"],
        state=given["state"],
        unit=given["unit"],
        label=f"{given['key']} {given['label']}".strip(),
        lists=frozenset(given["lists"]),
        fields=given["fields"],
    )


def _pieces(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _PART):
        yield numbers[start : start + _PART]

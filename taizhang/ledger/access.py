"""Who may see and do what: rows are reached through here, and only the ledger's scope decides.

A member of a unit sees its whole subtree – the rows of units that stand below it today or stood there
when they were dissolved, and rows of units that stood below it on the row's own day. Anything else
does not exist for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.lookups import In
from django.utils import timezone

from .models import Record

if TYPE_CHECKING:
    from .register import Register

FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
MANY = 50
"""Of so many units it is worth knowing whether they are all, or most, of the units there are."""


class Verb(StrEnum):
    """What somebody may want to do with a register or a record."""

    LIST = "list"
    SHOW = "show"
    EXPORT = "export"
    ADD = "add"
    EDIT = "edit"
    IMPORT = "import"
    ATTACH = "attach"
    SUBMIT = "submit"
    VERIFY = "verify"
    RETURN = "return"
    VOID = "void"
    ANNUL = "annul"
    RESTORE = "restore"
    PERSONAL = "personal"


ROLES = ("reader", "recorder", "verifier", "manager")
_NEEDS = {
    Verb.LIST: "reader",
    Verb.SHOW: "reader",
    Verb.EXPORT: "reader",
    Verb.ADD: "recorder",
    Verb.EDIT: "recorder",
    Verb.IMPORT: "recorder",
    Verb.ATTACH: "recorder",
    Verb.SUBMIT: "recorder",
    Verb.PERSONAL: "recorder",
    Verb.VERIFY: "verifier",
    Verb.RETURN: "verifier",
    Verb.VOID: "recorder",
    Verb.ANNUL: "verifier",
    Verb.RESTORE: "recorder",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What narrows somebody's access: no more than the subtrees of ``units``, and these ``verbs``."""

    units: frozenset[int]
    verbs: frozenset[Verb]


@dataclass(frozen=True, slots=True)
class Span:
    """A unit below another, from ``first`` to ``last``, both days included.

    ``dissolved``: the unit itself ended on the last day, so nobody else has taken it over.
    """

    unit: int
    first: date
    last: date
    dissolved: bool = False

    def stands(self, day: date) -> bool:
        """Whether the unit is in this place on the day; where it was dissolved, it stays."""
        return self.first <= day and (day <= self.last or self.dissolved)


class Provider(Protocol):
    """What the ledger asks of whoever knows units and members; ``org`` answers."""

    def roles(self, user: Any) -> Sequence[tuple[int, str]]:
        """The user's (unit, role) pairs."""
        ...

    def spans(self, units: Iterable[int]) -> dict[int, list[Span]]:
        """For each of ``units`` the spans of everything below it, itself included."""
        ...

    def unit_id(self, code: str) -> int | None:
        """The number of the unit with that code."""
        ...

    def names(self, units: Iterable[int]) -> list[tuple[str, str]]:
        """Code and name of these units, in the order of their codes."""
        ...

    def name(self, code: str) -> str:
        """The name of a unit; its code when there is none."""
        ...

    def unit(self, number: int) -> Any:
        """The unit of that number."""
        ...

    def total(self) -> int:
        """How many units there are."""
        ...

    def above(self, units: Iterable[int], day: date) -> set[int]:
        """Everything that stands above these units on a day, themselves included."""
        ...


provider: Provider
_known: ContextVar[dict[Any, Any] | None] = ContextVar("ledger_known", default=None)
T = TypeVar("T")


@contextmanager
def remembering() -> Iterator[None]:
    """Within this block the same question about units and words is asked of the database once."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def remembered(question: Any, answer: Callable[[], T]) -> T:
    """The answer to a question, kept while ``remembering``."""
    known = _known.get()
    if known is None:
        return answer()
    if question not in known:
        known[question] = answer()
    found: T = known[question]
    return found


def is_remembering() -> bool:
    """Whether answers are kept at the moment."""
    return _known.get() is not None


def memory() -> dict[Any, Any]:
    """What is kept while ``remembering``, to look up and add to many answers at once."""
    known = _known.get()
    return {} if known is None else known


def unit_id(code: str) -> int | None:
    """The number of the unit with that code."""
    return remembered(("unit", code), lambda: provider.unit_id(code))


def spans_below(unit: int) -> list[Span]:
    """The spans of everything below a unit, itself included."""
    return remembered(("spans", unit), lambda: provider.spans([unit]).get(unit, []))


def set_provider(given: Provider) -> None:
    """``org`` introduces itself, so that the ledger need not import it."""
    global provider
    provider = given


def roles_of(user: Any) -> Sequence[tuple[int, str]]:
    """The user's (unit, role) pairs."""
    return remembered(("roles", user.pk), lambda: provider.roles(user))


class Access:
    """What one user may reach, worked out once in two queries."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.today = timezone.localdate()
        limits = limits_of(user)
        given = roles_of(user) if getattr(user, "is_active", False) else []
        named = {unit for unit, _role in given} | (limits.units if limits else set())
        spans = provider.spans(named) if given else {}
        self.ranks: dict[int, int] = {}
        self.past: list[Span] = []
        self.verbs = limits.verbs if limits else frozenset(Verb)
        for unit, role in given:
            rank = ROLES.index(role)
            for span in spans.get(unit, []):
                if span.stands(self.today):
                    self.ranks[span.unit] = max(rank, self.ranks.get(span.unit, -1))
                else:
                    self.past.append(span)
        self.roots = [unit for unit, _role in given]
        if limits:
            self._narrow([span for unit in limits.units for span in spans.get(unit, [])])
            self.roots = sorted(limits.units & self.ranks.keys())

    def _narrow(self, within: list[Span]) -> None:
        """Keep only what lies within these spans too."""
        now = {s.unit for s in within if s.stands(self.today)}
        # Of a unit that left the narrower tree only its days there remain, and only to be read.
        gone = [s for s in within if s.unit in self.ranks and s.unit not in now]
        for mine in self.past:
            if mine.unit in now:
                gone.append(mine)
                continue
            for other in within:
                first, last = max(mine.first, other.first), min(mine.last, other.last)
                if other.unit == mine.unit and first <= last:
                    gone.append(Span(mine.unit, first, last))
        self.past = gone
        self.ranks = {unit: rank for unit, rank in self.ranks.items() if unit in now}

    def units(self, role: str = "reader") -> frozenset[int]:
        """The units where the user has this role or a higher one, today."""
        least = ROLES.index(role)
        return frozenset(unit for unit, rank in self.ranks.items() if rank >= least)

    def where(self, verb: Verb, register: Register) -> frozenset[int]:
        """The units in whose rows of the register the user may do it, today."""
        return self.units(_role(verb, register)) if verb in self.verbs else frozenset()

    def visible(self, register: Register) -> QuerySet[Any]:
        """The rows of the register that exist for this user."""
        return register.queryset().filter(self.condition(register))

    def condition(self, register: Register) -> Q:
        """The same as a condition."""
        units = self.units()
        if _is_everything(units):
            return Q()
        now = among(register, units)
        past = [span for span in self.past if span.unit not in units]
        return now | spans_condition(register, past) if register.dated and past else now

    def may(self, verb: Verb, register: Register, record: Record | None = None) -> bool:
        """Whether the user may do it: to this record, or to some record when none is given."""
        if verb not in self.verbs:
            return False
        role = _role(verb, register)
        if record is None:
            return bool(self.units(role))
        unit = register.unit_id(record)
        if unit in self.ranks:
            return self.ranks[unit] >= ROLES.index(role)
        # Below us on the row's day, elsewhere today: it may be read, no more.
        return role == "reader"


_WRITING = frozenset(
    {Verb.ADD, Verb.EDIT, Verb.IMPORT, Verb.SUBMIT, Verb.VOID, Verb.ANNUL, Verb.RESTORE}
)


def _role(verb: Verb, register: Register) -> str:
    """The least role that may do it in this register."""
    return "manager" if register.manager_only and verb in _WRITING else _NEEDS[verb]


_tree_changes = 0


def tree_changed() -> None:
    """What was worked out from the tree of units is no longer true."""
    global _tree_changes
    _tree_changes += 1
    if (known := _known.get()) is not None:
        known.clear()


def of(user: Any) -> Access:
    """The access of a user, kept on the user object for the length of a request."""
    known: tuple[int, Access] | None = getattr(user, "_ledger_access", None)
    if known is None or known[0] != _tree_changes:
        known = (_tree_changes, Access(user))
        user._ledger_access = known
    return known[1]


def limit(user: Any, limits: Limits) -> None:
    """From now on this user object reaches no more than the limits allow, nor than before."""
    user._ledger_limits = limits
    user._ledger_access = None


def limits_of(user: Any) -> Limits | None:
    """What narrows this user object; None when nothing does."""
    found: Limits | None = getattr(user, "_ledger_limits", None)
    return found


def visible(user: Any, register: Register) -> QuerySet[Any]:
    """The rows of ``register`` that exist for ``user``: reach rows through here only."""
    return of(user).visible(register)


def among(register: Register, units: Collection[int]) -> Q:
    """Rows of these units."""
    lookup = "in" if len(units) < MANY or len(units) * 5 < _total() else "among"
    return Q(**{f"{register.scope_lookup}__{lookup}": units})


def is_broad(unit: int) -> bool:
    """Whether so much stands below a unit that most rows of a register are its own."""
    units = {span.unit for span in spans_below(unit)}
    return len(units) >= MANY and len(units) * 5 >= _total()


def _is_everything(units: Collection[int]) -> bool:
    """Whether these are all units there are: then no row needs to be asked for its unit."""
    return len(units) >= MANY and len(units) == _total()


def _total() -> int:
    return remembered("units", lambda: provider.total())


class Among(In):
    """``in`` without an index: for many values it is quicker to look at the rows in their order."""

    lookup_name = "among"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = super().as_sql(compiler, connection)
        return f"+{sql}", params


models.Field.register_lookup(Among)
models.ForeignKey.register_lookup(Among)


def default_unit(user: Any) -> Any:
    """The unit that owns rows when nobody names one: the only one the user records in, else None."""
    roots = of(user).roots
    if len(roots) == 1 and roots[0] in of(user).units("recorder"):
        return provider.unit(roots[0])
    return None


def spans_condition(register: Register, spans: Iterable[Span]) -> Q:
    """Rows whose unit stood in one of the spans on the row's own day."""
    grouped: dict[tuple[date, date], set[int]] = defaultdict(set)
    for span in spans:
        grouped[span.first, span.last].add(span.unit)
    q = Q(pk__in=[])
    for (first, last), units in grouped.items():
        part = Q(**{f"{register.scope_lookup}__in": units})
        if first > FIRST_DAY:
            part &= Q(**{f"{register.dated_lookup}__gte": first})
        if last < LAST_DAY:
            part &= Q(**{f"{register.dated_lookup}__lte": last})
        q |= part
    if len(grouped) > 1:
        # Said once more without the days: databases find rows by units, not by alternatives.
        q &= Q(**{f"{register.scope_lookup}__in": set().union(*grouped.values())})
    return q


def subtree(unit: int, register: Register, on: date | None, low: date, high: date) -> Q:
    """Rows of a unit's subtree: as it stood on ``on``, else on each row's own day.

    ``low`` and ``high`` are the days the query asks for anyway; a unit that stood there all that
    time needs no condition on the day.
    """
    spans = spans_below(unit)
    if on is None and register.dated:
        clipped = [
            Span(
                span.unit,
                FIRST_DAY if span.first <= low else span.first,
                LAST_DAY if span.last >= high else span.last,
            )
            for span in spans
            if span.first <= high and span.last >= low
        ]
        return spans_condition(register, clipped)
    day = on or timezone.localdate()
    units = {span.unit for span in spans if span.first <= day <= span.last}
    return Q(**{f"{register.scope_lookup}__in": units})

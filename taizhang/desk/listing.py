"""What stands around the rows of a list: the heads of its columns, its filters and its tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Query, Range, parse
from taizhang.ledger import access, fields, kinds, paging, query, render
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register

from .own import OwnList, Tab

TAB_ENOUGH = 999


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``order`` is ascending, descending or blank."""

    name: str
    label: str
    kind: str
    numeric: bool
    sort_url: str
    order: str


def heads(register: Register, columns: Sequence[str], asked: Query, user: Any) -> list[Head]:
    """The heads of these columns; a second press on one turns the order round."""
    open_ = access.of(user).may(Verb.PERSONAL, register)
    rest = asked.without("sort").canonical()
    found = []
    for name in columns:
        _prefix, known, way = kinds.resolve_path(register, name)
        sortable = not way and not known.many and not isinstance(known, fields.Computed)
        sortable = sortable and (open_ or not known.personal)
        down, up = asked.sort == f"-{name}", asked.sort == name
        rising = down or (not up and known.kind not in {"date", "integer", "decimal"})
        target = f"{rest}{'&' if rest else ''}sort={'' if rising else '-'}{name}"
        found.append(
            Head(
                name,
                render.path_label(known, way),
                known.kind,
                known.numeric,
                f"?{target}" if sortable else "",
                "descending" if down else "ascending" if up else "",
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the bar: a menu of choices, or a range from–to."""

    path: str
    label: str
    kind: str
    options: list[tuple[str, str, bool]]
    low: str = ""
    high: str = ""
    active: bool = False


def filters(register: Register, asked: Query, user: Any) -> list[Filter]:
    """The filters a register declares, filled in with what was asked."""
    found = []
    for path in register.filters:
        _prefix, known, way = kinds.resolve_path(register, path)
        chosen: set[str] = set()
        low = high = ""
        for part in asked.conditions:
            if part.path != path or part.negated:
                continue
            for value in part.values:
                if isinstance(value, Range):
                    low, high = value.low or "", value.high or ""
                else:
                    chosen.add(getattr(value, "text", ""))
        options = [(code, text, code in chosen) for code, text in known.options()]
        kind = known.kind if known.kind in {"date", "integer", "decimal"} else "choice"
        if kind == "choice" and not options:
            continue
        label = render.path_label(known, way)
        found.append(Filter(path, label, kind, options, low, high, bool(chosen or low or high)))
    units = _unit_filter(asked, user)
    if register.scope != "self" and len(units.options) > 1:
        found.insert(3, units)
    return found


def _unit_filter(asked: Query, user: Any) -> Filter:
    """The subtree of a unit: of any the user sees today."""
    chosen = {scope.code for scope in asked.units}
    options = [
        (code, name, code in chosen)
        for code, name in access.provider.names(access.of(user).units())
    ]
    return Filter("unit", _("Unit"), "choice", options, active=bool(chosen))


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab as it is drawn. Its count stops at a thousand, and is blank where it comes later or
    where the user may not ask for these rows."""

    title: str
    url: str
    current: bool
    count: str = ""


def tabs(
    register: Register, asked: Query, own: OwnList, user: Any, *, later: bool
) -> list[ShownTab]:
    """Everything, the views of the register and the filters people keep, in at most three queries.

    In a register of many rows the counts of filters take long; unless they have been asked for
    ``later``, only everything is counted.
    """
    wanted = [Tab(_("All"), "")]
    wanted += [Tab(str(view.title), parse(view.query).canonical()) for view in register.views]
    wanted += own.tabs
    if len(wanted) == 1:
        return []
    everything = query.rows(register, Query(), user)
    (whole,) = paging.count_each([everything], paging.ENOUGH)
    counts = {"": paging.shown_count(whole, TAB_ENOUGH)}
    if later or whole <= paging.ENOUGH:
        counts |= _counts(register, [tab.query for tab in wanted[1:]], user)
    current = asked.canonical()
    return [
        ShownTab(
            tab.title,
            render.address(register, tab.query or render.EVERYTHING),
            current == tab.query,
            counts.get(tab.query, ""),
        )
        for tab in wanted
    ]


def _counts(register: Register, wanted: Sequence[str], user: Any) -> dict[str, str]:
    """The counts of these queries, except of those that are refused to the user."""
    allowed = {}
    for text in dict.fromkeys(wanted):
        try:
            allowed[text] = query.rows(register, parse(text), user)
        except Refused:
            continue
    counts = paging.count_each(list(allowed.values()), TAB_ENOUGH)
    return {
        text: paging.shown_count(count, TAB_ENOUGH)
        for text, count in zip(allowed, counts, strict=True)
    }

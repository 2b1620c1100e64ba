"""How one user wants one list: its columns, what stands above it, what it opens with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from taizhang.ledger import access
from taizhang.ledger.register import Register

from . import columns, saved
from .models import ListChoice


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter that stands above a list: its title, and the canonical query it means."""

    title: str
    query: str


@dataclass(frozen=True, slots=True)
class OwnList:
    """How one user wants the list of one register.

    ``columns`` are fields or paths (``place.kind``), ``home`` the query the list opens with when
    the address names none, ``template`` what stands beside the tabs, drawn with ``own`` being this.
    """

    columns: tuple[str, ...]
    tabs: tuple[Tab, ...] = ()
    home: str | None = None
    template: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def own_list(register: Register, user: Any) -> OwnList:
    """The columns, the saved filters and the opening of one list, in a fixed number of queries."""
    choice = ListChoice.objects.filter(user=user, register=register.name).first()
    filters = list(saved.seen(register, user).select_related("unit"))
    home = next((kept for kept in filters if choice and kept.pk == choice.home_id), None)
    return OwnList(
        columns.chosen(register, choice.columns if choice else (), user),
        tuple(Tab(kept.name, kept.query) for kept in filters),
        home.query if home else None,
        "desk/_save.html",
        {"filters": filters, "home": home, "units": own_units(user)},
    )


def own_units(user: Any) -> list[tuple[str, str]]:
    """The units a user belongs to and records in: those they share filters with at a press."""
    known = access.of(user)
    return access.provider.names(known.units("recorder").intersection(known.roots))

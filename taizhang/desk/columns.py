"""Which columns a list can show, and which of them one user wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.engines.findings import Refused
from taizhang.ledger import access, fields, kinds, render
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.relations import ReferenceField

from .models import ListChoice

MOST = 16
"""More columns than this are no list that anybody reads."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that can be shown: a field, or a path over one reference."""

    name: str
    label: str
    shown: bool


def offered(register: Register, user: Any) -> list[str]:
    """Every column this user may have, the register's own first.

    Personal fields only for those who may read them; what the register shows by itself (masked
    for others) is offered to everybody.
    """
    open_ = access.of(user).may(Verb.PERSONAL, register)
    found = list(register.columns)
    for name, known in register.fields.items():
        if name != "version" and (open_ or not known.personal):
            found.append(name)
    for known in register.fields.values():
        if isinstance(known, ReferenceField) and (open_ or not known.personal):
            found += _behind(register, known, user)
    found += [path for path in register.filters if _one_valued(register, path)]
    return list(dict.fromkeys(found))


def _behind(register: Register, reference: ReferenceField, user: Any) -> list[str]:
    """The fields of the row a reference leads to."""
    target = reference.target()
    open_ = access.of(user).may(Verb.PERSONAL, target)
    return [
        f"{reference.name}.{name}"
        for name, known in target.fields.items()
        if name not in fields.SYSTEM
        and name != target.title  # the reference itself shows it
        and not known.many
        and (open_ or not known.personal)
    ]


def _one_valued(register: Register, path: str) -> bool:
    _prefix, known, way = kinds.resolve_path(register, path)
    return bool(way) and not any(step.many for step in (*way, known))


def chosen(register: Register, columns: Sequence[str], user: Any) -> tuple[str, ...]:
    """The columns to show: those that were kept and still may be shown, else the register's own."""
    allowed = set(offered(register, user)) if columns else set()
    kept = tuple(name for name in columns if name in allowed)
    return kept or tuple(register.columns)


def choices(register: Register, shown: Sequence[str], user: Any) -> list[Choice]:
    """Every column with its label, the shown ones first and in their order."""
    rest = [name for name in offered(register, user) if name not in shown]
    found = []
    for name in (*shown, *rest):
        _prefix, known, way = kinds.resolve_path(register, name)
        found.append(Choice(name, render.path_label(known, way), name in shown))
    return found


def choose(register: Register, columns: Sequence[str], user: Any) -> None:
    """Keep these columns in this order for the user; none means the register's own again.

    Refuses a column the user may not have (``columns.not-offered``) and too many.
    """
    wanted = list(dict.fromkeys(columns))
    for name in set(wanted) - set(offered(register, user)):
        raise Refused.because("columns.not-offered", name, name=name)
    if len(wanted) > MOST:
        raise Refused.because("columns.too-many", register.label_plural, limit=MOST)
    if wanted == list(register.columns):
        wanted = []
    ListChoice.objects.update_or_create(
        user=user, register=register.name, defaults={"columns": wanted}
    )


def moved(columns: Sequence[str], name: str, by: int) -> list[str]:
    """The columns with one of them so many places further on; at the ends nothing moves."""
    found = list(columns)
    if name not in found:
        return found
    place = found.index(name)
    found.insert(max(place + by, 0), found.pop(place))
    return found

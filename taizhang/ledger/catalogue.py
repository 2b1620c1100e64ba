"""The catalogue: every register, every panel and every computed field the ledger knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest

if TYPE_CHECKING:
    from .fields import Computed
    from .models import Record
    from .register import Register


class Panel(Protocol):
    """A part of a record's page that a sibling of the ledger draws, such as evidence."""

    template: str

    def context(
        self, register: Register, record: Record, may_write: bool, user: Any
    ) -> dict[str, Any]:
        """What the template needs, as far as the user may know it; a fixed number of queries."""
        ...


class Aside(Protocol):
    """A note in the margin of a record's page, drawn by a layer above, such as the figures."""

    template: str

    def context(self, register: Register, record: Record, user: Any) -> dict[str, Any] | None:
        """What the template needs, or None when there is nothing to say of this record."""
        ...


class Caution(Protocol):
    """Something that a form says and that hinders nobody, from a layer above."""

    def before(self, register: Register, record: Record | None, user: Any) -> list[Finding]:
        """What to know before saving this record, or a new one; a fixed number of queries."""
        ...

    def after(self, register: Register, record: Record) -> list[Finding]:
        """What to know of a record that was just saved."""
        ...


_registers: dict[str, Register] = {}
asides: list[Aside] = []
cautions: list[Caution] = []
panels: dict[str, Panel] = {}
computed: dict[str, type[Computed]] = {}
proof_kinds: dict[str, Any] = {}
"""The kinds of evidence by code, with their labels; whoever keeps evidence enters them."""
formats: tuple[str, ...] = ()
"""The kinds of files a list can be had as; the suffix of its address."""


def add(declaration: type[Register]) -> type[Register]:
    """Enter a declaration; used as a decorator in a domain's ``registers.py``."""
    register = declaration()
    _registers[register.name] = register
    return declaration


def registers() -> Iterator[Register]:
    """Every register, in the order of entry."""
    return iter(_registers.values())


def find(name: str) -> Register | None:
    """The register of that name, or None."""
    return _registers.get(name)


def get(name: str) -> Register:
    """The register of that name; refuses an unknown one and names the nearest."""
    if register := _registers.get(name):
        return register
    raise Refused.because(
        "ledger.unknown-register",
        name,
        name=name,
        nearest=nearest(name, _registers) or "、".join(sorted(_registers)),
    )


def of_model(model: type[models.Model]) -> Register | None:
    """The register whose rows are of this model."""
    return _registers.get(f"{model._meta.app_label}.{model._meta.model_name}")


def children(parent: Register) -> list[Register]:
    """The registers of child rows of ``parent``."""
    return [
        register
        for register in _registers.values()
        if register.parent
        and register.model._meta.get_field(register.parent).related_model is parent.model
    ]


def parent_of(register: Register) -> Register | None:
    """The register of the rows these are child rows of."""
    if not register.parent:
        return None
    return of_model(register.model._meta.get_field(register.parent).related_model)

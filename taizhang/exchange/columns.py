"""Which column of a sheet holds which field, and which sheet belongs to which register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext_lazy

from taizhang.documents.sheets import Sheet
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest
from taizhang.ledger import catalogue, relations
from taizhang.ledger.register import Register

REASON = gettext_lazy("Why it came back")
"""The column that a returned workbook has and no register: read over when it comes again."""
GUIDE = gettext_lazy("How to fill in")
LISTS = gettext_lazy("Choices")
"""The sheets of our own templates that hold no rows."""


@dataclass
class Columns:
    """What the columns of a sheet hold; positions count from 0."""

    fields: dict[int, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    """Headers of columns that the ledger fills in itself."""
    reason: int | None = None


def read_columns(register: Register, sheet: Sheet) -> Columns:
    """Headers may be field names or labels in either language.

    Raises Refused ``import.unknown-column``, ``.column-twice`` or ``.missing-columns``.
    """
    known: dict[str, str] = {}
    for name, known_field in register.fields.items():
        for header in (name, *known_field.labels()):
            known[plain_header(header)] = name
    found = Columns()
    problems: list[Finding] = []
    reasons = {plain_header(text) for text in _both(REASON)}
    for index, header in enumerate(sheet.header):
        name = known.get(plain_header(header), "")
        if not header:
            continue
        if not name and plain_header(header) in reasons:
            found.reason = index
        elif not name:
            params = {"header": header, "nearest": _nearest_header(register, header)}
            problems.append(Finding("import.unknown-column", "must", sheet.name, params))
        elif not register.fields[name].writable:
            found.ignored.append(header)
        elif name in found.fields.values():
            problems.append(Finding("import.column-twice", "must", sheet.name, {"header": header}))
        else:
            found.fields[index] = name
    if missing := list(_missing(register, found)):
        columns = "、".join(missing)
        problems.append(Finding("import.missing-columns", "must", sheet.name, {"columns": columns}))
    if problems:
        raise Refused(*problems)
    return found


def _missing(register: Register, found: Columns) -> Iterator[str]:
    for name in register.key:
        known = register.fields[name]
        if known.required and name != "unit" and name not in found.fields.values():
            yield known.label


def plain_header(text: str) -> str:
    """A header or sheet name without the marks people add to it."""
    return text.strip().rstrip("*＊").replace("（必填）", "").replace(" ", "").casefold()


def _nearest_header(register: Register, header: str) -> str:
    labels = [register.fields[name].label for name in register.editable]
    return nearest(header, labels) or "、".join(labels)


def _both(text: object) -> list[str]:
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(str(text))
    return found


def sheet_names() -> dict[str, Register]:
    """What a sheet may be called, without marks, and the register it then belongs to."""
    names: dict[str, Register] = {}
    for register in catalogue.registers():
        for language in ("zh-hans", "en"):
            with translation.override(language):
                words = (register.label, register.label_plural)
            names |= {plain_header(text): register for text in words}
    for register in catalogue.registers():
        names |= {register.name: register, register.path: register}
    return names


def is_ours(title: str) -> bool:
    """Whether a sheet is one of our own that holds no rows."""
    return plain_header(title) in {plain_header(text) for t in (GUIDE, LISTS) for text in _both(t)}


def in_order(registers: Iterable[Register]) -> list[Register]:
    """Registers so that rows come after the rows they refer to, parents before children."""
    wanted = list(dict.fromkeys(registers))
    ordered: list[Register] = []

    def add(register: Register, above: tuple[Register, ...]) -> None:
        for other in referred(register):
            # Registers that refer to each other in a circle keep the order they came in.
            if other in wanted and other not in (*above, register):
                add(other, (*above, register))
        if register not in ordered:
            ordered.append(register)

    for register in wanted:
        add(register, ())
    return ordered


def referred(register: Register) -> list[Register]:
    """The registers whose rows this one's rows refer to, in the order of its fields."""
    fields = [register.fields[name] for name in register.editable]
    return list(
        dict.fromkeys(f.target() for f in fields if isinstance(f, relations.ReferenceField))
    )

"""Templates to fill in: a workbook for one register, or one for a whole year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taizhang.documents.files import Target
from taizhang.documents.fill_in import FillColumn, FillSheet, Guide, write_fill_in
from taizhang.documents.workbook_writer import ColumnKind
from taizhang.ledger import access, catalogue, relations
from taizhang.ledger.access import Verb
from taizhang.ledger.fields import Field
from taizhang.ledger.models import State
from taizhang.ledger.register import Register

from .columns import GUIDE, LISTS, in_order, referred
from .hints import how_to_write

KINDS: dict[str, ColumnKind] = {"integer": "number", "decimal": "number", "date": "date"}
_OFFERED = 200
"""More rows than this are looked up by their number; nobody reads such a list."""


def for_whom(user: Any) -> list[Register]:
    """The registers this user may import into, in the order of a workbook."""
    may = access.of(user).may
    return in_order(r for r in catalogue.registers() if may(Verb.IMPORT, r))


def file_name(registers: Sequence[Register]) -> str:
    """What the template is called."""
    if len(registers) == 1:
        return _("{register}, template.xlsx").format(register=registers[0].label_plural)
    return _("Whole year, template.xlsx")


def write(target: Target, registers: Sequence[Register], user: Any) -> None:
    """Write the template for these registers, in which their sheets refer to each other."""
    columns = Columns(user, registers)
    sheets = [FillSheet(r.label_plural, columns.of(r)) for r in registers]
    guide = Guide(str(GUIDE), _title(registers), _lines(registers), _tables(registers, columns))
    write_fill_in(target, sheets, lists=str(LISTS), guide=guide)


class Columns:
    """The columns of sheets to fill in, with what can be chosen in them."""

    def __init__(self, user: Any, registers: Sequence[Register]) -> None:
        self.user = user
        self.here = {register.name: register for register in registers}
        self.unit = access.default_unit(user)
        self._offers: dict[str, tuple[str, ...]] = {}

    def of(self, register: Register) -> list[FillColumn]:
        """One column for each field that may be written."""
        return [self.column(register, register.fields[name]) for name in register.editable]

    def column(self, register: Register, known: Field, title: str = "") -> FillColumn:
        """The column of a field; ``title`` is its header when it is not the label."""
        return FillColumn(
            title or known.label,
            KINDS.get(known.kind, "text"),
            not title and self.is_needed(register, known),
            self.note(register, known),
            self._choices(register, known),
            known.kind in ("choice", "term", "boolean"),
            self._rows_of(register, known),
        )

    def is_needed(self, register: Register, known: Field) -> bool:
        """Whether a person has to fill it in; rows without a unit may belong to the only one."""
        owned = known.name == "unit" and register.scope == "unit" and self.unit is not None
        return known.required and not owned

    def note(self, register: Register, known: Field) -> str:
        """What is said beside a cell of this column."""
        parts = [how_to_write(register, known)]
        if isinstance(known, relations.ReferenceField) and known.target().name in self.here:
            target = known.target()
            told = _("rows of the sheet “{sheet}” may be named too, by number or name")
            parts.append(told.format(sheet=target.label_plural))
        if help_text := str(getattr(known.source, "help_text", "") or ""):
            parts.insert(0, help_text)
        if known.name == "unit" and self.unit is not None and register.scope == "unit":
            parts.append(_("left empty: {unit}").format(unit=self.unit))
        return "；".join(parts) if _("yes") == "是" else "; ".join(parts)

    def _choices(self, register: Register, known: Field) -> tuple[str, ...]:
        if isinstance(known, relations.ReferenceField):
            return self._offered(known.target())
        return tuple(label for _code, label in known.options())

    def _rows_of(self, register: Register, known: Field) -> tuple[str, int] | None:
        """The key column of another sheet of the same workbook."""
        if not isinstance(known, relations.ReferenceField):
            return None
        target = known.target()
        if target.name not in self.here or target is register:
            return None
        last = target.key[-1]
        if target.title and target.title in target.editable and not target.title_is_personal:
            # A number may be left to the ledger; the name is always there.
            last = target.title if target.code_prefix else last
        return target.label_plural, target.editable.index(last)

    def _offered(self, target: Register) -> tuple[str, ...]:
        """Rows that stand in the ledger, when they are few and their names are no person's."""
        if target.name not in self._offers:
            self._offers[target.name] = self._rows(target)
        return self._offers[target.name]

    def _rows(self, target: Register) -> tuple[str, ...]:
        if target.title_is_personal or not target.title:
            return ()
        rows = access.visible(self.user, target).exclude(state=State.VOID)
        if target.scope == "self":
            rows = rows.filter(pk__in=access.of(self.user).units("recorder"))
        found = list(rows[: _OFFERED + 1])
        if len(found) > _OFFERED:
            return ()
        titles = [target.title_of(row) for row in found]
        return tuple(
            title if titles.count(title) == 1 else target.key_text(row)
            for title, row in zip(titles, found, strict=True)
        )


def _title(registers: Sequence[Register]) -> str:
    if len(registers) == 1:
        return _("How to fill in: {register}").format(register=registers[0].label_plural)
    return _("How to fill in the whole year")


def _lines(registers: Sequence[Register]) -> list[str]:
    lines = [
        _(
            "Each sheet is a register, each row one record. Please leave the names of sheets and columns as they are; sheets and columns that you do not need may stay empty or be removed."
        ),
        _(
            "Columns marked with * are required. Where a cell has a list, choose from it; several words of a list are written with 、 between them."
        ),
        _(
            "Write numbers without units and no estimates. Do not merge cells. Formulas count by their result, so let the program calculate before you save."
        ),
    ]
    if len(registers) > 1:
        lines.append(
            _(
                "Sheets may refer to rows of other sheets: first write the row itself, for instance an activity, then name it by its number or its name where it is asked for."
            )
        )
    lines += [
        _(
            "Then upload the file on the page “Import”. You are shown first what would happen, and nothing is written before you say yes. Rows with errors come back as a workbook with the reasons."
        ),
        _("This is not a classified system. Do not enter or store state secrets or work secrets."),
    ]
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]


Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]


def _tables(registers: Sequence[Register], columns: Columns) -> list[Table]:
    found: list[Table] = []
    if len(registers) > 1:
        head = [_("Sheet"), "", _("Refers to"), _("Proof to attach in the ledger")]
        rows = [[r.label_plural, "", _refers_to(r, columns), _proof(r)] for r in registers]
        found.append((_("Sheets of this workbook"), head, rows))
    head = [_("Column"), _("Needed"), _("How to write it"), _("To choose from")]
    for register in registers:
        proof = _proof(register)
        title = register.label_plural
        if proof and len(registers) == 1:
            title = _("{register} (proof to attach in the ledger: {proof})").format(
                register=title, proof=proof
            )
        found.append((title, head, [_described(register, n, columns) for n in register.editable]))
    return found


def _described(register: Register, name: str, columns: Columns) -> list[str]:
    known = register.fields[name]
    options = [label for _code, label in known.options()]
    return [
        known.label,
        _("required") if columns.is_needed(register, known) else "",
        columns.note(register, known),
        "、".join(options) if len(options) <= 12 else _("see the list in the cell"),
    ]


def _refers_to(register: Register, columns: Columns) -> str:
    here = [
        r.label_plural for r in referred(register) if r.name in columns.here and r is not register
    ]
    return "、".join(here)


def _proof(register: Register) -> str:
    """What proof a record should have, in the words of whoever keeps the proofs."""
    between = pgettext("between kinds of evidence", " or ")
    kinds = catalogue.proof_kinds
    return "、".join(
        between.join(str(kinds.get(kind, kind)) for kind in proof.kinds) for proof in register.proof
    )

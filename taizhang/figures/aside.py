"""In the margin of a record's page: which figures count it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists
from django.utils import timezone

from taizhang.engines.figures.rows import rows_query
from taizhang.engines.periods import Period
from taizhang.ledger import access, fields, query
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import Register

from .definitions import shipped
from .facts import facts
from .scope import home_unit


class FiguresAside:
    """Lists the figures of the user's own unit, in the record's year, that count the record."""

    template = "figures/aside.html"

    def context(self, register: Register, record: Record, user: Any) -> dict[str, Any] | None:
        """The figures with what this record adds; None for registers that no figure counts.

        Only shipped ones: with each figure of a unit the page would ask one question more.
        """
        leaves = {
            code: d for code, d in shipped().items() if d.leaf and d.leaf.register == register.name
        }
        unit = home_unit(user)
        if not leaves or unit is None:
            return None
        period = Period.parse(str(self._year(register, record)))
        same: dict[str, list[str]] = defaultdict(list)
        with access.remembering():
            for code, definition in leaves.items():
                assert definition.leaf is not None
                same[rows_query(definition.leaf, period, unit.code)].append(code)
            counted = self._counted(register, record, same)
        found = facts(counted, unit.code, period) if counted else {}
        rows = [
            {"fact": fact, "part": self._part(register, record, fact)} for fact in found.values()
        ]
        return {"rows": rows, "period": period, "verified": record.state == State.VERIFIED}

    def _counted(
        self, register: Register, record: Record, same: Mapping[str, list[str]]
    ) -> list[str]:
        """The codes of the queries that find the record: all of them asked in one question."""
        asked = {
            f"found_{number}": Exists(query.bare_rows(register, text).filter(pk=record.pk))
            for number, text in enumerate(same)
        }
        own = register.model._default_manager.filter(pk=record.pk)
        answers = own.annotate(**asked).values_list(*asked).get()
        return [
            code
            for found, codes in zip(answers, same.values(), strict=True)
            if found
            for code in codes
        ]

    def _year(self, register: Register, record: Record) -> int:
        if not register.dated:
            return timezone.localdate().year
        value: Any = record
        for step in register.dated.split("."):
            value = getattr(value, step)
        return int(value.year)

    def _part(self, register: Register, record: Record, fact: Any) -> str:
        """What this one record adds to the figure; blank for a count of different things."""
        measure = fact.definition.leaf.measure
        if measure.kind == "count":
            return "1"
        if measure.kind == "distinct" or "." in measure.field:
            return ""
        known: fields.Field = register.fields[measure.field]
        return known.show(known.value(record)) or "0"

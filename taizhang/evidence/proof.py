"""How strongly records are proved: for lists, filters and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Exact
from taizhang.ledger import fields
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

from .models import Evidence, Strength


class ProofField(fields.Computed):
    """The strongest proof of a record; ``proof=4`` finds the records without any."""

    kind = "proof"
    name = "proof"
    title = _("Evidence")

    def load(self, records: Sequence[Record]) -> dict[int, Any]:
        """The strengths of a page of records in one query."""
        best = dict(
            Evidence.objects.filter(
                register=self.register.name, record_id__in=[record.pk for record in records]
            )
            .order_by()
            .values_list("record_id")
            .annotate(Min("strength"))
        )
        return {record.pk: best.get(record.pk, Strength.NONE) for record in records}

    def show(self, value: Any) -> str:
        return str(Strength(value).label) if value else ""

    def cell(self, value: Any) -> Any:
        return self.show(value)

    def options(self) -> list[tuple[str, str]]:
        return [(str(code), str(label)) for code, label in Strength.choices]

    def condition(self, prefix: str, value: fields.Value) -> Q:
        if not isinstance(value, Exact) or value.text not in {str(v) for v in Strength.values}:
            raise Refused.because(
                "query.unknown-value",
                self.name,
                field=self.label,
                text=getattr(value, "text", ""),
                nearest="、".join(str(v) for v in Strength.values),
            )
        strength = int(value.text)
        key = prefix[:-2] + "_id" if prefix else "pk"
        proofs = Evidence.objects.filter(register=self.register.name, record_id=OuterRef(key))
        if strength == Strength.NONE:
            return ~Q(Exists(proofs))
        better = proofs.filter(strength__lt=strength)
        return Q(Exists(proofs.filter(strength=strength))) & ~Q(Exists(better))


def strengths(register: Register, rows: QuerySet[Any]) -> dict[int, int]:
    """How many of these rows are proved how strongly, in one query: strength → rows."""
    best = (
        Evidence.objects.filter(register=register.name, record_id=OuterRef("pk"))
        .order_by()
        .values("record_id")
        .annotate(best=Min("strength"))
        .values("best")
    )
    found = (
        rows.order_by()
        .annotate(strength=Coalesce(Subquery(best, output_field=IntegerField()), Value(4)))
        .values_list("strength")
        .annotate(n=Count("pk"))
    )
    counted: dict[int, int] = dict.fromkeys(Strength.values, 0)
    counted.update(dict(found))
    return counted

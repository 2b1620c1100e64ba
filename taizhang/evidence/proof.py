"""How records are proved, and what they still lack: for lists, filters and figures.

Nothing of it is stored: it is asked of the proofs themselves, which an index holds by record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
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
from django.utils.translation import ngettext, pgettext

from taizhang.engines.findings import Refused
from taizhang.engines.queries import Empty, Exact, Range, parse
from taizhang.ledger import fields, query
from taizhang.ledger.models import Record
from taizhang.ledger.register import Proof, Register

from .models import Evidence, Strength

NOTHING, ANYTHING = "nothing", "anything"


def demand_text(proof: Proof) -> str:
    """What is demanded, in words: ``Sign-in sheet or Machine check-in``, ``Photo (at least 2)``."""
    labels = dict(Evidence.Kind.choices)
    text = pgettext("between kinds of evidence", " or ").join(str(labels[k]) for k in proof.kinds)
    if proof.least == 1:
        return text
    counted = ngettext("{kinds} (at least {count})", "{kinds} (at least {count})", proof.least)
    return counted.format(kinds=text, count=proof.least)


@dataclass(frozen=True, slots=True)
class Standing:
    """One demand on a record, and how many files meet it."""

    proof: Proof
    have: int

    @property
    def is_met(self) -> bool:
        """Whether that is enough."""
        return self.have >= self.proof.least

    @property
    def text(self) -> str:
        """The demand in words."""
        return demand_text(self.proof)


def standings(register: Register, records: Sequence[Record]) -> dict[int, list[Standing]]:
    """What these records should have and what they have: one query, and one for each condition."""
    keys = [record.pk for record in records]
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    kinds = Evidence.objects.filter(register=register.name, record_id__in=keys).order_by()
    for key, kind, count in kinds.values_list("record_id", "kind").annotate(Count("pk")):
        counted[key][kind] = count
    found: dict[int, list[Standing]] = {key: [] for key in keys}
    for proof in register.proof:
        for key in _concerned(register, proof, keys):
            have = sum(counted[key].get(kind, 0) for kind in proof.kinds)
            found[key].append(Standing(proof, have))
    return found


def _concerned(register: Register, proof: Proof, keys: list[int]) -> list[int]:
    """Of these records the ones of which this is demanded."""
    if not proof.when:
        return keys
    rows = query.bare_rows(register, proof.when).filter(pk__in=keys)
    return list(rows.values_list("pk", flat=True))


class LacksField(fields.Computed):
    """Which demanded proof a record lacks: ``lacks=nothing``, ``lacks=anything``, ``lacks=photo``.

    Its value are the codes of the unmet demands with commas, blank when all are met.
    """

    kind = "lacks"
    name = "lacks"
    title = _("Proof on file")

    @classmethod
    def suits(cls, register: Register) -> bool:
        return register.proved

    def load(self, records: Sequence[Record]) -> dict[int, Any]:
        return {
            key: ",".join(each.proof.code for each in found if not each.is_met)
            for key, found in standings(self.register, records).items()
        }

    def show(self, value: Any) -> str:
        if value is None:
            return ""
        if not value:
            return str(_("Complete"))
        return self._lacking([p for p in self.register.proof if p.code in value.split(",")])

    def _lacking(self, unmet: Sequence[Proof]) -> str:
        """In a list each demand is called by its first kind; the record's page says it in full."""
        labels = dict(Evidence.Kind.choices)
        texts = [str(labels[proof.code]) for proof in unmet]
        kinds = pgettext("between missing kinds of evidence", ", ").join(texts)
        return str(_("Lacks {kinds}")).format(kinds=kinds)

    def options(self) -> list[tuple[str, str]]:
        whole = [(NOTHING, str(_("Complete"))), (ANYTHING, str(_("Something is missing")))]
        demands = self.register.proof if len(self.register.proof) > 1 else ()
        return whole + [(proof.code, self._lacking([proof])) for proof in demands]

    def condition(self, prefix: str, value: fields.Value) -> Q:
        """One condition over the index of proofs; nothing needs to be counted beforehand."""
        if prefix:  # of a row that is referred to
            rows = self.register.model._default_manager.order_by()
            return Q(Exists(rows.filter(self.condition("", value), pk=OuterRef(_key(prefix)))))
        match value:
            case Empty() | Exact("nothing"):
                return reduce(and_, [~self._lacks(proof) for proof in self.register.proof])
            case Exact("anything"):
                return reduce(or_, [self._lacks(proof) for proof in self.register.proof])
            case Exact(text):
                found = [self._lacks(proof) for proof in self.register.proof if proof.code == text]
                if not found:
                    demands = (proof.code for proof in self.register.proof)
                    raise self.unknown(text, (NOTHING, ANYTHING, *demands))
                return found[0]
            case Range():
                raise Refused.because("query.no-range", self.name, field=self.label)

    def _lacks(self, proof: Proof) -> Q:
        files: QuerySet[Any] = _proofs(self.register, "pk").filter(kind__in=proof.kinds)
        if proof.least > 1:
            counted = files.order_by().values("record_id").annotate(n=Count("pk"))
            files = counted.filter(n__gte=proof.least).values("n")
        lacks = ~Q(Exists(files))
        return query.condition(self.register, parse(proof.when)) & lacks if proof.when else lacks


class ProofField(fields.Computed):
    """The strongest proof of a record; ``proof=4`` finds the records without any."""

    kind = "proof"
    name = "proof"
    title = _("Evidence")

    @classmethod
    def suits(cls, register: Register) -> bool:
        return register.proved

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

    def options(self) -> list[tuple[str, str]]:
        return [(str(code), str(label)) for code, label in Strength.choices]

    def condition(self, prefix: str, value: fields.Value) -> Q:
        if not isinstance(value, Exact) or value.text not in {str(v) for v in Strength.values}:
            raise self.unknown(getattr(value, "text", ""), map(str, Strength.values))
        strength = int(value.text)
        proofs = _proofs(self.register, _key(prefix))
        if strength == Strength.NONE:
            return ~Q(Exists(proofs))
        better = proofs.filter(strength__lt=strength)
        return Q(Exists(proofs.filter(strength=strength))) & ~Q(Exists(better))


def _key(prefix: str) -> str:
    """The outer row of a condition: the record itself, or the one a path leads to."""
    return prefix[:-2] + "_id" if prefix else "pk"


def _proofs(register: Register, outer: str) -> QuerySet[Evidence]:
    return Evidence.objects.filter(register=register.name, record_id=OuterRef(outer))


def strengths(register: Register, rows: QuerySet[Any]) -> dict[int, int]:
    """How many of these rows are proved how strongly, in one query: strength → rows."""
    best = (
        _proofs(register, "pk")
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

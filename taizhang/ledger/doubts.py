"""Unusual values: who is asked whether they are right, what they answered, what is still open.

A doubt is declared once with its register. The form asks, an import shows, the workbench lists; a
"yes" is kept with the record and its value, so that nobody asks a second time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding
from taizhang.engines.queries import Empty, Exact

from . import fields
from .models import Answer, Record
from .register import TODAY, Doubt, Limit, Register

OPEN = "open"
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """A doubtful value of a record; ``finding`` says what is unusual about it."""

    record: Record
    field: fields.Field
    value: Any
    finding: Finding

    @property
    def tag(self) -> str:
        """Field and value as a form sends them back: ``attendance=40000``."""
        return f"{self.field.name}={self.field.show(self.value)}"


def questions(register: Register, record: Record) -> list[Question]:
    """What is unusual about a record, answered or not: one question a field, without a query.

    Many-valued fields do not count; an unsaved record will do.
    """
    found: dict[str, Question] = {}
    for doubt in register.doubts:
        known = register.fields[doubt.about]
        value = known.value(record)
        if value is None or doubt.about in found or not _applies(register, doubt, record):
            continue
        over = _limit(register, doubt.over, record)
        if over is not None and value > over:
            code = "doubt.over"
            if doubt.over == TODAY:
                code = "doubt.after-today"
            elif isinstance(doubt.over, str):
                code = "doubt.more-than"
            finding = _finding(register, doubt, code, value, over)
        elif doubt.under is not None and value < doubt.under:
            code = "doubt.too-early" if known.kind == "date" else "doubt.under"
            finding = _finding(register, doubt, code, value, doubt.under)
        else:
            continue
        found[doubt.about] = Question(record, known, value, finding)
    return list(found.values())


def _applies(register: Register, doubt: Doubt, record: Record) -> bool:
    return all(register.fields[name].value(record) in among for name, among in doubt.when.items())


def _limit(register: Register, bound: Limit | str | None, record: Record) -> Any:
    """The limit for this record; None when there is none or the other field is empty."""
    if bound == TODAY:
        return timezone.localdate()
    return register.fields[bound].value(record) if isinstance(bound, str) else bound


def _finding(register: Register, doubt: Doubt, code: str, value: Any, limit: Any) -> Finding:
    known = register.fields[doubt.about]
    other = register.fields.get(doubt.over) if isinstance(doubt.over, str) else None
    params = {
        "field": known.label,
        "value": known.show(value),
        "limit": known.show(limit),
        "other": other.label if other else "",
    }
    return Finding(code, "look", known.name, params)


def open_doubts(register: Register, records: Iterable[Record]) -> list[Question]:
    """The questions about these records that nobody has answered, in the order of the records.

    Asks the database once (of many thousand doubtful rows once for every two thousand), and not at
    all when nothing is unusual. Records without a number, such as rows of a file, have no answers.
    """
    found = [question for record in records for question in questions(register, record)]
    answered = answers(register, [question.record.pk for question in found])
    return [
        question
        for question in found
        if not _same(answered.get((question.record.pk, question.field.name)), question.value)
    ]


def answers(register: Register, keys: Sequence[int | None]) -> dict[tuple[int, str], Answer]:
    """What was answered for these records, by record and field, whatever their values are now."""
    numbers = sorted({key for key in keys if key is not None})
    found = {}
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        for answer in Answer.objects.filter(
            register=register.name, record_id__in=part
        ).select_related("by"):
            found[answer.record_id, answer.field] = answer
    return found


def _same(answer: Answer | None, value: Any) -> bool:
    return answer is not None and value in (answer.number, answer.day)


def answer(register: Register, record: Record, names: Collection[str], *, actor: Any) -> None:
    """Keep that the values these fields of a saved record hold now are right.

    Fields that nobody would ask about are left out.
    """
    for question in questions(register, record):
        if question.field.name not in names:
            continue
        is_day = isinstance(question.value, date)
        Answer.objects.update_or_create(
            register=register.name,
            record_id=record.pk,
            field=question.field.name,
            defaults={
                "number": None if is_day else Decimal(question.value),
                "day": question.value if is_day else None,
                "by": actor,
                "at": timezone.now(),
            },
        )


def confirmed(register: Register, record: Record) -> list[tuple[Question, Answer]]:
    """The unusual values of a record that somebody has said are right."""
    asked = questions(register, record)
    known = answers(register, [record.pk]) if asked else {}
    pairs = ((question, known.get((record.pk, question.field.name))) for question in asked)
    return [
        (question, given) for question, given in pairs if given and _same(given, question.value)
    ]


def answered() -> tuple[Any, ...]:
    """A mark that every answer changes: answers leave no entry in the history."""
    found = Answer.objects.aggregate(many=Count("pk"), last=Max("at"))
    return (found["many"], found["last"])


class DoubtField(fields.Computed):
    """Whether somebody should look at an unusual value of a record: ``doubt=open`` finds these."""

    kind = "doubt"
    name = "doubt"
    title = _("Unusual value")

    def load(self, records: Sequence[Record]) -> dict[int, Any]:
        doubtful = {question.record.pk for question in open_doubts(self.register, records)}
        return {record.pk: OPEN if record.pk in doubtful else "" for record in records}

    def show(self, value: Any) -> str:
        return str(_("To be confirmed")) if value else ""

    def options(self) -> list[tuple[str, str]]:
        return [(OPEN, str(_("To be confirmed")))]

    def condition(self, prefix: str, value: fields.Value) -> Q:
        if prefix:  # of a row that is referred to
            rows = self.register.model._default_manager.order_by()
            return Q(Exists(rows.filter(self.condition("", value), pk=OuterRef(prefix + "pk"))))
        if isinstance(value, Empty):
            return ~open_condition(self.register)
        if isinstance(value, Exact) and value.text == OPEN:
            return open_condition(self.register)
        raise self.unknown(getattr(value, "text", ""), (OPEN,))


def open_condition(register: Register) -> Q:
    """The rows with an open question, for a query: the same as ``open_doubts``, asked of them all."""
    doubtful = Q(pk__in=[])
    for doubt in register.doubts:
        known = register.fields[doubt.about]
        beyond = Q(pk__in=[])
        if doubt.over is not None:
            beyond |= Q(**{f"{known.lookup}__gt": _in_query(register, doubt.over)})
        if doubt.under is not None:
            beyond |= Q(**{f"{known.lookup}__lt": doubt.under})
        for name, among in doubt.when.items():
            beyond &= Q(**{f"{register.fields[name].lookup}__in": list(among)})
        kept = "day" if known.kind == "date" else "number"
        given = Answer.objects.filter(
            register=register.name,
            record_id=OuterRef("pk"),
            field=doubt.about,
            **{kept: OuterRef(known.lookup)},
        )
        doubtful |= beyond & ~Q(Exists(given))
    return doubtful


def _in_query(register: Register, bound: Limit | str) -> Any:
    if bound == TODAY:
        return timezone.localdate()
    return F(register.fields[bound].lookup) if isinstance(bound, str) else bound

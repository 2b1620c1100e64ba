"""Measures as columns of a statement, and its rows as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from taizhang.engines.figures.definitions import Measure
from taizhang.engines.figures.evaluate import LeafValue
from taizhang.ledger import kinds
from taizhang.ledger.register import Register


def wanted(register: Register, measures: Sequence[Measure]) -> dict[str, Any]:
    """Several measures over the same rows, for one statement."""
    columns: dict[str, Any] = {"_rows": Count("pk")}
    for number, measure in enumerate(measures):
        path = measure_path(register, measure)
        if measure.kind == "sum":
            columns[f"_sum{number}"] = Sum(path)
            columns[f"_some{number}"] = Count(path)
        elif measure.kind == "distinct":
            columns[f"_sum{number}"] = Count(path, distinct=True)
            columns[f"_some{number}"] = Count(path)
    return columns


def measured(
    listed: Sequence[Mapping[str, Any]], codes: Sequence[str], groups: int
) -> dict[str, dict[tuple[Any, ...], LeafValue]]:
    """The rows of such a statement as values, by group."""
    found: dict[str, dict[tuple[Any, ...], LeafValue]] = {code: {} for code in codes}
    for row in listed:
        group = tuple(row[f"_group{number}"] for number in range(groups))
        for number, code in enumerate(codes):
            count = row["_rows"]
            if f"_sum{number}" in row:
                blank = count - row[f"_some{number}"]
                total = row[f"_sum{number}"]
                value = None if total is None else Decimal(total)
                found[code][group] = LeafValue(value, count, blank)
            else:
                found[code][group] = LeafValue(Decimal(count), count)
    return found


def measure_path(register: Register, measure: Measure) -> str:
    """The measured field as a query path."""
    if not measure.field:
        return "pk"
    prefix, known, _way = kinds.resolve_path(register, measure.field)
    return prefix + known.name

"""The database's own rules, asked of a row before it is written.

A constraint is declared once, on the model. The database enforces it; here the same condition is
read for one row in memory, so that an import can name the row and the reason without a query each.
"""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from django.db.models import F, Q


def broken(record: models.Model) -> list[tuple[str, str]]:
    """The check constraints that this row would break: (field it is about, message)."""
    return [
        (_subject(constraint.condition), str(constraint.violation_error_message))
        for constraint in record._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and _holds(constraint.condition, record) is False
    ]


def _subject(node: Any) -> str:
    """The field a rule is about: the first it names."""
    while isinstance(node, Q):
        node = node.children[0]
    return str(node[0]).partition("__")[0]


def _holds(node: Any, record: models.Model) -> bool | None:
    """SQL's three-valued truth: None where a null decides."""
    if not isinstance(node, Q):
        path, value = node
        return _compare(path, value, record)
    results = [_holds(child, record) for child in node.children]
    if node.connector == Q.AND:
        truth = False if False in results else None if None in results else True
    else:
        truth = True if True in results else None if None in results else False
    return truth if truth is None or not node.negated else not truth


def _compare(path: str, value: Any, record: models.Model) -> bool | None:
    name, _separator, lookup = path.partition("__")
    left = _column(record, name)
    if lookup == "isnull":
        return (left is None) is value
    right = _column(record, cast(Any, value).name) if isinstance(value, F) else value
    if left is None or right is None:
        return None
    match lookup:
        case "" | "exact":
            return bool(left == right)
        case "in":
            return left in right
        case "gte":
            return bool(left >= right)
        case "lte":
            return bool(left <= right)
        case "gt":
            return bool(left > right)
        case "lt":
            return bool(left < right)
    raise NotImplementedError(f"constraint lookup {lookup}")


def _column(record: models.Model, name: str) -> Any:
    field: Any = record._meta.get_field(name)
    return getattr(record, field.attname)

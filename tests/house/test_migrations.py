"""Migrations stay quick: every operation after a table is made renders all models of the product anew."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel

import taizhang

PACKAGE = Path(taizhang.__file__).parent
MIGRATIONS = sorted(
    f"taizhang.{path.parent.parent.name}.migrations.{path.stem}"
    for path in PACKAGE.glob("*/migrations/0*.py")
)


@pytest.mark.parametrize("name", MIGRATIONS)
def test_a_table_is_made_with_its_constraints(name: str) -> None:
    made: set[str] = set()
    completed: set[str] = set()
    for operation in importlib.import_module(name).Migration.operations:
        if isinstance(operation, CreateModel):
            made.add(operation.name_lower)
        elif isinstance(operation, AddField):
            completed.add(operation.model_name_lower)
        elif isinstance(operation, (AddConstraint, AddIndex)):
            table = operation.model_name_lower
            assert table not in made or table in completed, (
                f"{name}: move it into the options of CreateModel {table}"
            )

"""Rows of registers change in one place: nobody else saves, creates, updates or deletes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import taizhang

PACKAGE = Path(taizhang.__file__).parent
DOORS = {"ledger/write.py", "ledger/states.py", "ledger/undo.py"}
STORE = "ledger/storing.py"
"""``evidence/actions.py`` writes its own tables, and records only through ``write.note``."""
WRITING = {
    *("save", "delete", "create", "update", "bulk_create", "bulk_update"),
    *("get_or_create", "update_or_create", "raw", "_raw_delete", "asave", "acreate", "adelete"),
}
REQUEST = re.compile(
    r"\brequest\.(?:user|GET|POST|FILES|META|COOKIES|session|path|headers|method)\b"
)
NOT_RECORDS = (
    # Tables that are no registers: accounts, plans of imports, batches, the tree, proofs, seals.
    *(
        "User",
        "user",
        "Membership",
        "ImportPlan",
        "kept",
        "locked",
        "stale",
        "Batch",
        "batch",
        "Path",
    ),
    *("Blob", "blob", "Evidence", "evidence", "password", "Job", "job", "Words", "Built"),
    *("Token", "token", "Answer", "FormDraft", "draft", "SavedFilter", "ListChoice"),
    *("Submission", "submission", "Step", "Value", "KeptRoot", "Practice"),
    *("DaySeal", "SigningKey", "Close"),
    *("OwnOutline", "OutlineVersion", "Comment", "OwnFigure", "OwnFigureVersion"),
    *("Manuscript", "manuscript", "Dismissal"),
    # No tables at all: pictures, the ledger's own door, what a field makes of a value.
    *("image", "clean", "write", "known", "register.fields", "self.field", "super()"),
)


def outside_the_door(source: str) -> Iterator[str]:
    """Calls that write to the database through something that may be a record."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in WRITING:
            continue
        # A dict, a set or a hash is updated with a value, a table by the names of its columns.
        if node.func.attr == "update" and not node.keywords:
            continue
        receiver = ast.unparse(node.func.value)
        if node.func.attr == "raw" and not receiver.endswith(("objects", "manager", "all()")):
            continue  # what a field makes of a value for the history
        if receiver.startswith(NOT_RECORDS) or "'Membership'" in receiver:
            continue
        yield f"{node.lineno}: {ast.unparse(node)[:90]}"


def test_no_module_writes_records_beside_the_ledger_s_door() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
        and path.relative_to(PACKAGE).as_posix() not in {*DOORS, STORE}
        and path.relative_to(PACKAGE).parts[0] not in ("engines", "documents", "wording")
        for line in outside_the_door(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_store_is_reached_through_the_doors_only() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bimport\b.*\bstoring\b|\bstoring import\b", path.read_text("utf-8"))
    }
    assert found == DOORS


def test_planted_writes_are_found() -> None:
    planted = (
        "record.save()",
        "Activity.objects.create(title='x')",
        "rows.update(state='verified')",
        "rows.filter(pk=1).delete()",
        "register.model._default_manager.bulk_create(many)",
        "Activity.objects.update_or_create(pk=1, defaults={})",
        "Activity.objects.raw('DELETE FROM x')",
    )
    for line in planted:
        assert list(outside_the_door(line)), line
    assert (
        list(outside_the_door("found.update(more)\nuser.save()\nBatch.objects.create(x=1)")) == []
    )


def test_nothing_below_a_view_reads_the_request() -> None:
    views = {"middleware.py", "shell.py", "tour.py"}
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name not in views
        and not path.name.endswith("views.py")
        and "templatetags" not in path.parts
        and REQUEST.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_no_signals() -> None:
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if "django.db.models.signals" in path.read_text("utf-8")
        or "django.dispatch" in path.read_text("utf-8")
    ]
    assert found == []

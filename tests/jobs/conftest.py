"""A ledger that other processes share, and tasks that only one test knows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from taizhang.jobs import tasks
from taizhang.jobs.models import Job
from taizhang.jobs.queue import enqueue
from tests.conftest import Cast
from tests.soak.office import Office, copied, entered, founded, removed


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: Any) -> Iterator[Office]:
    """An empty ledger to copy."""
    folder = tmp_path_factory.mktemp("pattern") / "data"
    made = founded(folder, os.environ.get("DATABASE_URL", ""))
    yield made
    removed(made)


@pytest.fixture
def office(
    pattern: Office, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[Office]:
    """A ledger of its own, in a folder of its own; nothing of it is taken back but by deleting it."""
    import tests.soak.tasks  # noqa: F401

    made = copied(pattern, tmp_path / "data")
    for name in ("EVIDENCE", "UPLOAD", "JOBS", "KEYS", "FROZEN"):
        setattr(settings, f"{name}_ROOT", made.home / name.lower())
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with django_db_blocker.unblock(), entered(made):
        yield made
    removed(made)
    if (made.home / "log").exists():
        print(made.log())  # pytest shows it when the test has failed


@pytest.fixture
def people(office: Office) -> Cast:
    """The cast in the shared ledger."""
    from tests.factories import found_cast

    return found_cast()


@pytest.fixture
def declare(monkeypatch: Any) -> Callable[..., str]:
    """Declare a task for one test; its kind."""

    def declared(work: tasks.Work, kind: str = "test.work") -> str:
        monkeypatch.setitem(tasks._works, kind, work)
        return kind

    return declared


@pytest.fixture
def asked(cast: Cast, declare: Callable[..., str]) -> Callable[..., Job]:
    """A job of Su's that waits, doing what the test says."""

    def ask(work: tasks.Work, payload: dict[str, Any] | None = None, **given: Any) -> Job:
        told = {"actor": cast.su, "title": "导入《2021年活动》"} | given
        return enqueue(declare(work), payload or {}, **told)

    return ask

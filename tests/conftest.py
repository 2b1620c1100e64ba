"""The cast of all stories, and an association with two towns for them to work in.

Lin runs the association, Su records for it, Zhi verifies, Bo records for one town only, Re reads;
Chen belongs elsewhere and must see nothing; a guest is signed out.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Cast:
    """The people, and the units they belong to."""

    lin: Any
    su: Any
    zhi: Any
    bo: Any
    re: Any
    chen: Any
    association: Any
    east: Any
    west: Any
    elsewhere: Any

    def by_role(self) -> dict[str, Any]:
        """One person of the association for each role."""
        return {"reader": self.re, "recorder": self.su, "verifier": self.zhi, "manager": self.lin}


@pytest.fixture
def cast(db: Any, settings: Any, tmp_path: Any) -> Iterator[Cast]:
    """An association with two towns, and another association that is none of its business."""
    from tests.factories import found_cast

    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    settings.JOBS_ROOT = tmp_path / "jobs"
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.FROZEN_ROOT = tmp_path / "frozen"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    return found_cast()


@pytest.fixture
def sign_in(client: Any) -> Any:
    """Sign a person in and return the browser."""

    def browser(user: Any) -> Any:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser


@contextmanager
def ledger_for_a_module(blocker: Any, folder: Path, **changed: Any) -> Iterator[None]:
    """A ledger that the tests of one module read together; everything is taken back after it."""
    from django.conf import settings
    from django.db import transaction
    from django.test.utils import override_settings
    from django.utils import translation

    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with (
        blocker.unblock(),
        override_settings(
            EVIDENCE_ROOT=folder / "evidence",
            UPLOAD_ROOT=folder / "uploads",
            JOBS_ROOT=folder / "jobs",
            KEYS_ROOT=folder / "keys",
            FROZEN_ROOT=folder / "frozen",
            STORAGES=storages,
            **changed,
        ),
        translation.override("zh-hans"),
        transaction.atomic(),
    ):
        yield
        transaction.set_rollback(True)


class DemoYears:
    """The demo years, loaded once and kept while tests that read them follow one another."""

    def __init__(self) -> None:
        self.kept = ExitStack()
        self.loaded = False

    def load(self, blocker: Any, folder: Path) -> None:
        """Load them, unless they are there."""
        if self.loaded:
            return
        from taizhang.demo import load, pictures

        @contextmanager
        def silent(title: str, total: int) -> Iterator[Any]:
            yield lambda done: None

        self.kept.enter_context(ledger_for_a_module(blocker, folder, DEMO=True))
        with pytest.MonkeyPatch.context() as patch:
            for name in ("draw", "draw_sheet"):
                patch.setattr(pictures, name, _drawn_once(getattr(pictures, name)))
            load.load(progress=silent)
        self.loaded = True

    def take_back(self) -> None:
        """Leave the ledger as it was before."""
        self.loaded = False
        self.kept.close()


DEMO_YEARS = DemoYears()


@pytest.fixture(scope="session")
def demo_shelf(django_db_setup: None) -> Iterator[DemoYears]:
    """Where the demo years lie; emptied before the database goes."""
    yield DEMO_YEARS
    DEMO_YEARS.take_back()


@pytest.fixture(scope="module")
def demo_years(demo_shelf: DemoYears, django_db_blocker: Any, tmp_path_factory: Any) -> None:
    """The demo years; each test takes back what it adds to them."""
    demo_shelf.load(django_db_blocker, tmp_path_factory.mktemp("demo"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before a test that wants an empty ledger the demo years are taken back."""
    if "demo_years" not in getattr(item, "fixturenames", ()):
        DEMO_YEARS.take_back()


def _drawn_once(draw: Any) -> Any:
    """Drawing is most of the work of loading the demo: the same picture is drawn once a run."""

    def drawn(*asked: Any) -> bytes:
        folder = Path(os.environ["TAIZHANG_TEST_HOME"]) / "drawn"
        path = folder / hashlib.sha256(repr((draw.__name__, asked)).encode()).hexdigest()
        if not path.exists():
            folder.mkdir(exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(draw(*asked))
            fresh.replace(path)
        return path.read_bytes()

    return drawn

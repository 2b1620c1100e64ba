"""The cast of all stories, and an association with two towns for them to work in.

Lin runs the association, Su records for it, Zhi verifies, Bo records for one town only, Re reads;
Chen belongs elsewhere and must see nothing; a guest is signed out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    yield found_cast()


@pytest.fixture
def sign_in(client: Any) -> Any:
    """Sign a person in and return the browser."""

    def browser(user: Any) -> Any:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser

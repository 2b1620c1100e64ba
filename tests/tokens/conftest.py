"""Programs that come in with a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from taizhang.tokens import actions, buckets


class Program:
    """A program with a token: asks addresses of the API and reads the answers."""

    def __init__(self, secret: str, token: Any = None) -> None:
        self.client, self.secret, self.token = Client(), secret, token

    def ask(self, method: str, address: str, data: Any = None, **more: Any) -> Any:
        address = address if address.startswith("/") else f"/api/v1/{address}"
        if data is not None and "content_type" not in more:
            more["content_type"] = "application/json"
            data = data if isinstance(data, bytes | str) else json.dumps(data)
        if data is not None:
            more["data"] = data
        headers = {"Authorization": f"Bearer {self.secret}"} | more.pop("headers", {})
        return self.client.generic(method, address, headers=headers, **more)

    def get(self, address: str, status: int = 200, **more: Any) -> Any:
        """The data at an address."""
        response = self.ask("GET", address, **more)
        assert response.status_code == status, response.content.decode()
        return response.json()

    def post(self, address: str, data: Any, status: int = 200, **more: Any) -> Any:
        """What came of sending data."""
        response = self.ask("POST", address, data, **more)
        assert response.status_code == status, response.content.decode()
        return response.json()

    def all(self, address: str) -> list[Any]:
        """Every row of a list, part by part."""
        found: list[Any] = []
        following: str | None = address
        while following:
            part = self.get(following)
            found += part["rows"]
            following = part["next"]
        return found


def program(user: Any, *units: Any, days: int = 30, **rights: Any) -> Program:
    """A program with a token of this user for these units, valid so many days."""
    rights = {"writes": False, "personal": False} | rights
    given = {"name": "对接程序", "units": [unit.pk for unit in units], **rights}
    day: date = timezone.localdate() + timedelta(days=days)
    token, secret = actions.issue(user, expires_on=day, **given)
    return Program(secret, token)


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    """Rate limits are kept in the process: no test begins with another's."""
    yield
    buckets.requests.clear()
    buckets.failures.clear()


def codes(problem: dict[str, Any]) -> list[tuple[str, str]]:
    """Of a problem: where and which."""
    return [(finding["where"], finding["code"]) for finding in problem["findings"]]

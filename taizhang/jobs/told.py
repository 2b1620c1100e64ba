"""Findings kept in a job's row as JSON, so that their sentences are made when somebody reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from taizhang.engines.findings import Finding
from taizhang.engines.names import Bilingual

LIMIT = 200
"""A faulty workbook may have half a million findings; nobody reads them on a job's page."""


def pack(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the first ``LIMIT`` findings as JSON."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "where": str(finding.where),
            "params": {name: _plain(value) for name, value in finding.params.items()},
        }
        for finding in islice(findings, LIMIT)
    ]


def unpack(kept: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Return the findings that ``pack`` kept."""
    return [
        Finding(
            one["code"],
            one["severity"],
            one["where"],
            {name: _rich(value) for name, value in one["params"].items()},
        )
        for one in kept
    ]


def _plain(value: object) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case Bilingual(zh=zh, en=en):
            return {"zh": zh, "en": en}
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in value]
        case _:
            return str(value)


def _rich(value: Any) -> object:
    match value:
        case {"decimal": text}:
            return Decimal(text)
        case {"date": text}:
            return text
        case {"zh": zh, "en": en}:
            return Bilingual(zh, en)
        case list():
            return [_rich(item) for item in value]
        case _:
            return value

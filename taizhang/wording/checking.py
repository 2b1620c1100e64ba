"""What the report checker says of a code: a heading, why it is wrong, and what to do about it.

``checking_zh.toml`` and ``checking_en.toml`` hold one table for each code; reason and suggestion
are kept apart, with the issue's parameters as ``{placeholders}``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from taizhang.wording import _language, _shown, _Words


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a place was marked and what to do."""

    reason: str
    suggestion: str


def explain(code: str, params: Mapping[str, object], language: str = "zh") -> Explained:
    """Return reason and suggestion of an issue; raises KeyError for a code without words."""
    language = _language(language)
    words = _Words({key: _shown(value, language) for key, value in params.items()})
    entry = _entries(language)[code]
    return Explained(entry["reason"].format_map(words), entry["suggestion"].format_map(words))


def explained() -> frozenset[str]:
    """Return the codes that have words."""
    return frozenset(_entries("zh"))


@cache
def _entries(language: str) -> Mapping[str, Mapping[str, str]]:
    text = files("taizhang.wording").joinpath(f"checking_{language}.toml").read_text("utf-8")
    return tomllib.loads(text)

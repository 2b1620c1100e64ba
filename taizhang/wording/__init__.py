"""Finding codes become sentences: here, at the edge, in the reader's language.

``zh.toml`` and ``en.toml`` hold one table for each first part of the codes, and in it one sentence
for each code with its parameters as ``{placeholders}``; both files have the same codes and, for
each, the same placeholders.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from taizhang.engines.figures.numerals import plain
from taizhang.engines.findings import Finding
from taizhang.engines.names import Bilingual

_NOTHING = "—"


def say(finding: Finding, language: str = "zh") -> str:
    """Return the sentence for a finding, in Chinese (``zh``, ``zh-hans`` …) or else in English.

    Lists are joined, blank and missing parameters show as a dash; the place is not part of the
    sentence. Raises KeyError for a code without a sentence.
    """
    language = _language(language)
    words = {key: _shown(value, language) for key, value in finding.params.items()}
    return _sentences(language)[finding.code].format_map(_Words(words))


def codes() -> frozenset[str]:
    """Return the codes that have a sentence."""
    return frozenset(_sentences("zh"))


class _Words(dict[str, str]):
    """What fills a sentence in; a parameter that was not given must not cost the whole page."""

    def __missing__(self, key: str) -> str:
        return _NOTHING


def _language(language: str) -> str:
    return "zh" if language.lower().startswith("zh") else "en"


@cache
def _sentences(language: str) -> Mapping[str, str]:
    text = files(__name__).joinpath(f"{language}.toml").read_text("utf-8")
    return {
        f"{prefix}.{name}": sentence
        for prefix, table in tomllib.loads(text).items()
        for name, sentence in table.items()
    }


def _shown(value: object, language: str) -> str:
    match value:
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case Bilingual():
            return value.say(language)
        case tuple() | list():
            between = "、" if language == "zh" else ", "
            return between.join(_shown(item, language) for item in value) or _NOTHING
        case None | "":
            return _NOTHING
        case _:
            return str(value)

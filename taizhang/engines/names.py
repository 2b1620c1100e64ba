"""Names: the nearest known word for a mistyped one, and names in two languages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One name or text in both languages of the product."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """Return the text in ``language`` (``zh``, ``zh-hans`` … or anything else for English)."""
        return self.zh if language.lower().startswith("zh") else self.en


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like ``word``, an empty string when there are no candidates.

    There is no threshold: a writer who mistyped a name is helped by any real name.
    """
    found = difflib.get_close_matches(word, sorted(candidates), n=1, cutoff=0.0)
    return found[0] if found else ""

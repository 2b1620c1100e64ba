"""What every check is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.engines.checking.text import Text
from taizhang.engines.checking.types import Quantity


@dataclass(frozen=True, slots=True)
class Context:
    """A text, its quantities in reading order, and what the caller knows of it.

    ``year``: the year reported on, given or read from the text; None when neither tells.
    ``synonyms`` maps a subject word to the word it stands for.
    """

    text: Text
    quantities: tuple[Quantity, ...]
    year: int | None
    synonyms: Mapping[str, str]

    @property
    def plain(self) -> str:
        """The plain text."""
        return self.text.plain

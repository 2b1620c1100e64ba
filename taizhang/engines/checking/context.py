"""What every check is given: the text, its quantities, its sections and the year it reports on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.mentions import Mention, mention
from taizhang.engines.checking.neighbours import Sentence, sentences
from taizhang.engines.checking.sections import Sections
from taizhang.engines.checking.text import Text
from taizhang.engines.checking.times import Moment, moments
from taizhang.engines.checking.types import Quantity

_TOTAL_NAME = expression(r"合计|总计|共计|全年|总")
_YEAR = expression(r"(?<![0-9])((?:19|20)[0-9]{2})(?=年)")
_TITLE, _OPENING = 2, 300
"""Lines that may be the title, and characters of the opening that may name the year where it does not."""


@dataclass(frozen=True)
class Context:
    """A text, its quantities in reading order, and what the caller knows of it.

    ``folded`` is the text with half-width digits, at the same offsets. ``asked_year``: the year reported on, as far as the caller knows. ``synonyms`` maps a subject
    word to the word it stands for.
    """

    text: Text
    folded: str
    quantities: tuple[Quantity, ...]
    sections: Sections
    asked_year: int | None
    synonyms: Mapping[str, str]

    @cached_property
    def plain(self) -> str:
        """The characters that all offsets count."""
        return self.text.plain

    @cached_property
    def year(self) -> int | None:
        """The year asked for, else that of the title, else the last one its opening names; or None."""
        if self.asked_year is not None:
            return self.asked_year
        opening = self.folded[:_OPENING]
        lines = [line for line in opening.split("\n")[:_TITLE] if "。" not in line]
        title = _YEAR.search("\n".join(lines))
        if title is not None:
            return int(title[1])
        return max((int(year) for year in _YEAR.findall(opening)), default=None)

    def called(self, words: str) -> str:
        """The words with what others stand for called by that: 信息宣传员 by 科普信息员."""
        if self._named is None:
            return words
        return self._named.sub(lambda match: self.synonyms[match[0]], words)

    @cached_property
    def _named(self) -> re.Pattern[str] | None:
        names = sorted(self.synonyms, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names))) if names else None

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Every day, month and year of the text, with the year it belongs to."""
        return moments(self.folded, self.year)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence that has a quantity, rows of tables among them."""
        return tuple(sentences(self.text.plain, self.quantities))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every quantity with the words of its place, in reading order."""
        return tuple(
            mention(self, sentence, number)
            for sentence in self.sentences
            for number in range(len(sentence.quantities))
        )

    @cached_property
    def counted(self) -> tuple[list[Quantity], ...]:
        """The single numbers of each sentence outside tables, up to 。, ！ or ？."""
        cells = [(b.start, b.end) for b in self.text.blocks if b.kind == "cell"]
        inside = iter(cells)
        cell = next(inside, None)
        groups: dict[int, list[Quantity]] = {}
        for one in self.quantities:
            while cell is not None and cell[1] <= one.start:
                cell = next(inside, None)
            if cell is not None and cell[0] <= one.start:
                continue
            if one.value is not None and one.value_max is None:
                groups.setdefault(one.sentence, []).append(one)
        return tuple(groups.values())

    @cached_property
    def by_subject(self) -> dict[str, list[Quantity]]:
        """The quantities by their subject, in reading order."""
        found: dict[str, list[Quantity]] = {}
        for one in self.quantities:
            found.setdefault(one.subject, []).append(one)
        return found

    @cached_property
    def totals(self) -> tuple[Quantity, ...]:
        """The quantities whose subject begins as that of a total: 合计参加人次."""
        return tuple(one for one in self.quantities if _TOTAL_NAME.match(one.subject))

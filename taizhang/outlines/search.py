"""What may be put into a text: figures, lists and variables, found by name, sound or subject words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from taizhang.engines import wordsearch
from taizhang.engines.figures.numerals import check_style, spell
from taizhang.engines.names import Bilingual
from taizhang.engines.outlines.parse import VARIABLES, Listing
from taizhang.figures.facts import facts, is_kept

from . import compile, lists
from .own import Place

MOST = 8
STYLES = (
    *("余:10", "余:100", "余:万", "约:100", "约:1000", "约:万", "小数:1", "万", "亿"),
    *("汉字", "纯数", "汉字|量词:部分"),
)
"""Wordings that are offered; others may be typed."""
_VARIABLES = {
    "unit": Bilingual("单位名称", "Unit"),
    "year": Bilingual("年份", "Year"),
    "next_year": Bilingual("下一年份", "Next year"),
    "period": Bilingual("时期", "Period"),
    "version": Bilingual("稿次", "Draft"),
    "date": Bilingual("期末日期", "Last day of the period"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to put in: ``code`` stands between the braces."""

    code: str
    name: str
    unit: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure and may be worded."""
        return not self.code.startswith(("list:", "@"))


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with its value and how it prints; ``value`` None is one still to be worked out."""

    entry: Entry
    insert: str
    value: str | None
    prints: str


def entries(place: Place, language: str) -> list[Entry]:
    """Everything that may be put into the text of a place."""
    found = [
        Entry(code, d.name.say(language), d.unit, (d.name.zh, d.name.en, code, *d.subject))
        for code, d in place.figures.items()
    ]
    for code, one in lists.LISTS.items():
        words = (one.name.zh, one.name.en, code, "名单")
        found.append(Entry(f"list:{code}", one.name.say(language), words=words))
    for code in VARIABLES:
        name = _VARIABLES[code]
        found.append(Entry(f"@{code}", name.say(language), words=(name.zh, name.en, code)))
    return found


def find(place: Place, typed: str, language: str, most: int = MOST) -> list[Entry]:
    """The entries in which every typed word stands, those first that are meant most likely."""
    asked = typed.split()
    runs = [wordsearch.runs(word) for word in asked]
    whole = wordsearch.fold("".join(asked))
    found = []
    for number, one in enumerate(entries(place, language)):
        text = _text(one.name, one.words)
        if all(any(wordsearch.stands(run, text) for run in some) for some in runs):
            found.append((_place(one, whole), number, one))
    return [one for _place, _number, one in sorted(found, key=lambda each: each[:2])[:most]]


@lru_cache(maxsize=8192)
def _text(name: str, words: tuple[str, ...]) -> str:
    return wordsearch.row_text((name, *words), (name, *words))


def _place(entry: Entry, typed: str) -> int:
    """How well an entry is meant: all of a name, its beginning, a part, or only by its sound."""
    texts = [wordsearch.fold(word) for word in (entry.name, *entry.words)]
    if not typed or typed in texts:
        return 0
    if any(text.startswith(typed) for text in texts):
        return 1
    return 2 if any(typed in text for text in texts) else 3


def tell(
    found: Iterable[Entry], place: Place, style: str, *, counted: bool
) -> tuple[list[Told], bool]:
    """The entries with their values in this wording, and whether all values are there.

    Unless they may be ``counted``, only values that are known already are told, so that the answer
    does not wait. Refuses a wording that cannot be read.
    """
    check_style(style)
    told, whole = [], True
    for one in found:
        known = not one.is_figure or is_kept(one.code, place.unit.code, place.period)
        if counted or known:
            told.append(_told(one, place, style))
        else:
            told.append(Told(one, _insert(one, style), None, ""))
            whole = False
    return told, whole


def _told(one: Entry, place: Place, style: str) -> Told:
    insert = _insert(one, style)
    if one.code.startswith("@"):
        words = compile.variables(place.unit, place.period)[one.code[1:]]
        return Told(one, insert, "", words)
    if one.code.startswith("list:"):
        listing = Listing(one.code.removeprefix("list:"))
        text = lists.gather([listing], place.unit, place.period)[listing].text
        return Told(one, insert, "", text)
    # One at a time: so the value is kept under the question that others ask too.
    fact = facts([one.code], place.unit.code, place.period)[one.code]
    d = fact.definition
    return Told(one, insert, fact.text, spell(fact.value, d.unit, style or d.style, d.zero) or "")


def _insert(one: Entry, style: str) -> str:
    return f"{{{one.code}|{style}}}" if style and one.is_figure else f"{{{one.code}}}"

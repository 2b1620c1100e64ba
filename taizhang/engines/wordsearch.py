"""Finding a word inside texts: how texts are folded, cut into grams for an index, and asked for.

A row's text is one string: its folded words, a line a field; then a line of syllables and a line of
initials for each way its names are read. Syllables and initials are written in characters that no
folded text contains (private use, full-width letters), so that one search for a run of characters
serves all three.

An index holds *grams*: at every place of a line the next two characters, or the next four where
the first is a letter, a digit or a sign (of these there are few, so two of them tell little). It
proposes rows; where a word is longer than a gram, the text decides. ASCII signs stand in full
width, so that neither an index nor LIKE takes them for its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from taizhang.engines import pinyin

FORMAT = 1
"""Raised when texts or grams are made differently: what was indexed before must be made anew."""

_WIDE = 0xFEE0
"""How far an ASCII character is from its full-width form."""
_CHARACTERS = {
    **{number: number + _WIDE for number in range(33, 127) if not chr(number).isalnum()},
    32: 0x3000,
}
_LETTERS = {number: number + _WIDE for number in range(ord("a"), ord("z") + 1)}
_NEEDED = re.compile(f"[{re.escape(''.join(map(chr, sorted(_CHARACTERS))))}]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\ue000-\uf8ff]")
_FEW = re.compile("[0-9a-z\uff01-\uff5e\u3000]")
_GRAM = re.compile(f"(?=({_FEW.pattern}.{{0,3}}|[^\n].?))")
_LONGEST_NAME = 60
_LEAST, _MOST = 2, 40
"""How many letters may be a name typed by its sound."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of characters to look for: ``text``, then one of the characters ``first``–``last``.

    Without ``first`` the text alone.
    """

    text: str
    first: str = ""
    last: str = ""

    @property
    def ends(self) -> list[str]:
        """The runs this stands for, written out."""
        if not self.first:
            return [self.text]
        return [self.text + chr(n) for n in range(ord(self.first), ord(self.last) + 1)]


def fold(text: str) -> str:
    """The text as it is compared: capitals are small, letters half width, signs full, spaces one."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    folded = " ".join(_UNSEEN.sub("", folded).split())
    return folded.translate(_CHARACTERS) if _NEEDED.search(folded) else folded


def row_text(fields: Iterable[str], names: Iterable[str] = (), *, person: bool = False) -> str:
    """What is looked through for a row with these fields, some of which are names of it."""
    lines = [fold(text) for text in fields]
    for name in names:
        for sounds in pinyin.readings(name[:_LONGEST_NAME], person=person):
            for reading in sounds:
                lines += (reading, _lettered(pinyin.initials(reading)))
    return "\n".join(line for line in dict.fromkeys(lines) if line)


def runs(word: str) -> list[Run]:
    """What a word somebody typed may mean: itself; if it is letters, a name's sound or initials."""
    found = [Run(fold(word))]
    letters = unicodedata.normalize("NFKC", word).casefold()
    if not _LEAST <= len(letters) <= _MOST:
        return found
    for whole, begun in pinyin.splits(letters):
        found.append(Run(whole, *(pinyin.span(begun) or ())))
    if letters.isascii() and letters.isalpha():
        found.append(Run(_lettered(letters)))
    return found


def stands(run: Run, text: str) -> bool:
    """Whether the run stands in a text that ``row_text`` made."""
    return any(end in text for end in run.ends)


def grams(text: str) -> list[str]:
    """The grams of a row's text."""
    found: list[str] = []
    for line in text.split("\n"):
        if _FEW.search(line) is None:  # the usual case, and three times as quick
            found += [line[place : place + 2] for place in range(len(line))]
        else:
            found += _GRAM.findall(line)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What an index is asked for: rows with one gram of each group; ``whole`` and begun ones.

    ``exact`` tells that the rows with these grams are just the rows with the run.
    """

    groups: tuple[tuple[tuple[str, bool], ...], ...]
    exact: bool


def asked(run: Run) -> Asked:
    """The grams of a run: each is a whole gram, or only the beginning of one."""
    shared, tail = _cut(run.text)
    if not run.first:
        groups = [((gram, True),) for gram in shared] + ([((tail, False),)] if tail else [])
        return Asked(tuple(groups), exact=len(groups) == 1)
    ends = []
    for end in run.ends:
        more, rest = _cut(end[len("".join(shared)) :])
        ends += [(gram, True) for gram in more] + ([(rest, False)] if rest else [])
    return Asked((*(((gram, True),) for gram in shared), tuple(ends)), exact=not shared)


def _cut(text: str) -> tuple[list[str], str]:
    """Whole grams one after the other, and what is left."""
    found: list[str] = []
    while text:
        size = 4 if _FEW.match(text) else 2
        if len(text) < size:
            return found, text
        found.append(text[:size])
        text = text[size:]
    return found, ""


def _lettered(letters: str) -> str:
    return letters.translate(_LETTERS)

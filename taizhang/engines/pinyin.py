"""How Chinese names are read: syllables without tones, and what typed letters may mean.

A reading is a string with one character for each syllable, from the private use area of Unicode and
in alphabetical order, so that a reading is searched like any text and whatever a syllable begins
with is a span of characters. v stands for ü. Names are short and their characters are read in more
than one way (单 dan, shan; 长 chang, zhang), so a name may have several readings; in longer titles
the words decide.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

FIRST = 0xE000
"""The character of the first syllable."""
SHORT = 4
"""Names up to so many characters are given every likely reading."""
VARIANTS = 4
"""Of all combinations of likely readings the first so many are kept."""
_WORD_SIZES = (3, 2)
_MOST_SPLITS = 4
_CHINESE = re.compile("[〇\u4e00-\u9fff]+")
_LETTERS = re.compile(r"[a-zü]+(?:['’][a-zü]+)*")

_SURNAMES = """
尉迟 yu chi/万俟 mo qi/长孙 zhang sun/单于 chan yu/澹台 tan tai/令狐 ling hu/鲜于 xian yu/
拓跋 tuo ba/亓官 qi guan/乐正 yue zheng/子车 zi ju/宰父 zai fu/夹谷 jia gu/贺兰 he lan/曾 zeng/
单 shan/仇 qiu/解 xie/区 ou/查 zha/盖 ge/盖 gai/朴 piao/翟 zhai/翟 di/缪 miao/员 yun/贠 yun/
乐 yue/乐 le/折 she/黑 he/洗 xian/种 chong/秘 bi/繁 po/覃 qin/覃 tan/召 shao/隗 wei/隗 kui/
郗 xi/郗 chi/尉 wei/尉 yu/祭 zhai/句 gou/宓 mi/宓 fu/乜 nie/阚 kan/佴 nai/角 jue/牟 mou/牟 mu/
贾 jia/会 gui/藏 zang/莘 shen/莘 xin/郇 xun/郇 huan/郄 qie/郄 xi/重 chong
"""
"""Surnames of two characters, and those of one that are read otherwise than in a word."""


class _Table(NamedTuple):
    """What readings.txt says, in characters for syllables."""

    syllables: tuple[str, ...]
    usual: dict[int, str]
    others: dict[str, list[str]]
    words: dict[str, str]
    begins: re.Pattern[str]
    initials: dict[int, str]


@cache
def _table() -> _Table:
    """The table of readings, loaded when the first name is read."""
    text = Path(__file__).with_name("readings.txt").read_text("utf-8")
    lines = [line.partition(" ") for line in text.splitlines() if not line.startswith("#")]
    heard = {s for head, _, rest in lines for s in (rest.split() if head[0] == "=" else [head])}
    syllables = tuple(sorted({sound.removeprefix("+") for sound in heard}))
    written = {sound: chr(FIRST + number) for number, sound in enumerate(syllables)}
    usual: dict[int, str] = {}
    others: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for head, _space, rest in lines:
        if head[0] == "=":
            words[head[1:]] = "".join(written[sound] for sound in rest.split())
        elif head[0] == "+":
            for character in rest:
                others.setdefault(character, []).append(written[head[1:]])
        else:
            usual.update(dict.fromkeys(map(ord, rest), written[head]))
    begins = re.compile(f"[{''.join(sorted({word[0] for word in words}))}]")
    initials = {FIRST + number: sound[0] for number, sound in enumerate(syllables)}
    return _Table(syllables, usual, others, words, begins, initials)


@cache
def _surnames() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in _SURNAMES.replace("\n", "").split("/"):
        name, *sounds = entry.split()
        found.setdefault(name, []).append(spoken(*sounds))
    return found


def syllables() -> tuple[str, ...]:
    """Every syllable a reading may have, in alphabetical order."""
    return _table().syllables


def spoken(*sounds: str) -> str:
    """Write a reading: ``spoken("ke", "pu")``."""
    known = syllables()
    return "".join(chr(FIRST + known.index(sound)) for sound in sounds)


def told(reading: str) -> str:
    """Spell a reading out: ``ke pu``."""
    return " ".join(syllables()[ord(sound) - FIRST] for sound in reading)


def initials(reading: str) -> str:
    """The first letters of the syllables: ``kp``."""
    return reading.translate(_table().initials)


def readings(name: str, *, person: bool = False) -> list[list[str]]:
    """The readings of each run of Chinese characters in ``name``, likeliest first.

    A ``person``'s name begins with a surname, which may be read in its own way.
    """
    found: list[list[str]] = []
    for run in _CHINESE.findall(name):
        if person and not found:
            found.append(_of_person(run))
        elif len(run) <= SHORT:
            found.append(_likely(_short(run)))
        else:
            found.append([_by_words(run)])
    return found


def _of_person(run: str) -> list[str]:
    surnames = _surnames()
    size = 2 if run[:2] in surnames and len(run) > 2 else 1
    heads = surnames.get(run[:size]) or [_by_words(run[:1])]
    given = _short(run[size:]) if len(run) <= SHORT + 1 else [[_by_words(run[size:])]]
    return [head + rest for rest in _likely(given) for head in heads][:VARIANTS]


def _short(run: str) -> list[list[str]]:
    """Every likely syllable of each character; the one the words suggest comes first."""
    table = _table()
    return [
        list(dict.fromkeys([sound, table.usual.get(ord(sign), sound), *table.others.get(sign, ())]))
        for sound, sign in zip(_by_words(run), run, strict=True)
    ]


def _likely(choices: list[list[str]]) -> list[str]:
    """Combinations, those first in which few characters are read unusually."""
    every = sorted(
        product(*(tuple(enumerate(some)) for some in choices)),
        key=lambda combination: sum(place for place, _sound in combination),
    )
    return ["".join(sound for _place, sound in one) for one in every[:VARIANTS]]


def _by_words(run: str) -> str:
    """One reading, the words in it read as words. An unknown character stands for itself."""
    table = _table()
    reading = run.translate(table.usual)
    place = 0
    while match := table.begins.search(run, place):
        place = match.start() + 1
        for size in _WORD_SIZES:
            word = table.words.get(run[match.start() : match.start() + size])
            if word is not None:
                place = match.start() + size
                reading = reading[: match.start()] + word + reading[place:]
                break
    return reading


def splits(typed: str) -> list[tuple[str, str]]:
    """The ways in which letters may be syllables: whole ones, and what the last begins with.

    ``kep`` is ke and something with p; ``xian`` is one syllable begun, or xi and an. Empty where
    the letters are no syllables at all.
    """
    if not _LETTERS.fullmatch(typed):
        return []
    found: list[tuple[str, str]] = []
    _split(typed.replace("’", "'").replace("ü", "v"), "", found)
    # What leaves the longest rest unread is the least likely.
    return sorted(found, key=lambda one: len(one[0]))[:_MOST_SPLITS]


def _split(letters: str, read: str, found: list[tuple[str, str]]) -> None:
    if len(found) >= 4 * _MOST_SPLITS:
        return
    if "'" not in letters and span(letters):
        found.append((read, letters))
    written = _written()
    head, mark, _rest = letters.partition("'")
    for size in range(min(6, len(head)), 0, -1):
        rest = letters[size:]
        if head[:size] in written and rest and not (size == len(head) and not mark):
            _split(rest.removeprefix("'"), read + written[head[:size]], found)


@cache
def _written() -> dict[str, str]:
    return {sound: chr(FIRST + number) for number, sound in enumerate(syllables())}


@cache
def span(letters: str) -> tuple[str, str] | None:
    """The first and the last of the characters for the syllables that begin with these letters."""
    matching = [n for n, sound in enumerate(syllables()) if sound.startswith(letters)]
    return (chr(FIRST + matching[0]), chr(FIRST + matching[-1])) if matching else None

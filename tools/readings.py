"""Make ``taizhang/engines/readings.txt`` anew: how Chinese characters are read, in short.

pypinyin knows 47,000 phrases and takes 50 MB and 0.2 ms a title; the ledger needs no tones and only
those words whose reading does not follow from their characters, which is 2 % of that.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from pypinyin import __version__
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

TARGET = Path(__file__).resolve().parent.parent / "taizhang" / "engines" / "readings.txt"
LONGEST = 3
"""Idioms of four characters stand in no title."""
OFTEN = 20
"""From so many phrases on these say better than the dictionary which reading is usual."""
NOT_TYPED = frozenset({"hm", "hng", "m", "n", "ng"})

HEAD = f"""\
# How Chinese characters are read, without tones (v stands for ü). Made by tools/readings.py.
# Derived from pypinyin {__version__}, pinyin-data and phrase-pinyin-data under the MIT License:
# Copyright (c) 2016 mozillazg, 闲耘 <hotoo.cn@gmail.com>
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
# associated documentation files (the "Software"), to deal in the Software without restriction,
# including without limitation the rights to use, copy, modify, merge, publish, distribute,
# sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
# furnished to do so, subject to the following conditions: The above copyright notice and this
# permission notice shall be included in all copies or substantial portions of the Software.
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
# NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
# NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
# DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
# OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
#
# "syllable characters": their usual reading; "+syllable characters": one more reading of theirs;
# "=word syllables": a word that is not read as its characters are.
"""


def main() -> int:
    """Write the file."""
    TARGET.write_text(made(), "utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
    return 0


def made() -> str:
    """The content of the file."""
    usual, others = _characters(_uses())
    words = _words(usual)
    lines = [f"{sound} {''.join(found)}" for sound, found in sorted(_by_sound(usual).items())]
    lines += [f"+{sound} {''.join(found)}" for sound, found in sorted(_grouped(others).items())]
    lines += [f"={word} {' '.join(sounds)}" for word, sounds in sorted(words.items())]
    return HEAD + "\n".join(lines) + "\n"


def _toneless(sound: str) -> str:
    letters = unicodedata.normalize("NFD", sound).replace("u\u0308", "v")
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def _is_usual(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or character == "〇"


def _phrases() -> list[tuple[str, list[str]]]:
    found = [
        (word, [_toneless(sounds[0]) for sounds in all_sounds])
        for word, all_sounds in PHRASES_DICT.items()
        if len(word) == len(all_sounds) and all(map(_is_usual, word))
    ]
    return sorted(found, key=lambda one: (len(one[0]), one[0]))


def _uses() -> dict[str, Counter[str]]:
    """How often each character is read how in the phrases."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for word, sounds in _phrases():
        for character, sound in zip(word, sounds, strict=True):
            found[character][sound] += 1
    return found


def _characters(uses: dict[str, Counter[str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    usual, others = {}, {}
    for number, text in sorted(PINYIN_DICT.items()):
        character = chr(number)
        sounds = [s for s in dict.fromkeys(map(_toneless, text.split(","))) if s not in NOT_TYPED]
        if not _is_usual(character) or not sounds:
            continue
        seen = uses[character]
        total = sum(seen.values())
        usual[character] = seen.most_common(1)[0][0] if total >= OFTEN else sounds[0]
        heard = [sound for sound, count in seen.most_common() if count >= 2 and count > total / 30]
        # The second of the dictionary is often a rare one: asked only where phrases say too little.
        more = dict.fromkeys([*heard, *(sounds[:2] if 0 < total < OFTEN else ())])
        others[character] = [sound for sound in more if sound != usual[character]][:2]
    return usual, others


def _words(usual: dict[str, str]) -> dict[str, list[str]]:
    """The words whose reading does not follow from their characters and from shorter words."""
    found: dict[str, list[str]] = {}
    for word, sounds in _phrases():
        if len(word) <= LONGEST and _read(word, usual, found) != sounds:
            found[word] = sounds
    return found


def _read(text: str, usual: dict[str, str], words: dict[str, list[str]]) -> list[str]:
    sounds: list[str] = []
    while text:
        size = next(n for n in range(LONGEST, 0, -1) if n == 1 or text[:n] in words)
        sounds += words[text[:size]] if size > 1 else [usual.get(text[0], "")]
        text = text[size:]
    return sounds


def _by_sound(usual: dict[str, str]) -> dict[str, list[str]]:
    return _grouped({character: [sound] for character, sound in usual.items()})


def _grouped(sounds: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for character, some in sounds.items():
        for sound in some:
            found[sound].append(character)
    return found


if __name__ == "__main__":
    sys.exit(main())

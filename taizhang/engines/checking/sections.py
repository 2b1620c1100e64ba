"""The path of headings above a place: 三/（一）/二是, as the marks of the text itself give it."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from taizhang.engines.checking.expressions import expression

_HAN = "一二三四五六七八九十"
_MARK = expression(
    rf"(?:^|(?<=[\n。；;：:！\u3000 ]))[\u3000 ]{{0,8}}(?:(?P<part>第[{_HAN}]{{1,3}}(?:部分|章|篇))(?=[\u3000 ：:\n])|(?P<a>[{_HAN}]{{1,3}})、(?![{_HAN}])|（(?P<b>[{_HAN}]{{1,3}})）|\((?P<b2>[{_HAN}]{{1,3}})\)"
    rf"|(?P<c>[0-9]{{1,2}})(?:[.．](?![0-9])|、(?![0-9]))|[（(](?P<d>[0-9]{{1,2}})[）)]|(?P<e>[{_HAN}]{{1,2}})是(?!否))"
)
_LEVELS = {"part": -1, "a": 0, "b": 1, "b2": 1, "c": 2, "d": 3, "e": 4}


class Mark(NamedTuple):
    """A number that begins a part: its level (-1 第一部分, 0 一、 … 4 一是), what it reads, where it stands."""

    start: int
    end: int
    level: int
    label: str


class Sections:
    """The marks of a text in reading order."""

    def __init__(self, plain: str) -> None:
        self.marks: list[Mark] = []
        self.paths: list[str] = []
        path: list[tuple[int, str]] = []
        for match in _MARK.finditer(plain):
            group = match.lastgroup or ""
            level = _LEVELS[group]
            word = match[group]
            shown = {
                -1: word,
                0: word,
                1: f"（{word}）",
                2: word,
                3: f"（{word}）",
                4: f"{word}是",
            }[level]
            begin = match.start(group) - (1 if level in (1, 3) else 0)
            self.marks.append(Mark(begin, match.end(), level, shown))
            path = [one for one in path if one[0] < level] + [(level, shown)]
            self.paths.append("/".join(label for _level, label in path))
        self.starts = [mark.start for mark in self.marks]
        highest = min((mark.level for mark in self.marks), default=0)
        self.first_top = next((mark.start for mark in self.marks if mark.level <= 0), 0)
        self._tops = [mark.start for mark in self.marks if mark.level == highest]

    def at(self, position: int) -> str:
        """The path above a place; "" before the first mark."""
        number = bisect_right(self.starts, position) - 1
        return self.paths[number] if number >= 0 else ""

    def top_at(self, position: int) -> int | None:
        """Where the last mark of the highest level before a place stands; None before the first."""
        number = bisect_right(self._tops, position) - 1
        return self._tops[number] if number >= 0 else None

"""Numbers in tables, whose unit stands in the head of the column, in a column of units, or above."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from taizhang.engines.checking import numerals, units
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.scan import Found, fold
from taizhang.engines.checking.text import Block, Text
from taizhang.engines.checking.types import Number

_BARE = expression(r"\s*(-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)\s*")
_YEAR = expression(r"(?:19|20)[0-9]{2}")
_IN_BRACKETS = expression(r"[（(]\s*(?:单位[:：])?\s*([^（）()]{1,8}?)\s*[）)]\s*$")
_ABOVE = expression(r"单位\s*[:：]\s*([^\s，。；）)]{1,6})")
_CAPTION = expression(r"(?:附?表[0-9一二三四五六七八九十]{0,3}|附[件表])")
"""表1　各地申报与入围情况（项）."""
_NO_COUNT = ("序号", "年份", "年度", "排名", "编号", "电话", "月份", "日期", "时间", "名次")
_IMPLIED = {"人数": "人", "人次": "人次", "场次": "场次", "场数": "场", "次数": "次", "个数": "个"}
_IMPLIED |= {"户数": "户", "件数": "件", "份数": "份", "册数": "册", "篇数": "篇", "项数": "项"}
_IMPLIED |= {"期数": "期", "天数": "天", "占比": "%", "比例": "%", "比重": "%", "增长率": "%"}
_UNIT_COLUMNS = ("单位", "计量单位")


def in_tables(text: Text) -> list[tuple[Found, str]]:
    """The bare numbers of every table that have a unit, each with its subject (row and column)."""
    cells: dict[int, list[Block]] = defaultdict(list)
    for block in text.blocks:
        if block.kind == "cell":
            cells[block.table].append(block)
    found: list[tuple[Found, str]] = []
    for blocks in cells.values():
        found += _Table(text, blocks).quantities()
    return found


class _Table:
    """One table: its cells by row and column, and the unit of each column."""

    def __init__(self, text: Text, blocks: list[Block]) -> None:
        self.text = text
        self.blocks = blocks
        self.cells = {(b.row, b.column): text.plain[b.start : b.end].strip() for b in blocks}
        first = {column: word for (row, column), word in self.cells.items() if row == 0}
        self.headless = any(_is_count(word) for column, word in first.items() if column)
        self.heads = {} if self.headless else first
        self.above = self._unit_above(blocks[0].start)
        self.unit_column = next((c for c, word in self.heads.items() if word in _UNIT_COLUMNS), -1)

    def quantities(self) -> list[tuple[Found, str]]:
        found = []
        for block in self.blocks:
            if block.row == 0 and not self.headless:
                continue
            raw = fold(self.text.plain[block.start : block.end])
            match = _BARE.fullmatch(raw)
            if match is None:
                continue
            unit, scale = self._unit(block)
            if not unit:
                continue
            value: Number = numerals.tidy(Decimal(match[1].replace(",", "")) * scale)
            start = block.start + match.start(1)
            end = block.start + match.end(1)
            shown = self.text.plain[start:end]
            quantity = Found(start, end, shown, value, None, unit, "exact")
            found.append((quantity, self._subject(block)))
        return found

    def _unit(self, block: Block) -> tuple[str, int]:
        head = self.heads.get(block.column, "")
        if any(word in head for word in _NO_COUNT):
            return "", 1
        if match := _IN_BRACKETS.search(head):
            named = _read_unit(match[1])
            if named[0]:
                return named
        if self.unit_column >= 0 and block.column != self.unit_column:
            named = _read_unit(self.cells.get((block.row, self.unit_column), ""))
            if named[0]:
                return named
        first = self.cells.get((block.row, 0), "")
        if match := _IN_BRACKETS.search(first):
            named = _read_unit(match[1])
            if named[0]:
                return named
        for word, unit in _IMPLIED.items():
            if head.endswith(word):
                return unit, 1
        return self.above

    def _subject(self, block: Block) -> str:
        row = _IN_BRACKETS.sub("", self.cells.get((block.row, 0), ""))
        head = _IN_BRACKETS.sub("", self.heads.get(block.column, ""))
        return row if block.column == 0 or head in row else f"{row}{head}"

    def _unit_above(self, start: int) -> tuple[str, int]:
        line = self.text.plain[max(0, start - 60) : start].rstrip("\n").rpartition("\n")[2]
        match = _ABOVE.search(line) or (_CAPTION.match(line) and _IN_BRACKETS.search(line))
        return _read_unit(match[1]) if match else ("", 1)


def _is_count(word: str) -> bool:
    """Whether a cell of the first row counts something, so that the row is no head: no year is."""
    match = _BARE.fullmatch(fold(word))
    return match is not None and not _YEAR.fullmatch(match[1])


def _read_unit(word: str) -> tuple[str, int]:
    """A unit in a head: 万人次 → 人次 times 10,000; 万元 stays."""
    if units.dimension(word):
        return word, 1
    if word[:1] in "万亿千百" and units.dimension(word[1:]):
        return word[1:], numerals.SCALES[word[0]]
    return "", 1

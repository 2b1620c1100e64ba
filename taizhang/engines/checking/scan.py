"""One scan over the text that finds every quantity, and passes over what only looks like one.

A single expression stops at dates, ordinals, document numbers, telephone numbers and numerals; what
a numeral is, its qualifier and its measure word are then looked up in tables around the place. Every
character is looked at a bounded number of times, so the scan is linear whatever the text.
"""

from __future__ import annotations

from decimal import Decimal

from taizhang.engines.checking import numerals, units
from taizhang.engines.checking.patterns import (
    FIXED,
    HAN_DIGITS,
    LIST_SEPARATORS,
    OVER,
    RANGE_SIGNS,
    SECOND,
    TO_SIGNS,
    TOKEN,
)
from taizhang.engines.checking.reader import (
    Found,
    Reader,
    fold,
    money_of,
    qualifier_of,
    tens_of,
    value_of,
)
from taizhang.engines.checking.types import Number

__all__ = ["Found", "fold", "scan"]


def scan(text: str, folded: str) -> list[Found]:
    """Every quantity of the text in reading order, without subject or section."""
    return _Scan(text, folded).quantities()


class _Scan(Reader):
    """The state of one scan: the folded text, and numbers that wait for the unit of their list."""

    def __init__(self, text: str, folded: str) -> None:
        super().__init__(text, folded)
        self.found: list[Found] = []
        self.waiting: list[tuple[int, int, Number]] = []

    def quantities(self) -> list[Found]:
        """Go through the tokens."""
        folded = self.folded
        done = 0
        for token in TOKEN.finditer(folded):
            if token.lastgroup == "skip" or token.start() < done:
                self.waiting.clear()
                continue
            made = self._quantity(token.start(), token.end(), token[0])
            if made is None:
                self._wait(token.start(), token.end(), token[0])
                continue
            if self.waiting:
                self._share(made)
            self.found.append(made)
            done = made.end
        return self.found

    # -- one quantity ------------------------------------------------------------------------

    def _quantity(self, start: int, end: int, raw: str) -> Found | None:
        folded = self.folded
        first = raw[0]
        if (first in "百" and raw.startswith("百分之")) or "分之" in raw:
            return self._share_of_hundred(start, end, raw)
        if first in "xX○*_":
            return self._placeholder(start, end, raw)
        if raw in ("一半", "半数"):
            return self._half(start, end)
        if start and self.glued(start, first):
            return None
        before, word = self.qualifier_before(start)
        at, over = end, ""
        if (
            at < len(folded)
            and folded[at] in "余多几来"
            and (folded[at] != "来" or raw[-1] in "十百千万0")
        ):
            over = {"几": "vague", "来": "about"}.get(folded[at], "over")
            at += 1
            while at < len(folded) and folded[at] in "万亿千百":
                raw += folded[at]
                at += 1
        if folded[at : at + 1] == "半" and folded[at + 1 : at + 2] == "个":
            return None
        space = at
        while folded[space : space + 1] == " " and space - at < 2:
            space += 1
        unit = units.unit_at(folded, space)
        behind = space + len(unit)
        if (folded[at : at + 1] in RANGE_SIGNS or folded[behind : behind + 1] in TO_SIGNS) and (
            ranged := self._range(start, at, behind, raw, unit, before, word)
        ):
            return ranged
        if unit == "个" and folded.startswith("半", space + 1):
            return None  # 两个半月
        if unit == "升" and folded[behind : behind + 1] in ("到", "至"):
            return None  # 0.842升到1.052
        if unit == "个" and folded.startswith("多月", space + 1):
            # 6个多月: 多 stands within the measure word.
            return self._with_more_months(start, space + 3, raw, before, word)
        if not unit or (
            unit in units.LATIN and folded[space + len(unit) : space + len(unit) + 1].isalpha()
        ):
            return None
        return self._built(start, space, raw, over, unit, before, word)

    def _with_more_months(
        self, start: int, end: int, raw: str, before: str, word: str
    ) -> Found | None:
        value = numerals.read(raw)
        begin = start - len(word)
        if value is None or self.is_named(begin, end, raw):
            return None
        qualifier = qualifier_of(before, "over", "", False, False)
        return Found(begin, end, self.text[begin:end], value, None, "个月", qualifier)

    def _built(
        self, start: int, at: int, raw: str, over: str, unit: str, before: str, word: str
    ) -> Found | None:
        folded = self.folded
        raw, unit = money_of(raw, unit)
        value, high, vague = value_of(raw)
        if over == "vague":
            value = None
        vague = vague or over == "vague"
        end = (
            at + len(unit)
            if unit[0] not in "万亿" or unit in folded[at : at + len(unit)]
            else at + len(unit) - 1
        )
        if value is None and not vague:
            return None
        if unit == "个" and folded.startswith("百分点", end):
            unit, end = "百分点", end + 3
        after, end, more = self.after(end, unit)
        if not raw[0].isdigit() and not self.is_counted(start, end, raw, unit, over, before, after):
            return None
        if raw[0].isdigit() and self.is_number_name(start, end, raw, unit, after):
            return None
        if unit == "成":
            value, high, unit = tens_of(value), tens_of(high), "%"
            five = HAN_DIGITS.find(folded[end : end + 1] or " ")
            if value is not None and five > 0 and not after:
                value, end = value + five, end + 1  # 三成五
        begin = start - len(word)
        if self.is_named(begin, end, raw):
            return None
        if not word and value is not None and self.is_negative(start):
            begin, value = start - 1, -value
        qualifier = qualifier_of(before, over or more, after, vague, high is not None)
        return Found(begin, end, self.text[begin:end], value, high, unit, qualifier)

    # -- forms of their own ------------------------------------------------------------------

    def _share_of_hundred(self, start: int, end: int, raw: str) -> Found | None:
        head, _word, tail = raw.partition("分之")
        whole, part = (
            numerals.read(head),
            numerals.read(tail.rstrip(".")) if tail.rstrip(".") else None,
        )
        if not whole or part is None or whole <= 1:
            return None
        end -= len(raw) - len(raw.rstrip("."))
        value = numerals.tidy(
            (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01")).normalize()
        )
        before, word = self.qualifier_before(start)
        over = ""
        if self.folded[end : end + 1] in OVER and self.folded[end : end + 1]:
            over, end = "over", end + 1
        after, end, _more = self.after(end, "%")
        begin = start - len(word)
        if self.folded.startswith("点", end) or self.is_named(begin, end, "一"):
            return None
        return Found(
            begin,
            end,
            self.text[begin:end],
            value,
            None,
            "%",
            qualifier_of(before, over, after, False, False),
        )

    def _half(self, start: int, end: int) -> Found | None:
        """一半, 近一半, 半数以上: fifty per cent; the other half (另一半) counts nothing."""
        if self.folded[start - 1 : start] == "另" or self.is_named(start, end, "一"):
            return None
        before, word = self.qualifier_before(start)
        after, end, _more = self.after(end, "%")
        begin, kind = start - len(word), qualifier_of(before, "", after, False, False)
        return Found(begin, end, self.text[begin:end], 50, None, "%", kind)

    def _placeholder(self, start: int, end: int, raw: str) -> Found | None:
        folded = self.folded
        if start and folded[start - 1].isascii() and folded[start - 1].isalnum():
            return None
        at, over = end, ""
        if folded[at : at + 1] in OVER and folded[at : at + 1]:
            over, at = "over", at + 1
            if folded[at : at + 1] in ("万", "亿"):
                at += 1
        unit = units.unit_at(folded, at)
        if raw[-1] in "万亿" and unit == "元":
            unit = raw[-1] + unit
            end_unit = at + 1
        elif folded[at - 1] in "万亿" and unit == "元":
            unit = folded[at - 1] + unit
            end_unit = at + 1
        else:
            end_unit = at + len(unit)
        if (
            not unit
            or unit
            in (
                "县",
                "市",
                "省",
                "乡",
                "镇",
                "村",
                "校",
                "年",
                "路",
                "所",
                "单",
                "站",
                "部",
                "处",
                "局",
                "会",
            )
            or (
                unit in ("项", "家", "种")
                and len(raw) > 1
                and folded[end_unit : end_unit + 1] in "目庭"
            )
        ):
            return None
        following = folded[end_unit : end_unit + 1]
        if unit in ("期", "届") and following in "间会" and following:
            return None
        before, word = self.qualifier_before(start)
        after, stop, more = self.after(end_unit, unit)
        begin = start - len(word)
        if self.is_named(begin, stop, "一"):
            return None
        qualifier = qualifier_of(before, over or more, after, False, False)
        return Found(begin, stop, self.text[begin:stop], None, None, unit, qualifier)

    def _range(
        self, start: int, at: int, behind: int, raw: str, unit: str, before: str, word: str
    ) -> Found | None:
        """3—5场, 5%～8%, 3万至5万人, 三、四个: two numbers of which the second has the unit."""
        folded = self.folded
        sep, first_unit = at, ""
        if folded[sep : sep + 1] not in TO_SIGNS:
            sep, first_unit = behind, unit
        c = folded[sep : sep + 1]
        if c == "、" and not first_unit and len(raw) == 1:
            return self._neighbours(start, sep, raw, before, word)
        if c not in TO_SIGNS:
            return None
        stop = sep + 1
        while folded[stop : stop + 1] in ("—", "-") and stop - sep < 2:
            stop += 1
        token = SECOND.match(folded, stop)
        if (
            token is None
            or (raw[0].isdigit() != token[0][0].isdigit())
            or (c in "至到" and not raw[0].isdigit() and len(raw) > 3)
        ):
            return None
        second = token[0]
        unit_from = token.end()
        more = ""
        if folded[unit_from : unit_from + 1] in OVER and folded[unit_from : unit_from + 1]:
            more, unit_from = "over", unit_from + 1
        unit = units.unit_at(folded, unit_from)
        if not unit or (first_unit and first_unit != unit and c in "至到"):
            return None
        if unit in ("年",) and len(second) == 4:
            return None
        if (
            unit in ("岁", "周岁")
            and folded[unit_from + len(unit) : unit_from + len(unit) + 1].isdigit()
        ):
            return None  # 36至50岁380人: an age group
        end = unit_from + len(unit)
        second, unit = money_of(second, unit)
        if first_unit:
            raw, _unit = money_of(raw, first_unit)
        elif unit in units.MONEY and raw[-1] == unit[0]:
            raw = raw[:-1]
        low, high = numerals.read(raw), numerals.read(second)
        if low is None or high is None:
            return None
        if unit == "成":
            low, high, unit = low * 10, high * 10, "%"
        if (
            low < 100
            and isinstance(high, int)
            and high >= 10000
            and second[-1:] in "万亿千百"
            and raw[-1] not in "万亿千百"
        ):
            low = numerals.tidy(Decimal(low) * numerals.SCALES[second[-1]])
        if low >= high:
            return None
        after, end, _more = self.after(end, unit)
        begin = start - len(word)
        if self.is_named(begin, end, raw):
            return None
        parts = [p for p in (before, "range", after or more) if p]
        return Found(begin, end, self.text[begin:end], low, high, unit, "|".join(parts[:2]))

    def _neighbours(self, start: int, sep: int, raw: str, before: str, word: str) -> Found | None:
        folded = self.folded
        second = folded[sep + 1 : sep + 2]
        first_value = numerals.read(raw) if raw in numerals.DIGITS or raw.isdigit() else None
        second_value = (
            numerals.read(second) if second in numerals.DIGITS or second.isdigit() else None
        )
        unit = units.unit_at(folded, sep + 2)
        if not first_value or not second_value or second_value != first_value + 1 or not unit:
            return None
        if folded[start - 1 : start] in ("、", "\n", "为", "别", "") or (
            raw.isdigit() != second.isdigit()
        ):
            return None
        if FIXED.match(folded, sep + 1) or units.dimension(unit) == "":
            return None
        end = sep + 2 + len(unit)
        begin = start - len(word)
        if self.is_named(begin, end, raw):
            return None
        return Found(begin, end, self.text[begin:end], first_value, second_value, unit, "range")

    # -- lists that share a unit -------------------------------------------------------------

    def _wait(self, start: int, end: int, raw: str) -> None:
        """Remember a bare number that is followed by another one: 12、8、3场."""
        folded = self.folded
        if raw[0].isdigit() and folded[end : end + 1] in LIST_SEPARATORS and folded[end : end + 1]:
            if self.waiting and self.waiting[-1][1] + 1 != start:
                self.waiting.clear()
            before = folded[start - 1 : start]
            if self.waiting or (before and before not in "\n \t" and not before.isascii()):
                value = numerals.read(raw)
                if value is not None:
                    self.waiting.append((start, end, value))
                    return
        self.waiting.clear()

    def _share(self, made: Found) -> None:
        """Give the unit of the list's last number to those before it."""
        last_end = self.waiting[-1][1]
        if last_end + 1 == made.start and made.value is not None:
            for start, end, value in self.waiting:
                if self.is_named(start, end, "1"):
                    continue
                if (
                    made.unit not in units.MONEY
                    and "万" in made.text
                    and value < 10000
                    and made.value >= 10000
                ):
                    value = numerals.tidy(Decimal(value) * 10000)
                self.found.append(
                    Found(start, end, self.text[start:end], value, None, made.unit, "exact")
                )
        self.waiting.clear()

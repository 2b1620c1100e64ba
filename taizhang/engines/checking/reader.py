"""Words around a number: its qualifier, what follows its unit, and whether it counts anything."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from taizhang.engines.checking import numerals, units
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.patterns import (
    AFTER,
    AFTER_BEGINS,
    AFTER_MANY,
    AFTER_YU,
    BEFORE,
    BEFORE_ENDS,
    BEFORE_LENGTHS,
    BIG_ALONE,
    BROKEN,
    CIRCLE,
    EACH,
    FIXED,
    FOLD,
    LASTING,
    MANY_BEHIND,
    MONTH_BEHIND,
    NOT_NEAR,
    NOT_TAKEN_IN,
    ONE_ENDS,
    QUOTED,
    ROUND_THE_CLOCK,
    SHORT_QUOTE,
)
from taizhang.engines.checking.types import Number

_FULL_WIDTH = expression("[" + "".join(chr(sign) for sign in FOLD) + "]")


_HAN_YEAR = expression(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_YEAR_DIGITS = {ord(sign): str(n) for n, sign in enumerate("〇一二三四五六七八九")} | {
    ord(sign): "0" for sign in "○零"
}


def fold(text: str) -> str:
    """Full-width digits, points and signs as half-width ones, 二〇二二年 as 2022年.

    Every character keeps its place.
    """
    folded = text.translate(FOLD) if _FULL_WIDTH.search(text) else text
    return _HAN_YEAR.sub(lambda match: match[0].translate(_YEAR_DIGITS), folded)


class Found(NamedTuple):
    """A quantity as the scan finds it, before anybody knows what it counts."""

    start: int
    end: int
    text: str
    value: Number | None
    value_max: Number | None
    unit: str
    qualifier: str


class Reader:
    """A text with its quotations: what stands before and behind a number, and what that makes of it."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.folded = folded
        self.quotes = [(m.start(), m.end()) for m in QUOTED.finditer(text)]
        self.quote_starts = [start for start, _end in self.quotes]

    def glued(self, start: int, first: str) -> bool:
        """Whether the number is the tail of something else: A4, 3.14.2, v2, 进一步."""
        c = self.folded[start - 1]
        if first.isdigit():
            return c.isascii() and (c.isalnum() or c in "._/+#") and c != " "
        return c in "第统单专归" or (first == "一" and c in "进同唯之万这那某另任每" and c != "每")

    def qualifier_before(self, start: int) -> tuple[str, str]:
        folded = self.folded
        if not start or folded[start - 1] not in BEFORE_ENDS:
            return "", ""
        for length in BEFORE_LENGTHS:
            word = folded[max(0, start - length) : start]
            kind = BEFORE.get(word)
            if kind is None or len(word) < length:
                continue
            previous = folded[start - length - 1 : start - length]
            if word == "近" and previous in NOT_NEAR and previous:
                return "", ""
            if word == "上" and not (
                folded[start] in BIG_ALONE and previous not in frozenset("成以线网会路村")
            ):
                return "", ""
            if previous and (
                (word == "超" and previous in "高赶") or (kind == "over" and previous in "有未不")
            ):
                return "", ""
            if word == "破" and previous in BROKEN and previous:
                return "", ""
            if word == "约" and previous and previous in "节合条预签违履邀契公":
                return "", ""
            return kind, "" if word in NOT_TAKEN_IN else word
        return "", ""

    def after(self, end: int, unit: str) -> tuple[str, int, str]:
        """The word after the unit, where the quantity then ends, and 余 or 多 behind the unit."""
        folded, more = self.folded, ""
        c, following = folded[end : end + 1], folded[end + 1 : end + 2]
        if (c == "余" and following not in AFTER_YU) or (
            c == "多" and unit in MANY_BEHIND and following not in AFTER_MANY
        ):
            more, end = "over", end + 1
        if folded[end : end + 1] not in AFTER_BEGINS:
            return "", end, more
        for length in (5, 3, 2):
            word = folded[end : end + length]
            if word in AFTER:
                return AFTER[word], end + length, more
        return "", end, more

    def is_counted(
        self, start: int, end: int, raw: str, unit: str, over: str, before: str, after: str
    ) -> bool:
        """Whether a numeral in characters counts something, and is not part of a word."""
        folded = self.folded
        if raw in ("百", "千", "万", "亿") and not (over or before or after):
            return False
        if unit == "层" and folded[start - 1 : start] not in ("共", "高", "上", "下", "有"):
            return False  # 三层互动展品: which floor, and not how many
        if raw[0] in "几数若" or over or before or after:
            return True
        if unit in units.MONEY or unit == "%":
            return True
        if FIXED.match(folded, start) and not (
            unit == "年" and folded[max(0, start - 2) : start] in LASTING
        ):
            return False
        if start and folded[start - 1] == "前" and unit in ("名", "位", "强"):
            return False
        if unit == "年" and folded[max(0, start - 2) : start] in (
            "今后",
            "未来",
            "过去",
            "去的",
            "新的",
        ):
            return False
        if unit == "星" and folded[end : end + 1] == "级":
            return False
        if unit in ("门", "台") and folded[end : end + 1] in ("县", "市"):
            return False  # places: 三门县
        if folded.startswith(("合计", "共计", "总计"), end) and unit not in units.MONEY:
            return False  # 两项合计: both of what was just told
        if unit in ("层", "组", "区", "级", "星") and folded[end : end + 1].isdigit():
            return False  # 二层600平方米: which floor it is
        if raw == "二" and unit in ("期", "次", "级", "届", "组", "楼", "部", "号", "批", "轮"):
            return False
        if raw == "一":
            if unit == "道":
                return False  # 和大家一道
            if start and folded[start - 1] in "每各":
                return True
            if unit in ("次", "场", "期") and EACH.search(folded, max(0, start - 12), start):
                return True
            following = folded[end : end + 1]
            return (not following or following in ONE_ENDS) and folded[
                start - 1 : start
            ] not in "、统"
        return not (
            raw in ("十", "零", "〇")
            and unit not in ("年", "个", "场", "次", "名", "人", "家", "项")
        )

    def is_number_name(self, start: int, end: int, raw: str, unit: str, after: str) -> bool:
        """A year written short, an age group, a page, an hour: digits that count nothing; nor do those of 二十5所."""
        folded = self.folded
        if start and folded[start - 1] == "十" and len(raw) == 1:
            return True
        if unit == "年":
            if len(raw) == 4 and raw[:2] in ("19", "20"):
                return True
            if len(raw) == 2 and MONTH_BEHIND.match(folded, end):
                return True  # 24年6月: a date cut short
            before = folded[start - 1] if start else "\n"
            alone = before in "\n，。；、在到自从于至（( "
            if (
                len(raw) == 2
                and before in "比较与同"
                and folded[end : end + 1] in "增同相下提减的底末"
            ):
                return True  # 比23年增加14个
            if len(raw) == 2 and "15" <= raw <= "39" and alone and not after:
                return folded[end : end + 1] in "，,工度全上下计初底末以我重第起（"
        if start and folded[start - 1] == "前" and unit in ("名", "位", "强"):
            return True
        if raw == "24" and unit == "小时":
            return folded.startswith(ROUND_THE_CLOCK, end)
        if (
            raw == "8"
            and unit == "小时"
            and folded.startswith(("工作制", "之外", "以外", "外"), end)
        ):
            return True
        if (unit == "版" and "." in raw) or (unit == "单" and folded[end : end + 1] == "元"):
            return True  # 2.0版, 3单元
        if unit in ("小时", "分钟") and CIRCLE.match(folded, end):
            return True  # 15分钟服务圈
        if len(raw) == 3 and start > 1 and folded[start - 1] == " " and folded[start - 2].isdigit():
            return True  # 3 000: the tail of a number
        if unit in ("岁", "周岁") and (
            folded[start - 1 : start] == "满" or folded[end : end + 1].isdigit()
        ):
            return True
        if unit in ("岁", "周岁") and (after or folded[end : end + 1] in "老青少儿至"):
            return folded[end : end + 1] not in "，。；、"
        if unit in ("期", "届", "次") and folded[start - 1 : start] in "第总" and start:
            return True
        if unit == "度" and folded[end : end + 1] not in "电":
            return True
        return len(raw) > 15 and "." not in raw

    def is_negative(self, start: int) -> bool:
        """A minus sign behind a word: 增长-8%; not a dash between numbers."""
        return (
            start > 1
            and self.folded[start - 1] in "-－"
            and "\u4e00" <= self.folded[start - 2] <= "\u9fff"
        )

    def is_named(self, start: int, end: int, raw: str) -> bool:
        """Whether it stands in a title or in a short quotation, which is a name."""
        number = bisect_right(self.quote_starts, start) - 1
        if number < 0:
            return False
        first, last = self.quotes[number]
        if not first < start < last:
            return False
        if self.text[first] == "《":
            return True
        return last - first <= SHORT_QUOTE or not raw[0].isdigit()


def tens_of(value: Number | None) -> Number | None:
    return None if value is None else numerals.tidy(Decimal(value) * 10)


def money_of(raw: str, unit: str) -> tuple[str, str]:
    """万 and 亿 before 元 belong to the unit: 3.5万 + 元 → 3.5 + 万元; 3万5千 + 元 stays."""
    if (
        unit in units.MONEY
        and unit[0] not in "万亿"
        and len(raw) > 1
        and raw[-1] in "万亿"
        and raw[-1] + unit in units.MONEY
    ):
        return raw[:-1], raw[-1] + unit
    return raw, unit


def value_of(raw: str) -> tuple[Number | None, Number | None, bool]:
    """Value, end of an estimate by neighbouring digits, and whether it is vague (数十, 十几)."""
    if raw[0] in "几数若" or "几" in raw:
        return None, None, True
    value = numerals.read(raw)
    if value is None and not raw[0].isdigit():
        pair = numerals.neighbours(raw)
        if pair:
            return pair[0], pair[1], False
    return value, None, False


def qualifier_of(before: str, over: str, after: str, vague: bool, ranged: bool) -> str:
    found: list[str] = []
    if over == "vague":
        vague, over = True, ""
    for one in (before, "vague" if vague else "", "range" if ranged else "", over, after):
        if one:
            found.append(one)
    return "|".join(list(dict.fromkeys(found))[:2]) if found else "exact"

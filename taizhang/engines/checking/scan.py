"""One scan over the text that finds every quantity, and passes over what only looks like one.

A single expression stops at dates, ordinals, document numbers, telephone numbers and numerals; what
a numeral is, its qualifier and its measure word are then looked up in tables around the place. Every
character is looked at a bounded number of times, so the scan is linear whatever the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from taizhang.engines.checking import numerals, units
from taizhang.engines.checking.types import Number

_FOLD: dict[int, str | int] = {ord("０") + n: ord("0") + n for n in range(10)}
_FOLD |= {
    ord(a): b for a, b in {"．": ".", "％": "%", "Ｘ": "X", "ｘ": "x", "×": "X", "＿": "_"}.items()
}
_HAN = "零〇一二三四五六七八九十百千万亿两"
_TO = "-—–―－~～至到"
_TO_SET = "\\-—–―－~～至到"
_YEAR = r"(?:19|20)(?:[0-9]{2}|[xX]{2})"
_MD = r"[0-9]{1,2}月(?:份|底|初|中旬|上旬|下旬)?(?:[0-9]{1,2}(?:日|号))?"
_DATE = rf"""
    {_YEAR}\s?(?:[{_TO_SET}、/][0-9]{{2,4}})?年(?:度|版|[初底末])?(?:\s?[0-9]{{1,2}}(?:[{_TO_SET}、][0-9]{{1,2}})?月(?:份|[底初]|[中上下]旬)?(?:[0-9]{{1,2}}(?:[{_TO_SET}、][0-9]{{1,2}})?[日号])?)?
  | {_YEAR}(?:[-./][0-9]{{1,2}}){{1,2}}(?![0-9.]|万|%)
  | [0-9]{{1,2}}(?:[{_TO_SET}、][0-9]{{1,2}})?月(?:份|[底初]|[中上下]旬|[0-9]{{1,2}}(?:[{_TO_SET}、][0-9]{{1,2}})?[日号])?
  | [0-9]{{1,2}}(?:[{_TO_SET}、][0-9]{{1,2}})?[日号](?!工作)
  | [0-9]{{1,2}}[:：][0-9]{{2}}(?:[:：][0-9]{{2}})?
  | [0-9]{{1,2}}时(?:[0-9]{{1,2}}分)?
  | [{_HAN}]{{1,3}}月(?:份|[底初]|[中上下]旬|[{_HAN}]{{1,3}}[日号])?
  | [一二三四两上下](?:个)?季度 | [二两][〇零一][〇零一二三四五六七八九]{{2}}年(?:度)?
"""
_NAME = r"""
    十[一二三四五六]五(?=[^年]) | 三会一课 | 一岗双责 | 三重一大 | [一二三四五六七八九十]+届(?=[一二三四五六七八九十]+中)
  | 千家万户 | 千方百计 | 千载难逢 | 成千上万 | 万无一失 | 百花齐放 | 百家争鸣 | 万众一心 | 一心一意 | 千家 | 百年 | 三五成群 | 七上八下 | 三令五申 | 三六九等 | 五花八门 | 四通八达 | 十全十美 | 一五一十 | 百里挑一
  | [0-9]+[GDdgC](?![A-Za-z0-9]) | 百日 | 百团大战 | 万家
"""
_NUMBER = rf"""
    百分之[{_HAN}点0-9.]+
  | [{_HAN}]+分之[{_HAN}]+
  | [0-9]++(?:,[0-9]{{3}})*+(?:\.[0-9]++)?+(?:(?:[十百万亿]|千(?![克瓦米伏卡])){{1,2}}(?:[0-9]++(?:\.[0-9]++)?[十百千万]{{0,2}})*)?
  | [{_HAN}]+(?:点[零〇一二三四五六七八九]+[万亿]?)?
  | [xX○*_]{{1,6}}[百千万亿]?
  | [几数][十百千万亿]{{1,3}} | 几(?=[个名次场项家条份期天位]) | 若干
"""
_TOKEN = re.compile(
    rf"""(?P<skip>
      第\s?(?:[0-9]+|[{_HAN}]+)(?:[、{_TO_SET}]第?(?:[0-9]+|[{_HAN}]+))?
    | [〔\[【（(]{_YEAR}[〕\]】)）]\s*第?\s*[0-9]+\s*号
    | (?:0[0-9]{{2,3}}[-—－])?[0-9]{{7,8}}(?![0-9.,万亿]|[{_TO_SET}]?[\u4e00-\u9fff%]) | 1[3-9][0-9]{{9}}(?![0-9])
    | 0[0-9]{{2,3}}[-—－][0-9]{{7,8}}(?![0-9])
    | {_DATE} | {_NAME} )
    | (?P<number>{_NUMBER})""",
    re.VERBOSE,
)
_BEFORE: dict[str, str] = {
    **dict.fromkeys(("近", "将近", "接近", "有近", "临近"), "nearly"),
    **dict.fromkeys(
        ("约", "大约", "约有", "约为", "约占", "约计", "大概", "约达", "大约有"), "about"
    ),
    **dict.fromkeys(("超", "超过", "超出", "突破", "逾", "超过了", "突破了", "已超", "上"), "over"),
    **dict.fromkeys(("不少于", "不低于", "至少", "最少", "不小于", "起码", "至少有"), "at_least"),
    **dict.fromkeys(
        ("不超过", "不高于", "不多于", "至多", "最多", "不大于", "最高不超过"), "at_most"
    ),
    **dict.fromkeys(("不足", "不到", "低于", "少于", "未到", "不满", "未达", "小于"), "less_than"),
    **dict.fromkeys(("高于", "多于", "大于"), "over"),
}
for _word in ("有近", "已超"):
    _BEFORE.pop(_word)
_BEFORE_LENGTHS = sorted({len(word) for word in _BEFORE}, reverse=True)
_NOT_NEAR = frozenset("最附临邻远亲贴相靠切就新")
_AFTER: dict[str, str] = {
    **dict.fromkeys(("以上", "及以上", "（含）以上", "(含)以上"), "at_least"),
    **dict.fromkeys(("以内", "以下", "之内", "及以下"), "at_most"),
    **dict.fromkeys(("左右", "上下"), "about"),
}
_OVER = "余多来"
_TIME_OR_MONEY = frozenset(
    {"年", "天", "小时", "个月", "公里", "元", "万元", "亿元", "吨", "亩", "岁", "公斤"}
)
_AFTER_MANY = frozenset("部家方个名次种层年彩样元功边渠点项媒维措头轮形地所处")
_AFTER_YU = frozenset("下额款热力留震生孽")
_BIG_ALONE = frozenset("百千万亿十")
_EACH = re.compile(r"每(?:年|月|周|季度?|半年|天|日|学期|星期|个[月季星])[^，。；、\n]{0,8}$")
_LASTING = frozenset(("连续", "历时", "为期", "长达", "任期", "服务满", "届满", "已满"))
_ROUND_THE_CLOCK = ("不间断", "值班", "值守", "在线", "开放", "热线", "全天候", "服务")
_FIXED = re.compile(
    r"[一两二三四五六七八九十]{1,2}(?:个(?:维护|意识|自信|确立|全面|亲自|责任|务必|结合|坚持|面向|离不开|认同|率先|"
    r"转变|统筹|文明|标准|规定|不|必由之路|大局|层面|方面|环节|维度|关键|重点|注重|聚焦|强化|突出|抓手|轮子|"
    r"行动|计划|工程|专项|平台|阵地|市场|循环|导向|融合|覆盖|到位|一(?![0-9])|更加|有)|大|级|手|者|方面|地同|侧|边|面|头|种思|位一体|"
    r"场(?:硬仗|仗|战役|攻坚战)|类|年(?![，。；、）\n余多以左]|$)|项(?:规定|制度|纪律|改革|原则|机制|教育|行动|工程)|条(?:主线|例|禁令|战线|底线)|类人|好|化|公|农|支一扶|下乡|实|型|严|通|微|新|"
    r"位数|位一|级|线|流|体|定|样|致|般|起|直|切|再|同|些|系列|律|旦|向|贯|律|味|带|并|举|度(?!电)|概|端|瞬)"
)
_ONE_ENDS = frozenset("，。；、！？\n：）)”\t| ")
_QUOTED = re.compile(r"“[^”“\n]{1,60}”|《[^》《\n]{1,80}》|「[^」\n]{1,40}」|『[^』\n]{1,40}』")
_LIST_SEPARATORS = frozenset("、和及")
_SHORT_QUOTE = 18
_FRACTION = {"半": Decimal("0.5")}


def fold(text: str) -> str:
    """Full-width digits, points and signs as half-width ones; every character keeps its place."""
    return text.translate(_FOLD)


def scan(text: str) -> list[Found]:
    """Every quantity of the text in reading order, without subject, section or period."""
    return _Scan(text).quantities()


class Found(NamedTuple):
    """A quantity as the scan finds it, before anybody knows what it counts."""

    start: int
    end: int
    text: str
    value: Number | None
    value_max: Number | None
    unit: str
    qualifier: str


class _Scan:
    """The state of one scan: the folded text, and numbers that wait for the unit of their list."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.found: list[Found] = []
        self.waiting: list[tuple[int, int, Number]] = []
        self.quotes = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]
        self.quote_starts = [start for start, _end in self.quotes]

    def quantities(self) -> list[Found]:
        """Go through the tokens."""
        folded = self.folded
        done = 0
        for token in _TOKEN.finditer(folded):
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
        if start and self._glued(start, first):
            return None
        before, word = self._qualifier_before(start)
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
        if ranged := self._range(start, at, space, raw, over, before, word):
            return ranged
        unit = units.unit_at(folded, space)
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
        if value is None or self._is_named(begin, end, raw):
            return None
        qualifier = _qualifier(before, "over", "", False, False)
        return Found(begin, end, self.text[begin:end], value, None, "个月", qualifier)

    def _built(
        self, start: int, at: int, raw: str, over: str, unit: str, before: str, word: str
    ) -> Found | None:
        folded = self.folded
        raw, unit = _money(raw, unit)
        value, high, vague = _value(raw)
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
        after, end, more = self._after(end, unit)
        if not raw[0].isdigit() and not self._is_counted(
            start, end, raw, unit, over, before, after
        ):
            return None
        if raw[0].isdigit() and self._is_number_name(start, end, raw, unit, after):
            return None
        if unit in ("个", "百分点") and folded.startswith("百分点", end):
            unit, end = "百分点", end + 3
        if unit == "成":
            value, high, unit = _tens(value), _tens(high), "%"
        begin = start - len(word)
        if self._is_named(begin, end, raw):
            return None
        if not word and value is not None and self._is_negative(start):
            begin, value = start - 1, -value
        qualifier = _qualifier(before, over or more, after, vague, high is not None)
        return Found(begin, end, self.text[begin:end], value, high, unit, qualifier)

    def _glued(self, start: int, first: str) -> bool:
        """Whether the number is the tail of something else: A4, 3.14.2, v2, 进一步."""
        c = self.folded[start - 1]
        if first.isdigit():
            return c.isascii() and (c.isalnum() or c in "._/+#") and c != " "
        return c in "第统单专归" or (first == "一" and c in "进同唯之万这那某另任每" and c != "每")

    def _qualifier_before(self, start: int) -> tuple[str, str]:
        folded = self.folded
        for length in _BEFORE_LENGTHS:
            word = folded[max(0, start - length) : start]
            kind = _BEFORE.get(word)
            if kind is None or len(word) < length:
                continue
            previous = folded[start - length - 1 : start - length]
            if word == "近" and previous in _NOT_NEAR and previous:
                return "", ""
            if word == "上" and not (
                folded[start] in _BIG_ALONE and previous not in "成以线网会路村"
            ):
                return "", ""
            if previous and (
                (word == "超" and previous in "高赶") or (kind == "over" and previous in "有未不")
            ):
                return "", ""
            if word == "约" and previous and previous in "节合条预签违履邀契公":
                return "", ""
            return kind, word
        return "", ""

    def _after(self, end: int, unit: str) -> tuple[str, int, str]:
        """The word after the unit, where the quantity then ends, and 余 or 多 behind the unit."""
        folded, more = self.folded, ""
        c, following = folded[end : end + 1], folded[end + 1 : end + 2]
        if (c == "余" and following not in _AFTER_YU) or (
            c == "多" and unit in _TIME_OR_MONEY and following not in _AFTER_MANY
        ):
            more, end = "over", end + 1
        for length in (5, 3, 2):
            word = folded[end : end + length]
            if word in _AFTER:
                return _AFTER[word], end + length, more
        return "", end, more

    def _is_counted(
        self, start: int, end: int, raw: str, unit: str, over: str, before: str, after: str
    ) -> bool:
        """Whether a numeral in characters counts something, and is not part of a word."""
        folded = self.folded
        if raw in ("百", "千", "万", "亿") and not (over or before or after):
            return False
        if raw[0] in "几数若" or over or before or after:
            return True
        if unit in units.MONEY or unit == "%":
            return True
        if _FIXED.match(folded, start) and not (
            unit == "年" and folded[max(0, start - 2) : start] in _LASTING
        ):
            return False
        if start and folded[start - 1] == "前" and unit in ("名", "位", "强"):
            return False
        if raw == "二" and unit in ("期", "次", "级", "届", "组", "楼", "部", "号", "批", "轮"):
            return False
        if raw == "一":
            if start and folded[start - 1] in "每各":
                return True
            if unit in ("次", "场", "期") and _EACH.search(folded, max(0, start - 12), start):
                return True
            following = folded[end : end + 1]
            return (not following or following in _ONE_ENDS) and folded[
                start - 1 : start
            ] not in "、统"
        return not (
            raw in ("十", "零", "〇")
            and unit not in ("年", "个", "场", "次", "名", "人", "家", "项")
        )

    def _is_number_name(self, start: int, end: int, raw: str, unit: str, after: str) -> bool:
        """A year written short, an age group, a page, an hour: digits that count nothing."""
        folded = self.folded
        if unit == "年":
            if len(raw) == 4 and raw[:2] in ("19", "20"):
                return True
            alone = not start or folded[start - 1] in "\n，。；、在到自从于至（( "
            if len(raw) == 2 and "15" <= raw <= "39" and alone and not after:
                return folded[end : end + 1] in "，,工度全上下计初底末以我重第（"
        if start and folded[start - 1] == "前" and unit in ("名", "位", "强"):
            return True
        if raw == "24" and unit == "小时":
            return folded.startswith(_ROUND_THE_CLOCK, end)
        if unit in ("岁", "周岁") and (after or folded[end : end + 1] in "老青少儿至"):
            return folded[end : end + 1] not in "，。；、"
        if unit in ("期", "届", "次") and folded[start - 1 : start] in "第总" and start:
            return True
        if unit == "度" and folded[end : end + 1] not in "电":
            return True
        return len(raw) > 15 and "." not in raw

    def _is_negative(self, start: int) -> bool:
        """A minus sign behind a word: 增长-8%; not a dash between numbers."""
        return (
            start > 1
            and self.folded[start - 1] in "-－"
            and "\u4e00" <= self.folded[start - 2] <= "\u9fff"
        )

    def _is_named(self, start: int, end: int, raw: str) -> bool:
        """Whether it stands in a title or in a short quotation, which is a name."""
        number = bisect_right(self.quote_starts, start) - 1
        if number < 0:
            return False
        first, last = self.quotes[number]
        if not first < start < last:
            return False
        if self.text[first] == "《":
            return True
        return last - first <= _SHORT_QUOTE or not raw[0].isdigit()

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
        before, word = self._qualifier_before(start)
        over = ""
        if self.folded[end : end + 1] in _OVER and self.folded[end : end + 1]:
            over, end = "over", end + 1
        after, end, _more = self._after(end, "%")
        begin = start - len(word)
        if self.folded.startswith("点", end) or self._is_named(begin, end, "一"):
            return None
        return Found(
            begin,
            end,
            self.text[begin:end],
            value,
            None,
            "%",
            _qualifier(before, over, after, False, False),
        )

    def _placeholder(self, start: int, end: int, raw: str) -> Found | None:
        folded = self.folded
        if start and folded[start - 1].isascii() and folded[start - 1].isalnum():
            return None
        at, over = end, ""
        if folded[at : at + 1] in _OVER and folded[at : at + 1]:
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
        before, word = self._qualifier_before(start)
        after, stop, more = self._after(end_unit, unit)
        begin = start - len(word)
        if self._is_named(begin, stop, "一"):
            return None
        qualifier = _qualifier(before, over or more, after, False, False)
        return Found(begin, stop, self.text[begin:stop], None, None, unit, qualifier)

    def _range(
        self, start: int, at: int, space: int, raw: str, over: str, before: str, word: str
    ) -> Found | None:
        """3—5场, 5%～8%, 3万至5万人, 三、四个: two numbers of which the second has the unit."""
        folded = self.folded
        first_unit = ""
        sep = at
        if folded[sep : sep + 1] not in _TO or not folded[sep : sep + 1]:
            first_unit = units.unit_at(folded, space)
            sep = space + len(first_unit)
        c = folded[sep : sep + 1]
        if not c:
            return None
        if c == "、" and not first_unit and len(raw) == 1:
            return self._neighbours(start, sep, raw, before, word)
        if c not in _TO:
            return None
        stop = sep + 1
        while folded[stop : stop + 1] in ("—", "-") and stop - sep < 2:
            stop += 1
        token = _SECOND.match(folded, stop)
        if (
            token is None
            or (raw[0].isdigit() != token[0][0].isdigit())
            or (c in "至到" and not raw[0].isdigit() and len(raw) > 3)
        ):
            return None
        second = token[0]
        unit_from = token.end()
        more = ""
        if folded[unit_from : unit_from + 1] in _OVER and folded[unit_from : unit_from + 1]:
            more, unit_from = "over", unit_from + 1
        unit = units.unit_at(folded, unit_from)
        if not unit or (first_unit and first_unit != unit and c in "至到"):
            return None
        if unit in ("年",) and len(second) == 4:
            return None
        end = unit_from + len(unit)
        second, unit = _money(second, unit)
        if first_unit:
            raw, _unit = _money(raw, first_unit)
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
        after, end, _more = self._after(end, unit)
        begin = start - len(word)
        if self._is_named(begin, end, raw):
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
        if _FIXED.match(folded, sep + 1) or units.dimension(unit) == "":
            return None
        end = sep + 2 + len(unit)
        begin = start - len(word)
        if self._is_named(begin, end, raw):
            return None
        return Found(begin, end, self.text[begin:end], first_value, second_value, unit, "range")

    # -- lists that share a unit -------------------------------------------------------------

    def _wait(self, start: int, end: int, raw: str) -> None:
        """Remember a bare number that is followed by another one: 12、8、3场."""
        folded = self.folded
        if raw[0].isdigit() and folded[end : end + 1] in _LIST_SEPARATORS and folded[end : end + 1]:
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
                if self._is_named(start, end, "1"):
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


_SECOND = re.compile(rf"[0-9]++(?:,[0-9]{{3}})*+(?:\.[0-9]++)?+[十百千万亿]{{0,2}}|[{_HAN}]{{1,8}}")


def _tens(value: Number | None) -> Number | None:
    return None if value is None else numerals.tidy(Decimal(value) * 10)


def _money(raw: str, unit: str) -> tuple[str, str]:
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


def _value(raw: str) -> tuple[Number | None, Number | None, bool]:
    """Value, end of an estimate by neighbouring digits, and whether it is vague (数十, 十几)."""
    if raw[0] in "几数若" or "几" in raw:
        return None, None, True
    value = numerals.read(raw)
    if value is None and not raw[0].isdigit():
        pair = numerals.neighbours(raw)
        if pair:
            return pair[0], pair[1], False
    return value, None, False


def _qualifier(before: str, over: str, after: str, vague: bool, ranged: bool) -> str:
    found: list[str] = []
    if over == "vague":
        vague, over = True, ""
    for one in (before, "vague" if vague else "", "range" if ranged else "", over, after):
        if one:
            found.append(one)
    return "|".join(list(dict.fromkeys(found))[:2]) if found else "exact"

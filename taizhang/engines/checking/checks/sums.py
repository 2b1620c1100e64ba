"""Totals and their parts: 共…, 合计…, 其中…, 分别为….

Parts after 其中 may overlap or leave something out; they are only held against the whole when they
read as a complete list that misses it by a little, or when one of them is more than the whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import addable, amount, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue, Quantity

_TOTAL_WORD = re.compile(
    r"(?:共计|合计|总计|共有|总共|累计|一共|总数|总额|总量|合共|共|总)[^，。；、：\n0-9]{0,10}$"
)
_INCOMPLETE = re.compile(
    r"其余|其他为|等[。，；）]|还有|另有|主要|重点|同时|交叉|兼|以上|不含|此外|包含.{0,4}在内"
)
_AMONG = re.compile(r"其中|分别(?:为|是)?|包括|涉及|按.{1,6}分")
_ALL_OF = re.compile(r"[两二三四五六七八九十][类种项级支个场]|以上|上述|各类|合计|总计")
_RATE = re.compile(r"日均|月均|年均|人均|平均|每")
_SUBSET = re.compile(
    r"^(?:其中)?(?:正高|副高|高级|中级|硕士|博士|本科|大专|女性|男性|女|男|党员|青年|少数民族|正高级|副高级|\d+岁)"
)
_PEOPLE_WHOLE = re.compile(
    r"(?:在职|职工|人员|会员|干部|理事|代表|队员|学员|教师|员工|志愿者|委员)"
)
_OVERLAPS = re.compile(
    r"[女男]|党员|民族|青年|职称|正高|副高|高级|中级|学历|本科|大专|硕士|博士|研究生|以上|以下|岁|骨干|退休|退役|残疾|"
    r"留学|海外|优秀|同时|涉及|世界|重点|代表"
)
_KINDS = {
    "男": "女", "正高": "职称", "副高": "职称", "高级": "职称", "中级": "职称", "本科": "学历",
    "大专": "学历", "硕士": "学历", "博士": "学历", "研究生": "学历",
}  # fmt: skip
_LEVELS = re.compile(r"^，(?:国家级|世界级|省级|市级|县级|区级|校级|一级|甲级)")
_REST = re.compile(r"^，(?:剩余|其余|余下|还有|尚有|尚余|正在|未)")
_DONE = re.compile(
    r"^(?:问题|任务|项目|事项)?，?(?:已|现已|目前已|完成|办结|整改)[^，。；0-9]{0,8}$"
)
_BALANCE = re.compile(r"结余|节余|盈余")
_CARRIED = re.compile(r"结转|上年|年初|累计|期初|往年|其中")
_LIST = 40
"""No list of parts is longer."""
_NEAR = Decimal("0.13")
_FAR = Decimal("0.35")


def check(context: Context) -> Iterator[Issue]:
    """Yield sums in sentences that are wrong, and parts above their whole."""
    last: list[Quantity] = []
    for sentence in _sentences(context):
        if last and sentence[0].sentence == last[0].sentence + 1:
            yield from _across(context, last, sentence)
        last = sentence
        taken: set[int] = set()
        for issue in _explicit(context, sentence, taken):
            yield issue
        for issue in _among(context, sentence, taken):
            yield issue
        yield from _threes(context.plain, sentence)


def _sentences(context: Context) -> Iterator[list[Quantity]]:
    """Exact or rounded quantities of each sentence with two or more of them; cells apart."""
    cells = [(b.start, b.end) for b in context.text.blocks if b.kind == "cell"]
    inside = iter(cells)
    cell = next(inside, None)
    groups: dict[int, list[Quantity]] = defaultdict(list)
    for one in context.quantities:
        while cell is not None and cell[1] <= one.start:
            cell = next(inside, None)
        if cell is not None and cell[0] <= one.start:
            continue
        if one.value is not None and one.value_max is None:
            groups[one.sentence].append(one)
    for group in groups.values():
        if group:
            yield group


def _explicit(context: Context, sentence: Sequence[Quantity], taken: set[int]) -> Iterator[Issue]:
    """a、b、c，共X: the total stands behind its parts."""
    plain = context.plain
    for number, whole in enumerate(sentence):
        if number < 2 or whole.qualifier != "exact" or whole.dimension == "share":
            continue
        previous = sentence[number - 1]
        gap = plain[previous.end : whole.start]
        if gap in ("、", "和") and number > 3:
            # 共计40场、3600人次: the second total of a pair.
            gap = plain[sentence[number - 2].end : previous.start]
        if not _TOTAL_WORD.search(gap):
            continue
        parts = _run_before(plain, sentence, number)
        if len(parts) < 2 or any(part.qualifier != "exact" for part in parts):
            continue
        totals = [sum((amount(p) for p in parts[k:]), Decimal(0)) for k in range(len(parts) - 1)]
        value = amount(whole)
        if value in totals or (value == 0):
            taken.update(part.start for part in parts)
            continue
        best = min(range(len(totals)), key=lambda k: abs(totals[k] - value))
        limit = _NEAR if best else _FAR
        if abs(totals[best] - value) / value <= limit:
            chosen = parts[best:]
            taken.add(whole.start)
            taken.update(part.start for part in chosen)
            yield mismatch("sum_mismatch.total", whole, chosen, totals[best])


def _overlap(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """党员10名、女干部5名: parts by different qualities, of which one person may have several."""
    kinds = []
    start = whole.end
    for part in parts:
        words = _OVERLAPS.findall(plain, start, part.start)
        kinds.append(frozenset(_KINDS.get(word, word) for word in words))
        start = part.end
    return len(set(kinds)) > 1


def _threes(plain: str, sentence: Sequence[Quantity]) -> Iterator[Issue]:
    """排查30个，已整改28个，剩余4个; 收入186万元，支出171万元，结余25万元."""
    for whole, part, rest in zip(sentence, sentence[1:], sentence[2:], strict=False):
        if any(one.qualifier != "exact" for one in (whole, part, rest)):
            continue
        if not (addable(whole, part) and addable(part, rest)):
            continue
        first, second = plain[whole.end : part.start], plain[part.end : rest.start]
        lead = plain[max(0, whole.start - 16) : whole.start]
        remainder = _REST.match(second) and _DONE.match(first) and len(second) <= 10
        balance = (
            "收入" in lead
            and "支出" in first
            and _BALANCE.search(second)
            and len(first + second) < 24
        )
        if balance and _CARRIED.search(plain, max(0, whole.start - 40), rest.start):
            continue
        total = amount(part) + amount(rest)
        if (remainder or balance) and total != amount(whole):
            yield mismatch("sum_mismatch.rest", whole, [part, rest], total)


def _across(
    context: Context, before: Sequence[Quantity], now: Sequence[Quantity]
) -> Iterator[Issue]:
    """The total stands in the next sentence: 三类场馆共接待103.3万人次."""
    whole = now[0]
    lead = re.split(r"[。！？\n]", context.plain[max(0, whole.start - 30) : whole.start])[-1]
    if whole.qualifier != "exact" or not _TOTAL_WORD.search(lead) or not _ALL_OF.search(lead):
        return
    parts = [one for one in before if one.unit == whole.unit and one.qualifier == "exact"]
    parts = [
        one for one in parts if not _RATE.search(context.plain[max(0, one.start - 6) : one.start])
    ]
    total, value = sum((amount(p) for p in parts), Decimal(0)), amount(whole)
    if len(parts) >= 2 and value and total != value and abs(total - value) / value <= _NEAR:
        yield mismatch("sum_mismatch.total", whole, parts, total)


def _run_before(plain: str, sentence: Sequence[Quantity], number: int) -> list[Quantity]:
    """The neighbouring quantities of the same unit before the total, other units skipped over."""
    whole = sentence[number]
    parts: list[Quantity] = []
    for one in reversed(sentence[max(number - _LIST, 0) : number]):
        if one.dimension == "share":
            continue
        if addable(one, whole):
            between = plain[one.end : parts[0].start if parts else whole.start]
            if parts and _TOTAL_WORD.search(plain[max(0, one.start - 8) : one.start]):
                break
            if len(between) > 60:
                break
            parts.insert(0, one)
        elif (
            not parts
            and one is not sentence[number - 1]
            and "；" not in plain[one.end : whole.start]
        ):
            break
    return parts


def _among(context: Context, sentence: Sequence[Quantity], taken: set[int]) -> Iterator[Issue]:
    """X，其中a、b、c: the whole stands before its parts."""
    plain = context.plain
    number = 0
    while number < len(sentence) - 1:
        whole = sentence[number]
        following = sentence[number + 1]
        between = plain[whole.end : following.start]
        cue = _AMONG.search(between)
        colon = "：" in between and bool(
            _TOTAL_WORD.search(plain[max(0, whole.start - 14) : whole.start])
        )
        subset = (
            whole.dimension == "people"
            and following.dimension == "people"
            and between.startswith("，")
            and bool(_SUBSET.match(between[1:]))
            and bool(_PEOPLE_WHOLE.search(whole.subject))
        )
        # 5个（城区2个、乡镇4个）: the brackets hold a list.
        second = sentence[number + 2].start if number + 2 < len(sentence) else 0
        bracket = between.startswith("（") and second > 0 and "）" not in plain[whole.end : second]
        if (
            not (cue or colon or subset or bracket)
            or whole.start in taken
            or "；" in between.split("其中")[0]
        ):
            number += 1
            continue
        parts, stop = _run_after(plain, sentence, number)
        number += 1
        if not parts or whole.qualifier not in ("exact", "over"):
            continue
        yield from _judge(plain, whole, parts, stop, amount(whole))


def _run_after(plain: str, sentence: Sequence[Quantity], number: int) -> tuple[list[Quantity], int]:
    whole = sentence[number]
    parts: list[Quantity] = []
    stop = whole.end
    for one in sentence[number + 1 : number + 1 + _LIST]:
        between = plain[stop : one.start]
        if parts and ("；" in between or _TOTAL_WORD.search(between) or "其中" in between):
            break
        if "；" in between:
            break
        if addable(one, whole):
            if (
                parts
                and "，" in between
                and not _continues(between, plain[one.start - 14 : one.start])
            ):
                stop_here = len(parts) >= 2 and "、" in plain[parts[0].end : parts[-1].start]
                if stop_here:
                    break
            parts.append(one)
        elif one.dimension != "share" and parts:
            break
        stop = one.end
    return parts, stop


def _continues(between: str, _before: str) -> bool:
    return len(between) <= 14


def _judge(
    plain: str, whole: Quantity, parts: list[Quantity], stop: int, value: Decimal
) -> Iterator[Issue]:
    larger = [p for p in parts if amount(p) > value and p.qualifier in ("exact", "over")]
    if larger and whole.qualifier == "exact":
        yield Issue(
            "sum_mismatch",
            "sum_mismatch.part",
            "error",
            (whole.span, larger[0].span),
            {"whole": whole.text, "part": larger[0].text},
        )
        return
    if whole.qualifier != "exact" or any(p.qualifier != "exact" for p in parts) or value == 0:
        return
    after = plain[parts[-1].end : parts[-1].end + 12]
    region = plain[whole.end : parts[-1].start] + after.split("。")[0]
    if _INCOMPLETE.search(region):
        return
    total = sum((amount(p) for p in parts), Decimal(0))
    if total == value:
        return
    for k in range(2, len(parts)):
        if sum((amount(p) for p in parts[:k]), Decimal(0)) == value:
            return
    distance = abs(total - value) / value
    if _overlap(plain, whole, parts):
        return
    if total > value and distance <= _FAR and len(parts) > 1:
        # Parts of their own cannot come to more than the whole.
        yield mismatch("sum_mismatch.among", whole, parts, total)
        return
    distributed = "分别" in plain[whole.end : parts[0].start]
    if (len(parts) >= 3 and distance <= _NEAR) or (
        distributed and distance <= _FAR and len(parts) > 1
    ):
        yield mismatch("sum_mismatch.among", whole, parts, total)

"""One thing, two numbers: 管理员215名 here, 198名管理员 there.

Two statements are of the same thing when their nouns are the same and nothing around them speaks
of another time, level, plan or change. They conflict when no number can be meant by both: 12073名 is
1.2万余名 and no conflict, 7800人次 is not 7800余人次.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.naming import noun_of
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.types import Issue, Quantity

_MOST = 12
"""Of a noun with more statements than this each is about something of its own."""
_OTHER_TIME = re.compile(
    r"(?:19|20)[0-9]{2}年|去年|上年|上届|上期|往年|前年|同期|年初|年底前|期初|原来|原有|此前|[一二三四前]+季度|[上下]半年|以来|"
    r"[0-9]{1,2}月|期间|当[天日月]|首[日批]|同比|环比|比(?!例|重|赛)|较|由|从|截至(?!目前|年底|12月|[0-9]{4}年底|[0-9]{4}年12月)|三年|两年|五年|届"
)
_PLAN = re.compile(
    r"计划|力争|拟|将|目标|预计|确保|建议|打算|明年|下一步|任务|应|需|要求|规定|标准|争取(?!资金)|不[少低]于|达到.{0,4}以上"
)
_PLAN_HEADING = re.compile(r"计划|打算|下一步|下步|思路|安排|建议|目标|展望|谋划")
_PART = re.compile(
    r"其中|其余|剩余|部分|另有|还有|另外|个别|分别|平均|人均|每|均|占|中[有，的]|之一|多数|少数|重点|增加|减少|净增|下降|增长"
)
_WHOLE = re.compile(r"全年|今年|年内|一年来|本年度|总计|累计|合计|共计|共|全[省市县区旗州盟国校馆]")
_GENERIC = re.compile(
    r"^(?:.*(?:资料|群众|公众|观众|听众|人员|人数|学生|师生|居民|农民|老人|次数|人次|时长|面积|小时|图书|读物|手册?|海报|展板|宣传[单页册]|"
    r"奖|问题|措施|意见|建议|资金|经费|投入|支出|收入|金额|合同|平均|报告|论文|文章|信息|视频|作品|稿件|其他|以上|以下|代表|评委|专家))$"
)
_FLOWS = ("events", "person_times", "visits", "money", "time", "clicks")
_RATE = re.compile(r"率|比例|比重|占比")


class _Said(NamedTuple):
    """A statement with what decides whether it is of the same thing as another."""

    quantity: Quantity
    sentence: Sentence
    aspect: tuple[str, ...]
    is_whole: bool


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values``, an error, once for each thing that has numbers that differ."""
    said: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for sentence in context.sentences:
        for number, one in enumerate(sentence.quantities):
            key = _key(context, sentence, number)
            if key is not None:
                said[key].append(_statement(context, sentence, number, one))
    for (noun, _unit), statements in said.items():
        if 1 < len(statements) <= _MOST:
            yield from _conflicts(noun, statements)
    yield from _referred(context)


def _key(context: Context, sentence: Sentence, number: int) -> tuple[str, str] | None:
    one = sentence.quantities[number]
    if one.value is None or one.value_max is not None or one.dimension == "time":
        return None
    noun = noun_of(one, context.synonyms).noun
    if one.unit == "%":
        return (noun, "%") if len(noun) >= 5 and _RATE.search(noun) else None
    if one.dimension == "share" or len(noun) < 2 or noun[0].isdecimal():
        return None
    if len(noun) == 2 and not _scope_of_all(context, sentence, number):
        return None
    if _GENERIC.match(noun) and not (len(noun) >= 5 and noun.endswith(("面积", "经费", "会员"))):
        if noun.startswith("接待") and len(noun) >= 4:
            return noun, measure(one)
        specific = noun.endswith(("手册", "图书", "读物")) and len(noun) >= 4
        if not specific or noun in ("科普读物", "科普图书", "宣传手册", "科普手册"):
            return None
    return noun, measure(one)


def _scope_of_all(context: Context, sentence: Sentence, number: int) -> bool:
    """全县18个乡镇: the number of all there are."""
    before = sentence.before[number]
    return bool(re.search(r"全[省市县区旗州盟国镇乡](?:现有|共有|所有|的)?$", before))


def _statement(context: Context, sentence: Sentence, number: int, one: Quantity) -> _Said:
    noun = noun_of(one, context.synonyms)
    if sentence.is_row:
        whole = bool(re.match(r"合计|总计|全[年市县区省旗]|共计", one.subject))
        return _Said(one, sentence, ("", "", "", "", noun.level, ""), whole)
    clause = context.plain[sentence.start : one.start].rpartition("；")[2]
    near = re.split(r"[，：]", clause)[-1]
    times = [word for word in _OTHER_TIME.findall(clause) if word != f"{context.year}年"]
    if _scope_of_all(context, sentence, number):
        times = [word for word in times if word != "期间"]
    behind = sentence.behind(number)[:12]
    heading = _heading(context, one.start)
    plan = bool(_PLAN.search(clause)) or (
        bool(_PLAN_HEADING.search(heading)) and "问题" not in heading
    )
    part = _PART.search(near) or _PART.search(
        sentence.before[number] if len(sentence.before[number]) < 30 else near
    )
    change = noun.change or _change_in(near) or _change_in(behind[:3])
    level = noun.level or _level(clause)
    aspect = (
        "/".join(sorted(set(times))),
        "plan" if plan else "",
        part[0] if part else "",
        change,
        level,
        _modifier(near, noun.noun),
    )
    return _Said(one, sentence, aspect, bool(_WHOLE.search(clause)))


_CHANGE = re.compile(r"新增|新建|新设|新成立|新发展|净增|计划|评选|推荐|表彰|慰问|培育|命名|认定")
_LEVEL = re.compile(r"(?:国家|省|市|县|区|旗|镇|乡|村)级")


def _change_in(words: str) -> str:
    match = _CHANGE.search(words)
    return match[0] if match else ""


def _modifier(near: str, noun: str) -> str:
    """会员不足50户的农技协有16个: the words before 的 make it another thing."""
    head, found, _tail = near.rpartition("的" + noun)
    return head[-6:] if found else ""


def _level(clause: str) -> str:
    found = _LEVEL.findall(clause)
    return found[-1] if found else ""


def _heading(context: Context, position: int) -> str:
    """The line of the last heading of the first level, or the first words of its paragraph."""
    marks = context.sections
    number = marks.top_at(position)
    if number is None:
        return ""
    return context.plain[number : number + 24].split("\n")[0]


def _conflicts(noun: str, statements: Sequence[_Said]) -> Iterator[Issue]:
    groups: dict[tuple[str, ...], list[_Said]] = defaultdict(list)
    for one in statements:
        groups[one.aspect].append(one)
    for group in groups.values():
        wrong: dict[int, Quantity] = {}
        for at, first in enumerate(group):
            for second in group[at + 1 :]:
                if _contradict(noun, first, second):
                    wrong[first.quantity.start] = first.quantity
                    wrong[second.quantity.start] = second.quantity
        if wrong:
            ones = [wrong[start] for start in sorted(wrong)]
            params = {
                "subject": noun,
                "text": ones[0].text,
                "other": next((o.text for o in ones if o.text != ones[0].text), ones[-1].text),
            }
            spans = tuple(one.span for one in ones)
            yield Issue("conflict", "conflict.values", "error", spans, params)


_POINTS_BACK = re.compile(r"(?:的|这|上述|以上|该)$")
_CLOSE = Decimal("0.2")


def _referred(context: Context) -> Iterator[Issue]:
    """组织应急演练37次 … 期间的35次演练: a number that points back at the one told before."""
    told: dict[tuple[str, str], list[Quantity]] = defaultdict(list)
    for sentence in context.sentences:
        for number, one in enumerate(sentence.quantities):
            if one.value is None or one.qualifier != "exact" or one.dimension in ("share", "time"):
                continue
            if not sentence.is_row and _POINTS_BACK.search(sentence.before[number]):
                behind = sentence.behind(number)
                match = told.get((one.unit, behind[:2]), [])
                if len(match) == 1 and match[0].start < sentence.start:
                    yield from _close_miss(context, match[0], one)
            ends = told[one.unit, noun_of(one, context.synonyms).noun[-2:]]
            if len(ends) < 2:
                ends.append(one)


def _close_miss(context: Context, old: Quantity, new: Quantity) -> Iterator[Issue]:
    """Numbers that differ by little: by much, another thing is meant."""
    assert old.value is not None
    assert new.value is not None
    larger = Decimal(max(old.value, new.value))
    if old.value != new.value and abs(Decimal(old.value) - Decimal(new.value)) / larger <= _CLOSE:
        params = {
            "subject": noun_of(old, context.synonyms).noun,
            "text": old.text,
            "other": new.text,
        }
        yield Issue("conflict", "conflict.values", "error", (old.span, new.span), params)


def _contradict(noun: str, first: _Said, second: _Said) -> bool:
    one, other = first.quantity, second.quantity
    if first.sentence.start == second.sentence.start or (one.fact and one.fact == other.fact):
        return False
    if first.sentence.is_row and second.sentence.is_row:
        return False
    if one.unit == "人次" and (_is_attendance(first) or _is_attendance(second)):
        return False
    flows = one.dimension in _FLOWS or noun.endswith(("活动", "讲座", "培训", "培训班", "手册"))
    if flows and not (first.is_whole and second.is_whole):
        specific = len(noun) >= 4 and noun.endswith("手册")
        if not (specific and (first.is_whole or second.is_whole)):
            return False
    return _apart(one, other)


def _is_attendance(said: _Said) -> bool:
    """Whether the people came to something that the sentence counts before them."""
    quantities = said.sentence.quantities
    number = next(i for i, each in enumerate(quantities) if each.start == said.quantity.start)
    return any(each.dimension == "events" for each in quantities[:number])


def _apart(one: Quantity, other: Quantity) -> bool:
    """Whether no number is within the bounds of both."""
    low = max((each.low for each in (one, other) if each.low is not None), default=None)
    high = min((each.high for each in (one, other) if each.high is not None), default=None)
    return low is not None and high is not None and low > high

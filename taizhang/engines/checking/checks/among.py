"""Totals before their parts: 45家，其中省级10家、市级35家; 58人，男30人、女28人; 46场（甲县12场、乙县34场）.

Parts after 其中 may overlap or leave something out; they are only held against the whole when they
read as a complete list that misses it by a little, or when one of them is more than the whole.
Parts that no word announces must be of one family, or a list of three and more nouns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.engines.checking.adding import TOTAL_WORD, addable, amount, fits, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.families import Family, family_of
from taizhang.engines.checking.types import Issue, Quantity

_INCOMPLETE = re.compile(
    r"年内|到位|完成投资|其余(?![0-9])|其他为|等[。，；）]|另有|主要|重点(?![\u4e00-\u9fff]{0,3}[0-9])|同时|交叉|(?<![两二三四五六七])部分|有的|联合(?![社会])|兼[任有顾]|(?<!岁)(?<!岁及)以上|不含|此外(?!没有|无)|包含.{0,4}在内"
)
_AMONG = re.compile(
    r"其中|分别(?:为|是)?|包括|涉及|按.{1,6}分|归[并纳]为|分为|[，：（](?:含|即|计(?!划))|包含|[，：（]来自|构成[：为]|[从按][\u4e00-\u9fff]{1,5}看，|^[\u4e00-\u9fff]{1,8}中，"
)
_SUBSET = re.compile(
    r"^(?:其中|拥有|具有|具备|持有|取得|有)*(?:正高|副高|高级|中级|硕士|博士|本科|大专|女性|男性|女|男|党员|青年|少数民族|正高级|副高级|\d+岁)"
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
_WON = re.compile(r"奖|评选|评出|获|荣誉|表彰")
_WIDE = re.compile(r"涉及|包括|包含|含")
_PLACES = re.compile(r"[县区乡镇村校馆]|街道|社区|学校|单位|企业")
_ONE_OF_A_LIST = re.compile(r"[0-9][\u4e00-\u9fff]{1,3}、[^，。；：、0-9]{1,10}$")
_OTHER_SIDE = re.compile(r"支出|结余|节余|结转下|退会|注销")
_VERB = re.compile(
    r"举办|开展|组织|召开|建成|新建|发放|投入|完成|建立|成立|组建|邀请|走进|覆盖|惠及|带动|吸引|培育|推出|发布|编|收集|"
    r"征集|评|推荐|申报|获|购置|配备|慰问|走访|实施|参加|参与|接待|服务|新增|增加|减少|发展|整改|争取|落实|引进|指导|培训|"
    r"撬动|制定|年内|每|平均|同比|比|较"
)
_NO_PART = re.compile(rf"{_VERB.pattern}|年[底末]|注销|退会|现|总|共")
_LEADS = re.compile(
    r"^[。，：（；、\s]*(?:其中|分别为|分别是|分别|包括|包含|含|涉及|由|即|有(?!效))?[：，]?"
)
_MAY_BE = re.compile(
    r"^(?:任务|问题|隐患|事项|项目)?[，：（]|其中|分别|归|分为|包括|涉及|按|含|中，|已|：|来自|构成|看，|[，（][即计]"
)
_MAY_LIST = re.compile(
    r"(?:[\u4e00-\u9fff]{0,8}中|[\u4e00-\u9fff]{2,5}组成|问题|任务|项目|事项|隐患)?[，：]|(?:问题|任务|项目|事项|隐患)?已"
)
_REST = re.compile(r"剩余|剩下|余下|其余|还有|尚有|尚余|其他$")
_SECOND = re.compile(
    r"其中|分别为|包括|[从按][\u4e00-\u9fff]{1,5}[看分]|[\u4e00-\u9fff]{0,4}构成[：为]"
)
_FOOTPRINT = re.compile(r"占地[^，。；0-9]{0,4}$")
"""The ground that a building stands on is no part of its floors."""
_CLOSED = re.compile(r"(?:及|和|与)其他(?:人员|方面|类别?)?$|^其他(?:人员|方面|类别?|学科|行业)?$")
"""高级职称860名、中级职称1120名、初级及其他600名: with the others everything is told."""
_IS_WHOLE = re.compile(r"总|共|全年|合计")
_SIGNS = re.compile("[，、；：。\\n]")
_ASIDE = re.compile(
    r"(?:[日月年人场期户]均|平均|每[\u4e00-\u9fff])[^，。；、0-9]{0,6}$|(?:增加|减少|增长|下降|净增|多|少)了?$|[比较][^，。；、]{0,6}的?$"
)
_EVERYTHING = re.compile(r"：|，[即计](?!划)")
"""Behind these signs everything is told that makes the whole."""
_COMPOSED = re.compile(
    r"(?:这?[两二三四五六](?:个?部分|方面|块|项|类|笔)(?:资金|经费|收入|支出)?)?(?:组成|构成)"
)
_SAID_TOTAL = re.compile(r"共计|合计|总计|共有|总数|总量|总时长|服务时长")
_OWN_UNITS = frozenset("名人件篇户支")
_LIST = 40
_SHORT = 10
_BACK = 4
_NEAR = Decimal("0.13")
_FAR = Decimal("0.35")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.among``, ``.rest`` for what is done and what is not, and ``.part``.

    A part that is more than the whole is wrong whatever the others are.
    """
    last: list[Quantity] = []
    for sentence in context.counted:
        yield from _next_sentence(context, last, sentence)
        last = sentence
        listed: set[int] = set()
        for number in range(len(sentence) - 1):
            between = context.plain[sentence[number].end : sentence[number + 1].start]
            if not _MAY_BE.search(between):
                continue
            whole = sentence[number]
            told = _is_announced(context.plain, sentence, number, between)
            if told:
                found = _whole_of(context.plain, sentence, number, between)
                if found is None:
                    continue
                whole = found
                rest = sentence[number + 1 : number + 1 + _LIST]
                parts = _run_after(context.plain, [whole, *rest], 0)
            elif whole.start in listed or not addable(whole, sentence[number + 1]):
                continue
            else:
                parts = _unannounced(context.plain, sentence, number)
            if parts:
                listed.update(part.start for part in parts)
                yield from _judge(context.plain, whole, parts, announced=told)


def _whole_of(
    plain: str, sentence: Sequence[Quantity], number: int, between: str
) -> Quantity | None:
    """What 其中 refers to: the number before it, or the nearest that its parts may be added to.

    32期、2560人次，平均每期80人次，其中种植类18期: neither the mean nor what is counted otherwise.
    Without 其中 only the number right before may be it.
    """
    following = sentence[number + 1]
    far = "其中" in between or "包括" in between
    for back in range(number, max(number - _BACK, -1), -1):
        one = sentence[back]
        if "；" in plain[one.end : following.start]:
            return None
        if addable(one, following) and not _is_aside(plain, one, following):
            return one
        if not far:
            return None if addable(one, following) else one
    return None


def _is_aside(plain: str, one: Quantity, following: Quantity) -> bool:
    """Whether a number is a mean, a change, what is compared with, or told in brackets."""
    closed = plain.find("）", one.end, following.start)
    bracket = closed >= 0 and plain.find("（", one.end, closed) < 0
    return bracket or bool(_ASIDE.search(plain, max(0, one.start - 10), one.start))


def _next_sentence(
    context: Context, before: Sequence[Quantity], now: Sequence[Quantity]
) -> Iterator[Issue]:
    """共组织活动46场。其中讲座12场，展览15场: the parts have a sentence of their own."""
    if not before or now[0].sentence != before[0].sentence + 1:
        return
    words = context.plain[before[-1].end : now[0].start]
    if len(words) >= 40:
        return
    second = words.partition("。")[2].lstrip()
    if not _SECOND.match(second) and not _is_all(context, second, now):
        return
    whole = next((one for one in reversed(before) if addable(one, now[0])), None)
    if whole is None:
        return
    lead = context.plain[max(0, whole.start - 14) : whole.start]
    parts = _run_after(context.plain, [whole, *now], 0)
    # Few parts, or one that is more, may be told of something else in that sentence.
    enough = len(parts) > 1 if whole is before[-1] and TOTAL_WORD.search(lead) else len(parts) > 2
    if not enough or max(map(amount, parts)) >= amount(whole):
        return
    total = sum(map(amount, parts), Decimal(0))
    if abs(total - amount(whole)) / amount(whole) <= _NEAR:
        yield from _judge(context.plain, whole, parts, announced=True)


def _is_all(context: Context, words: str, now: Sequence[Quantity]) -> bool:
    """一季度18期、二季度26期、…: the names of a complete family need no 其中."""
    if len(words) < _SHORT and len(now) > 2:
        gaps = [context.plain[a.end : b.start] for a, b in pairwise(now)]
        if all(gap.startswith("、") and len(gap) < _SHORT for gap in gaps):
            return True  # 讲座42场、展览18场、竞赛30场: nothing but a list
    if "一季度" not in words and "上半年" not in words:
        return False
    labels = [words, *(context.plain[a.end : b.start] for a, b in pairwise(now))]
    family = family_of(labels)
    return family is not None and family.complete


def _is_announced(plain: str, sentence: Sequence[Quantity], number: int, between: str) -> bool:
    """Whether parts follow 其中, 分别为, a bracket, or a colon behind a total."""
    whole, following = sentence[number], sentence[number + 1]
    if whole.qualifier not in ("exact", "over") or "；" in between.split("其中")[0]:
        return False
    if _AMONG.search(between) or _lists_all(plain, whole, between):
        return True
    if between.startswith("（"):
        # 5个（城区2个、乡镇4个）: the brackets hold a list.
        second = sentence[number + 2].start if number + 2 < len(sentence) else 0
        return second > 0 and "）" not in plain[whole.end : second]
    return (
        whole.dimension == following.dimension == "people"
        and between.startswith("，")
        and bool(_SUBSET.match(between[1:]))
        and bool(_PEOPLE_WHOLE.search(whole.subject))
        and not _OVERLAPS.search(whole.subject)
    )


def _unannounced(plain: str, sentence: Sequence[Quantity], number: int) -> list[Quantity]:
    """Parts that are known by their names: 58人，男30人、女28人."""
    whole = sentence[number]
    if whole.qualifier != "exact" or not _MAY_LIST.match(plain, whole.end):
        return []
    parts = _run_after(plain, sentence, number)
    labels = _labels(plain, whole, parts)
    own = _SIGNS.split(plain[max(0, whole.start - 16) : whole.start])[-1]
    family = family_of(labels)
    if family and not _IS_WHOLE.search(own):
        with_own = family_of([own, *labels])
        if with_own and with_own.name == family.name:
            return []  # the first of the list, and no whole
    if family or _is_composed(plain, whole, parts) or _is_plain_list(plain, whole, parts, labels):
        return parts
    return []


def _lists_all(plain: str, whole: Quantity, between: str) -> bool:
    """共收到作品480件：绘画200件、…; 支出9.6万元：活动费4.2万元，…: a colon behind a total, or at once."""
    if between.startswith("："):
        return True
    lead = plain[max(0, whole.start - 14) : whole.start]
    return "：" in between and bool(TOTAL_WORD.search(lead))


def _is_composed(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """200万元，由中央资金120万元、自筹80万元组成."""
    return (
        len(parts) > 1
        and _COMPOSED.match(plain, parts[-1].end) is not None
        and "由" in plain[whole.end : parts[0].start]
    )


def _is_plain_list(
    plain: str, whole: Quantity, parts: Sequence[Quantity], labels: Sequence[str]
) -> bool:
    """培训班18期，农业技术9期、健康知识6期、信息化3期: three nouns and more, 、 between them."""
    gaps = [plain[a.end : b.start] for a, b in pairwise(parts)]
    # 各类活动共计86场，讲座42场，展览18场，竞赛12场: commas do where the whole says that it is one.
    lead = plain[max(0, whole.start - 12) : whole.start]
    # 理事63名，三级医院27名，二级医院22名，…: so they do where people or works are counted, not things.
    commas = bool(_SAID_TOTAL.search(lead)) or whole.unit in _OWN_UNITS
    sign = "，" if commas and gaps and gaps[0].startswith("，") else "、"
    if len(parts) < 3 or not all(gap.startswith(sign) and len(gap) <= 9 for gap in gaps):
        return False
    return not any(not label or len(label) > 8 or _NO_PART.search(label) for label in labels)


def _labels(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> list[str]:
    """The words before each part, without what only leads to it."""
    ends = (whole.end, *(part.end for part in parts))
    return [_LEADS.sub("", plain[end : part.start]) for end, part in zip(ends, parts, strict=False)]


def _run_after(plain: str, sentence: Sequence[Quantity], number: int) -> list[Quantity]:
    """The quantities behind the whole that may be added to it, up to a break in the list."""
    whole = sentence[number]
    parts: list[Quantity] = []
    stop = stop_of_whole = whole.end
    in_brackets = False
    colon = plain.startswith("：", whole.end)
    for one in sentence[number + 1 : number + 1 + _LIST]:
        between = plain[stop : one.start]
        if in_brackets and "）" in between:
            break
        in_brackets = in_brackets or "（" in between
        # 48个：甲县12个；乙县15个: behind a colon the list may be one of semicolons.
        listed = colon and parts and between.startswith("；") and len(between) <= _SHORT
        if ("；" in between and not listed) or (
            parts and (TOTAL_WORD.search(between) or "其中" in between)
        ):
            break
        if (
            parts
            and _OTHER_SIDE.search(between)
            and not _OTHER_SIDE.search(plain, stop_of_whole, parts[0].start)
        ):
            break  # 收入100万元，其中结转20万元，支出90万元
        if addable(one, whole):
            in_list = len(parts) >= 2 and "、" in plain[parts[0].end : parts[-1].start]
            if in_list and "，" in between and len(between) > 14:
                break
            parts.append(one)
        elif one.dimension != "share" and parts:
            break
        stop = one.end
    return parts


def _judge(
    plain: str, whole: Quantity, parts: Sequence[Quantity], *, announced: bool
) -> Iterator[Issue]:
    value = amount(whole)
    larger = [p for p in parts if amount(p) > value and p.qualifier in ("exact", "over")]
    if larger and whole.qualifier == "exact":
        if not _is_part(plain, whole, larger[0], parts[0]):
            return
        params = {"whole": whole.text, "part": larger[0].text}
        spans = (whole.span, larger[0].span)
        yield Issue("sum_mismatch", "sum_mismatch.part", "error", spans, params)
        return
    exact = all(one.qualifier == "exact" for one in parts)
    if not exact or not value or len(parts) < 2:
        return
    if whole.qualifier != "exact":
        yield from _too_many(plain, whole, parts)
        return
    after = plain[parts[-1].end : parts[-1].end + 12].split("。")[0]
    if _INCOMPLETE.search(plain[whole.end : parts[-1].end] + after):
        return
    # The first few may be the list, and the rest something else.
    sums = [sum((amount(p) for p in parts[:k]), Decimal(0)) for k in range(2, len(parts) + 1)]
    if value in sums or fits(whole, sums[-1], parts):
        return
    family = family_of(_labels(plain, whole, parts))
    if family is not None and family.name == "done" and _PLACES.match(plain, parts[-1].end):
        return  # 已完成6个，还有2个镇没有建站
    labels = _labels(plain, whole, parts)
    if _CLOSED.search(labels[-1]) and abs(sums[-1] - value) / value <= _NEAR:
        yield mismatch("sum_mismatch.among", whole, parts, sums[-1])
        return
    everything = _EVERYTHING.match(plain, whole.end) is not None
    if family is None and not everything and _overlap(plain, whole, parts):
        return
    if family is None and not announced and abs(sums[-1] - value) / value > _NEAR:
        return
    if _is_wrong(plain, whole, parts, family, sums[-1]):
        rest = family is not None and family.name == "done"
        code = "sum_mismatch.rest" if rest else "sum_mismatch.among"
        yield mismatch(code, whole, parts, sums[-1])


def _too_many(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> Iterator[Issue]:
    """近200场，其中讲座120场、展览50场、竞赛40场: more than 近 or 余 can mean."""
    total = sum(map(amount, parts), Decimal(0))
    if whole.qualifier not in ("over", "nearly") or whole.high is None or len(parts) < 3:
        return
    most = Decimal(whole.high)
    if most < total <= most * (1 + _FAR) and not _overlap(plain, whole, parts):
        yield mismatch("sum_mismatch.among", whole, parts, total)


def _is_part(plain: str, whole: Quantity, part: Quantity, first: Quantity) -> bool:
    """Whether a larger number can only be meant as a part, and not as something else altogether.

    3项，涉及制度15项; 3家，其中学校5所; 12个科普馆，其中8个乡镇15个村: other things, no parts.
    """
    lead = plain[whole.end : first.start]
    if _ONE_OF_A_LIST.search(plain, max(0, whole.start - 20), whole.start):
        return False  # 一等奖1项、三等奖2项，其中国家级3项: of all that is listed
    if _FOOTPRINT.search(plain, whole.end, part.start):
        return False
    if _WIDE.search(lead) and "其中" not in lead:
        return False
    if whole.unit != part.unit and part.dimension not in ("people", "money"):
        return False
    if (place := _PLACES.match(plain, part.end)) is None:
        return True
    return place[0] in plain[whole.end : whole.end + 8].split("，")[0]


def _is_wrong(
    plain: str, whole: Quantity, parts: Sequence[Quantity], family: Family | None, total: Decimal
) -> bool:
    """Whether the parts miss the whole by so little, or so surely, that one of them is wrong."""
    value = amount(whole)
    distance = abs(total - value) / value
    if distance > _FAR:
        return False
    if family is not None and family.name == "prize" and total < value:
        # 推荐作品28件，获一等奖4件…: not everything that takes part wins.
        clause = re.split("[，。；\n]", plain[max(0, whole.start - 16) : whole.start])[-1]
        if not _WON.search(clause + plain[whole.end : whole.end + 6].split("，")[0]):
            return False
    if _REST.search(_labels(plain, whole, parts)[-1]) or (family is not None and family.complete):
        return True
    # 办理建议、提案17件，其中建议9件、提案6件: what the whole is said to be is all told.
    named = re.split("[，。；\n]", plain[max(0, whole.start - 24) : whole.start])[-1]
    labels = _labels(plain, whole, parts)
    if distance <= _NEAR and "、" in named and all(len(x) > 1 and x in named for x in labels):
        return True
    # 17个，包括专业委员会11个、工作委员会5个: kinds of one thing, and nothing is said of others.
    names = {label[-3:] for label in _labels(plain, whole, parts)}
    if "包括" in plain[whole.end : parts[0].start] and len(names) == 1 and distance <= _NEAR:
        return True
    # Parts of their own cannot come to more than the whole.
    distributed = "分别" in plain[whole.end : parts[0].start]
    return total > value or distributed or (len(parts) >= 3 and distance <= _NEAR)


def _overlap(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """党员10名、女干部5名: parts by different qualities, of which one person may have several."""
    told = [_OVERLAPS.findall(label) for label in _labels(plain, whole, parts)]
    kinds = {frozenset(_KINDS.get(word, word) for word in words) for words in told}
    return len(kinds) > 1 or any("涉及" in kind for kind in kinds)

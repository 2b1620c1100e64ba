"""Totals before their parts: 45家，其中省级10家、市级35家; 58人，男30人、女28人; 46场（甲县12场、乙县34场）.

Parts after 其中 may overlap or leave something out; they are only held against the whole when they
read as a complete list that misses it by a little, or when one of them is more than the whole.
Parts that no word announces must be of one family, or a list of three and more nouns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.engines.checking.adding import TOTAL_WORD, addable, amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.families import family_of
from taizhang.engines.checking.types import Issue, Quantity
from taizhang.engines.checking.whole_and_parts import OVERLAPS, is_composed, judge, labels_of

_AMONG = expression(
    r"其中|这里面|这当中|分别(?!比|较|增|同比|下降|上升|提高)(?:为|是)?|包括|涉及|归[并纳]为|分[为作成属]|[，：（](?:含|即|计(?!划))|包含|[，：（]来自|构成[：为]|从[\u4e00-\u9fff]{1,5}看，|^[\u4e00-\u9fff]{1,8}中，"
)
_SUBSET = expression(
    r"^(?:其中|拥有|具有|具备|持有|取得|有)*(?:正高|副高|高级|中级|硕士|博士|本科|大专|女性|男性|女|男|党员|青年|少数民族|正高级|副高级|\d+岁)"
)
_PEOPLE_WHOLE = expression(
    r"(?:在职|职工|人员|会员|干部|理事|代表|队员|学员|教师|员工|志愿者|委员)"
)
_OTHER_SIDE = expression(r"支出|结余|节余|结转下|退会|注销")
_VERB = expression(
    r"举办|开展|组织|召开|建成|新建|发放|投入|完成|建立|成立|组建|邀请|走进|覆盖|惠及|带动|吸引|培育|推出|发布|编|收集|"
    r"征集|评|推荐|申报|获|购置|配备|慰问|走访|实施|参加|参与|接待|服务|新增|增加|减少|发展|整改|争取|落实|引进|指导|培训|"
    r"撬动|制定|年内|每|平均|同比|比|较"
)
_NO_PART = expression(rf"{_VERB.pattern}|年[底末]|注销|退会|现|总|共")
_MAY_BE = expression(
    r"^(?:任务|问题|隐患|事项|项目)?[，：（]|其中|分别|归|分[为作成属]|包括|涉及|含|中，|已|：|来自|构成|看，|[，（][即计]"
)
_MAY_LIST = expression(
    r"(?:[\u4e00-\u9fff]{0,8}中|[\u4e00-\u9fff]{2,5}组成|问题|任务|项目|事项|隐患)?[，：]|(?:问题|任务|项目|事项|隐患)?已"
)
_SECOND = expression(
    r"其中|(?:截[至止][^，。；]{2,12}，)?(?:目前)?已(?:全部)?(?:完成)?(?:整改|办结|销号)|分别为|包括|从[\u4e00-\u9fff]{1,5}[看分]|[\u4e00-\u9fff]{0,4}构成[：为]"
)
_IS_WHOLE = expression(r"总|共|全年|合计")
_SIGNS = expression("[，、；：。\\n]")
_ASIDE = expression(
    r"(?:[\u4e00-\u9fff]均|每[\u4e00-\u9fff])[^，。；、0-9]{0,10}$|(?:增加|减少|增长|下降|净增|多|少)了?$|[比较][^，。；、]{0,6}的?$"
)
_AT_ONCE = expression(r"(?:，[\u4e00-\u9fff]{2,8})?：")
"""85万元，来源有三块：中央补助40万元，…"""
_SO_MANY_PARTS = expression("(?:构成|组成)[：，为]")
"""62万元由三块构成：…: how many parts there are is none of them."""
_SAID_TOTAL = expression(r"共计|合计|总计|共有|总数|总量|总时长|服务时长")
_OWN_UNITS = frozenset("名人件篇户支")
_LIST = 40
_SHORT = 10
_BACK = 4
_NEAR = Decimal("0.13")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.among``, ``.rest`` for what is done and what is not, and ``.part``.

    A part that is more than the whole is wrong whatever the others are.
    """
    last: list[Quantity] = []
    for counted in context.counted:
        sentence = [one for one in counted if not _SO_MANY_PARTS.match(context.plain, one.end)]
        if not sentence:
            continue
        yield from _next_sentence(context, last, sentence)
        last = sentence
        listed: set[int] = set()
        for number in range(len(sentence) - 1):
            between = context.plain[sentence[number].end : sentence[number + 1].start]
            if not _MAY_BE.search(between):
                continue
            whole = sentence[number]
            if whole.start in listed and between.startswith("，来自"):
                continue  # 8名，来自医院的3名，来自学校的5名
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
                yield from judge(context.plain, whole, parts, announced=told)


def _whole_of(
    plain: str, sentence: Sequence[Quantity], number: int, between: str
) -> Quantity | None:
    """What 其中 refers to: the number before it, or the nearest that its parts may be added to.

    32期、2560人次，平均每期80人次，其中种植类18期: neither the mean nor what is counted otherwise.
    Without 其中 only the number right before may be it.
    """
    following = sentence[number + 1]
    far = "其中" in between or "包括" in between or between.startswith("：")
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
    alike = [
        one
        for one in reversed(before)
        if addable(one, now[0]) and not _is_aside(context.plain, one, now[0])
    ]
    # Men and women make all there are, whatever was told of some of them last.
    whole = max(alike, key=amount) if alike and second[:1] == "男" else next(iter(alike), None)
    if whole is None:
        return
    lead = context.plain[max(0, whole.start - 14) : whole.start]
    parts = _run_after(context.plain, [whole, *now], 0)
    # Few parts, or one that is more, may be told of something else in that sentence.
    if second[:1] == "男":
        parts = parts[:2]
    enough = (
        len(parts) > 1
        if second[:1] == "男" or (whole is before[-1] and TOTAL_WORD.search(lead))
        else len(parts) > 2
    )
    if not enough or max(map(amount, parts)) >= amount(whole):
        return
    total = sum(map(amount, parts), Decimal(0))
    if any(amount(one) == total for one in alike):
        return
    if abs(total - amount(whole)) / amount(whole) <= _NEAR:
        yield from judge(context.plain, whole, parts, announced=True)


def _is_all(context: Context, words: str, now: Sequence[Quantity]) -> bool:
    """一季度18期、二季度26期、…: the names of a complete family need no 其中."""
    if len(words) < _SHORT and len(now) > 2:
        gaps = [context.plain[a.end : b.start] for a, b in pairwise(now)]
        if all(gap.startswith("、") and len(gap) < _SHORT for gap in gaps):
            return True  # 讲座42场、展览18场、竞赛30场: nothing but a list
    if not any(word in words for word in ("一季度", "上半年", "春季")) and words[:1] != "男":
        return False
    labels = [words, *(context.plain[a.end : b.start] for a, b in pairwise(now))]
    if words[:1] == "男":
        labels = labels[:2]  # what follows women is another matter
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
        and not OVERLAPS.search(whole.subject)
    )


def _unannounced(plain: str, sentence: Sequence[Quantity], number: int) -> list[Quantity]:
    """Parts that are known by their names: 58人，男30人、女28人."""
    whole = sentence[number]
    if whole.qualifier != "exact":
        return []
    colon = "：" in plain[whole.end : sentence[number + 1].start]
    may_list = _MAY_LIST.match(plain, whole.end) is not None
    if not colon and not may_list:
        return []
    parts = _run_after(plain, sentence, number)
    labels = labels_of(plain, whole, parts)
    if colon and len(parts) > 1 and labels[-1].lstrip("，、").startswith("其余"):
        return parts  # 48件展品逐一体检：正常的31件，需更换零件的9件，其余8件
    if not may_list:
        return []
    own = _SIGNS.split(plain[max(0, whole.start - 16) : whole.start])[-1]
    family = family_of(labels)
    if family and not _IS_WHOLE.search(own):
        with_own = family_of([own, *labels])
        if with_own and with_own.name == family.name:
            return []  # the first of the list, and no whole
    if family or is_composed(plain, whole, parts) or _is_plain_list(plain, whole, parts, labels):
        return parts
    if len(parts) > 1 and labels[-1] == "其余" and not any(map(_IS_WHOLE.search, labels)):
        return parts  # 1600万元，市科技馆620万元，其余960万元
    return []


def _lists_all(plain: str, whole: Quantity, between: str) -> bool:
    """共收到作品480件：绘画200件、…; 支出9.6万元：活动费4.2万元，…: a colon behind a total, or at once."""
    if _AT_ONCE.match(between):
        return True
    lead = plain[max(0, whole.start - 14) : whole.start]
    return "：" in between and bool(TOTAL_WORD.search(lead))


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


def _is_beside(plain: str, one: Quantity, following: Quantity | None, whole: Quantity) -> bool:
    """Whether a number of another measure only stands before the part: 农技协4个、20万元."""
    return (
        following is not None
        and addable(following, whole)
        and plain[one.end : following.start] in ("、", "，", "/", "", "共")
    )


def _run_after(plain: str, sentence: Sequence[Quantity], number: int) -> list[Quantity]:
    """The quantities behind the whole that may be added to it, up to a break in the list."""
    whole = sentence[number]
    parts: list[Quantity] = []
    stop = stop_of_whole = whole.end
    in_brackets = False
    colon = plain.startswith("：", whole.end)
    rest = sentence[number + 1 : number + 1 + _LIST]
    for one, following in zip(rest, (*rest[1:], None), strict=True):
        between = plain[stop : one.start]
        if in_brackets and between.count("）") > between.count("（"):
            break
        in_brackets = in_brackets or between.count("（") > between.count("）")
        # 48个：甲县12个；乙县15个: behind a colon the list may be one of semicolons.
        listed = colon and parts and between.startswith("；") and len(between) <= _SHORT
        if ("；" in between and not listed) or (
            parts and ((TOTAL_WORD.search(between) and not in_brackets) or "其中" in between)
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
        elif one.dimension != "share" and parts and not _is_beside(plain, one, following, whole):
            break
        stop = one.end
    return parts

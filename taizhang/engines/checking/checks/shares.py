"""Shares and rates against the numbers they are worked out from: 40场中完成34场，完成率85%.

The words right before a percentage say what it is: a rate of two numbers told before it, a part of
a whole (占…), so much of a number (完成150场的…). Each role gives the part and the whole that the
words surely mean. They are only called wrong where no other two numbers near by fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.changes import DOWN, UP
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import (
    before_in_sentence,
    is_exact,
    kin,
    looseness,
    only_one_before,
    ordered,
    rounded,
    share_fits,
)
from taizhang.engines.checking.types import Issue, Quantity
from taizhang.engines.checking.wholes import is_added, lead_of, whole_of

_CLAUSE = expression(r"[，、；。（\n]")
_SIGNS = expression(r"[，、：（。；！？\n]")
_REACHED = r"(?:已|仅|只)?(?:[提升降增][高升低加]?[到至]|高?达到?|为|是|有|约为?|近|在|超过)?$"
_RATE = expression(
    rf"(?:(?<!增长)(?<!增)(?<!下降)(?<!变化)率|满意度|进度|面){_REACHED}|^(?:已|累计|实际)?完成了?$"
)
_OF_MONEY = expression(r"(?:资金|经费|支出|预算|投资)[^，。；、]{0,4}(?:进度|率)")
_PART_OF = expression(
    r"(?:占|覆盖)(?:比|到|全部|总数|总量|总人数|总额|全年|[^，。；、0-9]{0,14}?)的?(?:比例|比重|比)?" + _REACHED
    + r"|(?:比例|比重)" + _REACHED
)  # fmt: skip
_IN_ALL = expression(r"^在[0-9,.万]+[^，。]{1,14}(?:中|里)(?:约|共)?占$")
_ADJUSTED = expression(r"调[减增整]|追加|核[减增]|压减|收回")
_EACH = expression("均|每")
_SAVED = expression(r"节[资约]")
_LIST_MARK = expression(r"^\s*(?:[0-9]{1,2}[.．]|（[0-9一二三四五六七八九十]+）)")
_OF_PLAN = expression(
    r"^(?:完成|为|达到|占)(?:全年|年度|年初|既定)?(?:计划|目标|任务)(?:任务|数)?的$"
)
_OF_NAMED = expression(
    r"(?:占|覆盖|惠及|完成|达到|实现|为|是|恢复[到至]|相当于)了?(?:(?:19|20)[0-9]{2}年)?[^，。；0-9]{0,12}$"
)
_CHANGED = expression(rf"(?:{UP}|{DOWN})$")
_BEHIND = expression(r"^，(?:其中|已|共|现已|目前已|实际)?[^，。；、0-9比较再多增]{0,8}$")
_DONE = expression(r"完成|已|整改|办结|合格|实际|通过")
_FAILED = expression(r"损坏|故障|不合格|未|缺|不达标|逾期|退回|不满意")
_FURTHEST = 30
"""A rate further off than this is of other numbers than the two before it."""
_ONE_SIDED = frozenset({"over", "at_least", "less_than", "at_most"})
_FURTHEST_OF_SEVERAL = 10
_CLOSE = 16
_VAGUEST = Decimal("0.1")
_NEARBY = 12
"""So many numbers before a share, in the same line, may be what it is of."""


class _Of(NamedTuple):
    """What a share is surely of, and the other amounts of both that the words leave open.

    ``rest``: the part told is what the share leaves out (完好率94%，损坏15件).
    """

    part: Quantity
    whole: Quantity
    others: tuple[tuple[Decimal, Decimal], ...] = ()
    rest: bool = False

    @property
    def percent(self) -> Decimal:
        """The right share, unrounded."""
        share = amount(self.part) * 100 / amount(self.whole)
        return 100 - share if self.rest else share


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.share``."""
    for number, one in enumerate(context.quantities):
        if one.value is None or one.value_max or one.unit != "%" or "vague" in one.qualifier:
            continue
        found = _told(context, number, one)
        if found and amount(found.whole) and not _may_be_right(context, number, found):
            yield _issue(one, found)


def _told(context: Context, number: int, one: Quantity) -> _Of | None:
    """The part and the whole that the words before a share tell."""
    lead = context.plain[max(0, one.start - 24) : one.start]
    tail = _SIGNS.split(lead)[-1]
    if "分别" in tail:
        return None  # each of several, in the order of several numbers
    if tail.endswith("的") and (found := _named_whole(context, number, one)):
        return found
    rate = _RATE.search(tail)
    if rate or _OF_PLAN.search(tail):
        if rate and _OF_MONEY.search(tail) and not _is_money(context, number):
            return None
        name = tail[max(0, rate.start() - 2) : rate.start()] if rate else tail
        finders = (_rate_between, _rate_before)
        told = (finder(context, number, one) for finder in finders)
        return _rate(context, number, name) or next(filter(None, told), None)
    if _IN_ALL.search(tail) and (found := _of_all_before(context, number)):
        return found
    if (place := _PART_OF.search(tail)) and not _CHANGED.search(tail[: place.start()]):
        own = _LIST_MARK.sub("", tail[: place.start()]).strip("约已仅就共也还均所的，")
        return _part(context, number, place[0], own)
    if not tail and lead.endswith("（"):
        return _in_brackets(context, number, one)
    return None


def _of_all_before(context: Context, number: int) -> _Of | None:
    """女性1326人，在3900人的人才总量中占34%: the whole stands right before, the part before that."""
    part, whole = context.quantities[max(0, number - 2) : number] if number > 1 else (None, None)
    if part is None or whole is None or not (is_exact(part) and is_exact(whole)):
        return None
    together = part.sentence == whole.sentence and kin(part, whole)
    return _Of(part, whole) if together and 0 < amount(part) < amount(whole) else None


def _is_money(context: Context, number: int) -> bool:
    """Whether the number before a rate is money: 6个项目，资金支出进度58% is of none that is told."""
    return number > 0 and context.quantities[number - 1].dimension == "money"


def _rate(context: Context, number: int, name: str) -> _Of | None:
    """X，完成Y，完成率p%: the last number and the one of its kind that comes nearest, unless others fit."""
    one = context.quantities[number]
    earlier = before_in_sentence(context, number, 5)
    if not earlier or not _is_number(last := earlier[-1]):
        return None
    if alone := len(earlier) == 1:
        earlier = [*filter(None, [only_one_before(context, last, number)]), last]
    gap = context.plain[last.end : one.start]
    if gap.count("，") > 1 or "；" in gap:
        return None
    found = []
    for each in earlier[:-1]:
        # 申请432件、授权324件，授权率75%: two of a list only where the second one names the rate.
        words = context.plain[each.end : last.start]
        if _is_number(each) and kin(each, last) and (not words.startswith("、") or name in words):
            part, whole = sorted((each, last), key=amount)
            if one.value and one.value > 100:
                part, whole = whole, part
            if alone and (part is not last or _SAVED.search(name)):
                continue  # what was saved, or a part, is of a number that is not told
            rest = part is last and any(f"{no}{name}" in words for no in "不未")
            found.append(_Of(part, whole, tuple(_of_two(context, earlier)), rest))
    said = Decimal(one.value or 0)
    nearest = min(found, key=lambda each: abs(each.percent - said), default=None)
    # 结题29项，其中单人1项，优秀率31%: a rate of something else, unless the words name it.
    begin = max(0, earlier[0].start - _CLOSE)
    named = name in context.plain[begin : one.start - 1 - len(name)]
    furthest = _FURTHEST if len(found) == 1 and not alone and named else _FURTHEST_OF_SEVERAL
    return nearest if nearest and abs(nearest.percent - said) <= furthest else None


def _of_two(context: Context, numbers: Sequence[Quantity]) -> Iterator[tuple[Decimal, Decimal]]:
    """What a rate may be of, any two numbers told: one in the other, in both, or what it leaves.

    抽查60家，发现问题12家，合格率80% is of the rest, 支出82.8万元，结余7.2万元，执行率92% of both together;
    预算320万元，调减20万元，支出288万元，执行率96% is of what was left to spend.
    """
    adjusted = [
        amount(one) for one in numbers if _ADJUSTED.search(_CLAUSE.split(lead_of(context, one))[-1])
    ]
    for one, other in permutations(filter(_is_number, numbers), 2):
        if kin(one, other):
            less, more = amount(one), amount(other)
            yield less, more
            yield less, less + more
            for change in adjusted:
                yield less, more - change
                yield less, more + change
            yield more - less, more


def _is_number(one: Quantity) -> bool:
    return is_exact(one) and bool(amount(one)) and one.dimension != "share"


def _rate_between(context: Context, number: int, one: Quantity) -> _Of | None:
    """排查问题50个，整改率90%，已完成45个: the part stands behind the rate."""
    earlier = before_in_sentence(context, number, 1)
    if not earlier or not _is_number(earlier[0]) or number + 1 >= len(context.quantities):
        return None
    whole, part = earlier[0], context.quantities[number + 1]
    words = context.plain[one.end : part.start]
    told = part.sentence == one.sentence and is_exact(part) and _BEHIND.match(words)
    if not told or not kin(part, whole) or amount(part) >= amount(whole):
        return None
    rest = bool(_FAILED.search(words))
    if one.start - whole.end > 12 or not (rest or _DONE.search(words)):
        return None
    # 实际支出471.4万元，支出率92.8%，尚未支出36.6万元: what was spent may be told first, and not the whole.
    both = amount(whole) + amount(part)
    return _Of(part, whole, ((amount(whole), both),) if rest else (), rest)


def _rate_before(context: Context, number: int, one: Quantity) -> _Of | None:
    """换届完成率95%，应换届120个，已完成114个: both numbers stand behind the rate."""
    ahead = context.quantities[number + 1 : number + 3]
    if len(ahead) < 2 or before_in_sentence(context, number, 1):
        return None
    whole, part = ahead
    words = context.plain[one.end : part.start]
    same = part.sentence == one.sentence and kin(part, whole) and "；" not in words
    if not same or len(words) > 30 or not 0 < amount(part) < amount(whole):
        return None
    found = _Of(part, whole)
    done = is_exact(part) and is_exact(whole) and _DONE.search(words)
    off = abs(found.percent - Decimal(one.value or 0))
    return found if done and off <= _FURTHEST_OF_SEVERAL else None


def _named_whole(context: Context, number: int, one: Quantity) -> _Of | None:
    """完成83场次，完成全年150场次目标的65.3%: the whole right before the share, its part before it."""
    earlier = before_in_sentence(context, number, 5)
    if len(earlier) < 2:
        return None
    whole = earlier[-1]
    before = context.plain[earlier[-2].end : whole.start]
    parts = [each for each in earlier[:-1] if kin(each, whole) and is_exact(each)]
    gap = context.plain[whole.end : one.start]
    if not parts or len(gap) > 12 or "，" in gap or not _OF_NAMED.search(before):
        return None
    return _Of(parts[-1], whole)


def _in_brackets(context: Context, number: int, one: Quantity) -> _Of | None:
    """会员1200人，其中女性360人（30%）: nothing but the share stands in the brackets."""
    plain = context.plain
    earlier = before_in_sentence(context, number, 3)
    if len(earlier) < 2 or plain[earlier[-1].end : one.start] != "（":
        return None
    part, whole = earlier[-1], earlier[-2]
    if not kin(part, whole) or not is_exact(part) or not is_exact(whole):
        return None
    words = plain[whole.end : part.start]
    inside = ("其中" in words or words.endswith("中")) and plain.startswith("）", one.end)
    return _Of(part, whole) if inside and amount(part) < amount(whole) else None


def _part(context: Context, number: int, words: str, own: str) -> _Of | None:
    """Y，占总数的p%: the part stands before it, the whole is what has the same name."""
    if own and not _is_nearest(context, number, own):
        return _named_part(context, own)
    one = context.quantities[number]
    near = [
        each
        for each in before_in_sentence(context, number, 2)
        if each.unit != "%"
        and is_exact(each)
        and not is_added(context, each)
        and not _EACH.search(_CLAUSE.split(lead_of(context, each))[-1])
    ]
    for part in reversed(near):
        gap = context.plain[part.end : one.start]
        if gap.count("，") > 1 or "；" in gap or len(gap) > 30:
            return None
        if "）" in gap.partition("（")[0]:
            continue  # told in brackets, of which the share is no part
        if whole := whole_of(context, number, part, words):
            return _Of(part, whole.told, tuple((amount(part), each) for each in whole.may_be))
    return None


def _is_nearest(context: Context, number: int, own: str) -> bool:
    """其中未成年人6.5万人次，未成年人占比54.2%: the name is that of the number right before."""
    one = context.quantities[number]
    near = before_in_sentence(context, number, 1)
    if not near or near[0].unit == "%" or len(own) < 2 or one.start - near[0].end > _CLOSE:
        return False
    return own[:2] in near[0].subject or own[:2] in _CLAUSE.split(lead_of(context, near[0]))[-1]


def _named_part(context: Context, own: str) -> _Of | None:
    """展览参加人次占全部的p%: both numbers stand in a table, under these names."""
    parts = [
        each for each in context.by_subject.get(own, ()) if each.unit != "%" and is_exact(each)
    ]
    if len(parts) != 1:
        return None
    part, tail = parts[0], own[-2:]
    wholes = [
        each
        for each in context.totals
        if each.subject.endswith(tail) and each.unit == part.unit and is_exact(each)
    ]
    return _Of(part, wholes[0]) if len(wholes) == 1 and amount(wholes[0]) > amount(part) else None


def _may_be_right(context: Context, number: int, told: _Of) -> bool:
    """Whether the told numbers fit, or one of them with another number of the same line."""
    one, part, whole = context.quantities[number], told.part, told.whole
    loose = looseness(part, whole)
    if share_fits(one, told.percent, Decimal(100), loose):
        return True
    if one.qualifier in _ONE_SIDED:
        # Of many numbers some are always more than eight in ten of some others.
        return told.rest and share_fits(one, 100 - told.percent, Decimal(100), loose)
    if any(share_fits(one, *each) for each in told.others):
        return True
    around = context.quantities[max(0, number - _NEARBY) : number + 3]
    line = context.plain.rfind("\n", around[0].start, one.start)
    near = [
        each
        for each in around
        if each.start > line and each not in (one, part, whole) and each.value and kin(each, part)
    ]
    # 二等奖40件，获奖122件，获奖率29%: the last number may be the part, and the whole further off.
    last = number > 0 and context.quantities[number - 1] is whole
    return any(
        _fits(one, part, each)
        or (last and _fits(one, whole, each))
        or (each.sentence == one.sentence and each.start < one.start and _fits(one, each, whole))
        for each in near
    ) or _is_of_namesake(context, one, told)


def _is_of_namesake(context: Context, one: Quantity, told: _Of) -> bool:
    """5个协会未换届，占19.2%: of the 26 associations told far off, not of the 12 told last."""
    ends = {each.subject[-2:] for each in (told.part, told.whole) if len(each.subject) > 1}
    return any(
        each.subject[-2:] in ends
        and kin(each, told.part)
        and is_exact(each)
        and (_fits(one, told.part, each) or _fits(one, told.whole, each))
        for each in context.quantities
        if each not in (told.part, told.whole)
    )


def _fits(one: Quantity, part: Quantity, whole: Quantity) -> bool:
    vague = sum((_vagueness(each) for each in (part, whole)), Decimal(0))
    return share_fits(one, amount(part), amount(whole), looseness(part, whole) + vague)


def _vagueness(one: Quantity) -> Decimal:
    """How much of a number 余 and 近 leave open: 480多份 may be 489."""
    if is_exact(one) or one.low is None or one.high is None:
        return Decimal(0)
    return min((Decimal(one.high) - Decimal(one.low)) / amount(one), _VAGUEST)


def _issue(one: Quantity, told: _Of) -> Issue:
    params = {
        "written": one.text,
        "expected": f"{rounded(told.percent)}%",
        "part": told.part.text,
        "whole": told.whole.text,
    }
    spans = ordered((told.part, told.whole, one))
    return Issue("arithmetic", "arithmetic.share", "error", spans, params)

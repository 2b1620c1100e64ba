"""The two numbers a change is worked out from: the old one and the new one, by what stands with them.

Every number of a sentence has a role: it is a change itself (增加61家), or what was before (由…,
比上年的…, 去年…), or what is now (达到…, 今年…), or it says nothing of time. A change belongs to the
level that stands nearest to it; the other level is the nearest of the same measure with the role
that is missing. Where only one level is told, a change in numbers beside it gives the other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.changes import CHANGED, DOWN, UP, is_change, is_from_to
from taizhang.engines.checking.compared import of_names, of_rates
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import only_one_before
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.order import EARLIER, PAST, THEN, THIS_YEAR, YEARS, is_forward
from taizhang.engines.checking.types import Quantity

_THAN = expression(
    rf"(?:(?<![占同环])比(?![例重率较])|较|与)[^，。；]*$|[同和](?:{PAST})[^，。；]*$|(?:超额|超过|超出|高于|低于)[^，。；]{{0,4}}计划的$"
)
_AGAINST = expression(
    rf"(?<![占同环])[比较](?P<what>(?![上第前同])[\u4e00-\u9fff]{{2,10}}?)(?:{UP}|{DOWN})(?:了|出)?$"
)
_MEAN = expression(r"均|平均|每")
_YEARLY = expression(r"年均|年平均|平均每年|逐年")
_SAME_THING = expression(
    rf"^[，、（）的]*|同比|环比|[比较与]|[上下]半年|{PAST}|[一整全]年|今年|本年|末|底|相比|相较|之下|总体|实际|分别|已|即|也就是|每[亩人户]|[两二三四五]年|"
    r"超额|计划|预算|目标|完成|，$|率|幅|净|共|又|也|则"
)
_OWN_NAME = expression(
    r"[，；](?P<noun>[\u4e00-\u9fff]{2,8}?)(?:总人数|总数|总量|人数|数量|数)(?:比|较)[^，。；]*$"
)
_FLOW = expression(r"新|退|注销|净增|增加|减少|除名|^发展")
_NOW = expression(r"^，(?:总数)?(?:达到|达|增至|增加到|增加至|总数达)$|[今本]年[^，。；]{0,4}$")
_TOTAL = expression(r"^，(?:总数)?(?:达到|达|总数达|共计|合计)$")
_COMPARED = expression(rf"[比较]|同比|环比|净增|净减|(?:{PAST})")
_FROM_BEHIND = expression(r"^[，（][由从](?:去年|上年|年初|20[0-9]{2}年)?(?:同期)?的?$")
_AND_SO_MANY = expression(r"^[，、](?:同比|比上年|较上年)?[净共]?[增减多少][^，。；]{0,2}$")
_YEAR_BEFORE = expression(
    r"(?:比|较)(?:上年|去年|(20[0-9]{2})年)(?:同期)?(?:增长|增加|提高|下降|减少)"
)
_SAME_PERIOD = expression(r"^，(?:同比|环比|比上年|较上年|比去年|较去年)?(?:增长|增幅|下降|降幅)")
_WAS = expression(rf"(?:{PAST})(?:底|末|同期)?(?:为|是|有|共|共有|仅|仅有|仅为)?$")
"""会员上年底为1678名; ；上年为165万次."""
_NOT_COMPARABLE = expression(rf"(?:{PAST})[^。；]*(?:仅|只有|不过)$")
_NEWLY = expression("新[建增设成发认]")
_BACK = 9


class Pair(NamedTuple):
    """The old number, the new one, where they stand, and what was added if only that is told.

    ``sure``: the words say which is which, and nothing stands between them.
    """

    old: Decimal
    new: Decimal
    told: tuple[Quantity, ...]
    added: Quantity | None = None
    sure: bool = False


class Place(NamedTuple):
    """A change in its sentence: what the finders look around."""

    context: Context
    sentence: Sentence
    number: int
    down: bool

    def one(self, at: int) -> Quantity:
        """The quantity at a place of the sentence."""
        return self.sentence.quantities[at]

    def words(self, at: int) -> str:
        """The words before it."""
        return self.sentence.before[at]

    def has(self, at: int) -> bool:
        """Whether there is one."""
        return 0 <= at < len(self.sentence.quantities)


def pair_of(
    context: Context, sentence: Sentence, number: int, *, down: bool = False
) -> Pair | None:
    """What the change told by a quantity comes from; None when the words do not say it surely."""
    place = Place(context, sentence, number, down)
    if _YEARLY.search(place.words(number)):
        return None  # 年均增长15%: of how many years is not told
    for other in (of_rates(sentence, number), of_names(sentence, number)):
        if other is not None:
            return _pair(*other)
    if found := _behind(place):
        return found
    nearest = _nearest_level(place)
    if nearest is None:
        return None
    found = _of_levels(place, nearest)
    return found or _of_what_was_added(place, nearest) or _earlier_sentence(place, nearest)


def fitting_pairs(sentence: Sentence, number: int, told: Pair) -> Iterator[Pair]:
    """Every two levels near a change that may be its old and its new number, in either order.

    Where both of the told ones stand in the clause of the change, no other clause is asked.
    """
    first, last = max(0, number - _BACK), min(number + 3, len(sentence.quantities))
    clause = _clause(sentence, number)
    if all(one in sentence.quantities[clause.start : clause.stop] for one in told.told):
        first, last = max(first, clause.start), min(last, clause.stop)
    near = [
        sentence.quantities[at]
        for at in range(first, last)
        if at != number and not is_change(sentence, at) and sentence.quantities[at].value
    ]
    for old, new in permutations(near, 2):
        if _comparable(old, new):
            yield Pair(amount(old), amount(new), (old, new))


def _clause(sentence: Sentence, number: int) -> range:
    """The places of the numbers that no ； parts from this one, so far as they are looked at."""
    first, last = number, number + 1
    while first > max(0, number - _BACK) and "；" not in sentence.before[first]:
        first -= 1
    while last < min(len(sentence.quantities), number + 3) and "；" not in sentence.before[last]:
        last += 1
    return range(first, last)


def _behind(place: Place) -> Pair | None:
    """3600人次，同比增长20%（2022年为3000人次）; 增长25%，由2.8万人次增加到3.5万人次; 增长30%，达到1800人."""
    at = place.number + 1
    if not place.has(at):
        return None
    words, first = place.words(at), place.one(at)
    if _FROM_BEHIND.match(words) and place.has(at + 1) and is_from_to(place.sentence, at + 1):
        return _pair(first, place.one(at + 1))
    if not place.number:
        return None
    last = place.one(place.number - 1)
    if THEN.match(words) and not _is_later(place, words):
        if place.has(at + 1) and "今年" in place.words(at + 1):
            last = place.one(at + 1)  # （上年56万元，今年47.6万元）
        return _pair(first, last)
    if not _TOTAL.match(words) and not _NOW.search(words):
        return None
    before = place.words(place.number - 1)
    if CHANGED.search(before):
        # 比上年增加35场，增长35%，达到135场: what was added stands before the rate, the total behind.
        return _added_to(place, last, first) if _THAN.search(before) else None
    return _pair(last, first) if _THAN.search(before) else None


def _is_later(place: Place, words: str) -> bool:
    """2021年120场，增长20%，2022年150场: what follows is the year after."""
    years, before = YEARS.findall(words), YEARS.findall(place.words(place.number - 1))
    return bool(years and before) and int(years[-1]) >= int(before[-1])


def _nearest_level(place: Place) -> int | None:
    """The place of the level before a change that it belongs to; what lies between are changes of it."""
    at = place.number
    while at > max(0, place.number - _BACK):
        if "；" in place.words(at) or not _is_of_the_same(place, at):
            return None
        at -= 1
        if not is_change(place.sentence, at) and place.one(at).unit != "倍":
            one = place.one(at)
            return at if one.value is not None and one.value_max is None else None
    return None


def _is_of_the_same(place: Place, at: int) -> bool:
    """比上年增加152个，展厅面积增长13%: what grows has a name of its own, and no number here."""
    words = place.words(at)
    verb = CHANGED.search(words)
    named = _SAME_THING.sub("", words[: verb.start()] if verb else words)
    return len(named) <= 3 or named[-2:] in place.one(at - 1).subject


def _of_levels(place: Place, nearest: int) -> Pair | None:
    """The level nearest to a change and the one that its role asks for."""
    if is_from_to(place.sentence, nearest):
        return _pair(place.one(nearest - 1), place.one(nearest), sure=nearest == place.number - 1)
    words = place.words(nearest)
    # 412.5万次，人均145次；上年为165万次，增长1.5倍: what is old has a clause of its own.
    if _THAN.search(words) or ("；" in words and _WAS.search(words)):
        return _against(place, nearest)
    return _beside(place, nearest)


def _against(place: Place, nearest: int) -> Pair | None:
    """642件，比上届的535件增长20%: what is compared with is the old number.

    净增291名，比上年末的3555名增加8.2%: what was added to it may stand in the place of the new one.
    """
    if nearest and is_change(place.sentence, nearest - 1):
        change, old = place.one(nearest - 1), place.one(nearest)
        if _comparable(change, old) and place.words(nearest).startswith("，"):
            return _added_from(place, change, old)
    new = _partner(place, nearest)
    if new is None and not nearest:
        # 全年接待36万人次。与上年的30万人次相比，增长20%
        context, old = place.context, place.one(nearest)
        at = bisect_left(context.quantities, old.start, key=lambda each: each.start)
        new = only_one_before(context, old, at)
    if new is None:
        return None
    beside = nearest > 0 and new is place.one(nearest - 1) and nearest == place.number - 1
    return _pair(place.one(nearest), new, sure=beside)


def _beside(place: Place, nearest: int) -> Pair | None:
    """Two levels one after the other, and words of time or of a plan that order them."""
    if not nearest or is_change(place.sentence, nearest - 1):
        return None
    first, second = place.one(nearest - 1), place.one(nearest)
    lead, between = place.words(nearest - 1)[-16:], place.words(nearest)
    if "；" in between or "其中" in between or CHANGED.search(between):
        return None
    if _is_of_another(place.words(place.number), lead + between):
        return None
    forward = is_forward(lead, between, place.words(place.number))
    if forward is None and EARLIER.search(between) and THIS_YEAR.search(lead):
        forward = False if first.subject[-2:] == second.subject[-2:] else None
    if forward is None:
        return None
    if forward and _NEWLY.search(between):
        return _added_from(place, second, first)  # 上年70家，今年新建14家，增长20%
    return _pair(first, second) if forward else _pair(second, first)


def _is_of_another(words: str, told: str) -> bool:
    """比对照组高10个百分点: whether a change names what it was compared with, and nothing told is that."""
    named = _AGAINST.search(words)
    return named is not None and not EARLIER.search(named["what"]) and named["what"] not in told


def _of_what_was_added(place: Place, nearest: int) -> Pair | None:
    """会员208家，比上年增加61家，增长41.5%; 比上年增加61家，达到208家，增长41.5%."""
    level = place.one(nearest)
    for at in range(nearest + 1, place.number):
        change, told = place.one(at), place.words(at)
        if not _comparable(change, level):
            continue
        if _THAN.search(place.words(nearest)) or _WAS.search(place.words(nearest)):
            return _added_from(place, change, level)  # 比去年的80场增加16场，增长25%
        compared = any(_COMPARED.search(words) for words in (told, place.words(place.number)))
        return _added_to(place, change, level) if compared else None
    behind = place.number + 1
    if (
        place.has(behind)
        and _AND_SO_MANY.match(place.words(behind))
        and is_change(place.sentence, behind)
    ):
        return _added_to(place, place.one(behind), level)
    if nearest and _TOTAL.search(place.words(nearest)) and is_change(place.sentence, nearest - 1):
        verb = CHANGED.search(place.words(nearest - 1))
        if verb and _THAN.search(place.words(nearest - 1)[: verb.start()]):
            return _added_to(place, place.one(nearest - 1), level)
    return None


def _added_to(place: Place, change: Quantity, level: Quantity) -> Pair | None:
    """What was before, from the level that a change led to."""
    if not _comparable(change, level) or place.one(place.number).unit != "%":
        return None
    new = amount(level)
    old = new + amount(change) if place.down else new - amount(change)
    return Pair(old, new, (change, level), change) if old > 0 else None


def _added_from(place: Place, change: Quantity, level: Quantity) -> Pair:
    old = amount(level)
    new = old - amount(change) if place.down else old + amount(change)
    return Pair(old, new, (change, level), change)


def _earlier_sentence(place: Place, nearest: int) -> Pair | None:
    """开展活动220场，较2024年增长28.3%, where a sentence before told of 2024年…活动186场."""
    new, words = place.one(nearest), place.words(place.number)
    found = _YEAR_BEFORE.search(words)
    if nearest or (not (found and found[1]) and not _SAME_PERIOD.match(words)):
        return None
    context = place.context
    at = bisect_left(context.sentences, place.sentence.start, key=lambda each: each.start)
    several = 6 if found and found[1] else 1
    for earlier in reversed(context.sentences[max(0, at - several) : at]):
        opening = context.folded[earlier.start : earlier.start + 12].lstrip()
        if found and found[1]:
            if found[1] + "年" not in opening:
                continue
        elif not opening.startswith(("去年", "上年")):
            continue
        for old in earlier.quantities:
            if old.unit == new.unit and old.subject[-2:] == new.subject[-2:]:
                return _pair(old, new)
    return None


def _partner(place: Place, nearest: int) -> Quantity | None:
    """The nearest number before that may be the new one: of the same measure, and no mean.

    37.2万人次，日均1200人次，较2024年的31万人次增长20%: a mean right before is meant only where no
    number of the same measure lies nearer to the old one.
    """
    last = place.one(nearest)
    own = _OWN_NAME.search(place.words(nearest))
    mean: Quantity | None = None
    for at in range(nearest - 1, max(-1, nearest - _BACK), -1):
        each = place.one(at)
        if _THAN.search(place.words(at)) or _NOT_COMPARABLE.search(place.words(at)):
            continue  # 比2020年的9.8%提高3个百分点，比2022年的11.7%提高1个百分点
        if own and (_FLOW.search(each.subject) or own["noun"][-2:] not in each.subject):
            # 退会88名，会员总数比上年末的11315名净增758名: what grows has a name of its own.
            continue
        if not _comparable(each, last) or each.value_max is not None:
            continue
        if not _MEAN.search(re.split("[，、；]", place.words(at))[-1]):
            return each if mean is None or _is_nearer(each, mean, last) else mean
        if at == nearest - 1:
            mean = each
    return mean


def _is_nearer(one: Quantity, other: Quantity, to: Quantity) -> bool:
    """Whether the first is more like a number than the second, as quotients go."""
    least, most = sorted((amount(one), amount(to)))
    less, more = sorted((amount(other), amount(to)))
    return least * more > less * most


def _pair(old: Quantity, new: Quantity, *, sure: bool = False) -> Pair | None:
    if not _comparable(old, new):
        return None
    return Pair(amount(old), amount(new), (old, new), sure=sure)


def _comparable(one: Quantity, other: Quantity) -> bool:
    return one.value is not None and other.value is not None and measure(one) == measure(other)

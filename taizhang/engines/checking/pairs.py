"""The two numbers a change is worked out from: 由1500人增加到1800人, 1800人（上年1500人）, 去年…。今年….

Each finder knows one way of telling them and gives nothing where the words are others; they are
asked from the surest to the loosest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.types import Quantity

UP = r"增长|增加|提高|提升|上升|增幅|增速|涨幅|扩大|净增|多出|多|增|升"
DOWN = r"下降|减少|降低|降幅|压减|缩减|缩短|压缩|减幅|回落|减|降|(?<![至最不])少"
_CHANGED = re.compile(rf"(?:{UP}|{DOWN})(?:了|为|达|达到|近|约)?$")
_TO = re.compile(
    r"(?:增加|增长|提高|提升|上升|发展|扩大|扩展|增|升|下降|减少|降低|压减|缩减|缩短|压缩|整合|整顿|降|减|变化|跃升)"
    r"(?:到|至|为|达到|到了)(?:[上下]半年的?|今年的?|目前的?|(?:20[0-9]{2}年)?[0-9]{1,2}月(?:[上中下]旬|底|末|份)?的?|20[0-9]{2}年的?)?$"
)
_THAN = re.compile(r"(?:比|较|相比|对比|与)[^，。；]*$")
_EARLIER = re.compile(
    r"(?:去年|上年|上届|上一年|前年|年初|上期|同期|原来|上半年|20[0-9]{2}年|上季度|上月|“?十[二三四]五”?末)"
)
_MEAN = re.compile(r"均|平均|每")
_YEARS = re.compile(r"((?:19|20)[0-9]{2})年")
_SAME_THING = re.compile(
    r"^[，、（）的]*|同比|环比|[比较与]|[上下]半年|去年|上年|上届|上期|前年|(?:19|20)[0-9]{2}年|同期|相比|年均|总体|实际|分别|[两二三四五]年|，$|率|幅"
)
_OWN_NAME = re.compile(
    r"[，；](?P<noun>[\u4e00-\u9fff]{2,8}?)(?:总人数|总数|总量|人数|数量|数)(?:比|较)[^，。；]*$"
)
_FLOW = re.compile(r"新|退|注销|净增|增加|减少|除名|^发展")
_NOW = re.compile(r"^，(?:总数)?(?:达到|达|增至|增加到|增加至|总数达)$")
_THEN = re.compile(
    r"^[，（](?:而)?(?:去年|上年|上届|上一年|前年|上期|上季度|上半年|20[0-9]{2}年)(?:度|同期)?(?:同期)?(?:为|是|有|仅为|仅|只有)?$"
)
_THIS_YEAR = re.compile(r"今年|本年|全年")
_THIS = re.compile(r"今年|本年|本届|全年|本期|20[0-9]{2}年|达到|达")
_YEAR_BEFORE = re.compile(
    r"(?:比|较)(?:上年|去年|(20[0-9]{2})年)(?:同期)?(?:增长|增加|提高|下降|减少)"
)
_SAME_PERIOD = re.compile(r"^，(?:同比|环比|比上年|较上年|比去年|较去年)?(?:增长|增幅|下降|降幅)")


class Pair(NamedTuple):
    """The old number, the new one, what was added if only that is told, and where they stand."""

    old: Decimal
    new: Decimal
    told: tuple[Quantity, ...]
    added: Quantity | None = None


class Place(NamedTuple):
    """A change in its sentence: what the finders look around."""

    context: Context
    sentence: Sentence
    number: int
    down: bool

    def one(self, back: int) -> Quantity:
        """The quantity so many before the change."""
        return self.sentence.quantities[self.number - back]

    def words(self, back: int) -> str:
        """The words before that quantity; before the change itself for 0."""
        return self.sentence.before[self.number - back]


def pair_of(
    context: Context, sentence: Sentence, number: int, *, down: bool = False
) -> Pair | None:
    """What the change told by a quantity comes from; None when the words do not say it surely."""
    place = Place(context, sentence, number, down)
    for finder in (_told_behind, _in_brackets_behind, _total_behind):
        if found := finder(place):
            return found
    if number == 0 or place.one(1).value is None or place.one(1).value_max is not None:
        return None
    if "；" in place.words(0) or not _is_of_the_same(place):
        return None
    if number > 1 and _CHANGED.search(place.words(1)) and not _TO.search(place.words(1)):
        return _from_what_was_added(place)
    return next((found for finder in _FINDERS if (found := finder(place))), None)


def _is_of_the_same(place: Place) -> bool:
    """比上年增加152个，展厅面积增长13%: what grows has a name of its own, and no number here."""
    words = place.words(0)
    verb = _CHANGED.search(words)
    named = _SAME_THING.sub("", words[: verb.start()] if verb else words)
    return len(named) <= 3 or named[-2:] in place.one(1).subject


def is_from_to(sentence: Sentence, number: int) -> bool:
    """Whether a quantity is the end of 由…增加到…."""
    return number > 0 and bool(_TO.search(sentence.before[number]))


def _told_behind(place: Place) -> Pair | None:
    """较2022年的1500人增长30%，达到1800人: the new number stands behind."""
    quantities, before = place.sentence.quantities, place.sentence.before
    if place.number != 1 or len(quantities) < 3 or not _THAN.search(before[0]):
        return None
    if _CHANGED.search(before[0]):
        return None  # 比上年增加35场，增长35%，达到135场: the change itself
    old, new = quantities[0], quantities[2]
    if not (_NOW.search(before[2]) and _comparable(old, new)):
        return None
    return Pair(amount(old), amount(new), (old, new))


def _in_brackets_behind(place: Place) -> Pair | None:
    """3600人次，同比增长20%（2022年为3000人次）: the old number stands behind, in brackets."""
    quantities, behind = place.sentence.quantities, place.number + 1
    if place.number == 0 or behind >= len(quantities):
        return None
    old, new = quantities[behind], place.one(1)
    words = place.sentence.before[behind]
    if not (words.startswith("（") and _THEN.match(words)):
        return None
    if behind + 1 < len(quantities) and "今年" in place.sentence.before[behind + 1]:
        new = quantities[behind + 1]  # （上年56万元，今年47.6万元）
    if not _comparable(old, new):
        return None
    return Pair(amount(old), amount(new), (new, old))


def _total_behind(place: Place) -> Pair | None:
    """比2022年的3.2万人次增加0.8万人次，达到4万人次: the change itself, and what it leads to."""
    quantities, behind = place.sentence.quantities, place.number + 1
    if place.number == 0 or behind >= len(quantities) or not _THAN.search(place.words(1)):
        return None
    old, new = place.one(1), quantities[behind]
    now = _NOW.match(place.sentence.before[behind])
    same = measure(place.sentence.quantities[place.number]) == measure(old)
    if not (now and same and _comparable(old, new)):
        return None
    return Pair(amount(old), amount(new), (old, new))


def _from_what_was_added(place: Place) -> Pair | None:
    """比“十三五”末增加61家，增长51.5%: the number before is the change itself."""
    change, words = place.one(1), place.words(1)
    added, earlier = amount(change), place.one(2)
    if measure(earlier) == measure(change) and _THAN.search(place.words(2)):
        # 比去年的80场增加16场，增长25%
        if earlier.value is None or "；" in words:
            return None
        old = amount(earlier)
        return Pair(old, old - added if place.down else old + added, (earlier, change), change)
    whole = _nearest(place, 2, change)
    if whole is None or "；" in words or change.unit in ("%", "倍"):
        return None
    if not _THAN.search(words) and not _THAN.search(place.words(0)):
        return None
    new = amount(whole)
    old = new + added if place.down else new - added
    return Pair(old, new, (change, whole), change) if old > 0 else None


def _added_then_now(place: Place) -> Pair | None:
    """会员比上年增加61家，达到208家，增长41.5%."""
    if place.number < 2 or not _NOW.search(place.words(1)):
        return None
    verb = _CHANGED.search(place.words(2))
    if verb is None or not _THAN.search(place.words(2)[: verb.start()]):
        return None
    change, now = place.one(2), place.one(1)
    if not _comparable(change, now) or amount(change) >= amount(now):
        return None
    new = amount(now)
    old = new + amount(change) if place.down else new - amount(change)
    return Pair(old, new, (change, now), change)


def _against(place: Place) -> Pair | None:
    """642件，比上届的535件增长20%."""
    if not (_THAN.search(place.words(1)) and re.search(r"^(?:的)?[^，；]{0,12}$", place.words(0))):
        return None
    old, new = place.one(1), _partner(place)
    return None if new is None else Pair(amount(old), amount(new), (old, new))


def _beside(place: Place) -> Pair | None:
    """Both numbers right before the change, one after the other, with words that order them."""
    if place.number < 2 or not _comparable(place.one(2), place.one(1)):
        return _earlier_sentence(place) if place.number == 1 else None
    first, second = place.one(2), place.one(1)
    between = place.words(1)
    if "；" in between:
        return None
    forward = Pair(amount(first), amount(second), (first, second))
    backward = Pair(amount(second), amount(first), (second, first))
    if _TO.search(between):
        return forward
    if _THEN.match(between) or (re.search(r"^（[^）]*$", between) and _EARLIER.search(between)):
        return backward
    years = [_YEARS.findall(words) for words in (place.words(2), between)]
    if all(years) and years[0][-1] != years[1][-1]:
        return forward if int(years[0][-1]) < int(years[1][-1]) else backward
    near = len(between) <= 14 and not _CHANGED.search(between)
    if near and _EARLIER.search(place.words(2)[-14:]) and not _EARLIER.search(between):
        return forward
    halves = "上半年" in place.words(2) and "下半年" in between
    return forward if halves and re.search("环比|比上半年", place.words(0)) else None


def _earlier_this_sentence(place: Place) -> Pair | None:
    """上年接待5万人次，今年达到6万人次，增幅20%: the old number first, the words between longer."""
    if place.number < 2 or not _SAME_PERIOD.match(place.words(0)):
        return None
    old, new = place.one(2), place.one(1)
    if re.match("，(?:去年|上年)", place.words(1)) and _THIS_YEAR.search(place.words(2)):
        old, new = new, old
        same = new.subject[-2:] == old.subject[-2:] and _comparable(old, new)
        return Pair(amount(old), amount(new), (new, old)) if same else None
    lead = place.words(2)[-16:]
    ordered = re.search(r"去年|上年|上届|上一年|前年", lead) and _THIS.search(place.words(1))
    if not ordered or "；" in place.words(1) or not _comparable(old, new):
        return None
    return Pair(amount(old), amount(new), (old, new))


def _earlier_sentence(place: Place) -> Pair | None:
    """开展活动220场，较2024年增长28.3%, where a sentence before told of 2024年…活动186场."""
    new = place.one(1)
    found = _YEAR_BEFORE.search(place.words(0))
    last_year = bool(_SAME_PERIOD.match(place.words(0)))
    if not (found and found[1]) and not last_year:
        return None
    context = place.context
    at = bisect_left(context.sentences, place.sentence.start, key=lambda each: each.start)
    nearest = 6 if found and found[1] else 1
    for earlier in reversed(context.sentences[max(0, at - nearest) : at]):
        opening = context.folded[earlier.start : earlier.start + 12].lstrip()
        if found and found[1]:
            if found[1] + "年" not in opening:
                continue
        elif not opening.startswith(("去年", "上年")):
            continue
        for old in earlier.quantities:
            if old.unit == new.unit and old.value is not None and old.subject == new.subject:
                return Pair(amount(old), amount(new), (old, new))
    return None


_FINDERS: tuple[Callable[[Place], Pair | None], ...] = (
    _added_then_now,
    _against,
    _beside,
    _earlier_this_sentence,
)


def _partner(place: Place) -> Quantity | None:
    """The nearest number before that may be the new one: of the same measure, and no mean.

    37.2万人次，日均1200人次，较2024年的31万人次增长20%: a mean right before is meant only where no
    number of the same measure lies nearer to the old one.
    """
    last = place.one(1)
    own = _OWN_NAME.search(place.words(1))
    mean: Quantity | None = None
    for back in range(2, min(place.number, 9) + 1):
        each = place.one(back)
        if own and (_FLOW.search(each.subject) or own["noun"][-2:] not in each.subject):
            # 退会88名，会员总数比上年末的11315名净增758名: what grows has a name of its own.
            continue
        if not _comparable(each, last) or each.value_max is not None:
            continue
        if not _MEAN.search(re.split("[，、；]", place.words(back))[-1]):
            return each if mean is None or _is_nearer(each, mean, last) else mean
        if back == 2:
            mean = each
    return mean


def _is_nearer(one: Quantity, other: Quantity, to: Quantity) -> bool:
    """Whether the first is more like a number than the second, as quotients go."""
    least, most = sorted((amount(one), amount(to)))
    less, more = sorted((amount(other), amount(to)))
    return least * more > less * most


def _nearest(place: Place, back: int, like: Quantity) -> Quantity | None:
    """The nearest number of the same measure, from so many before the change."""
    for each in range(back, min(place.number, 9) + 1):
        if _comparable(place.one(each), like):
            return place.one(each)
    return None


def _comparable(one: Quantity, other: Quantity) -> bool:
    return one.value is not None and other.value is not None and measure(one) == measure(other)

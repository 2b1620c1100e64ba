"""Which of two numbers told one after the other is the old one: by years, by 去年 and 上年, by turns.

上年40场，今年50场; 2021年120场，2022年150场; 第二届80件，第三届120件; 培训前42%，培训后70%.
"""

from __future__ import annotations

import re

from taizhang.engines.checking import numerals
from taizhang.engines.checking.expressions import expression

_YEAR = r"(?:19|20)[0-9]{2}年"
PAST = (
    rf"去年|上年|上届|上一(?:年|届|轮|次|期)|前年|前一年|年初|上期|同期|原来|原有|原先|上半年|上季度|上月|上次|往年|期初|{_YEAR}"
    r"|“?十[一二三四]五”?(?:末|期末)"
)
EARLIER = expression(PAST)
YEARS = expression(r"((?:19|20)[0-9]{2})年")
_PLANNED = expression(r"(?:计划|预算|预定|预期|目标|任务)[^，。；]{0,8}$")
_OVER_PLAN = expression(r"^，(?:超额|超出|超过|超)(?:计划|目标|预期)?(?:完成)?$")
THEN = expression(
    rf"^[，（](?:而)?(?:{PAST})(?:度|同期|底|末)*(?:的)?(?:为|是|有|仅为|仅|仅有|只有)?$"
)
_THIS = expression(r"今年|本年|本届|全年|本期|达到|达|[到至]|实际|20[0-9]{2}年")
THIS_YEAR = expression(r"今年|本年|全年")
_PERIOD = expression(r"([0-9]{1,2}|[一二三四五六七八九十]{1,3})(季度|半年|月份?|届|期|轮|批)")
_PARTS_OF_YEAR = frozenset({"季度", "半年", "月", "月份"})
_IN_TURN = expression(r"环比|比[上一二三四0-9]")
_OF_LAST_YEAR = expression(r"去年|上年|同比|同期")
_EARLIER_THIS_YEAR = expression(r"上半年|上季度|上月")
_UNTIL = expression(r"(?P<what>[\u4e00-\u9fff]{2})前[^，。；0-9]{0,12}$")


def is_forward(lead: str, between: str, words: str) -> bool | None:
    """Whether the first of two levels is the old one; None where nothing says which is."""
    years = [YEARS.findall(each) for each in (lead, between)]
    if all(years) and years[0][-1] != years[1][-1]:
        return int(years[0][-1]) < int(years[1][-1])
    if THEN.match(between) or (re.search(r"^（[^）]*$", between) and EARLIER.search(between)):
        return False
    if _OVER_PLAN.match(words) or _PLANNED.search(words):
        return True if _PLANNED.search(lead) else None
    if (until := _UNTIL.search(lead)) and f"{until['what']}后" in between:
        return True  # 培训前42%，培训后70%
    if _OF_LAST_YEAR.search(words) and _EARLIER_THIS_YEAR.search(lead):
        return None  # 上半年40场，下半年58场，比去年同期增长16%
    if EARLIER.search(lead) and not EARLIER.search(between):
        near = len(between) <= 14 or (_THIS.search(between) and "，" in between)
        return True if near else None
    return _is_in_turn(lead, between, words)


def _is_in_turn(lead: str, between: str, words: str) -> bool | None:
    """第二届80件，第三届120件，增长50%; 一季度20场，二季度30场，环比增长50%."""
    halves = [
        each.replace("上半年", "一半年").replace("下半年", "二半年") for each in (lead, between)
    ]
    numbered = [_PERIOD.findall(each) for each in halves]
    if not all(numbered) or "同比" in words:
        return None
    (one, kind), (other, other_kind) = (each[-1] for each in numbered)
    before, after = numerals.read(one), numerals.read(other)
    if kind != other_kind or before is None or after is None or before == after:
        return None
    # The parts of a year are compared where the words say so: else a change is of the year before.
    return before < after if kind not in _PARTS_OF_YEAR or _IN_TURN.search(words) else None

"""The words of change, up and down, and the numbers that tell one: 增长20%, 由40场增加到50场."""

from __future__ import annotations

from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.neighbours import Sentence

UP = (
    r"增长|增加|提高|提升|上升|上涨|攀升|增幅|增速|涨幅|升幅|扩大|加快|扩充|拓展|延伸|壮大|净增|增产|增收|增值|多出|高出|超出|超额|超目标|超计划|多|增|升|涨"
    r"|(?<![最新提身])高(?=了|出|[0-9约近]|$)"
)
DOWN = r"下降|减少|降低|下滑|下跌|降幅|压减|缩减|缩短|压缩|压降|精简|节约|节省|节电|节支|减幅|跌幅|回落|收窄|放缓|减产|减收|减|降|(?<![至最不])少"
CHANGED = expression(
    rf"(?:{UP}|超额完成|{DOWN})(?:的?(?:比例|幅度))?(?:了|出|为|达|达到|高达|近|约|计划)?$"
)
TO = expression(
    r"(?:增加|增长|提高|提升|上升|攀升|发展|扩大|扩展|扩|增|升|提|涨|下降|减少|降低|压减|缩减|缩短|压缩|精简|整合|整顿|调整|降|减|变化|跃升)"
    r"(?:到|至|为|达到|到了)(?:[上下]半年的?|今年的?|目前的?|年末的?|本届的?|本年度?的?|现在的?|如今的?|(?:20[0-9]{2}年)?[0-9]{1,2}月(?:[上中下]旬|底|末|份)?的?|20[0-9]{2}年的?)?(?:[人户年月日场亩]均|平均|每[一-龥]{1,2})?$"
)
_FROM = expression(r"[由从][^，。；]{0,14}$")
_REACHES = expression(r"[^，。；、0-9（）]{1,6}[到至](?:[今本][年届]的?)?")


def is_from_to(sentence: Sentence, number: int) -> bool:
    """Whether a quantity is the end of 由…增加到…."""
    if not number:
        return False
    words, before = sentence.before[number], sentence.before[number - 1]
    return bool(TO.search(words)) or bool(_FROM.search(before) and _REACHES.fullmatch(words))


def is_change(sentence: Sentence, number: int) -> bool:
    """Whether a quantity says by how much something changed, and not what it is."""
    words = sentence.before[number]
    return bool(CHANGED.search(words)) and not TO.search(words)

"""Words and names that are written wrong whatever they stand in: 坐谈会, 布署, 中国科学技术学会.

Only what is never right is listed: 帐号 and 座落 are seen in print and left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_WORDS = """
坐谈会 座谈会  布署 部署  部份 部分  按排 安排  贯撤 贯彻  竟赛 竞赛  竟争 竞争  辅道 辅导  副射 辐射  幅射 辐射  志原者 志愿者
志愿着 志愿者  陪训 培训  培圳 培训  协汇 协会  通迅 通讯  精萃 精粹  渲泄 宣泄  松驰 松弛  震憾 震撼  关怀倍至 关怀备至
迫不急待 迫不及待  一如继往 一如既往  再接再励 再接再厉  鼎立相助 鼎力相助  不径而走 不胫而走  烩炙人口 脍炙人口
谈笑风声 谈笑风生  欢渡 欢度  渡假 度假  即然 既然  决择 抉择  急燥 急躁  浮燥 浮躁  严竣 严峻
"""
_UNLESS = {"部份": "额", "按排": "序名", "通迅": "速捷猛", "志愿着": "装力眼手", "即然": "后"}
"""Signs behind a word that make it the end of one and the beginning of another: 全部份额."""
_NAMES = """
中国科学技术学会 中国科学技术协会  中国科学协会 中国科学技术协会  全国科普活动日 全国科普日  全国科技工作日 全国科技工作者日
全国科技活动月 全国科技活动周
"""


def _pairs(words: str) -> Mapping[str, str]:
    told = words.split()
    return dict(zip(told[::2], told[1::2], strict=True))


_KINDS = (("misspelt", _pairs(_WORDS)), ("name", _pairs(_NAMES)))
_PATTERNS = {
    code: expression(
        "|".join(
            f"{word}(?![{_UNLESS[word]}])" if word in _UNLESS else word
            for word in sorted(pairs, key=len, reverse=True)
        )
    )
    for code, pairs in _KINDS
}


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.misspelt`` for a word and ``other.name`` for the name of a body or an event."""
    for code, pairs in _KINDS:
        for match in _PATTERNS[code].finditer(context.plain):
            span = Span(*match.span())
            params = {"text": match[0], "right": pairs[match[0]]}
            yield Issue("other", f"other.{code}", "warning", (span,), params)

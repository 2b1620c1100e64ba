"""Pairs of neighbouring characters, by which words are compared where nobody knows where one ends."""

from __future__ import annotations

from functools import lru_cache

from taizhang.engines.checking.expressions import expression

_EMPTY = expression(
    r"全[省市县区旗州盟国年镇乡校馆会]|我[省市县区旗会馆]|本[省市县区旗会馆年]|今年|年内|目前|截至|累计|总计|合计|共计|"
    r"共有|现有|拥有|总数|数量|达到|分别|已经|全部|所有|组织|开展|举办|召开|完成|各级|各类|各种|先后|系列|主要|"
    r"[的了共达为有已是各等年度在对将把被于与和及其由从到至]"
)
"""Words that say nothing of what is counted."""
_WORDS = {
    word: one
    for one, words in {
        "观众": "听众 受众 游客 参观者 参观公众 到馆公众 到馆 入馆 进馆 客流 访客",
        "展品": "展项 展件",
        "志愿": "科技志愿 科普志愿",
        "农专协": "农技协 农村专业技术协会",
        "视频": "短视频 微视频",
        "公民比例": "公民占比",
        "来稿": "收稿 投稿 稿件 征文",
        "评委": "评审专家 评审委员",
        "学员": "受训 参训 参训人员 受训人员",
        "满意度": "满意率",
        "销号": "办结",
        "行程": "里程 行驶",
        "读者": "粉丝 关注",
        "走访": "慰问 看望",
        "期刊": "会刊 刊物",
    }.items()
    for word in words.split()
}
"""Words for one thing, and the one they are compared by."""
_SYNONYMS = expression("|".join(sorted(_WORDS, key=len, reverse=True)))


def bare(words: str) -> str:
    """The words without those that say nothing of what is counted."""
    return _EMPTY.sub("", words)


@lru_cache(maxsize=8192)
def pairs_of(words: str) -> frozenset[str]:
    """The pairs of neighbouring characters of words, without what says nothing of them."""
    found: set[str] = set()
    for run in _EMPTY.split(_SYNONYMS.sub(lambda match: _WORDS[match[0]], words)):
        signs = "".join(sign for sign in run if sign.isalnum())
        found.update(signs[at : at + 2] for at in range(len(signs) - 1))
        if len(signs) == 1:
            found.add(signs)
    return frozenset(found)

"""Measure words and what they measure.

A dimension says what may be compared and added: people (人) and person-times (人次) are two, as are
events (场) and things (件). Money keeps 万元 and 亿元 as units of their own.
"""

from __future__ import annotations

from taizhang.engines.checking.expressions import expression

_TABLE = {
    "people": "人 名 位 口 周岁人",
    "person_times": "人次 人·次 人/次",
    "events": """场 场次 次 期 届 轮 批 批次 班次 班 节 课 讲 回 遍 台次 车次 辆次 架次 艘次 件次 册次 户次 例次 篇次 趟 站次 节次
        期次 站 场(次) 场（次） 堂 堂课 节课 巡次 局 盘 顿 番次""",
    "items": """个 件 项 条 份 册 本 篇 部 套 台 支 只 张 幅 块 枚 把 根 棵 株 颗 粒 片 副 辆 艘 架 部分 种 类 款 例 起 宗
        桩 单 笔 票 封 则 首 集 卷 版 页 字 题 道 道题 门 门课 具 尊 座 栋 幢 间 处 所 家 户 口井 眼 盏 顶 床 袋 箱
        盒 瓶 桶 包 捆 卷次 组 对 队 支队 团 伙 股 网格 点位 站点 站所 村 镇 省 校 村次 头 匹 羽 尾 峰 层 格 席 样 剂
        帖 针 剂次 株次 朵 束 盆 棚 车位 床位 学位 项次 条次 幕 帧 套次 台套 台（套） 台(套) 梯 眼井 刊 辑 阙 篇幅
        块(次) 条目 家次 个次 款次 部门""",
    "money": """元 万元 亿元 千元 百元 美元 万美元 亿美元 欧元 万欧元 亿欧元 港元 万港元 亿港元 日元 英镑 角 元钱 块钱 元人民币
        万元人民币 亿元人民币""",
    "area": "平方米 平方公里 平方千米 平米 平方 亩 公顷 顷 ㎡ m² m2 km² 亩次 平方厘米 亩地 hm²",
    "length": "公里 千米 米 厘米 毫米 华里 英里 km cm mm 海里 延米 尺 丈 寸 公分",
    "weight": "吨 公斤 千克 克 斤 kg 万吨 磅",
    "volume": "升 毫升 立方米 立方 m³ 吨位 千升 ml",
    "time": """年 个月 天 小时 分钟 秒 周 星期 个星期 个小时 学时 课时 工时 工日 人天 个工作日 工作日 个季度 年度 周年期 昼夜 天次
        学分 学期 个学期 岁 周岁 刻钟 晚 人工日 个年头 个半天 月龄 人日""",
    "share": "% ‰ 百分点 倍 成",
    "score": "分 颗星",
    "data": "GB TB MB KB 兆 比特 kW kWh 千瓦 千瓦时 兆瓦 度 度电 伏 瓦 马力 ℃ 摄氏度 Mbps",
}

DIMENSIONS: dict[str, str] = {
    word: dimension for dimension, words in _TABLE.items() for word in words.split()
}
"""Measure word → dimension."""
LATIN = frozenset(word for word in DIMENSIONS if word[0].isascii() and word[0].isalpha())
MONEY = frozenset(word for word, dimension in DIMENSIONS.items() if dimension == "money")
_BY_FIRST: dict[str, list[str]] = {}
for _word in sorted(DIMENSIONS, key=len, reverse=True):
    _BY_FIRST.setdefault(_word[0], []).append(_word)


_SIGNS = expression(r"[（）()/、]")
_OPENERS = {"（": "）", "(": ")", "/": ""}
_SECOND = frozenset("套次条篇名项册本个家件份张幅支队场人台处户期批位")
_BY_SLASH = frozenset(
    {"台套", "件套", "人次", "场次", "批次", "家次", "本册", "册份", "个项", "支队"}
)


def unit_at(text: str, at: int) -> str:
    """The longest measure word that begins at ``at``, or ""; 件（套） and 台/套 are one."""
    for word in _BY_FIRST.get(text[at : at + 1], ()):
        if text.startswith(word, at):
            if word == "周" and text[at + 1 : at + 2] in ("年", "岁", "期"):
                return ""
            if word == "支队" and text[at + 2 : at + 3] in ("伍", "员"):
                return "支"
            sign = text[at + len(word) : at + len(word) + 1]
            return _joined(text, at, word) if sign in _OPENERS else word
    return ""


def _joined(text: str, at: int, word: str) -> str:
    """A measure word with the other one that stands in brackets or after a slash behind it."""
    stop = at + len(word)
    closer, second = _OPENERS[text[stop]], text[stop + 1 : stop + 2]
    if closer and second in _SECOND and text[stop + 2 : stop + 3] == "、":
        # 份（套、册）: one of three.
        end = stop + 4 + len(closer)
        return (
            text[at:end]
            if text.startswith(closer, stop + 4) and text[stop + 3] in _SECOND
            else word
        )
    if second not in _SECOND or not text.startswith(closer, stop + 2):
        return word
    if not closer and word + second not in _BY_SLASH:
        return word  # 30元/人: a rate
    return text[at : stop + 2 + len(closer)]


def dimension(unit: str) -> str:
    """What a measure word measures; "" when it is none."""
    return DIMENSIONS.get(unit) or _dimension_of_two(unit)


def _dimension_of_two(unit: str) -> str:
    """人（次） measures what 人次 does, 件（套） what 件 does."""
    words = parts(unit)
    if len(words) < 2:
        return ""
    return DIMENSIONS.get(words[0] + words[1]) or DIMENSIONS.get(words[0], "")


def parts(unit: str) -> tuple[str, ...]:
    """The measure words of 件（套） or of 份（套、册）; one where there is one only."""
    return tuple(word for word in _SIGNS.split(unit) if word)

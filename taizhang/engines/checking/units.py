"""Measure words and what they measure.

A dimension says what may be compared and added: people (人) and person-times (人次) are two, as are
events (场) and things (件). Money keeps 万元 and 亿元 as units of their own.
"""

from __future__ import annotations

_TABLE = {
    "people": "人 名 位 员 口 人口 学员 人员 周岁人",
    "person_times": "人次 人·次 人/次 万人次",
    "events": """场 场次 次 期 届 轮 批 批次 班次 班 节 课 讲 回 遍 台次 车次 辆次 架次 艘次 件次
        册次 户次 例次 篇次 趟 站次 节次 期次 站 场(次) 场（次） 次数 堂 堂课 节课 巡次 局 盘 顿 番次""",
    "items": """个 件 项 条 份 册 本 篇 部 套 台 支 只 张 幅 块 枚 把 根 棵 株 颗 粒 片 面 副 辆 艘
        架 部分 种 类 款 例 起 宗 桩 单 笔 票 封 则 首 集 卷 期刊 版 页 字 题 道 道题 门 门课 具 尊 座
        栋 幢 间 处 所 家 户 口井 眼 盏 顶 床 袋 箱 盒 瓶 桶 包 捆 盘 卷次 组 对 双 队 支队 团 伙
        股 系列 批次 网格 点 点位 站点 站所 村 乡 镇 县 市 省 街道 社区 校 班级 村次 头 匹 羽 尾 峰 头只
        层 格 窗口 席 席位 车 船 样 味 剂 服 帖 针 剂次 株次 朵 束 盆 棚 方 立方 车位 床位 学位
        课题 项次 条次 单位 幕 帧 档 环 环节 步 类别 套次 台套 台（套） 台(套) 场所 户头 端 梯 眼井
        期次 刊 辑 曲 阙 出 折 段 句 词 字次 篇幅 栏 栏目 块(次) 条目 例次 楼 家次 个次 款次 项目
        支部 部门""",
    "money": """元 万元 亿元 千元 百元 美元 万美元 亿美元 欧元 万欧元 亿欧元 港元 万港元 亿港元
        日元 英镑 角 元钱 块钱 人民币 元人民币 万元人民币 亿元人民币""",
    "area": """平方米 平方公里 平方千米 平米 平方 亩 公顷 顷 ㎡ m² m2 km² 亩次 平方厘米 亩地 hm²""",
    "length": "公里 千米 米 厘米 毫米 里 华里 英里 km m cm mm 海里 延米 尺 丈 寸 公分",
    "weight": "吨 公斤 千克 克 斤 两重 kg g t 万吨 磅",
    "volume": "升 毫升 立方米 立方 m³ 方 吨位 千升 L ml",
    "time": """年 个月 天 小时 分钟 秒 周 星期 个星期 个小时 学时 课时 工时 工日 人天 个工作日 工作日
        个季度 年度 周年期 昼夜 天次 学分 学期 个学期 岁 周岁 刻钟 个年头 个半天 月龄 人日""",
    "share": "% ‰ 百分点 倍 成 个点",
    "score": "分 星 颗星",
    "data": "GB TB MB KB G M 兆 比特 kW kWh 千瓦 千瓦时 兆瓦 度 度电 伏 瓦 马力 ℃ 摄氏度 Mbps",
    "clicks": """点击 点击量 阅读量 播放量 浏览量 点赞 粉丝 阅读 浏览""",
}
_NOT = {"人员", "学员", "人口", "员", "单位", "市", "县", "乡", "段", "端", "出", "方", "环", "步"}
_NOT |= {
    "点",
    "面",
    "字次",
    "类别",
    "服",
    "味",
    "档",
    "栏",
    "方",
    "楼",
    "人民币",
    "项目",
    "课题",
    "双",
}
_NOT |= {
    "期刊",
    "社区",
    "街道",
    "支部",
    "场所",
    "班级",
    "栏目",
    "阅读",
    "浏览",
    "点赞",
    "粉丝",
    "点击",
}
_NOT |= {
    "阅读量",
    "播放量",
    "浏览量",
    "点击量",
    "次数",
    "里",
    "m",
    "M",
    "G",
    "g",
    "t",
    "L",
    "个点",
    "两重",
}
_NOT |= {
    "词",
    "句",
    "折",
    "曲",
    "车",
    "船",
    "头只",
    "户头",
    "窗口",
    "席位",
    "系列",
    "环节",
    "万人次",
}

DIMENSIONS: dict[str, str] = {
    word: dimension
    for dimension, words in _TABLE.items()
    for word in words.split()
    if word not in _NOT
}
"""Measure word → dimension."""
LONGEST = max(map(len, DIMENSIONS))
LATIN = frozenset(word for word in DIMENSIONS if word[0].isascii() and word[0].isalpha())
MONEY = frozenset(word for word, dimension in DIMENSIONS.items() if dimension == "money")
_BY_FIRST: dict[str, list[str]] = {}
for _word in sorted(DIMENSIONS, key=len, reverse=True):
    _BY_FIRST.setdefault(_word[0], []).append(_word)


def unit_at(text: str, at: int) -> str:
    """The longest measure word that begins at ``at``, or ""."""
    for word in _BY_FIRST.get(text[at : at + 1], ()):
        if text.startswith(word, at):
            if word == "周" and text[at + 1 : at + 2] in ("年", "岁", "期"):
                return ""
            return word
    return ""


def dimension(unit: str) -> str:
    """What a measure word measures; "" when it is none."""
    return DIMENSIONS.get(unit, "")

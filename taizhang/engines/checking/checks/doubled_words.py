"""Words typed twice: 的的, 其中其中, 达达到; not 人人, 为了了解, 志愿服务服务队."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_SINGLE = expression(
    r"(?<![目有])的的(?![确士])|(?<![为除])了了(?![解然结断望])|是是(?![非否])|(?<![认作成因行称视])为为(?![民人老期了什何主数])"
    r"|各各(?![自执])|和和(?![气美平睦谐])|与与(?![会时])|在在(?![职建校线读岗编途场])|及及(?!时)|被被(?!子)|把把(?![关脉握手控])|对对(?![子联口接外内象待应策照方])"
    r"|达达到|达到到达?|达可达|可达达|并且并"
)
_WORD = expression(r"(?<![0-9])([\u4e00-\u9fff]{2,4})\1")
# Words that are both noun and verb, or begin other words: the second one starts a new phrase.
_MEETING_WORDS = """
组织 服务 活动 培训 学会 研究 管理 领导 指导 发展 工作 计划 展览 教育 建设 学习 讨论 考虑 交流 评审 报告 协会 保护 监督
调研 宣传 技术 科技 科普 参与 合作 检查 评估 评价 统计 设计 规划 改革 创新 咨询 监测 检测 测试 竞赛 运动 表演 辅导 代表
了解 商量 锻炼 放松 总结 体验 比赛 演练 审核 审计 会议 会员 志愿 社会 人民 中心 项目 整改 实践 调查 应用 开发 推广 试验
实验 考核 治理 生产 投资 支持 需求 联系 联合 负责 委员 基地 平台 专家 教师 学生 科学 防护 预防 申报 认定 推荐 评选 表彰
奖励 慢慢 企业 农业 气象 健康 信息 数据 网络 展示 展教 展品 县级 市级 省级 乡镇 社区 学校 农村 城市 党员 干部 群众 青年
妇女 休息 打听 打扮 念叨 掂量 琢磨 思考 感受 体会 见识 热闹 高兴 帮助 提高 检验 比试 照顾 安慰 走访 欣赏 很多 非常 好多
"""
_MEETING = frozenset(_MEETING_WORDS.split())
# Nouns with nothing behind them to begin a phrase with: 活动活动12场, 会议会议强调.
_TWICE = expression(
    r"(组织|开展|召开|举办|建设|服务|指导|领导|发展|推进|实施|完成|落实|加强)\1(?=开展|实施|召开|举办|了|好|各|全)"
)
"""Verbs of which the second begins nothing, as what follows shows: 组织组织开展."""
_NOUN = expression(
    r"(会议|活动|工作|项目|报告|基地|平台|中心|学校|社区|专家|科普|科技|学生|教师|群众|讲座|展览|培训|学会|协会)\1(?=[0-9，。；、]|强调|指出|要求|工作|建设)"
)
_CLAUSE = expression(r"(?<=[，。；：、\n])([\u4e00-\u9fff]{6,30})[，；、]\1(?=[，。；、\n])")
"""建成一座社区科技馆，建成一座社区科技馆，面积…: a clause pasted twice."""


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.doubled_word`` for each word or clause that stands there twice."""
    for match in _SINGLE.finditer(context.plain):
        before = context.plain[max(0, match.start() - 2) : match.start()]
        if len(before) == 2 and before[0] == before[1]:
            continue  # 实实在在
        yield _issue(match, match[0])
    for match in _WORD.finditer(context.plain):
        word = match[1]
        if word[0] == word[1] or "越" in word or word in _MEETING:
            continue  # 越织越牢
        if word[0] in "一几两逐" and word[1] != "是":
            continue
        yield _issue(match, match[0])
    for match in _CLAUSE.finditer(context.plain):
        yield _issue(match, match[0])
    for match in (*_TWICE.finditer(context.plain), *_NOUN.finditer(context.plain)):
        if match[1] in _MEETING:
            yield _issue(match, match[0])


def _issue(match: re.Match[str], text: str) -> Issue:
    return Issue("other", "other.doubled_word", "warning", (Span(*match.span()),), {"text": text})

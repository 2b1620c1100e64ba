"""What a number claims to be the number of, so that two claims of the same thing can be held together.

Two claims are of the same thing when their nouns are the same and nothing around them speaks of
another time, level, owner, plan or change. How much a claim covers is its weight: the whole year or
all there is, as the words say (全年, 现有) or as its place does (the opening), perhaps the whole (共,
where no single event is spoken of), or nobody knows how much.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.naming import noun_of
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.passages import FARTHEST, PLAN_HEADING, around
from taizhang.engines.checking.types import Quantity

_OTHER_TIME = expression(
    r"(?:19|20)[0-9]{2}年|去年|上年|上届|上期|往年|前年|同期|年初|年底前|期初|原来|原有|此前|[一二三四前]+季度|[上下]半年|以来|"
    r"[0-9]{1,2}月|期间|当[天日月]|首[日批]|同比|环比|比(?!例|重|赛)|较|由|从|截至(?!目前|年底|12月|[0-9]{4}年底|[0-9]{4}年12月)|三年|两年|五年|届"
    r"|暑期|寒假|暑假|春节|国庆|日均|月均"
)
_PLAN = expression(
    r"计划|力争|拟|将|目标|预计|确保|建议|打算|明年|下一步|任务|应|需|要求|规定|标准|争取(?!项目|资金|上级)|不[少低]于|达到.{0,4}以上"
)
_STANDING = expression(r"(?:现有|目前(?:共)?有)[^，。；]*$")
_PART = expression(
    r"其中|其余|剩余|部分|另有|还有|另外|个别|分别|平均|人均|每|均|占|中[有，的]|之一|多数|少数|重点|增加|减少|净增|下降|增长"
)
_STRONG = expression(
    r"(?:开馆|开放)[0-9]{2,3}天|年(?=接待|参观)|全年|今年|年内|一年来|本年度|总数|总量|现有|目前|共有|全[省市县区旗州盟国校馆]"
)
_WEAK = expression(r"总计|累计|合计|共计|共|总(?!结)")
_EVENT = expression(
    r"“[^”\n]{2,12}”(?=[^，。；]{0,6}(?:活动|期间|大赛|项目|行动|工程|计划|主题|品牌|系列))|《(?![^》\n]*(?:纲要|规划|意见|方案|办法|通知|条例|法|规定|决定|章程|制度|要点|规则|细则)(?:（[^）》\n]*）)?》)|科普日|科技周|活动周|活动月|工作者日|三下乡|大赛|竞赛|夏令营|期间|[0-9]月|现场|启动仪式|专项行动|(?<!争取)项目(?!资金|经费|总投资)"
)
_CHANGE = expression(
    r"新增|新建|新设|新成立|新发展|净增|计划|评选|推荐|表彰|慰问|培育|命名|认定|更新|维修|到会|参会|出席|参加|到场|实到"
)
_LEVEL = expression(r"(?:国家|省|市|县|区|旗|镇|乡|村)级")
_OWNED = expression(
    r"^(?P<owner>[\u4e00-\u9fff]{0,8}?(?:馆|中心|基地|园|机关|科协|学会))?(?:内)?(?:现有|共有|拥有|陈列|有|总)*"
    r"(?P<noun>展品|藏品|标本|建筑面积|展厅面积|占地面积|总面积|面积|总投资|展区|工作人员|干部职工|讲解员)$"
)
_BUILT = frozenset({"面积", "总面积", "建筑面积"})
_OWNER_BEHIND = expression(r"的(?P<owner>[\u4e00-\u9fff]{0,6}?(?:馆|中心|基地|园))")
_OWNER = expression(
    r"[\u4e00-\u9fff]{0,3}?(?:科技馆|科普馆|博物馆|展览馆|体验馆|中心|基地)(?=[\u4e00-\u9fff，])"
)
_OWN_CIRCLE = expression(r"^(?:[全我本][省市县区旗州盟校馆会国]|[省市县区旗州盟]|新|全)")
_ACTOR = expression(
    r"^(?P<actor>[\u4e00-\u9fff]{1,12}?(?:单位|部门|乡镇|街道|社区|村|学校|企业|学会|协会|研究会|科协|馆|中心|基地|分队|队伍|大队|支部|团|组|站|"
    r"志愿者|专家|教师|财政|县|市|区))(?:全年|年内|累计|先后|共|总计)*"
    r"(?:现有|共有|拥有|下设|开展|举办|组织|召开|举行|接待|发表|发放|印发|服务|培训|投入|落实|争取|走访)"
)
_NO_ACTOR = expression(
    r"(?:^|[全我本])[省市县区旗州盟]?(?:科协|学会|协会|我会|我馆|[省市县区旗州盟馆会])$"
)
_SCOPE = expression(r"全[国省市县区旗州盟]|我国")
_VISITS = expression(
    r"^(?:接待|参观|到馆|入馆|免费)*(?:参观|到馆|入馆)?(?:观众|公众|游客|群众|参观者|参观|人数|人次)+$"
)
_ALIKE = {
    unit: kind
    for kind, group in (("场", "场 场次 次"), ("个", "个 家 所 座 处"), ("件", "件 件套 套"))
    for unit in group.split()
}
_NAMED = expression(
    r"(?:全国)?(科普日)|科技(?:活动)?(周)|(工作者日)|(三下乡)|([\u4e00-\u9fff]{2}(?:大赛|竞赛))|(“[^”\n]{2,12}”)(?=[^，。；]{0,6}(?:活动|期间|大赛|项目|行动|工程|计划|主题|品牌|系列|开展|进))"
)
_STOCK = frozenset({"会员", "理事", "监事", "展品", "藏品", "乡镇", "党员", "职工"})
_STAFF = expression(
    r"^(?:专职|兼职|在编|在职|在岗|聘用|编制|事业)[\u4e00-\u9fff]*(?:人员|干部|职工|讲解员)$"
)
_RATE = expression(r"率|比例|比重|占比|满意度")
_GENERIC = expression(
    r"^(?:.*(?:资料|群众|公众|观众|听众|人员|人数|学生|师生|居民|农民|老人|次数|人次|时长|面积|小时|图书|读物|手册?|海报|展板|宣传[单页册]|"
    r"奖|问题|措施|意见|建议|资金|经费|投入|支出|收入|金额|合同|平均|报告|论文|文章|信息|视频|作品|稿件|其他|以上|以下|代表|评委|专家))$"
)
_DONE = expression(
    r"(?:已|完成)*(?:整改|办结|解决|完成|落实|销号|验收|采纳|录用)(?:到位|完成|完毕)?"
)
"""What was done is no name of what it was done to: 班子问题8个，已整改7个."""
_FLOWS = ("events", "person_times", "visits", "money", "time", "clicks")
_FLOW_NOUN = ("活动", "讲座", "培训", "培训班", "手册")


class Claim(NamedTuple):
    """A number, what it is of, what sets it apart, and whether it covers the whole.

    ``event``: the occasion that is named (科普日, 创新大赛), for what happens and passes.
    ``weight``: 2 for the whole, 1 for perhaps the whole, 0 where nothing says so. ``is_loose``: the
    noun is so common, or the thing of such a kind, that only wholes may be compared.
    """

    quantity: Quantity
    sentence: Sentence
    noun: str
    unit: str
    aspect: tuple[str, ...]
    event: str
    weight: int
    is_loose: bool

    @property
    def is_stock(self) -> bool:
        """Whether it is a common noun of which there is one number at a time."""
        return self.noun in _STOCK and self.quantity.dimension in ("people", "items")


def key_of(context: Context, one: Quantity) -> tuple[str, str] | None:
    """Noun and unit of a quantity; None for what cannot be compared."""
    if one.value is None or one.value_max is not None:
        return None
    noun = _common(noun_of(one, context.synonyms).noun)
    if one.dimension == "area" and _OWNER_BEHIND.match(context.plain, one.end):
        noun = "建筑面积"
    if one.unit in ("人次", "人") and _is_visits(noun):
        noun = "参观"
    return (noun, _ALIKE.get(one.unit, measure(one))) if _is_comparable(one, noun) else None


@lru_cache(maxsize=4096)
def _common(noun: str) -> str:
    """The noun without its owner, and one word for the area of a building."""
    if match := _OWNED.match(noun):
        noun = match["noun"]
    return "建筑面积" if noun in _BUILT else noun


@lru_cache(maxsize=4096)
def _is_visits(noun: str) -> bool:
    return _VISITS.match(noun) is not None


def claim_of(context: Context, sentence: Sentence, number: int, key: tuple[str, str]) -> Claim:
    """The claim of one quantity whose noun and unit are known."""
    one = sentence.quantities[number]
    named, noun, owner = noun_of(one, context.synonyms), key[0], ""
    if one.dimension == "area" and (match := _OWNER_BEHIND.match(context.plain, one.end)):
        owner = match["owner"]
    elif match := _OWNED.match(named.noun):
        owner = match["owner"] or _owner_before(context, sentence, one)
    loose = _is_loose(context, sentence, number, noun)
    if sentence.is_row:
        aspect: tuple[str, ...] = ("", "", "", "", named.level, "", owner, "", "")
    else:
        aspect = _aspect(context, sentence, number, (noun, owner, named.level, named.change))
    return Claim(
        one,
        sentence,
        *key,
        aspect,
        _event(context, sentence, one) if loose else "",
        _weight(context, sentence, one),
        loose,
    )


def _clause(context: Context, sentence: Sentence, one: Quantity) -> str:
    """The words of the sentence before a number, from the last ；."""
    begin = max(sentence.start, one.start - FARTHEST)
    return context.plain[begin : one.start].rpartition("；")[2]


def _event(context: Context, sentence: Sentence, one: Quantity) -> str:
    found = _NAMED.findall(context.plain, max(sentence.start, one.start - FARTHEST), one.start)
    return "".join(found[-1]) if found else ""


def _is_comparable(one: Quantity, noun: str) -> bool:
    if one.dimension == "time":
        return noun in ("开馆", "开放") and one.unit == "天"
    if one.unit == "%":
        return len(noun) >= 5 and bool(_RATE.search(noun))
    named = (
        len(noun) >= 2 and not noun[0].isdecimal() and noun[0] not in "比较" and noun[-1] != "年"
    )
    return one.dimension != "share" and named and not _DONE.fullmatch(noun)


def _is_loose(context: Context, sentence: Sentence, number: int, noun: str) -> bool:
    one = sentence.quantities[number]
    if one.unit == "%" or _STAFF.match(noun) or _OWNED.match(noun) or noun.startswith("人均"):
        return False
    if len(noun) == 2 and not (all_of(sentence, number) and one.dimension == "items"):
        return True
    if one.dimension in _FLOWS or noun.endswith(_FLOW_NOUN):
        return not (len(noun) >= 4 and noun.endswith("手册"))
    specific = noun.endswith(("手册", "图书", "读物")) and len(noun) >= 4
    if noun in ("科普读物", "科普图书", "宣传手册", "科普手册"):
        specific = False
    owned = noun.endswith(("面积", "会员"))
    return bool(_GENERIC.match(noun)) and not specific and not owned


def all_of(sentence: Sentence, number: int) -> bool:
    """全县18个乡镇: the number of all there are."""
    before = sentence.before[number]
    return bool(re.search(r"全[省市县区旗州盟国镇乡](?:现有|共有|所有|的)?$", before))


def _aspect(
    context: Context, sentence: Sentence, number: int, named: tuple[str, str, str, str]
) -> tuple[str, ...]:
    """What sets a claim apart: time, plan, part, change, level, modifier, owner, actor, occasion."""
    one = sentence.quantities[number]
    noun, owner, level, change = named
    clause = _clause(context, sentence, one)
    near = re.split(r"[，：]", clause)[-1]
    words = sentence.before[number]
    times = [word for word in _OTHER_TIME.findall(clause) if word != f"{context.year}年"]
    if noun.endswith("面积"):
        times = [word for word in times if word in ("原来", "原有", "此前")]
    if all_of(sentence, number):
        times = [word for word in times if word != "期间"]
    part = _PART.search(near) or _PART.search(words if len(words) < 30 else near)
    behind = sentence.behind(number)[:3]
    found = _CHANGE.search(near) or _CHANGE.search(behind)
    return (
        "/".join(sorted(set(times))),
        "plan" if _is_plan(context, one, clause) else "",
        part[0] if part else "",
        change or (found[0] if found else ""),
        level or (_LEVEL.findall(clause) or [""])[-1],
        _modifier(near, noun),
        _OWN_CIRCLE.sub("", owner),
        _actor(context, near),
        _scope(context, clause) if one.unit == "%" else _occasion(context, sentence, number),
    )


def _owner_before(context: Context, sentence: Sentence, one: Quantity) -> str:
    found = _OWNER.findall(context.plain, max(sentence.start, one.start - FARTHEST), one.start)
    return found[-1] if found else ""


def _is_plan(context: Context, one: Quantity, clause: str) -> bool:
    if _STANDING.search(clause):
        return False
    top = context.sections.top_at(one.start)
    heading = "" if top is None else context.plain[top : top + 24].split("\n")[0]
    planned = bool(PLAN_HEADING.search(heading)) or "目标" in heading or "建议" in heading
    return bool(_PLAN.search(clause)) or (planned and "问题" not in heading)


def _modifier(near: str, noun: str) -> str:
    """会员不足50户的农技协有16个: the words before 的 make it another thing."""
    head, found, _tail = near.rpartition("的" + noun)
    return head[-6:] if found else ""


def _actor(context: Context, near: str) -> str:
    """各成员单位开展活动20场: who did it, where it is not we."""
    match = _ACTOR.match(near)
    if match is None or _NO_ACTOR.search(match["actor"]):
        return ""
    return "" if match["actor"][-4:] in context.plain[:60] else match["actor"]


def _scope(context: Context, clause: str) -> str:
    """全省公民科学素质比例: the circle of a rate, where it is not the report's own."""
    found = _SCOPE.findall(clause)
    if not found:
        return ""
    circle, title = found[-1], context.plain[:60].split("\n")[0]
    if circle[-1] in title:
        return ""
    named = any(sign in title for sign in "省市县区旗州盟")
    return circle if named or circle[-1] in "国省" else ""


def _occasion(context: Context, sentence: Sentence, number: int) -> str:
    """What people came to, where the sentence counts it before them: all activities, or some."""
    if sentence.quantities[number].dimension not in ("people", "person_times"):
        return ""
    earlier = [
        n for n, each in enumerate(sentence.quantities[:number]) if each.dimension == "events"
    ]
    if not earlier or sentence.quantities[number].unit == "人":
        return ""
    one = sentence.quantities[earlier[-1]]
    noun = noun_of(one, context.synonyms).noun
    whole = _weight(context, sentence, one) > 0 and noun.endswith("活动") and len(noun) <= 4
    return "" if whole else noun


def _weight(context: Context, sentence: Sentence, one: Quantity) -> int:
    if sentence.is_row:
        return 2 if re.match(r"合计|总计|全[年市县区省旗]|共计", one.subject) else 1
    begin, _end = around(context.plain, one.start, one.start, "\n")
    clause = _clause(context, sentence, one)
    if not _EVENT.search(clause) and (_STRONG.search(clause) or f"{context.year}年" in clause):
        return 2
    if one.start < context.sections.first_top:
        return 0 if _EVENT.search(clause) else 2
    alone = not _EVENT.search(context.plain, begin, one.start)
    return 1 if alone and _WEAK.search(clause) else 0

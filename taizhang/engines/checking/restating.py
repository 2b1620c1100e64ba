"""What a number is told of, in the words of its place: the name before it or behind it, and its circle."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.passages import PLAN_HEADING
from taizhang.engines.checking.subjects import VERBS, without_tail
from taizhang.engines.checking.types import Quantity

_FARTHEST = 160
_LONGEST = 40
_FEW = 11
"""Characters, or events: no more than so many say little."""
_SIGN = expression(r"[，。；、：（）()\n\t]")
_BEHIND = expression(r"的?(?P<name>[\u4e00-\u9fffA-Za-z“”]{2,14})")
# Possessive: what can be read in two ways (共 有, 共有) must not be tried in all of them.
_NEUTRAL = expression(
    rf"(?:{VERBS}|(?:19|20)[0-9]{{2}}年度?|全年|年内|今年|本年度?|现有|已有|共有|累计|总计|合计|共计|共|总|已|还|先后|各类|各种|各级|全部|"
    r"直接|广大|主要|依靠|靠|争取|到位?|筹集|面对|面向|动员|科协系统|各级科协|全[省市县区旗州盟国镇乡校馆会]|我[省市县区旗会馆]|本[省市县区旗会馆]|"
    r"学会|协会|科协|个人|注册|招募|吸引|受益|惠及|受|被|表彰|评选出?|评出|来自|从|系统|实名|登记|在册|可以|大量|丰富多彩|系列|目前|截至目前|[省市县区]科协|年|度|的|了|等|有|在|以|是|为|对|：|“|”)*+"
)
_SOMETHING_ELSE = expression(
    r"单位|代表|家庭|负责|组织|协会|服务队|队|证|站|馆|室|员|会(?!上)|骨干|小组|中心|平台|企业|学校|教师|学生|学员|人员|干部|大会|理事|"
    r"培训|活动|基地|项目|经费|资金|奖|展|类|型|级|品|书|册|之家|工程|行动|所在|村|镇|乡"
)
_WHOLE_OF = expression(r"(?:中|当中|里|之中)(?:，|有|的|[\u4e00-\u9fff])")
_PART = expression(
    r"其中|其余|剩余|余下|部分|另有|还有|另外|个别|分别|平均|人均|日均|月均|户均|每|均(?!已)|占|之一|多数|少数|重点|增加|减少|净增|下降|增长|提高|提升|上升|累计至|"
    r"不足|线上|线下|现场|当[天日月]|首[日批]|同比|环比|比(?!例|重|赛)|较|由(?!县|市|我)|从|期间|(?:上|下)半年|季度|去年|上年|往年|前年|同期|年初|此前|原有|"
    r"[两三五]年|(?<!截至)(?<![0-9年])[0-9]{1,2}月|历届|历年|自|中$|建馆|开馆以来|成立以来"
)
_NEW = expression(
    r"新增|新建|新设|新成立|新发展|新认定|新命名|新创建|(?<!已)发展(?=[\u4e00-\u9fff]{0,6}(?:会员|党员))"
)
_OUT = expression(r"退会|注销|除名|撤销|退出")
_CHOSEN = expression(
    r"评选|评出|表彰|推荐|慰问|培育|命名|认定|授牌|更新|维修|到会|参会|出席|达标|优秀|先进|获奖|获得"
)
_PLAN = expression(
    r"计划|力争|拟|(?<!老)将|目标|预计|确保|建议|打算|明年|下一步|任务|应(?!急|用|对|邀|届|聘)|需(?!求)|(?<![主重首纲摘提概])要(?!素|求|点|闻|情)|规定|不[少低]于|达到.{0,4}以上|争取(?=年内|在|于|尽快|早日|建成|完成|达到|创建|实现|新增|[0-9])"
)
_EVENT = expression(
    r"“[^”\n]{2,14}”(?=[^，。；]{0,6}(?:活动|期间|大赛|项目|行动|工程|计划|品牌|系列|进|$))|《(?![^》\n]*(?:纲要|规划|意见|方案|办法|通知|条例|法|规定|决定|章程|制度|要点|规则|细则)(?:（[^）》\n]*）)?》)[^》\n]{2,30}》|科普日|科技周|活动周|活动月|宣传[周月]|工作者日|三下乡|[\u4e00-\u9fff]{2}(?:大赛|竞赛)|夏令营|冬令营|启动仪式|主场|专项行动|"
    r"科技节|文化节|年会|论坛|大讲堂"
)
_OWNER = expression(
    r"(?:^|[，。；、：\n）]|[一二三四五]是)(?P<owner>(?!进|走进|全[省市县区]|我)[\u4e00-\u9fff]{0,10}?(?:科技馆|科普馆|博物馆|展览馆|体验馆|[乡镇村校馆室]|中心|街道|社区|大篷车|公众号|"
    r"基地|分会|学会|协会|专委会|工作站|服务站|乡镇科协|单位|部门|企业|财政|局|[县市区](?=[\u4e00-\u9fff]{2})))(?=[\u4e00-\u9fff，“])"
)
_LEVEL = expression(r"(?:国家|省|市|县|区|旗|镇|乡|村)级|(?:中央|省|市|县|区)财政")
_ALL_KINDS = expression(r"各类|各种|系列|总计|累计|合计|共计|共(?!同)")
_WHOLE = expression(
    r"全年|今年|年内|一年来|本年度|现有|目前|共有|总数|总量|全[省市县区旗州盟国校馆]"
)


_ACTS = expression(
    r"参加|参与|参训|参赛|出动|上岗|培训|轮训|选派|派出|服务|走访|联系|慰问|聘请|邀请|到岗"
)
_DONE = expression(
    r"(?:发展|扩大|壮大|投入|支出|发放|印发|到位|安排|落实|开展|举办|更新|推送|总时长|总数)$"
)
_SHORT = (
    (expression(r"科技志愿|科普志愿|科技志愿服务志愿"), "志愿"),
    (expression(r"科普教育基地|科普示范基地"), "科普基地"),
    (expression(r"农村专业技术协会|农技协会"), "农技协"),
    (expression(r"短视频|微视频"), "视频"),
    (expression(r"新发展(?=会员|党员)"), "发展"),
    (expression(r"(?:行驶|累计)?行程$|行驶里程$|行驶$"), "行程"),
    (
        expression(
            r"(?:接待|参观|到馆|入馆)(?:观众|游客|人数|人员|公众|群众|者)|参观者|游客|参观$|接待$|到馆$|入馆$"
        ),
        "观众",
    ),
    (expression(r"受众|受益公众|受益人群|受益人数|惠及群众|覆盖人群|服务群众|受益$"), "受益群众"),
)
"""What several words are used for, and the one it is compared by."""


_KNOWN = expression(
    r"(?:[一二三四五]是)?(?:对|这|上述|面对|为|[全我本][省市县区旗州盟会馆]|[\u4e00-\u9fff]{1,4}(?=的))?的?"
)
_AGAIN = expression(r"(?:[一二三四五]是)?(?:今年|年内|全年)?([\u4e00-\u9fff]{2})的")
_COLUMN = expression(r"^(?:合计|总计|共计|全年|总)+|(?:次数|场次|人次|人数|数量|数)$")
_TOTALS = expression(r"合计|总计|共计|全[年市县区省]|总")
_PLAIN = ("", "", "", "", "", "")
_OWN = expression(
    r"全[省市县区旗州盟镇乡校馆会国]|[省市县区旗州]?科协|我[省市县区旗会馆]|本[省市县区旗会馆]|学会|协会"
)
_NARROWS = expression(
    r"[员民师生家者工童老幼妇士干兵客]|机构|单位|部门|[一二三四]期|[会馆站园县市区旗州盟乡镇村校社院所司队组]|[级类型层岁]|赛|奖|健康|农|医|防|应急|安全|"
    r"心理|环保|生态|临时|常设|专|[线媒网]|“|”|《|重点|示范|优秀|先进|省|国|青|财政|自筹|社会|主题|品牌|[男女]|党|团|学术|科普|科技|技术|图|书|视频|未|不|拟|首|次|其"
)
"""What makes a name that of a part: whose, of what kind, from where."""
_OCCASION = expression(
    r"^[\u4e00-\u9fff0-9]{0,14}(?:大赛|竞赛|科普日|科技周|活动周|主场|年会|论坛)(?:活动|期间)?"
)
_TOUCHED = expression(r"培训|受益|惠及|服务|覆盖|参与|参加|接待|吸引|观看")
_BEFELL = (("new", _NEW), ("out", _OUT), ("chosen", _CHOSEN))
_ALL_OF = expression(r"全[省市县区旗州盟](?:的|所有)?$")
_TAKEN_FROM = expression(r"(?:从|来自)$")
_CIRCLE = expression(r"[全我本]([国省市县区旗州盟镇乡])")


class Told(NamedTuple):
    """A number with the name before it and the one behind, and what sets it apart.

    ``anchors``: the counts of events that stand before it in its sentence (186场次 for those who came
    to them). ``apart``: level, occasion, owner and circle. ``is_known``: it begins its clause and
    its name follows, as one speaks of what was told before. ``again``: by what was done it says
    which ones are meant (新建的8个工作站).
    """

    quantity: Quantity
    left: str
    right: str
    is_part: bool
    apart: tuple[str, ...]
    weight: int
    anchors: frozenset[tuple[object, str]]
    is_known: bool
    again: str = ""


def tell(context: Context, sentence: Sentence, number: int) -> Told:
    """What the words around a quantity say it is the number of."""
    one = sentence.quantities[number]
    if sentence.is_row:
        return _told_in_a_row(sentence, number)
    left, right = name_before(sentence, number), name_behind(context, one)
    begin = max(sentence.start, one.start - _FARTHEST)
    clause = context.plain[begin : one.start].rpartition("；")[2]
    near = re.split(r"[，：]", clause)[-1]
    if right and _ALL_OF.search(near):
        left = ""
    elif right:
        # 从486件作品中: not a part but what it is taken from.
        near = _TAKEN_FROM.sub("", near)
    return Told(
        one,
        left,
        right,
        bool(_PART.search(near)) or _is_planned(context, one, clause),
        _apart(context, one, clause, near, right),
        _weight(context, one, clause, right),
        _anchors(sentence, number),
        bool(right) and _KNOWN.fullmatch(near) is not None,
        done[1] if right and (done := _AGAIN.fullmatch(near)) else "",
    )


def name_before(sentence: Sentence, number: int) -> str:
    """What stands right before a number, from the last sign, in the words things are compared by."""
    if sentence.is_row:
        return _one_word(_COLUMN.sub("", sentence.quantities[number].subject))
    return _left(sentence.before[number][-_LONGEST:])


def name_behind(context: Context, one: Quantity) -> str:
    """What stands right behind a number, up to the next sign; behind a cell nothing does."""
    return _right(context.plain[one.end : one.end + 16])


@lru_cache(maxsize=4096)
def _right(words: str) -> str:
    behind = _BEHIND.match(words)
    return _one_word(behind["name"]) if behind else ""


@lru_cache(maxsize=4096)
def _left(words: str) -> str:
    """The name before a number without what was done: 科普经费投入 is the 科普经费."""
    left = without_tail(_SIGN.split(words)[-1])
    done = _DONE.search(left)
    if done and done.start() >= 2 and not _is_neutral(left[: done.start()]):
        left = left[: done.start()]
    return _one_word(left)


@lru_cache(maxsize=2048)
def _one_word(name: str) -> str:
    for pattern, word in _SHORT:
        name = pattern.sub(word, name)
    return name


def _told_in_a_row(sentence: Sentence, number: int) -> Told:
    """A cell: its row and its column are its name, and a row of totals tells the whole."""
    one = sentence.quantities[number]
    whole = 2 if _TOTALS.match(one.subject) else 1
    left, part = name_before(sentence, number), bool(_PART.search(one.subject))
    return Told(one, left, "", part, _PLAIN, whole, frozenset(), is_known=False)


def is_explained(sentence: Sentence, one: Quantity, other: Quantity) -> bool:
    """Whether the sentence of one tells the other number too, or what lies between them."""
    gap = abs(amount(one) - amount(other))
    told = (each for each in sentence.quantities if each.start != one.start)
    return any(
        measure(each) == measure(one) and amount(each) in (gap, amount(other)) for each in told
    )


def shared_name(first: Told, second: Told) -> str:
    """The name that both are told of; "" where there is none, or more than it in one place."""
    candidates = (
        _both_before(first, second),
        _before_and_behind(first, second),
        _before_and_behind(second, first),
        _both_behind(first, second),
    )
    return max(candidates, key=len)


def is_of_one_doing(first: Told, second: Told) -> bool:
    """12期培训860人次 … 12期培训班共培训680人次: who came to the same events, by the same verb."""
    verbs = [set(_TOUCHED.findall(one.left)) for one in (first, second)]
    return bool(first.anchors & second.anchors and verbs[0] & verbs[1])


def _both_before(first: Told, second: Told) -> str:
    one, other = first.left, second.left
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return _longest(one[len(one) - length :], one, other)


def _longest(name: str, one: str, other: str) -> str:
    """The name, where what is left of both before it says nothing of it."""
    size = len(name)
    if size < 2 or not (
        _is_neutral(one[: len(one) - size]) and _is_neutral(other[: len(other) - size])
    ):
        return ""
    bare = name[_neutral_head(name) :]
    return bare if len(bare) >= 2 else ""


def _before_and_behind(first: Told, second: Told) -> str:
    """争取上级项目资金312万元, 321万元上级项目资金."""
    one, other = first.left, second.right
    for size in range(min(len(one), len(other)), 1, -1):
        name = other[:size]
        if one.endswith(name):
            fits = _is_neutral(one[: len(one) - size]) and _is_neutral(second.left)
            return name if fits and _ends(other[size:]) else ""
    return ""


def _both_behind(first: Told, second: Told) -> str:
    one, other = first.right, second.right
    size = 0
    while size < min(len(one), len(other)) and one[size] == other[size]:
        size += 1
    fits = _is_neutral(first.left) and _is_neutral(second.left)
    return one[:size] if size >= 2 and fits and _ends(one[size:]) and _ends(other[size:]) else ""


@lru_cache(maxsize=2048)
def _is_neutral(words: str) -> bool:
    """Whether they narrow nothing down; an occasion is compared by itself."""
    rest = _OCCASION.sub("", words)
    if _NEUTRAL.fullmatch(rest):
        return True
    return len(rest) <= _FEW and not _NARROWS.search(_OWN.sub("", rest))


def _neutral_head(words: str) -> int:
    match = _NEUTRAL.match(words)
    return match.end() if match else 0


def _ends(words: str) -> bool:
    """Whether a name ends here: what follows makes it nothing else."""
    return not _SOMETHING_ELSE.match(words)


def _is_planned(context: Context, one: Quantity, clause: str) -> bool:
    top = context.sections.top_at(one.start)
    heading = "" if top is None else context.plain[top : top + 24].split("\n")[0]
    planned = PLAN_HEADING.search(heading) or "目标" in heading or "建议" in heading
    return bool(_PLAN.search(clause)) or bool(planned and "问题" not in heading)


def _apart(context: Context, one: Quantity, clause: str, near: str, right: str) -> tuple[str, ...]:
    title = context.plain[:60]
    owners = [one for one in _OWNER.findall(clause) if one not in title and not _is_neutral(one)]
    events = _EVENT.findall(clause)
    level = _LEVEL.findall(near)
    circles = [sign for sign in _CIRCLE.findall(clause) if sign not in title]
    whole = _ALL_OF.search(near) is not None
    if _WHOLE_OF.search(right):
        right = right.partition("中")[0]
    acts = one.dimension == "people" and (_ACTS.search(near) or _ACTS.search(right))
    befell = [word for word, pattern in _BEFELL if pattern.search(near) or pattern.search(right)]
    return (
        "acts" if acts and not whole else "",
        "/".join(befell),
        level[-1] if level else "",
        owners[-1] if owners and not whole else "",
        events[-1] if events and not whole else "",
        circles[-1] if circles else "",
    )


def _weight(context: Context, one: Quantity, clause: str, right: str) -> int:
    """2 for all of it: the words say so, or it stands in the opening; 1 where it may be; else 0."""
    if _WHOLE.search(clause) or f"{context.year}年" in clause:
        return 2
    if one.start < context.sections.first_top or _WHOLE_OF.search(right):
        return 2
    return 1 if _ALL_KINDS.search(clause) else 0


def _anchors(sentence: Sentence, number: int) -> frozenset[tuple[object, str]]:
    """The counts of events that those of people, and the way of a van, are told with."""
    if sentence.quantities[number].dimension not in ("people", "person_times", "length"):
        return frozenset()
    return frozenset(
        (each.value, measure(each))
        for each in sentence.quantities[:number]
        if each.dimension == "events" and each.value is not None and each.value > _FEW
    )

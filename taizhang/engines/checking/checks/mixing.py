"""人 and 人次: heads are counted in 人, attendance in 人次."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.mentions import Mention
from taizhang.engines.checking.neighbours import Sentence
from taizhang.engines.checking.passages import line_start
from taizhang.engines.checking.types import Issue, Quantity

_STAFF = expression(
    r"专职|兼职|在职|在编|在岗|编制|编外|聘用|工作人员|讲解员|管理员|辅导员|信息员|特派员|联络员|常住人口|户籍人口|"
    r"专家库|人才库|志愿者队伍|注册志愿者|在册"
)
_MEMBERS = expression(
    r"校长|特派员|评委|评审专家|博士|硕士|研究生|院士|教授|职工|会员|理事|监事|委员|党员|教师|高级职称|中级职称|志愿者|人员|队员|专家"
)
_HAVE = expression(
    r"入驻|现有|共有|拥有|配备|聘请|聘任|聘|引进|招聘|招募|招录|吸纳|注册|登记|设有|配有|有|新增|发展|编制|招收|录用|仅有"
)
_BODY = expression(
    r"[\u4e00-\u9fff]{0,4}(?:组成|构成)|的[^，。；、0-9]{0,8}(?:宣讲团|专家团|服务团|讲师团|服务队|分队|队伍|团队|专班|小组)(?=[，。；、]|$)"
)
_GREW = r"(?:已|共|约|累计|，?眼下|增至|增加到|增到|达到|达|有|新增)*$"
_WRONG_MEASURE = (
    (
        expression(
            r"(?:发放|印发|编印|赠送|张贴|印制|捐赠|编写|派发|配送)[^，。；、0-9]{0,8}(?:资料|手册|折页|图书|海报|挂图|读物|明白纸|展板|宣传[单页册]|口袋书)$"
        ),
        frozenset({"人次", "人", "场次", "场", "元", "万元"}),
    ),
    (
        expression(
            r"(?:争取|落实|投入|安排|下达|到位|拨付)[^，。；、0-9]{0,16}(?:资金|经费|补助)$"
        ),
        frozenset({"份", "册", "本", "张", "篇", "户", "台", "人", "名", "人次", "场", "场次"}),
    ),
    (
        expression(r"(?:个人会员|学生会员|职称会员|讲解员|志愿者|科普员|辅导员|专家|教师)$"),
        frozenset({"家", "所", "座", "处", "份", "场", "场次", "件"}),
    ),
    (expression(r"(?:发电量?|用电量?|耗电量?|发电|用电)$"), frozenset({"千瓦", "kW", "万千瓦"})),
    (
        expression(
            r"(?:举办|开展|组织|召开)[^，。；、0-9]{0,10}(?:讲座|展览|竞赛|比赛|报告会|座谈会|培训班|论坛|沙龙|研讨会)$"
        ),
        frozenset({"人次", "人", "份", "名"}),
    ),
    (
        expression(
            r"(?:培训|接待|服务|惠及|受益|参与|覆盖|出动)(?:科技)?(?:农民|群众|观众|学生|公众|师生|居民|学员|志愿者|青少年|老年人|游客)$"
        ),
        frozenset({"场次", "场", "份", "期"}),
    ),
    (
        expression(r"(?:办起?|举办|开办|开设|举行)[^，。；0-9]{0,10}(?:培训班|讲座|报告会|论坛)$"),
        frozenset({"名", "位", "台", "套", "本", "册", "件", "户"}),
    ),
    (
        expression(rf"(?:读物|图书|手册|折页|海报|挂图|教材){_GREW}"),
        frozenset({"台", "人", "名", "位", "场", "场次", "天", "户"}),
    ),
    (
        expression(rf"(?:宣传栏|画廊|展板|显微镜|电脑|展品){_GREW}"),
        frozenset({"人", "名", "位", "人次", "场", "场次", "篇", "天"}),
    ),
)
_PEOPLE_BEHIND = expression(
    r"(?:专家|教师|志愿者|讲解员|辅导员|科技工作者|学员|医生)(?:组成|来自|参加|[，。；、])"
)
_NEVER_PEOPLE = frozenset(
    {"场", "场次", "台", "套", "份", "本", "册", "件", "篇", "期", "块", "座"}
)
"""19场专家组成服务团: what no people are counted in."""
_MEASURES = frozenset().union(*(wrong for _named, wrong in _WRONG_MEASURE))
_MANY = 1000
_PEOPLE = frozenset({"人", "名", "位", "人次"})
_ADDED = expression("共|合计|总|相加|加起来|加在一起|合起来|并作|合并")
_DIVIDED = expression("分解|分别|分开")
_MOST = 8
_GROUPS = dict.fromkeys(("人", "人次", "户", "场", "次"), "people") | dict.fromkeys(
    ("亩", "公顷", "平方米"), "area"
)
_GROUPS |= {"支": "companies", "批": "companies", "天": "people"}
_EVENTS = frozenset({"天", "场", "场次", "次"})
"""巡展58场 and 58天的巡展量: days and events are taken for each other, and for nothing else."""
_COMPANIES = frozenset({"支", "批", "人", "人次"})
"""58支队伍 and 58人参赛队, 126批 and 126人次 of groups that came."""
_LEAST, _SURE, _WORDS, _NO_CHANCE = 20, 2, 3, 4
"""The least number compared; with more digits one pair of characters will do, else so many.

With four digits people told as known (3184名学员) are those who came, whatever they are called."""
_PHYSICAL = frozenset({"area", "length", "weight", "volume"})
_COUNTS = frozenset({"person_times", "people", "events"})
_REACHES = r"(?:达到|达|为|共计|共|约|近|超过|有|累计|总计)*$"
_MEASURED = expression(
    "面积|占地|[行里]程|[全总]长|[长宽高]度|距离|时长|时数|[重容]量|[总净]重|容积|库容|经费|资金|金额|投资额|[击读放览]量|[率比例]|论文|文章|稿件|视频"
)
_WRONG_DIMENSION = (
    (expression(rf"(?:面积|占地){_REACHES}"), _PHYSICAL - {"area"}),
    (
        expression(rf"(?:行程|里程|全长|总长|长度|宽度|高度|距离){_REACHES}"),
        (_PHYSICAL | _COUNTS) - {"length"},
    ),
    (expression(rf"(?:时长|总时数){_REACHES}"), _PHYSICAL | _COUNTS),
    (expression(rf"(?:重量|总重|净重){_REACHES}"), _PHYSICAL - {"weight"}),
    (expression(rf"(?:容量|容积|库容){_REACHES}"), frozenset({"area", "length"})),
    (expression(rf"(?:经费|资金|投资额|金额){_REACHES}"), _PHYSICAL | {"person_times", "events"}),
    (expression(r"(?:率|占比|比例)(?:达到|达|为|约)*$"), frozenset({"points"})),
    (expression(rf"(?:点击量|阅读量|播放量|浏览量){_REACHES}"), _PHYSICAL | {"money"}),
    (
        expression(rf"(?:发表|撰写|录用|收到)[^，。；、0-9]{{0,6}}(?:论文|文章|稿件){_REACHES}"),
        _PHYSICAL | _COUNTS,
    ),
    (
        expression(rf"(?:制作|拍摄|录制)[^，。；、0-9]{{0,6}}视频{_REACHES}"),
        _PHYSICAL | {"people", "person_times"},
    ),
)
"""The end of what is counted, and the dimensions it cannot be counted in."""
_TAKES_PART = expression(
    r"培训|参加|参与|服务|邀请|组织|出动|接待|受益|慰问|走访|听|学习|观看|谈话|调训|开展|轮训|参训|选派|派出|参观|"
    r"覆盖|惠及|宣讲|授课|讲座|活动|咨询|诊疗|义诊|研讨|调研|考察|交流|外出|提醒|约谈|表彰|奖励|推荐|评选|举荐|参会|出席|到会|列席|投入|"
    r"指导|教育|疗养|体检|帮扶|动员|发动|联系|接诊|签到|考核|检查|获奖|荣获|获得|输送|累计|借阅|访问|到访|来访|出差|资助|下派|下沉"
)
_TITLE = expression(r"(?:咨询|指导|培训|服务|讲座|活动|宣讲|教育|交流|研讨|听)(?=[师员队团站])")
_ON_STRENGTH = expression(
    r"(?:现有|现共有|拥有|共有|配备|配有|设有|在册|在岗|聘请|聘任)[^，。；、0-9]{0,10}(?:[师员家长者工士手]|骨干|人才|顾问|干部)(?:共|共有)?$"
    r"|(?:班子|理事会|领导小组|委员会|专班)成员(?:共|共有)?$"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``unit_mix.heads`` for staff counted in 人次, ``unit_mix.both`` for one number in both.

    ``unit_mix.measure`` for a measure word that does not go with the noun before it (讲座45人次);
    ``unit_mix.sum`` and ``unit_mix.parts``: heads and attendance added up.
    """
    for sentence in context.sentences:
        if sentence.is_row:
            continue
        heads: set[int] = set()
        for number, one in enumerate(sentence.quantities):
            if one.unit == "人次" and _is_heads(sentence, number):
                heads.add(number)
                params = {"text": one.text, "subject": one.subject, "right": "人"}
                yield Issue("unit_mix", "unit_mix.heads", "warning", (one.span,), params)
            elif (
                _is_wrong_dimension(one, sentence.before[number])
                or _is_wrong_measure(one.unit, sentence.before[number])
                or (one.unit in _NEVER_PEOPLE and _PEOPLE_BEHIND.match(context.plain, one.end))
            ):
                params = {"text": one.text}
                yield Issue("unit_mix", "unit_mix.measure", "warning", (one.span,), params)
        yield from _parts(sentence, heads)
    yield from _sums(context)
    yield from _both(context)


def _is_wrong_measure(unit: str, words: str) -> bool:
    """举办讲座45人次, 发放资料300场: the noun right before is counted otherwise."""
    if unit not in _MEASURES:
        return False
    return any(unit in wrong and named.search(words) for named, wrong in _WRONG_MEASURE)


def _is_heads(sentence: Sentence, number: int) -> bool:
    """Whether the words just before, or just behind, name people that one has, not people that come."""
    clause = re.split(r"[，。；：、]", sentence.before[number])[-1]
    if _BODY.match(sentence.behind(number)):
        return True
    # The verb of a list stands before its first member: 配备讲解员12人次、保安8人次.
    if not clause.strip() or _TAKES_PART.search(_TITLE.sub("", clause)):
        return False
    if _ON_STRENGTH.search(clause):
        return True
    behind = re.split(r"[，。；：、]", sentence.behind(number))[0][:8]
    head = _STAFF.search(clause)
    if head is not None:
        return len(clause) - head.end() <= 6
    have = _HAVE.search(clause)
    if have is None:
        return False
    head = _MEMBERS.search(clause, have.end())
    return bool(head and len(clause) - head.end() <= 3) or bool(
        _STAFF.match(behind) or _MEMBERS.match(behind)
    )


def _is_wrong_dimension(one: Quantity, before: str) -> bool:
    """面积6800米: what is counted has no such dimension."""
    if one.value is None or one.dimension in ("items", "other") or one.unit == "%":
        return False
    near = before[-14:]
    if not _MEASURED.search(near):
        return False
    dimension = "points" if one.unit == "百分点" else one.dimension
    return any(dimension in wrong and named.search(near) for named, wrong in _WRONG_DIMENSION)


def _sums(context: Context) -> Iterator[Issue]:
    """线下300人、线上2万人次，共20300人次: heads and attendance of one line added up, before the total or behind it."""
    lines: dict[int, list[Quantity]] = defaultdict(list)
    for one in context.quantities:
        if one.unit in _PEOPLE and one.value:
            lines[line_start(context.plain, one.start)].append(one)
    for people in lines.values():
        for at, whole in enumerate(people):
            for many in (2, 3):
                for parts in (people[max(0, at - many) : at], people[at + 1 : at + 1 + many]):
                    if len(parts) == many and _adds_up(context, whole, parts):
                        spans = tuple(each.span for each in sorted((whole, *parts)))
                        params = {"parts": [part.text for part in parts], "text": whole.text}
                        yield Issue("unit_mix", "unit_mix.sum", "warning", spans, params)


def _adds_up(context: Context, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """Whether heads and attendance together make the whole exactly, and the words say that they do."""
    mixed = len({part.unit == "人次" for part in parts}) > 1
    if not mixed or sum(map(amount, parts)) != amount(whole):
        return False
    before = parts[-1].end < whole.start
    start, end = (parts[-1].end, whole.start) if before else (whole.end, parts[0].start)
    return (_ADDED if before else _DIVIDED).search(context.plain, start, end) is not None


def _parts(sentence: Sentence, heads: Collection[int]) -> Iterator[Issue]:
    """培训3600人次，其中农民2000人、教师1600人: the parts make the whole, so they are its kind."""
    quantities = sentence.quantities
    for number in range(len(quantities) - 2):
        whole, parts = quantities[number], quantities[number + 1 : number + 3]
        if (
            number in heads
            or "其中" not in sentence.before[number + 1]
            or any(q.value is None for q in (whole, *parts))
        ):
            continue
        kinds = {part.unit == "人次" for part in parts}
        people = all(each.unit in ("人", "名", "人次") for each in (whole, *parts))
        mixed = kinds != {whole.unit == "人次"}
        if people and mixed and amount(parts[0]) + amount(parts[1]) == amount(whole):
            spans = tuple(each.span for each in (whole, *parts))
            params = {"text": whole.text, "parts": [part.text for part in parts]}
            yield Issue("unit_mix", "unit_mix.parts", "warning", spans, params)


def _both(context: Context) -> Iterator[Issue]:
    """One number of one thing with two measures: 4960人次 and 4960名 farmers, 426户 and 426人."""
    told: dict[object, list[Mention]] = defaultdict(list)
    for each in context.mentions:
        one = each.quantity
        if _kind(one) and one.value is not None and one.value >= _LEAST:
            told[one.value].append(each)
    for mentions in told.values():
        if len(mentions) > _MOST:
            continue
        for at, first in enumerate(mentions):
            second = next((other for other in mentions[at + 1 :] if _is_one(first, other)), None)
            if second is not None:
                one, other = first.quantity, second.quantity
                params = {"text": one.text, "other": other.text, "subject": one.subject}
                yield Issue("unit_mix", "unit_mix.both", "warning", (one.span, other.span), params)


def _kind(one: Quantity) -> str:
    """What may be taken for another of its group: people, those who come, households, events; areas."""
    unit = "人" if one.unit in ("名", "位") else one.unit
    return unit if unit in _GROUPS else ""


def _is_one(first: Mention, second: Mention) -> bool:
    """Whether two equal numbers of different measure are told in the same words.

    The more digits they share, the fewer words it takes.
    """
    one, other = first.quantity, second.quantity
    kinds = {_kind(one), _kind(other)}
    if len(kinds) < 2 or (len({_GROUPS[kind] for kind in kinds}) > 1 and not kinds <= _COMPANIES):
        return False
    if "天" in kinds and not kinds <= _EVENTS:
        return False
    if first.sentence.start == second.sentence.start:
        # 到课54人次，当场考核，54名学员全部及格: told again at once as known.
        return kinds == {"人", "人次"} and _kind(other) == "人" and second.definite
    if first.sentence.is_row or second.sentence.is_row:
        return False
    digits = len(Decimal(one.value or 0).normalize().as_tuple().digits)
    if digits <= _SURE and first.planned != second.planned:
        return False
    for name in ("time", "level"):
        here, there = first.near_marks[name], second.near_marks[name]
        if here != there and (digits <= _SURE or (here and there)):
            return False
    common = first.near & second.near | first.near & second.topic | first.topic & second.near
    shared = sum(len(pair) > 1 for pair in common)
    alike = bool(common) and first.near == second.near
    fewer = kinds == {"户", "人"} or "公顷" in kinds or second.of_them
    heads = kinds == {"人", "人次"} and _kind(other) == "人"
    again = heads and second.definite and digits == _SURE
    needed = 1 if digits > _SURE or "天" in kinds or again else _WORDS - fewer
    known = heads and bool(second.noun) and digits >= _NO_CHANCE - second.definite
    # 到场的3.6万人中: who speaks of some of so many means those who came.
    many = heads and second.of_them and one.value is not None and one.value >= _MANY
    return alike or shared >= needed or known or many

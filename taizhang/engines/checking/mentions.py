"""What a number is told of, in the words of its place, so that two places can be held together.

One thing is named in many ways (受训426人, 462名受过培训的人员), so names are not compared as words but
as pairs of neighbouring characters: those right before and right behind the number, and those of the
topic, which stands earlier in the sentence. What narrows a mention down – another time, a level, a
kind of people, an occasion – is kept apart as its marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.bigrams import pairs_of
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.passages import line_start
from taizhang.engines.checking.planning import is_meant
from taizhang.engines.checking.subjects import VERBS
from taizhang.engines.checking.types import Quantity

if TYPE_CHECKING:
    from taizhang.engines.checking.context import Context

_SIGN = expression(r"[，。；：:、（）()\n\t《》！？]")
_IN_ORDER = expression(r"^[一二三四五六七八九十]是")
_QUOTES = str.maketrans("", "", "“”")
_NEAR, _TOPIC, _BEHIND, _CLAUSE = 8, 40, 24, 160
_NAME = 12
_TITLE = 60
_PREDICATE = expression(
    r"全部|[均都已被由以在正仍虽中里为是有与和按经获达总未无至到共同每走]|分布|进行|实现|完成|参加|参与|开展|没有|"
    r"个别|来自|建成|作为|利用|深入|成为|立项|取得|通过|大部分|因"
)
"""Where the noun behind a number ends, and what is said of it begins."""
_ATTRIBUTE = expression(
    r"^(?:[已新][\u4e00-\u9fff]{1,4}|(?:参加|参与|经过|受过|来自|接受|涉及|注册|入选|获得)[^的，。]{0,8})的(?=[^，。；]{2})"
)
_WHOSE = expression(
    r"全[省市县区旗州盟国年镇乡校馆会体]|我[省市县区旗会馆]|本[省市县区旗会馆年]|今年|年度|年内|目前|学会|协会|科协|支部|机关|项目|[县市区省]|“|”"
)
_VERB = expression(rf"{VERBS}|有|是|达|参训|约|近|超|余")
_OWNER = 3
"""The name of whose it is, in so many characters: 农函大753名学员."""
_DEFINITE = expression(r"(?:[的这对将把向为]|所属|全部|依托)$")
_REST = expression(r"(?:余下|其余|剩余|剩下|其他|另外)的?$")
_THIS = expression(r"[这该]|为期$|历时$|会期$")
_OF_THEM = expression(
    r"的?[\u4e00-\u9fff]{0,9}?(?:当中|之中|里|(?<![集其途])中)(?:$|[有的经仅只使能活])"
)
"""现有76名编委中经常参与审稿的: who speaks of some of them knows them all."""
_KNOWN = expression(
    r"(?:指出|反馈|发现|拟定|制定|确定|认定|命名|新建|建成|建立|成立|现有|已有|[一二三四]季度|[上下]半年)的?$|^(?:这|过去一年)"
)
_UPON = expression(r"[^，。；]{0,8}的基础上")
_ELSEWHEN = expression(r"此前|去年|上年|前年|往年|上届|上一轮|(?<!截至)(?:19|20)[0-9]{2}年(?!以来)")
_COMPARED = expression(
    r"(?:[比较]|同?与|由|从)[^，。；]{0,24}(?:%|百分点|倍|[0-9][^，。；0-9]{1,3})[，、]"
)
"""比2023年的1550万元增长20%，占销售收入3.1亿元: what was compared says nothing of the next number."""
_TOTAL = expression(r"^(?:合计|总计|共计|全[年市县区省旗]|总)+")
_MONTH = expression(r"^[0-9]{1,2}月[底末]?|[0-9]{1,2}月[底末]?$")
_AIMS = expression(
    "(?:达到|突破|增至|增加到|发展到|冲刺|提高到|扩大到|再|力争|争取|不少于|完成|新增|新建)[^，。；]{0,6}$"
)
_PARTS = ("其中", "其余", "另有", "还有")
_MEANT = expression(r"目标|计划|任务|预期|预算|概算|估算")
_LABEL = expression(
    r"[ \u3000]*(?:（[一二三四五六七八九十0-9]{1,2}）|[0-9]{1,2}[.．、])?(?P<label>[\u4e00-\u9fff]{2,10})："
)
_CIRCLE = expression(r"全(?:([省市县区旗州盟])|(国)(?!科|学|平|第|优|先|文|性|农))")
_EVERY = expression(r"全[省市县区旗州盟国镇乡](?:现有|共有|所有|的)?$")
_NARROWS = {
    "time": expression(
        r"去年|上年|往年|前年|同期|年初|此前|原有|[上下]半年|季度|[0-9]{1,2}月|历年|历届|以来|暑期|暑假|寒假|春节|当[天日月]|首[日批]|"
        r"期间|(?:19|20)[0-9]{2}年|[三五]年|届"
    ),
    "level": expression(r"国家级|[省市县区镇乡村]级|全国"),
    "kind": expression(
        r"专职|兼职|在编|[女男]|青年|学生|教师|党员|团体|个人|单位|高级|中级|正高|常务|骨干|退休|企业|农村|城区|社区|学校|少数民族|"
        r"贫困|农民|居民|未成年|老年|儿童"
    ),
}
_ACTS = expression(
    r"参加|参与|参训|参赛|出动|上岗|培训|轮训|选派|派出|服务|走访|联系|慰问|聘请|邀请|到岗"
)
_EVENT = expression(
    r"科普日|科技周|活动周|活动月|宣传[周月]|工作者日|三下乡|[\u4e00-\u9fff]{2}(?:大赛|竞赛)|夏令营|冬令营|科技节|文化节|年会|论坛|大讲堂"
)
_COVERS = expression(
    r"全年|今年|年内|一年来|本年度|现有|目前|共有|总数|总量|全[省市县区旗州盟国校馆]|各类|各种|系列|总计|累计|合计|共计|共(?!同)"
)


class Mention:
    """One number and the words of its place, each read when it is first asked for.

    ``near`` and ``topic``: pairs of characters right around the number, and earlier in its sentence.
    """

    row_part = False
    """Whether it is a cell of one thing of several, and not of all."""

    def __init__(self, context: Context, sentence: Sentence, number: int) -> None:
        self.context, self.sentence, self.number = context, sentence, number
        self.quantity = one = sentence.quantities[number]
        begin = max(sentence.start, one.start - _CLAUSE)
        self.clause = context.plain[begin : one.start].rpartition("；")[2]
        left = _left(sentence, number)
        self.left = left.replace(f"{context.year}年", "") if "年" in left else left
        self.behind = _behind(context, sentence, number)
        self.noun = _noun(self.behind)
        before = self.clause[: len(self.clause) - min(len(self.left), _NEAR)]
        called = context.called
        self.near = pairs_of(called(self.left[-_NEAR:])) | pairs_of(called(self.noun))
        if done := _ATTRIBUTE.match(self.behind):
            self.near |= pairs_of(called(done[0]))
        self.topic = pairs_of(called(before[-_TOPIC:]))

    @cached_property
    def near_marks(self) -> Mapping[str, frozenset[str]]:
        """What narrows it down by time, level, kind and so on, in the words right around it."""
        return self._marks(f"{self.left}|{self.noun}")

    @cached_property
    def marks(self) -> Mapping[str, frozenset[str]]:
        """The same in the whole clause before it."""
        return self._marks(self.clause)

    @cached_property
    def circle(self) -> str:
        """The circle it is told of where that is not the report's own: 全省, 全国."""
        title = self.context.plain[:_TITLE].split("\n")[0]
        found = _CIRCLE.search(self.left)
        return found[0][1] if found and found[0][1] not in title else ""

    @cached_property
    def every(self) -> bool:
        """Whether it is all of them: 全县16个乡镇."""
        return _EVERY.search(self.left) is not None

    @cached_property
    def of_them(self) -> bool:
        """Whether some of them are spoken of next: 76名编委中."""
        return _OF_THEM.match(self.behind) is not None

    @cached_property
    def definite(self) -> bool:
        """Whether it is spoken of as known: 这12个村."""
        return _is_definite(self.left, self.behind, self.noun) and not self.context.plain.endswith(
            ("（", "("), 0, self.quantity.start
        )

    @cached_property
    def elsewhen(self) -> bool:
        """Whether its clause speaks of another year."""
        return is_of_another_year(self.context, self.clause)

    @cached_property
    def planned(self) -> bool:
        """Whether it is meant to be."""
        if _KNOWN.search(self.left) or self.of_them or _UPON.match(self.behind):
            return False
        meant = _MEANT.search(self.left) is not None
        return meant or is_meant(self.context, self.quantity, self.clause)

    @cached_property
    def only_planned(self) -> bool:
        """Whether it is meant to be, and not what one builds upon: 在已签订单的17家之外再谈成3家."""
        return self.planned and not self.definite

    @cached_property
    def aims(self) -> bool:
        """Whether it is what a plan wants to come to: 公众号图文达到450篇."""
        return self.only_planned and _AIMS.search(self.left) is not None

    @cached_property
    def among(self) -> bool:
        """Whether it is told as a part: 其中28名."""
        return self.left.startswith(_PARTS)

    @cached_property
    def covers(self) -> bool:
        """Whether it is of all there is, as the words say or the opening of a report does."""
        return bool(
            _COVERS.search(self.clause)
            or f"{self.context.year}年" in self.clause
            or self.opening
            or self.of_them
        )

    @cached_property
    def acts(self) -> bool:
        """Whether it is of people by what they did (参训426人), not by what they are."""
        people = self.quantity.dimension == "people"
        return people and _ACTS.search(f"{self.left}|{self.noun}") is not None

    @cached_property
    def listed(self) -> bool:
        """Whether it is one of a list: 一等奖3项、二等奖5项."""
        ones, before, at = self.sentence.quantities, self.sentence.before, self.number
        return any(
            before[later].startswith("、") and measure(ones[later - 1]) == measure(ones[later])
            for later in (at, at + 1)
            if 0 < later < len(ones)
        )

    @cached_property
    def events(self) -> frozenset[str]:
        """The occasions that its clause names: 科普日, 创新大赛."""
        return frozenset(_EVENT.findall(self.clause))

    @cached_property
    def opening(self) -> bool:
        """Whether it stands before the first part of the report."""
        return self.quantity.start < self.context.sections.first_top

    def _marks(self, words: str) -> Mapping[str, frozenset[str]]:
        return _marks(words.replace(f"{self.context.year}年", ""))


class Cell(Mention):
    """A cell is read by its row and its column: that of a total, or of one thing by its name, tells what the text knows too."""

    def __init__(self, context: Context, sentence: Sentence, number: int) -> None:
        self.context, self.sentence, self.number = context, sentence, number
        self.quantity = sentence.quantities[number]
        name = _TOTAL.sub("", self.quantity.subject)
        if context.year is not None:
            name = _MONTH.sub("", name.replace(f"{context.year}年", ""))
        self.clause = self.left = name
        self.behind = self.noun = ""
        self.near, self.topic = pairs_of(context.called(name)), frozenset()
        self.definite = len(name) > 1
        self.every = self.elsewhen = self.opening = self.of_them = False
        self.covers, self.acts, self.listed, self.among = True, False, False, False
        self.circle = ""
        self.events = frozenset()
        self.row_part = _TOTAL.match(self.quantity.subject) is None
        self.planned = _MEANT.search(name) is not None


def mention(context: Context, sentence: Sentence, number: int) -> Mention:
    """Read the place of one quantity of a sentence."""
    return (Cell if sentence.is_row else Mention)(context, sentence, number)


def is_of_another_year(context: Context, clause: str) -> bool:
    """Whether the words before a number, from the last ；, speak of another year than the report's."""
    words = clause.replace(f"{context.year}年", "").rpartition("今年")[2]
    words = _COMPARED.sub("", words)
    return _ELSEWHEN.search(words) is not None


def are_of_two_lines(context: Context, first: Sentence, second: Sentence) -> bool:
    """Whether lines of one making tell of two things: 桃产业：…; 莲藕产业：…."""
    labels = [_line_label(context, each.start) for each in (first, second)]
    return all(labels) and labels[0] != labels[1]


def _line_label(context: Context, place: int) -> str:
    match = _LABEL.match(context.plain, line_start(context.plain, place + 1))
    return match["label"] if match else ""


def is_explained(told: Mention, other: Quantity) -> bool:
    """Whether the sentence of a mention tells the other number too, or right beside it what lies between them.

    Behind 76名编委中 stand some of the 76, and not what others are more.
    """
    one = told.quantity
    gap = abs(amount(one) - amount(other))
    ones = told.sentence.quantities
    at = ones.index(one)
    for number, each in enumerate(ones):
        if number == at or measure(each) != measure(one):
            continue
        if amount(each) == amount(other):
            return True
        beside = abs(number - at) == 1 and not (told.of_them and number > at)
        if amount(each) == gap and beside:
            return True
    return False


def _is_definite(left: str, behind: str, noun: str) -> bool:
    """Whether the words speak of what is known: 对13名讲解员, 支部24名党员, 268天的开放时间, 支出的116万元."""
    if _OF_THEM.match(behind):
        return True
    if len(noun) < 2:
        return left.endswith("的") and len(left) > 2
    if _REST.search(left):
        return False
    if not left or _DEFINITE.search(left) or _UPON.match(behind):
        return True
    if behind.startswith("的") and _THIS.match(left):
        return True
    whose = _WHOSE.sub("", left)
    return (len(whose) <= _OWNER or behind.startswith("的")) and not _VERB.search(whose)


def _left(sentence: Sentence, number: int) -> str:
    """The words before a number, from the last sign or number."""
    left = _SIGN.split(sentence.before[number][-_TOPIC:])[-1].translate(_QUOTES)
    return _IN_ORDER.sub("", left)


def _behind(context: Context, sentence: Sentence, number: int) -> str:
    """The words behind a number, up to the next sign or number."""
    one = sentence.quantities[number]
    last = number + 1 == len(sentence.quantities)
    end = sentence.end if last else sentence.quantities[number + 1].start
    return _SIGN.split(context.plain[one.end : min(end, one.end + _BEHIND)])[0].translate(_QUOTES)


@lru_cache(maxsize=8192)
def _noun(behind: str) -> str:
    # 136个已建成的科普e站中: what was done to them stands before their name.
    words = _ATTRIBUTE.sub("", behind.lstrip("的"))
    cut = _PREDICATE.search(words, 2 if words.startswith("参与") else 1)
    return words[: cut.start()] if cut else words[:_NAME]


@lru_cache(maxsize=8192)
def _marks(words: str) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(pattern.findall(words)) for name, pattern in _NARROWS.items()}

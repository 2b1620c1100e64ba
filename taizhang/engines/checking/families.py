"""Names of the parts of one whole: 男 and 女, 国家级 and 省级, 一等奖 and 二等奖, 种植类 and 养殖类.

Numbers under the names of one family do not overlap, so they may be added up; where the family is
complete (男 and 女, the four quarters) nothing is left out either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from taizhang.engines.checking.expressions import expression


class Family(NamedTuple):
    """What a list of names has in common; ``complete``: together they are all there is."""

    name: str
    complete: bool


_COMPLETE_WORDS: dict[str, tuple[str, ...]] = {
    "sex": ("男", "女"),
    "line": ("线上", "线下"),
    "half": ("上半年", "下半年"),
    "quarter": ("一季度", "二季度", "三季度", "四季度"),
    "season": ("春季", "夏季", "秋季", "冬季"),
    "post": ("专职", "兼职|志愿"),
    "face": ("党员", "团员", "群众"),
    "party": ("正式党员|正式", "预备党员|预备"),
    "adopted": ("(?<!未)(?<!不)(?<!不予)采纳", "留作参考|参考", "未采纳|不予采纳"),
    "passed": ("(?<!不)合格|(?<!未)通过|入围|入选", "不合格|未通过|淘汰|落选"),
    "main": ("重点", "一般|普通|面上"),
    "crowd": ("团体|集体", "散客|个人|个体|零散"),
    "valid": ("有效", "无效"),
    "kept": ("保留|续认", "摘牌|撤销|取消"),
    "working": ("正常|完好|良好", "正在维修|维修中|待修", "故障|损坏|停用|报废"),
    "done": (
        "(?<!未)(?<!基本)(?<!阶段性)(?<!部分)(?<!正在)(?:完成|验收|结题|办结|整改|解决|落实|销号|答复|采用|办理|到位)",
        "基本完成|阶段性完成|部分完成|基本到位|基本整改",
        "未|在研|在建|正在|推进|持续|剩余|余下|其余|还有|尚",
    ),
    "hurry": ("立即整改|立行立改|立整立改", "限期整改|长期整改|持续整改|分阶段整改"),
    "place": ("城镇|城市|城区", "农村|乡村|乡镇"),
    "work": ("在职|在岗", "离退休|退休|离岗"),
    "term": ("常设", "临时|短期"),
}
_OPEN_WORDS: dict[str, str] = {
    "level": r"(?:世界|国际|国家|省部|省|市|县|区|旗|镇|乡|村|校|州|盟|厅|院)级",
    "prize": r"特等奖|[一二三四]等奖|优秀奖|优胜奖|鼓励奖|入围奖|[金银铜]奖|[金银铜]牌",
    "school": r"幼儿园?|小学|初中|高中|中职|高职|职高|大学|高校",
    "member": r"(?:个人|单位|团体|学生|普通|高级|资深|荣誉)会员",
    "staff": r"在编|聘用|编外|外聘|劳务派遣|合同制",
    "office": r"副(?:会长|理事长|主席|秘书长)|(?<!副)(?:会长|理事长|主席|秘书长)|(?<!常务)理事(?!长)|常务理事",
    "money": r"中央|省级?(?=财政|资金|拨|投|补)|市级?(?=财政|资金|拨|投|补)|县级?(?=财政|资金|拨|投|补)"
    r"|财政|地方|自筹|配套|社会|捐赠|会费|服务收入|其他收入|企业",
    "floor": r"[一二三四五六负]层|[一二三四五六]楼|地下",
    "content": r"非常满意|比较满意|很满意|基本满意|(?<!不)(?<!非常)(?<!比较)(?<!基本)满意|不满意|一般|不太满意",
    "degree": r"博士|硕士|研究生|本科|大专|专科|中专|高中|初中",
    "age": r"儿童|未成年人|青少年|成年人|中青年|中年|老年|老人|[0-9]+[-—至][0-9]+岁",
    "title": r"正高|副高|高级(?!会员)|中级|初级",
    "state": r"优秀|良好|合格|基本合格|不合格",
}
_COMPLETE = {
    name: tuple(expression(word) for word in words) for name, words in _COMPLETE_WORDS.items()
}
_OPEN = {name: expression(words) for name, words in _OPEN_WORDS.items()}
_ANY = expression(
    "|".join(
        (*(word for words in _COMPLETE_WORDS.values() for word in words), *_OPEN_WORDS.values())
    )
)
_SUFFIXED = expression(r"[\u4e00-\u9fff]{1,6}?([类县区镇乡市型队校部])(?![\u4e00-\u9fff]*[、，])")
_NOT_ONLY = expression(r"以上|(?<!及)以下|及其|累计|同比|其余|含|不低于|占比")
_AGE = expression(r"[0-9]{2}周?岁(?:及)?(?:以[上下])|[0-9]{2}(?:周?岁)?[-—–~～至到][0-9]{2}周?岁")
_LONGEST = 14


def family_of(labels: Sequence[str]) -> Family | None:
    """The family that all the names belong to, each another member; None when there is none."""
    if len(labels) > 1 and all("岁" in label for label in labels):
        return _of_ages(labels)
    if len(labels) < 2 or any(len(label) > _LONGEST or _NOT_ONLY.search(label) for label in labels):
        return None
    members = [_members(label) for label in labels]
    for name in members[0]:
        found = {each[name] for each in members if name in each}
        if len(found) == len(labels):
            return Family(name, _is_complete(name, found))
    return _of_one_ending(labels) or _of_one_noun(labels)


def _of_ages(labels: Sequence[str]) -> Family | None:
    """35岁以下、36至50岁、51岁以上: nobody is of two of them, and nobody of none."""
    under = sum("以下" in label for label in labels)
    above = sum("以上" in label for label in labels)
    if under > 1 or above > 1 or any(not _AGE.search(label) for label in labels):
        return None
    return Family("ages", complete=bool(under and above))


def _is_complete(name: str, found: set[str]) -> bool:
    """完成 and 未完成 are all there is, with 基本完成 between them or without."""
    members = _COMPLETE.get(name)
    if members is None:
        return False
    ends = {members[0].pattern, members[-1].pattern} <= found
    return ends and (name not in ("quarter", "season") or len(found) == len(members))


@lru_cache(maxsize=4096)
def _members(label: str) -> Mapping[str, str]:
    """The families that a name belongs to, the surest first, each with the member it is."""
    found: dict[str, str] = {}
    if not _ANY.search(label):
        return found
    for name, members in _COMPLETE.items():
        told = [each.pattern for each in members if each.search(label)]
        if len(told) == 1:
            found[name] = told[0]
    for name, pattern in _OPEN.items():
        if match := pattern.search(label):
            found[name] = match[0]
    return found


def _of_one_ending(labels: Sequence[str]) -> Family | None:
    """种植类、养殖类、加工类; 甲县、乙县、丙县."""
    endings = set()
    for label in labels:
        match = _SUFFIXED.match(label)
        if match is None:
            return None
        endings.add(match[1])
    return Family("ending", complete=False) if len(endings) == 1 and len(set(labels)) > 1 else None


def _of_one_noun(labels: Sequence[str]) -> Family | None:
    """科普活动支出、学术交流支出、人员经费支出: three names and more of one noun."""
    if len(labels) < 3 or len({label[-2:] for label in labels}) > 1:
        return None
    return Family("noun", complete=False) if all(len(label) > 3 for label in labels) else None

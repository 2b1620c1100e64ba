"""Whether parts make the whole they are told of, as the words of their list have it.

Parts may overlap or leave something out; they are held against the whole when they read as a complete
list that misses it by a little, or when one of them is more than the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import amount, fits, mismatch
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.families import Family, family_of
from taizhang.engines.checking.subjects import VERBS
from taizhang.engines.checking.types import Issue, Quantity

_INCOMPLETE = expression(
    r"年内(?:完成|到位)|完成投资|其余(?![0-9])|其他为|等[。，；）]|另有|主要|重点(?![\u4e00-\u9fff]{0,3}[0-9])|同时|交叉(?!学科)|(?<![两二三四五六七])部分|有的|联合(?![社会])|兼[任有顾]|(?<!岁)(?<!岁及)以上|不含|此外(?!没有|无)|包含.{0,4}在内"
)
OVERLAPS = expression(
    r"[女男]|党员|民族|青年|职称|正高|副高|高级|中级|学历|本科|大专|硕士|博士|研究生|以上|以下|岁|骨干|退休|退役|残疾|"
    r"留学|海外|优秀|同时|涉及|世界|重点|代表"
)
_KINDS = {
    "男": "女", "正高": "职称", "副高": "职称", "高级": "职称", "中级": "职称", "本科": "学历",
    "大专": "学历", "硕士": "学历", "博士": "学历", "研究生": "学历",
}  # fmt: skip
_WON = expression(r"奖|评选|评出|获|荣誉|表彰")
_WIDE = expression(r"涉及|包括|包含|含")
_PLACES = expression(r"[县区乡镇村校馆]|街道|社区|学校|单位|企业")
_ONE_OF_A_LIST = expression(r"[0-9][\u4e00-\u9fff]{1,3}、[^，。；：、0-9]{1,10}$")
_LEADS = expression(
    r"^[。，：（；、\s]*(?:其中|分别为|分别是|分别|包括|包含|含|涉及|由|即|有(?!效))?[：，]?"
)
_REST = expression(r"剩余|剩下|余下|其余|还有|尚有|尚余|其他$")
_ASIDE = expression(r"(?<=[\u4e00-\u9fff])（[\u4e00-\u9fff、]{1,3}）(?=[\u4e00-\u9fff])")
_BY = expression(r".*按[\u4e00-\u9fff]{1,6}[分看]", re.DOTALL)
_PLANNED = expression("计划|目标|任务")
_FOOTPRINT = expression(r"占地[^，。；0-9]{0,4}$")
"""The ground that a building stands on is no part of its floors."""
_CLOSED = expression(r"(?:及|和|与)其他(?:人员|方面|类别?)?$|^其他(?:人员|方面|类别?|学科|行业)?$")
"""高级职称860名、中级职称1120名、初级及其他600名: with the others everything is told."""
_COMPOSED = expression(
    r"(?:这?[两二三四五六](?:个?部分|方面|块|项|类|笔)(?:资金|经费|收入|支出)?)?(?:组成|构成)"
)
_EVERYTHING = expression(r"：|，[即计](?!划)")
"""Behind these signs everything is told that makes the whole."""
_NEAR = Decimal("0.13")
_FAR = Decimal("0.35")
_SIGN = expression("[，、；]")
_DOES = expression(f"(?:现场|共|全年)?(?:{VERBS}|解答|咨询)")
_LABEL = 4
"""Of a part is told what it is; of another matter what was done, in more characters than this."""


def labels_of(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> list[str]:
    """The words before each part, without what only leads to it."""
    ends = (whole.end, *(part.end for part in parts))
    words = (plain[end : part.start] for end, part in zip(ends, parts, strict=False))
    # 县（区）级 is 县级: what stands in brackets within a label is none of it.
    return [_LEADS.sub("", _ASIDE.sub("", _BY.sub("", each))) for each in words]


def is_composed(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """200万元，由中央资金120万元、自筹80万元组成: nothing is left out."""
    between = plain[whole.end : parts[0].start] if len(parts) > 1 else ""
    return (
        "由" in between
        and "。" not in between
        and _COMPOSED.match(plain, parts[-1].end) is not None
    )


def judge(
    plain: str, whole: Quantity, parts: Sequence[Quantity], *, announced: bool
) -> Iterator[Issue]:
    """Yield ``sum_mismatch.part``, ``.among`` or ``.rest``; ``announced``: 其中 or the like leads them."""
    value = amount(whole)
    larger = [p for p in parts if amount(p) > value and p.qualifier in ("exact", "over")]
    if larger and whole.qualifier == "exact":
        if not _is_part(plain, whole, larger[0], parts[0]):
            return
        params = {"whole": whole.text, "part": larger[0].text}
        spans = (whole.span, larger[0].span)
        yield Issue("sum_mismatch", "sum_mismatch.part", "error", spans, params)
        return
    exact = all(one.qualifier == "exact" for one in parts)
    if not exact or not value or len(parts) < 2:
        return
    if whole.qualifier != "exact":
        yield from _too_many(plain, whole, parts)
        return
    after = plain[parts[-1].end : parts[-1].end + 12].split("。")[0]
    if _INCOMPLETE.search(plain[whole.end : parts[-1].end] + after):
        return
    # The first few may be the list, and the rest something else.
    sums = [sum((amount(p) for p in parts[:k]), Decimal(0)) for k in range(2, len(parts) + 1)]
    if value in sums or fits(whole, sums[-1], parts):
        return
    family = family_of(labels_of(plain, whole, parts))
    if family is not None and family.name == "done" and _PLACES.match(plain, parts[-1].end):
        return  # 已完成6个，还有2个镇没有建站
    labels = labels_of(plain, whole, parts)
    if (is_composed(plain, whole, parts) or _CLOSED.search(labels[-1])) and abs(
        sums[-1] - value
    ) / value <= _NEAR:
        yield mismatch("sum_mismatch.among", whole, parts, sums[-1])
        return
    everything = _EVERYTHING.match(plain, whole.end) is not None
    if family is None and not everything and overlap(plain, whole, parts):
        return
    if family is None and not announced and abs(sums[-1] - value) / value > _NEAR:
        return
    if _is_wrong(plain, whole, parts, family, sums[-1]):
        rest = family is not None and family.name == "done"
        code = "sum_mismatch.rest" if rest else "sum_mismatch.among"
        yield mismatch(code, whole, parts, sums[-1])


def _too_many(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> Iterator[Issue]:
    """近200场，其中讲座120场、展览50场、竞赛40场: more than 近 or 余 can mean."""
    total = sum(map(amount, parts), Decimal(0))
    if whole.qualifier not in ("over", "nearly") or whole.high is None or len(parts) < 3:
        return
    most = Decimal(whole.high)
    if most < total <= most * (1 + _FAR) and not overlap(plain, whole, parts):
        yield mismatch("sum_mismatch.among", whole, parts, total)


def _is_part(plain: str, whole: Quantity, part: Quantity, first: Quantity) -> bool:
    """Whether a larger number can only be meant as a part, and not as something else altogether.

    3项，涉及制度15项; 3家，其中学校5所; 12个科普馆，其中8个乡镇15个村: other things, no parts.
    """
    lead = plain[whole.end : first.start]
    if _ONE_OF_A_LIST.search(plain, max(0, whole.start - 20), whole.start):
        return False  # 一等奖1项、三等奖2项，其中国家级3项: of all that is listed
    if _FOOTPRINT.search(plain, whole.end, part.start) or _PLANNED.search(lead):
        return False
    if _WIDE.search(lead) and "其中" not in lead:
        return False
    own = _SIGN.split(plain[whole.end : part.start])[-1]
    if part is not first and len(own) > _LABEL and _DOES.search(own):
        return False  # 34个村，其中脱贫村17个，现场解答问题410个
    if whole.unit != part.unit and part.dimension not in ("people", "money"):
        return False
    if (place := _PLACES.match(plain, part.end)) is None:
        return True
    return place[0] in plain[whole.end : whole.end + 8].split("，")[0]


def _is_wrong(
    plain: str, whole: Quantity, parts: Sequence[Quantity], family: Family | None, total: Decimal
) -> bool:
    """Whether the parts miss the whole by so little, or so surely, that one of them is wrong."""
    value = amount(whole)
    distance = abs(total - value) / value
    if distance > _FAR:
        return False
    if family is not None and family.name == "prize" and total < value:
        # 推荐作品28件，获一等奖4件…: not everything that takes part wins.
        clause = re.split("[，。；\n]", plain[max(0, whole.start - 16) : whole.start])[-1]
        if not _WON.search(clause + plain[whole.end : whole.end + 6].split("，")[0]):
            return False
    if _REST.search(labels_of(plain, whole, parts)[-1]) or (family is not None and family.complete):
        return True
    # 办理建议、提案17件，其中建议9件、提案6件: what the whole is said to be is all told.
    named = re.split("[，。；\n]", plain[max(0, whole.start - 24) : whole.start])[-1]
    labels = labels_of(plain, whole, parts)
    if distance <= _NEAR and "、" in named and all(len(x) > 1 and x in named for x in labels):
        return True
    # 17个，包括专业委员会11个、工作委员会5个: kinds of one thing, and nothing is said of others.
    names = {label[-3:] for label in labels_of(plain, whole, parts)}
    if "包括" in plain[whole.end : parts[0].start] and len(names) == 1 and distance <= _NEAR:
        return True
    # Parts of their own cannot come to more than the whole.
    distributed = "分别" in plain[whole.end : parts[0].start]
    return total > value or distributed or (len(parts) >= 3 and distance <= _NEAR)


def overlap(plain: str, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """党员10名、女干部5名: parts by different qualities, of which one person may have several."""
    labels = labels_of(plain, whole, parts)
    if not labels[0] and all(len(label) > 2 and label[-1] in "，、" for label in labels[1:]):
        return True  # 63家，其中36家建立党组织，33家设有秘书处: what is said of them, and no kinds
    told = [OVERLAPS.findall(label) for label in labels]
    kinds = {frozenset(_KINDS.get(word, word) for word in words) for words in told}
    return len(kinds) > 1 or any("涉及" in kind for kind in kinds)

"""More came out than went in: 发放问卷500份，回收520份; 应到理事75人，实到78人; 报名320人，录取350人."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.neighbours import measure
from taizhang.engines.checking.types import Issue

_CLAUSE = r"[^，。；：、0-9]{0,10}$"
_STEPS = tuple(
    (expression(rf"(?:{first}){_CLAUSE}"), expression(rf"(?:{second}){_CLAUSE}"))
    for first, second in (
        (r"发放(?:调查)?问卷|发出(?:调查)?问卷|问卷", r"回收|收回|有效"),
        (r"报名|申请", r"录取|入围|入选"),
        (
            r"(?:收到|征集|收集)[^，。；：、0-9]{0,6}(?:论文|作品|征文|提案|建议|稿件)",
            r"录用|采用|入选|采纳|获奖",
        ),
        (r"应到|应参会|应出席|应参加", r"实到|实际到会|实际参会|出席|实参"),
        (r"受理|接到", r"办结|答复|回复"),
        (
            r"(?:排查|发现|查出|梳理|反馈|查摆|指出)[^，。；：、0-9]{0,8}(?:问题|隐患)",
            r"(?:完成整改|整改|销号|解决)(?!措施)",
        ),
        (r"申报", r"获批|立项|通过|入选"),
        (r"参加考试|参考", r"合格|通过"),
    )
)
_STEP_WORDS = expression(
    "问卷|报名|申请|收到|征集|收集|应[到参出]|受理|接到|问题|隐患|申报|考试|参考"
)
_MORE = expression(r"含|上年|去年|往年|历年|结转|累计|遗留|制定|措施|另有|其中")
_BETWEEN = 30


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.part`` where the second of two steps has more than the first left it."""
    plain = context.plain
    for sentence in context.counted:
        told = [one for one in sentence if one.dimension != "share"]
        for one, other in pairwise(told):
            if one.qualifier != "exact" or other.qualifier != "exact":
                continue
            if one.unit == other.unit and (other.value or 0) <= (one.value or 0):
                continue
            if measure(one) != measure(other) or amount(other) <= amount(one):
                continue
            words = plain[one.end : other.start]
            lead = plain[max(0, one.start - 24) : one.start]
            if len(words) > _BETWEEN or "；" in words or not _STEP_WORDS.search(lead):
                continue
            if _MORE.search(lead + words + plain[other.end : other.end + 14].split("。")[0]):
                continue
            if any(a.search(lead) and b.search(words) for a, b in _STEPS):
                params = {"whole": one.text, "part": other.text}
                yield Issue(
                    "sum_mismatch", "sum_mismatch.part", "error", (one.span, other.span), params
                )

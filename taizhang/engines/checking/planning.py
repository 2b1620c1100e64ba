"""Whether a number is meant to be and has not been: by its clause, its line, the heading above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import PLAN_HEADING, heading_above, line_start
from taizhang.engines.checking.types import Quantity

if TYPE_CHECKING:
    from taizhang.engines.checking.context import Context

_QUOTED = expression(r"“[^”\n]{1,30}”|《[^》\n]{1,40}》")
_PLAN = expression(
    r"计划|力争|拟|(?<!老)将(?=[^，。；]{3})|目标|预计|确保|建议|打算|明年|下一步|任务|应(?!急|用|对|邀|届|聘|当?看到|当?清醒)|需(?!求|要?说明|要?指出)|"
    r"(?<![主重首纲摘提概])要(?!素|求|点|闻|情|说明|指出|看到)|规定|不[少低]于|达到.{0,4}以上|争取(?=年内|在|于|尽快|早日|建成|完成|达到|创建|实现|新增|[0-9])"
)
_HEADING_END = expression(r"[\n，。；：]")
_LOOKS_BACK = expression("问题|不足|短板|困难|体会|完成|情况|指标|执行|说明|总结|回顾")
_PAST = expression(r"了[^，。；]{0,8}$|已(?!有|经形成)|先后|至今|[本此]次|曾|一年[跑走下]")
"""整改期间，专题会先后开了9次 is no plan, whatever the heading says."""
_STANDS = expression(
    r"(?:依托|利用|发挥|现有|已有|已建|建成的|新建的|实际|完成|到年底|截至|今年|本年|巩固|总结|用好|仅为|仅有|只有|已达)[^，。；：]{0,12}$"
)
_AHEAD = expression(
    r"[ \u3000]*(?:[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]{1,2}）)?(?:明年|来年|下一?年|下一?步|下阶段|今后|新的一年)"
)
"""A line that opens so looks ahead to its end."""
_DONE = expression(r"[^，。；]*，[^，。；]*了|已(?!有|经形成)")
"""Behind 将: 将科学素质工作纳入考核，调整充实了由23家单位组成的领导小组."""
_LATELY = 24


def is_meant(context: Context, one: Quantity, clause: str) -> bool:
    """Whether it is meant to be and has not been; a name (“行动计划”) plans nothing.

    ``clause``: the words before it, from the last ；.
    """
    if one.qualifier in ("at_least", "at_most"):
        return True
    # What stands is told of even where one looks ahead: 明年，要在用好今年56万元的基础上….
    stands = _STANDS.search(clause)
    if stands and not _PLAN.search(_QUOTED.sub("", stands[0])):
        return False
    unquoted = _QUOTED.sub("", clause)
    plan = _PLAN.search(unquoted)
    if plan and not _DONE.match(unquoted, plan.end()):
        return True
    line = line_start(context.plain, one.start)
    if _AHEAD.match(context.plain, line) or context.plain.startswith(
        f"{(context.year or 0) + 1}年", line
    ):
        return True
    if _PAST.search(clause[-_LATELY:]):
        return False
    heading = _HEADING_END.split(heading_above(context.plain, context.sections, one.start))[0]
    planned = PLAN_HEADING.search(heading) or "目标" in heading or "建议" in heading
    return bool(planned) and not _LOOKS_BACK.search(heading)

"""Steps that can only follow each other: 招标 after 中标, 公示 before 评审, the 总结会 before what it sums up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.times import Moment, precedes
from taizhang.engines.checking.types import Issue, Span

_CHAINS = tuple(
    # Later steps first: 征稿结束 is one of them, 征稿 alone is not.
    expression("|".join(f"(?P<s{n}>{stages[n]})" for n in reversed(range(len(stages)))))
    for stages in (
        (
            r"立项",
            r"招标公告|采购公告|公开招标|发布[^，。；]{0,4}公告|招标(?!工作)",
            r"开标|评标",
            r"中标|签[订署]合同|确定[^，。；]{0,6}单位",
            r"[开动]工|进场|破土",
            r"封顶|完工|竣工(?!验收)",
            r"竣工验收|通过[^，。；]{0,4}验收|验收合格",
            r"交付|投入使用|投用|投入运行",
        ),
        (
            r"(?:发布|印发|下发)[^，。；]{0,8}通知",
            r"报名|征集|申报|征稿|报送",
            r"截[止至]|(?:报名|征集|申报|征稿)(?:工作)?结束",
            r"初[赛评审]|选拔赛|初选",
            r"评审|终评|投票|评选会|复评|考察",
            r"决赛|竞赛于|比赛于|大赛于|总决赛",
            r"公示",
            r"颁奖|(?:公布|发布)[^，。；]{0,8}(?:名单|结果|奖)|表[彰扬]|授牌|命名",
        ),
        (
            r"进驻|现场考核|现场检查|开展[^，。；]{0,8}(?:巡察|审计|检查|考核)|进行了?[^，。；]{0,6}(?:巡察|审计)",
            r"反馈|收到[^，。；]{0,8}(?:通知|意见|报告)",
            r"(?:制定|报送|印发|上报)[^，。；]{0,8}整改方案",
            r"整改(?:完成|完毕|到位)|完成[^，。；]{0,8}整改|报送[^，。；]{0,6}整改[^，。；]{0,4}报告",
        ),
    )
)
_PURCHASE, _SELECTION = 0, 1
_ASKS_BACK = frozenset({(6, 4), (7, 4), (5, 1), (5, 3), (7, 3), (3, 1)})
"""Later and earlier step of a selection that may be told in this order, the earlier one last."""
_NEXT_STEPS = frozenset({(0, 1), (1, 2), (4, 6)})
"""Steps of a selection that follow each other so closely that sentences of their own tell of one matter."""
_NO_SUBJECT = expression(r"(?:(?:招标|采购)公告)?于?")
_ATTRIBUTE = expression(r"[^，。；]{0,6}的")
_MAY_RETELL = expression(
    r"此前|之前|在此|前期|早在|上届|上年|去年|往年|下[一届]|另|明年|第[一二三四五六七八九十0-9]+[批期轮]|二期|二次|再次|重新|补|预计|计划|将|拟[于在]|比|较|省级|市级|复审|同时"
)
_TOPIC = expression(
    r"“[^”]{1,20}”?|《[^》]{1,30}》?|[\u4e00-\u9fff]{2}(?:大赛|竞赛|论坛|项目|工程|培训班|年会|征文|展览|职称|课题|基地|公园|改造|馆)"
)
_MEETING = expression(r"召开[^，。；]{0,16}会|推进会")
_NOTICE = expression(r"动员|部署|(?:下发|印发)[^，。；]{0,8}通知")
_AFTERWARDS = expression(r"(?:^|[。；\n])[ 　]*会后，")
_HANDED_IN = expression(
    r"(?:报送|上报|提交|递交|反馈)了?[^，。；]{0,4}(?:自查|方案|材料|报告|总结)?"
)
_SUMS_UP = expression(
    r"召开(?P<topic>[^，。；]{0,16}?)总结(?:表[彰扬]|大|交流|座谈)?(?:大?会|会议)"
)
_HELD = expression(r"[^，。；]{0,10}(?:开展|举行|举办|进行|启动|举行)")
_ADJACENT = 90
_MARK = 8
_FEWEST_IN_LIST = 4
_LIST_STARTS = expression(r"(?:[0-9一二三四五六七八九十]{1,3}[、.．]|[●·•▲■\-—])?[ 　]*")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``date_or_year.order``."""
    yield from _chains(context)
    yield from _meetings(context)
    yield from _listed(context)


def _chains(context: Context) -> Iterator[Issue]:
    told: set[tuple[int, int]] = set()
    for number, chain in enumerate(_CHAINS):
        before: tuple[Moment, int] | None = None
        for moment in context.moments:
            rank = _rank(chain, moment)
            if rank is None:
                continue
            if before is not None:
                first, last = before[0], moment
                ranks = before[1], rank
                early, late = (last, first) if rank < before[1] else (first, last)
                if (
                    precedes(late, early)
                    and (first.start, last.start) not in told
                    and _may_follow(number, ranks, first, last)
                    and _is_one_matter(context, first, last)
                ):
                    told.add((first.start, last.start))
                    yield _issue(context, first, last)
            before = moment, rank


def _rank(chain: re.Pattern[str], moment: Moment) -> int | None:
    """The step that the clause of a moment tells of: the last that it names."""
    if moment.first.month is None or _ATTRIBUTE.match(moment.after):
        return None
    found = None
    for match in chain.finditer(f"{moment.before}于{moment.after}"):
        found = match
    return int(found.lastgroup[1:]) if found is not None and found.lastgroup else None


def _may_follow(number: int, ranks: tuple[int, int], first: Moment, last: Moment) -> bool:
    """Whether two steps told one after the other can be meant as steps of one matter.

    In one clause after the other they are; in sentences of their own only some are, and only some
    may be told in the other order.
    """
    together = first.segment == last.segment
    if ranks[0] == ranks[1] or (number == _PURCHASE and not together):
        return False
    if ranks[0] < ranks[1]:
        return together or number != _SELECTION or ranks in _NEXT_STEPS
    if number == _SELECTION:
        return ranks in _ASKS_BACK and first.precise and last.precise
    return number == _PURCHASE and bool(_NO_SUBJECT.fullmatch(last.before))


def _is_one_matter(context: Context, first: Moment, last: Moment) -> bool:
    """Whether two neighbouring moments tell of one matter, the second without a name of its own."""
    text = context.folded
    between = text[first.end : last.start]
    if len(between) > _ADJACENT or "\n" in between or between.count("。") > 1:
        return False
    own = last.before + last.after
    if _MAY_RETELL.search(own) or _MAY_RETELL.search(last.before):
        return False
    sentence = text[last.sentence : last.start]
    if last.sentence > first.start and _MAY_RETELL.search(sentence):
        return False
    told = text[max(first.sentence, first.start - _ADJACENT) : last.start - len(last.before)]
    return all(topic in told for topic in _TOPIC.findall(own))


def _meetings(context: Context) -> Iterator[Issue]:
    """会后…报送 before the meeting; the meeting that sums up before what it sums up."""
    text = context.folded
    title = text[: text.find("\n") + 1][:_ADJACENT]
    for first, last in pairwise(context.moments):
        between = text[first.end : last.start]
        if "\n" in between or len(between) > _ADJACENT or not last.precise:
            continue
        if _MAY_RETELL.search(last.before) or not precedes(last, first):
            continue
        told = text[max(first.sentence, first.start - _ADJACENT) : first.start] + first.after
        if _hands_in(between, first, last) or _sums_up(title + told, first, last):
            yield _issue(context, first, last)


def _hands_in(between: str, first: Moment, last: Moment) -> bool:
    """8月24日，召开推进会…。会后，各学会于8月10日前报送: what is asked for is handed in later."""
    if not _HANDED_IN.search(last.before + last.after):
        return False
    if _AFTERWARDS.search(between):
        return bool(_MEETING.search(first.after))
    until = "截至" in last.before or last.after[:1] == "前"
    return until and bool(_NOTICE.search(first.after))


def _sums_up(known: str, first: Moment, last: Moment) -> bool:
    """科普日活动9月17日至23日开展。9月6日，召开总结会."""
    meeting = _SUMS_UP.search(last.after)
    if meeting is None or first.single or not _HELD.match(first.after):
        return False
    return _same_topic(meeting["topic"], known)


def _same_topic(topic: str, known: str) -> bool:
    """Whether a meeting sums up what was told: 总结会, 科普日活动总结会 after 全国科普日活动."""
    topic = topic.removesuffix("工作").removesuffix("活动")
    return not topic or topic[-3:] in known


def _listed(context: Context) -> Iterator[Issue]:
    """One entry of a list by dates that is out of its order: the lines of a chronicle, 3月…；5月…；4月…；10月."""
    text = context.folded
    lines: list[Moment] = []
    segments: list[Moment] = []
    for moment in context.moments:
        line = text.rfind("\n", max(0, moment.start - _MARK), moment.start) + 1
        if moment.first.month is None or moment.first.year is None:
            continue
        if line and _LIST_STARTS.fullmatch(text, line, moment.start):
            lines.append(moment)
        if moment.start - moment.segment < 3 or (
            text[moment.start - 1] == "：" and moment.segment == moment.sentence
        ):
            if segments and not _follows(text, segments[-1], moment):
                yield from _out_of_order(context, segments)
                segments = []
            segments.append(moment)
    yield from _out_of_order(context, segments)
    if "大事记" in text[:80]:
        yield from _out_of_order(context, lines)


def _follows(text: str, before: Moment, moment: Moment) -> bool:
    """Whether the next item of a list in one sentence begins with the moment."""
    return (
        moment.sentence == before.sentence
        and text.find("；", before.end, moment.start) + 1 == moment.segment
    )


def _out_of_order(context: Context, entries: Sequence[Moment]) -> Iterator[Issue]:
    """The entry without which all would be in order."""
    if len(entries) < _FEWEST_IN_LIST:
        return
    breaks = [(a, b) for a, b in pairwise(entries) if precedes(b, a)]
    years = Counter(one.year for one in entries)
    if len(breaks) != 1 or len(years) > 1:
        return
    first, last = breaks[0]
    for left_out in (first, last):
        rest = [one for one in entries if one is not left_out]
        if not any(precedes(b, a) for a, b in pairwise(rest)):
            yield _issue(context, first, last)
            return


def _issue(context: Context, first: Moment, last: Moment) -> Issue:
    text = context.folded
    params: dict[str, object] = {
        "text": text[first.start : first.end] + first.after[:12],
        "other": text[last.start : last.end] + last.after[:12],
    }
    spans = tuple(Span(one.start, one.end) for one in sorted((first, last), key=lambda m: m.start))
    return Issue("date_or_year", "date_or_year.order", "warning", spans, params)

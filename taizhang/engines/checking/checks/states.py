"""Done here and undone there: 科技馆已建成开放 … 科技馆建设仍在进行中; 全部完成整改 … 仍有4个问题正在整改."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import around
from taizhang.engines.checking.types import Issue, Span

_OTHER_HALLS = frozenset({"流动", "乡镇", "社区", "校园", "数字", "中学"})
_HALL = r"(?P<hall>新馆|科技馆|科普馆|博物馆|展览馆|体验馆|展厅|活动中心|科技中心)"
_OPEN = expression(
    _HALL
    + r"[^。；，、\n]{0,16}?(?<!未)(?<!待)(?:建成|迁入|迁至|落成|竣工|投入使用|投入运行|开馆|开放|接待)(?!后|前|率|条件|标准|准备)"
)
_UNOPENED = expression(
    _HALL
    + r"[^。；，、\n]{0,10}?(?:仍|还在|尚|未|正在|在建|建设中|进行中|滞后|缓慢|施工)[^。；，、\n]{0,8}"
)
_UNDONE = expression(
    r"(?:建设|工程|装修|布展|施工|主体)[^，。；]{0,4}(?:仍|还|尚|未|正在|滞后|缓慢)|仍在建|尚未建成|未建成|未开馆|尚未开馆|尚未开放|"
    r"未对外开放|正在建设|在建|未投入使用|未竣工|未完工"
)
_CLOSED = expression(
    r"(?:(?P<many>[0-9]{1,3})[个项条])?(?:问题|任务)(?:(?P<told>[0-9]{1,3})[个项条]，)?[^，。；\n]{0,8}?(?:全部|均已|都已)(?:完成整改|整改完毕|整改到位|整改完成|整改|销号|办结|完成)"
)
_COUNTED = expression(r"(?:([0-9]{1,3})[个项条](?:问题|任务)|问题([0-9]{1,3})[个项条])")
_UNCLOSED = expression(
    r"(?:仍有|尚有|还有|，有)[0-9一二三四五六七八九十两]{1,3}[个项条](?:问题|任务|事项)?[^，。；\n]{0,6}(?:正在整改|尚未整改|未整改|未完成|整改不到位|未销号|未办结|尚未|没有完成)"
)
_ALL_HAVE = expression(
    r"(?P<many>[0-9]{1,4})(?:个|所|家)(?P<who>乡镇|街道|村|社区|学校|行政村|县区|企业|中小学)(?:已)?(?:全部|均已|均|都)"
    r"(?P<verb>成立|建立|建成|设立|配备|完成|开通)(?:了)?(?P<what>[\u4e00-\u9fff]{2,6})"
)
_SOME_LACK = expression(
    r"(?P<many>[0-9]{1,4})(?:个|所|家)(?P<who>乡镇|街道|村|社区|学校|行政村|县区|企业|中小学)(?:仍|尚|还)?(?:未|没有)"
    r"(?P<verb>成立|建立|建成|设立|配备|完成|开通)(?P<what>[\u4e00-\u9fff]{2,6})"
)
_ELSEWHEN = expression(
    r"计划|拟|将|力争|预计|筹|目标|去年|上年|曾|[一二三]期|乡镇|[0-9]座|建成后|新(?=科技馆|科普馆|博物馆)"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.state`` for what one sentence tells as done and a later one as not done.

    What is not done is looked for first: most reports tell of nothing of the kind.
    """
    text = context.folded
    if _UNDONE.search(text):
        yield from _halls(text)
    if undone := _UNCLOSED.search(text):
        most = max((int(m[1] or m[2]) for m in _COUNTED.finditer(text)), default=0)
        closed = next((m for m in _CLOSED.finditer(text) if _is_of_all(text, m, most)), None)
        if closed and _apart(text, closed, undone):
            yield _issue(closed, undone)
    lacking: dict[tuple[str, ...], re.Match[str]] = {}
    for lack in _SOME_LACK.finditer(text):
        lacking.setdefault((lack["who"], lack["verb"], lack["what"][:2]), lack)
    for done in _ALL_HAVE.finditer(text) if lacking else ():
        found = lacking.get((done["who"], done["verb"], done["what"][:2]))
        if found is not None and _apart(text, done, found):
            yield _issue(done, found)


def _halls(text: str) -> Iterator[Issue]:
    told = {
        match["hall"]: match
        for match in reversed(list(_OPEN.finditer(text)))
        if not _is_other_hall(text, match) and not _is_elsewhen(text, match)
    }
    for match in _UNOPENED.finditer(text) if told else ():
        done = told.get(match["hall"])
        if done is None or match.start() < done.end() or not _UNDONE.search(match[0]):
            continue
        if _is_other_hall(text, match) or _is_elsewhen(text, match):
            continue
        if _apart(text, done, match):
            yield _issue(done, match)
            del told[match["hall"]]


def _is_other_hall(text: str, match: re.Match[str]) -> bool:
    """流动科技馆, 社区科普馆: halls of which there are several."""
    return text[max(0, match.start() - 2) : match.start()] in _OTHER_HALLS


def _is_of_all(text: str, match: re.Match[str], most: int) -> bool:
    """Whether all the problems are told of, and not those of one part."""
    return not _is_elsewhen(text, match) and int(match["many"] or match["told"] or most) >= most


def _is_elsewhen(text: str, match: re.Match[str]) -> bool:
    begin, _end = around(text, match.start(), match.end(), "。；\n")
    return bool(_ELSEWHEN.search(text, begin, match.end()))


def _apart(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether the two stand in different sentences."""
    begin, end = sorted((first.start(), second.start()))
    return any(text.find(sign, begin, end) >= 0 for sign in "。\n")


def _issue(first: re.Match[str], second: re.Match[str]) -> Issue:
    one, other = sorted((first, second), key=lambda match: match.start())
    params = {"text": one[0], "other": other[0]}
    spans = (Span(*one.span()), Span(*other.span()))
    return Issue("conflict", "conflict.state", "warning", spans, params)

"""Lists whose numbers come near a total beside them and miss it: 科普站58个（理科11个、工科18个、…）.

Three numbers and more of one measure, set off alike (、 or ； or line by line), with a number of that measure right
before them or right behind: whatever words lead there, a total that they miss by a little is meant to be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.adding import TOTAL_WORD, addable, amount, fits, mismatch
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import is_exact
from taizhang.engines.checking.passages import line_start
from taizhang.engines.checking.types import Issue, Quantity
from taizhang.engines.checking.whole_and_parts import overlap

_GAP = expression(
    r"(?P<inside>[^、；，。\n]{0,12}?)(?P<sign>；?\n[ \u3000]*[·•●-]?|[、；，])(?P<label>[^、；，。：\n]{1,18})$"
)
_LEAST, _MOST = 3, 40
_AFTER = 16
_NEAR = Decimal("0.06")
_BEFORE = expression(
    r"[^，。；\n]{0,10}(?:[，：（]|。?\n?)(?:[^，。；：\n]{0,12}[：，])?(?:其中)?(?P<label>[^，。；：\n]{1,18})$"
)
_OTHERS = expression(
    r"还有|尚有|累计|等[。，；）]|其余(?![0-9])|不含|不包括|此外|另有|部分|同时|兼|交叉|重点|主要|优秀|先进|其中|比|较|增|减|新|退|净|平均|每|人均|计划|目标|"
    r"获|奖|剩|余|未|去年|上年|年初|年末"
)
"""Words that make a list incomplete, or its numbers something else than parts."""


def check(context: Context) -> Iterator[Issue]:
    """Yield ``sum_mismatch.among`` for a total before its list, ``.total`` for one behind it."""
    ones = [one for one in context.quantities if one.value and "\t" not in _line(context, one)]
    at = 0
    while at < len(ones):
        run = _run(context.plain, ones, at)
        if len(run) >= _LEAST:
            yield from _judge(context, ones, at, run)
        at += max(1, len(run) - 1)


def _line(context: Context, one: Quantity) -> str:
    plain = context.plain
    return plain[line_start(plain, one.start) : one.end]


def _run(plain: str, ones: Sequence[Quantity], at: int) -> list[Quantity]:
    """The numbers of one measure from a place on that are set off by the same sign."""
    run, sign = [ones[at]], ""
    for one in ones[at + 1 : at + _MOST]:
        gap = _GAP.match(plain[run[-1].end : one.start])
        alike = is_exact(one) and one.unit == run[0].unit
        if gap is None or not alike or (sign and gap["sign"] != sign):
            break
        if gap["sign"] == "，" and len(gap["label"]) > len(run[0].text) + 6:
            break
        sign = gap["sign"]
        run.append(one)
    return run if is_exact(run[0]) and sign != "，" else []


def _judge(
    context: Context, ones: Sequence[Quantity], at: int, run: Sequence[Quantity]
) -> Iterator[Issue]:
    """Hold the list against the number before it and the one behind; one that fits is enough."""
    plain, last = context.plain, at + len(run)
    before = ones[at - 1] if at else None
    behind = ones[last] if last < len(ones) else None
    after = plain[run[-1].end : run[-1].end + _AFTER].partition("。")[0]
    if _OTHERS.search(plain[run[0].end : run[-1].start] + after):
        return
    found = []
    if before and _may_be_whole(before, run) and _leads(plain, before, run[0]):
        found.append(("sum_mismatch.among", before))
    if behind and _may_be_whole(behind, run):
        words = plain[run[-1].end : behind.start]
        if TOTAL_WORD.search(words) or "以上" in words:
            found.append(("sum_mismatch.total", behind))
    if found and overlap(plain, found[0][1], run):
        return
    total = sum((amount(one) for one in run), Decimal(0))
    if any(fits(whole, total, run) for _code, whole in found):
        return
    for code, whole in found:
        if abs(total - amount(whole)) <= amount(whole) * _NEAR:
            yield mismatch(code, whole, run, total)
            return


def _may_be_whole(whole: Quantity, run: Sequence[Quantity]) -> bool:
    return is_exact(whole) and addable(whole, run[0]) and amount(whole) > max(map(amount, run))


def _leads(plain: str, whole: Quantity, first: Quantity) -> bool:
    words = plain[whole.end : first.start]
    return _BEFORE.fullmatch(words) is not None and not _OTHERS.search(words.replace("其中", ""))

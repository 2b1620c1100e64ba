"""A report's quantities against what the ledger knows: which figure each one tells, and whether it agrees.

A quantity tells a figure when they are counted in the same unit and a subject word of the figure
stands beside it. Where several figures share a subject word (受益公众), the figure told before it in
the paragraph decides, else the words of the paragraph. What speaks of another year, of a plan or of a change is left unknown: silence is
better than a wrong comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import around, line_start
from taizhang.engines.checking.types import Quantity

State = Literal["agrees", "differs", "unknown"]

_ALIKE = (
    frozenset({"人", "名", "位", "个"}),
    frozenset({"场次", "场", "次", "期"}),
    frozenset({"个", "家", "所", "座", "处"}),
    frozenset({"条", "个", "项"}),
    frozenset({"件", "件套", "套"}),
    frozenset({"平方米", "平米", "㎡"}),
    frozenset({"篇", "份"}),
)
"""Measure words that people exchange for each other; 人 and 人次 never."""
_TIMES = {"万元": ("元", 10_000), "亿元": ("元", 100_000_000), "％": ("%", 1)}
_ELSEWHEN = expression(
    r"去年|上年|前年|往年|同期|比\d{4}年|明年|计划|力争|目标|预计|拟|打算|不少于"
    r"|增加|增长|减少|下降|提高|净增|新增|平均|日均|月均|每[年月周天场次人个]|人均"
)
_ENDS = "。；！？\n"
_RIGHT = expression(r"[^，。；、：！？（）()\s\d]{0,10}")


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the unit and period: its name, the words it is counted under, and its value."""

    code: str
    name: str
    subjects: tuple[str, ...]
    unit: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ledger says to one quantity; ``code`` is the figure, blank when none was found."""

    state: State
    code: str = ""


def judge(
    text: str,
    quantities: Sequence[Quantity],
    figures: Iterable[Known],
    named: Mapping[int, str] | None = None,
) -> tuple[Verdict, ...]:
    """A verdict for each quantity, in their order.

    ``named`` says which quantity (by its place in the list) is which figure for certain, because a
    content control of ours says so; such a one is compared whatever stands around it.
    """
    known = list(figures)
    by_code = {figure.code: figure for figure in known}
    found: list[Verdict] = []
    before = 0
    told = ""  # the group of the figure told last in this paragraph
    for number, quantity in enumerate(quantities):
        if "\n" in text[before : quantity.start]:
            told = ""
        if code := (named or {}).get(number, ""):
            found.append(_certain(quantity, by_code.get(code)))
        else:
            found.append(_likely(text, quantity, before, known, told))
        told = found[-1].code.partition(".")[0] or told
        before = quantity.end
    return tuple(found)


def _certain(quantity: Quantity, figure: Known | None) -> Verdict:
    if figure is None or figure.value is None or not _bounded(quantity):
        return Verdict("unknown", figure.code if figure else "")
    return Verdict("agrees" if _agrees(quantity, figure) else "differs", figure.code)


def _likely(
    text: str, quantity: Quantity, before: int, known: Sequence[Known], told: str
) -> Verdict:
    if not _bounded(quantity):
        return Verdict("unknown")
    begin, _ = around(text, quantity.start - 1, quantity.start, _ENDS)
    near = text[max(begin, before) : quantity.start]
    right = _RIGHT.match(text, quantity.end)
    after = right.group() if right else ""
    if _ELSEWHEN.search(near[-14:]):
        return Verdict("unknown")
    context = text[line_start(text, quantity.start) : quantity.end]
    rated = [
        (
            (
                _word(near, after, figure.subjects),
                bool(told) and figure.code.startswith(f"{told}."),
                _shared(figure.name, context),
            ),
            figure,
        )
        for figure in known
        if figure.value is not None and _same_unit(quantity.unit, figure.unit)
    ]
    rated = [(rating, figure) for rating, figure in rated if rating[0]]
    if not rated:
        return Verdict("unknown")
    best = max(rating for rating, _figure in rated)
    figures = [figure for rating, figure in rated if rating == best]
    for figure in figures:
        if _agrees(quantity, figure):
            return Verdict("agrees", figure.code)
    return Verdict("differs", figures[0].code) if len(figures) == 1 else Verdict("unknown")


def _word(near: str, after: str, subjects: Sequence[str]) -> int:
    """The length of the longest subject word that stands right beside the quantity."""
    lengths = [len(word) for word in subjects if word in near or after.startswith(word)]
    return max(lengths, default=0)


def _shared(name: str, context: str) -> int:
    """How much of a figure's name the paragraph has said so far: pairs of characters, less the rest."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return sum(1 if pair in context else -1 for pair in pairs)


def _bounded(quantity: Quantity) -> bool:
    return quantity.low is not None or quantity.high is not None


def _base(unit: str) -> tuple[str, int]:
    return _TIMES.get(unit, (unit, 1))


def _same_unit(one: str, other: str) -> bool:
    left, right = _base(one)[0], _base(other)[0]
    return left == right or any(left in group and right in group for group in _ALIKE)


def _agrees(quantity: Quantity, figure: Known) -> bool:
    """Whether the ledger's value is one that the words allow; bounds are in the base unit already."""
    assert figure.value is not None
    value = figure.value * _base(figure.unit)[1]
    return (quantity.low is None or quantity.low <= value) and (
        quantity.high is None or value <= quantity.high
    )

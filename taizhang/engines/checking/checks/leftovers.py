"""What is left of the problems: 17个, 已整改14个 … 对剩余的4个问题.

One sentence tells what is done and the whole or what is left; a later one tells how many are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.neighbours import Sentence
from taizhang.engines.checking.types import Issue, Number, Quantity

_NOUN = "问题|任务|事项|措施|线索|隐患|项目|诉求"
_ANY = expression(_NOUN)
_DONE = expression(
    r"(?<!未)(?<!基本)(?<!正在)(?:(?:已|完成)[^，。；]{0,4}(?:整改|办结|销号|解决|完成|验收)|整改到位|整改完成)[^，。；]{0,3}$"
)
_LEFT = expression(
    r"(?:剩余|剩下|余下|其余|尚未[^，。；]{0,6}|未(?:完成|整改|办结|解决)[^，。；]{0,4}|正在整改)的?$"
)
_OPEN = expression(r"(?:剩余|剩下|余下|其余|未|正在|尚|还有|仍有|基本|持续|长期|推进)[^，。；]*$")
_TELLS = expression(r"(?:剩[余下]|余下|其余|未|正在整改|已|到位|完成)(?=[^，。；]{0,8}[0-9])")
_MOST = 4
_BEHIND = expression(rf"(?:正在[^，。；]{{0,4}}|未[^，。；]{{0,6}}的)?(?P<noun>{_NOUN})")


class _State(NamedTuple):
    """What a sentence tells of: the numbers that may be left by it, and the one to point at."""

    noun: str
    left: frozenset[Number]
    shown: Quantity


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values`` where a later sentence leaves another number than was left."""
    states: list[_State] = []
    for sentence in context.sentences:
        if sentence.is_row or not _TELLS.search(context.plain, sentence.start, sentence.end):
            continue
        state = _state(context, sentence)
        if state is not None:
            states.append(state)
            continue
        for number, one in enumerate(sentence.quantities):
            noun = _left_of(context, sentence, number)
            told = [each for each in states if each.noun == noun]
            exact = one.qualifier == "exact" and one.value is not None
            if noun and exact and len(told) == 1 and one.value not in told[0].left:
                shown = told[0].shown
                params = {"subject": noun, "text": shown.text, "other": one.text}
                spans = (shown.span, one.span)
                yield Issue("conflict", "conflict.values", "error", spans, params)


def _left_of(context: Context, sentence: Sentence, number: int) -> str:
    """What a number is the rest of: 剩余的4个问题; "" for another number."""
    if not _LEFT.search(sentence.before[number]):
        return ""
    behind = _BEHIND.match(context.plain, sentence.quantities[number].end)
    return behind["noun"] if behind else ""


def _state(context: Context, sentence: Sentence) -> _State | None:
    """The state that a sentence tells: 已整改14个，正在整改3个, or 17个问题中已整改14个."""
    items = [
        (one, words)
        for one, words in zip(sentence.quantities, sentence.before, strict=True)
        if one.dimension == "items" and one.value is not None
    ]
    at = next((n for n, (_one, words) in enumerate(items) if _DONE.search(words)), None)
    if at is None:
        return None
    noun = _ANY.search(context.plain, sentence.start, sentence.end)
    done, first = items[at][0], items[0][0]
    rest = [one for one, words in items[at + 1 :] if _OPEN.search(words)][:_MOST]
    values = [one.value or 0 for one in rest]
    left: set[Number] = {
        sum(some) for size in range(1, len(values) + 1) for some in combinations(values, size)
    }
    if at and (first.value or 0) > (done.value or 0):
        left.add((first.value or 0) - (done.value or 0))
    if not left:
        return None
    return _State(noun[0] if noun else "问题", frozenset(left), rest[0] if rest else done)

"""Numbers that point back at one told before: 组织应急演练37次 … 期间的35次演练."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.naming import noun_of
from taizhang.engines.checking.types import Issue, Quantity

_POINTS_BACK = ("的", "这", "上述", "以上", "该")
_ALL_OF_THEM = expression(r"[\u4e00-\u9fff]{2,6}(?:全部|均|已全部|都)")
_REST = expression(r"(?:余下|其余|剩余|剩下|其他|另外|新增|其中)的$")
_CLOSE = Decimal("0.2")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``conflict.values`` where the number pointed at is another by a little."""
    told: dict[tuple[str, str], list[Quantity]] = defaultdict(list)
    by_noun: dict[tuple[str, str], list[Quantity]] = defaultdict(list)
    for sentence in context.sentences:
        for number, one in enumerate(sentence.quantities):
            if one.value is None or one.qualifier != "exact" or one.dimension in ("share", "time"):
                continue
            behind = sentence.behind(number)
            words = sentence.before[number]
            first = len(words) < 4 and not words.strip("，；：　 ") and not sentence.is_row
            back = (words.endswith(_POINTS_BACK) and not _REST.search(words)) or (
                first and _ALL_OF_THEM.match(behind)
            )
            # 90场科普讲座场场爆满: the whole noun, told once before.
            named = by_noun.get((one.unit, behind[:4]), []) if first and not back else []
            if len(named) == 1 and named[0].start < sentence.start:
                yield from _close_miss(context, named[0], one)
            if not sentence.is_row and back:
                match = told.get((one.unit, behind[:2]), [])
                if len(match) == 1 and match[0].start < sentence.start:
                    yield from _close_miss(context, match[0], one)
            noun = noun_of(one, context.synonyms).noun
            if len(noun) == 4:
                by_noun[one.unit, noun].append(one)
            ends = told[one.unit, noun[-2:]]
            if len(ends) < 2:
                ends.append(one)


def _close_miss(context: Context, old: Quantity, new: Quantity) -> Iterator[Issue]:
    """Numbers that differ by little: by much, another thing is meant."""
    assert old.value is not None
    assert new.value is not None
    larger = Decimal(max(old.value, new.value))
    if old.value != new.value and abs(Decimal(old.value) - Decimal(new.value)) / larger <= _CLOSE:
        params = {
            "subject": noun_of(old, context.synonyms).noun,
            "text": old.text,
            "other": new.text,
        }
        yield Issue("conflict", "conflict.values", "error", (old.span, new.span), params)

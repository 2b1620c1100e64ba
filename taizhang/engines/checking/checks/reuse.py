"""The same numbers again under another name: 24场次, 210人次 and 7800人次 for two activities.

One number may well occur twice; two or more of one sentence that come back together in another one
were copied. A summary that repeats what it sums up is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.naming import noun_of
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.types import Issue, Quantity

_Key = tuple[object, str]
_MOST = 6
"""A number that stands in more places than this was not copied but is the text's theme."""
_SUMMARY = re.compile(r"总之|综上|总的来看|总体|上述|以上|如前所述|前述|据统计|合计")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``duplicate_reuse.tuple`` per number, and ``conflict.rounding`` where one says 余."""
    parts = [one for one in context.sentences if not one.is_row]
    places: dict[_Key, list[tuple[int, Quantity]]] = defaultdict(list)
    for number, sentence in enumerate(parts):
        for one in sentence.quantities:
            if one.value is not None and one.value >= 10 and one.dimension not in ("share", "time"):
                places[one.value, measure(one)].append((number, one))
    pairs: dict[tuple[int, int], set[_Key]] = defaultdict(set)
    for key, found in places.items():
        if 1 < len(found) <= _MOST:
            numbers = sorted({number for number, _one in found})
            for at, first in enumerate(numbers):
                for second in numbers[at + 1 :]:
                    pairs[first, second].add(key)
    copied: dict[_Key, set[int]] = defaultdict(set)
    for (first, second), keys in pairs.items():
        if len(keys) > 1 and _is_copy(context, parts[first], parts[second], keys):
            for key in keys:
                copied[key] |= {first, second}
    for key, together in copied.items():
        ones = [one for number, one in places[key] if number in together]
        yield from _issues(ones)


def _is_copy(context: Context, first: Sentence, second: Sentence, keys: set[_Key]) -> bool:
    """Enough digits to be no chance, under names that are not simply the same."""
    values = {key[0] for key in keys}
    if len(values) < 2 or sum(_significant(value) for value in values) < 4:
        return False
    if _is_summary(context, first) or _is_summary(context, second):
        return False
    names = [
        (_name(context, first.quantities, key), _name(context, second.quantities, key))
        for key in keys
    ]
    same = [one == other and len(one) >= 4 for one, other in names]
    if all(_is_repeated(context, first, second, key) for key in keys):
        return False
    return not all(same) or (_named(context, first) != _named(context, second))


def _is_repeated(context: Context, first: Sentence, second: Sentence, key: _Key) -> bool:
    """38个问题细化为96条措施 … 38个问题已整改: the same noun right behind the number."""
    nouns = {
        context.plain[one.end : one.end + 2]
        for sentence in (first, second)
        for one in sentence.quantities
        if (one.value, measure(one)) == key
    }
    return len(nouns) == 1 and all("\u4e00" <= sign <= "\u9fff" for sign in nouns.pop())


def _significant(value: object) -> int:
    assert isinstance(value, int | Decimal)
    return len(Decimal(value).normalize().as_tuple().digits)


def _is_summary(context: Context, sentence: Sentence) -> bool:
    """The opening before the first heading, or words that say so."""
    first = next((mark.start for mark in context.sections.marks if mark.level < 2), 0)
    if sentence.start < first:
        return True
    return bool(_SUMMARY.search(context.plain, sentence.start, sentence.quantities[0].start))


def _name(context: Context, quantities: Sequence[Quantity], key: _Key) -> str:
    return next(
        noun_of(one, context.synonyms).noun
        for one in quantities
        if (one.value, measure(one)) == key
    )


_QUOTE = re.compile(r"“[^”\n]{2,20}”")


def _named(context: Context, sentence: Sentence) -> frozenset[str]:
    """The names in quotation marks in the sentence and in the one before it."""
    start = max(context.plain.rfind("\n", 0, sentence.start), sentence.start - 60, 0)
    return frozenset(_QUOTE.findall(context.plain, start, sentence.end))


def _issues(ones: Sequence[Quantity]) -> Iterator[Issue]:
    if len(ones) < 2 or (
        len({one.fact for one in ones if one.fact}) == 1 and all(o.fact for o in ones)
    ):
        return
    spans = tuple(one.span for one in ones)
    params: dict[str, object] = {
        "text": ones[0].text,
        "count": len(ones),
        "subjects": list(dict.fromkeys(one.subject for one in ones if one.subject)),
    }
    yield Issue("duplicate_reuse", "duplicate_reuse.tuple", "warning", spans, params)
    exact = [one for one in ones if one.qualifier == "exact"]
    over = [one for one in ones if "over" in one.qualifier and any(c in one.text for c in "余多")]
    if exact and over:
        both = {"text": over[0].text, "other": exact[0].text}
        yield Issue("conflict", "conflict.rounding", "error", spans, both)

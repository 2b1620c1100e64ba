"""The same numbers again under another name: 24场次, 210人次 and 7800人次 for two activities.

One number may well occur twice; two or more of one sentence that come back together in another one
were copied. A summary that repeats what it sums up is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.mentions import Mention, mention
from taizhang.engines.checking.naming import noun_of
from taizhang.engines.checking.neighbours import Sentence, measure
from taizhang.engines.checking.passages import line_start
from taizhang.engines.checking.types import Issue, Quantity

_Key = tuple[object, str]
_MOST = 6
"""A number that stands in more places than this was not copied but is the text's theme."""
_ALIKE = {"场次": "场", "次": "场", "期": "场", "人次": "人"}
_LONGEST_HEADING = 30
_NUMBERED = expression(r"[0-9]")
_ENOUGH = 4
"""Digits that numbers of two sentences must have in common to have been copied."""
_AS_KNOWN = expression(r"(?:对|将|把|这|向|上述|该|介绍了?)$")
_TWICE = 2
_DIGITS = 5
"""What the numbers of sentences in a row must have together to be no chance."""
_ALL = expression(r"全年|全[省市县区]|累计|共(?!同)|总计|合计|上述|以上|这")
_OCCASION = expression(
    r"科普日|科技周|活动周|工作者日|三下乡|[\u4e00-\u9fff]{2}(?:大赛|竞赛)|宣传[周月]"
)
_MARKS = expression(
    r"^\s*(?:（[一二三四五六七八九十]{1,2}）|[一二三四五六七八九十0-9]{1,2}[、.．]|[一二三四五六七八九十]是)"
)
_SIGNS = expression(r"[，。；、：（）()“”\s]")
_SUMMARY = expression(
    r"同样|同等|此项|此次|该项|该活动|总之|综上|总的来看|总体|上述|以上|如前所述|前述|据统计|合计"
)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``duplicate_reuse.tuple`` per number, and ``conflict.rounding`` where one says 余."""
    parts = [piece for one in context.sentences if not one.is_row for piece in _pieces(one)]
    places: dict[_Key, list[tuple[int, Quantity]]] = defaultdict(list)
    for number, sentence in enumerate(parts):
        for one in sentence.quantities:
            if one.value is not None and one.value > 1 and one.dimension != "share":
                places[one.value, _kind(one)].append((number, one))
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
        elif len(keys) == 1:
            following = pairs.get((first + 1, second + 1), set())
            if len(following) == 1 and _goes_on(context, parts, first, second, keys, following):
                copied[next(iter(keys))] |= {first, second}
                copied[next(iter(following))] |= {first + 1, second + 1}
    for key, together in copied.items():
        ones = [one for number, one in places[key] if number in together]
        yield from _issues(ones)
    yield from _singles(context, {value for value, _kind in copied})


def _singles(context: Context, known: Collection[object]) -> Iterator[Issue]:
    """Yield ``duplicate_reuse.single``, a hint: 1286盏 and 1286条, four digits for two things that share no word."""
    told: dict[object, list[Mention]] = defaultdict(list)
    for each in context.mentions:
        one = each.quantity
        exact = one.value is not None and one.qualifier == "exact" and one.dimension != "share"
        if exact and not each.sentence.is_row and _significant(one.value) >= _ENOUGH:
            told[one.value].append(each)
    for value, both in told.items():
        if len(both) == _TWICE and value not in known and _are_two_things(*both):
            params: dict[str, object] = {
                "text": both[0].quantity.text,
                "other": both[1].quantity.text,
                "subjects": [each.quantity.subject for each in both],
            }
            spans = tuple(each.quantity.span for each in both)
            yield Issue("duplicate_reuse", "duplicate_reuse.single", "hint", spans, params)


def _are_two_things(first: Mention, second: Mention) -> bool:
    """Whether two equal numbers have nothing in common, and neither is told as known or in the opening."""
    if first.sentence.start == second.sentence.start or first.opening or second.definite:
        return False
    people = {first.quantity.dimension, second.quantity.dimension} <= {"people", "person_times"}
    if people and first.quantity.unit != second.quantity.unit:
        return False  # the same people, once as heads
    shared = first.near & second.near | first.near & second.topic | first.topic & second.near
    return not any(len(pair) > 1 for pair in shared)


def _kind(one: Quantity) -> str:
    """What may be one count written in two ways: 场 and 场次, 名 and 人次."""
    unit = measure(one)
    return _ALIKE.get(unit, unit)


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    """The stretches of a sentence between ；, each with its quantities."""
    if not any("；" in words for words in sentence.before[1:]):
        yield sentence
        return
    first = 0
    for number, words in enumerate((*sentence.before[1:], sentence.after), 1):
        last = number == len(sentence.quantities)
        if "；" not in words and not last:
            continue
        ones = sentence.quantities[first:number]
        before = sentence.before[first:number]
        head = before[0].rpartition("；")[2] if first else before[0]
        start = ones[0].start - len(head)
        end = ones[-1].end + len(words.partition("；")[0])
        after = words.partition("；")[0]
        yield Sentence(start, end, ones, (head, *before[1:]), after, is_row=False)
        first = number


def _goes_on(
    context: Context,
    parts: Sequence[Sentence],
    first: int,
    second: int,
    keys: set[_Key],
    following: set[_Key],
) -> bool:
    """Whether two sentences in a row have one number each of two others: 出动186人次。服务4200人次。"""
    values = {key[0] for key in keys | following}
    if len(values) < 2 or sum(_significant(value) for value in values) < _DIGITS:
        return False
    if second == first + 1 or any(
        "\n" in context.plain[parts[at].start : parts[at + 1].start].strip("\n")
        for at in (first, second)
    ):
        return False
    return _is_copy(context, parts[first], parts[second], keys, few=True)


def _is_copy(
    context: Context, first: Sentence, second: Sentence, keys: set[_Key], *, few: bool = False
) -> bool:
    """Enough digits to be no chance, under names that are not simply the same."""
    values = {key[0] for key in keys}
    digits = sum(_significant(value) for value in values)
    close = _side_by_side(first, keys) and _side_by_side(second, keys)
    enough = _ENOUGH - (close or _words_of(first, keys) == _words_of(second, keys) != ())
    if not few and (len(values) < 2 or digits < enough):
        return False
    if _is_summary(context, first) or _is_summary(context, second):
        return False
    if any(_is_retold(context, first, second, key) for key in keys):
        return False
    another = _is_another(context, first, second)
    if not another and all(_is_repeated(context, first, second, key) for key in keys):
        return False
    if _named(context, first) != _named(context, second):
        return True
    if _occasions(context, first) & _occasions(context, second):
        return False
    alike = all(
        _name(context, first.quantities, key) == _name(context, second.quantities, key)
        for key in keys
    )
    return not alike or another


def _is_retold(context: Context, first: Sentence, second: Sentence, key: _Key) -> bool:
    """组织活动28场次 … 28场次活动中, 对58个服务站: what was told before is spoken of as known."""
    if any(_AS_KNOWN.search(second.before[_number(second, each)]) for each in (key,)):
        return True
    told = [mention(context, each, _number(each, key)) for each in (first, second)]
    (left, right), (other_left, other_right) = ((one.left, one.noun) for one in told)
    return any(
        len(name) > 1 and name == behind[:2]
        for name, behind in ((left[-2:], other_right), (other_left[-2:], right))
    )


def _side_by_side(sentence: Sentence, keys: set[_Key]) -> bool:
    """3批、87人: whether nothing but a sign stands between the numbers."""
    at = sorted(_number(sentence, key) for key in keys)
    return at[-1] - at[0] == len(at) - 1 and all(
        len(sentence.before[number]) == 1 for number in at[1:]
    )


def _words_of(sentence: Sentence, keys: set[_Key]) -> tuple[str, ...]:
    """8期，参训620人次: the words between numbers that follow each other; none where others stand between."""
    at = sorted(_number(sentence, key) for key in keys)
    return (
        tuple(sentence.before[number] for number in at[1:]) if at[-1] - at[0] == len(at) - 1 else ()
    )


def _number(sentence: Sentence, key: _Key) -> int:
    return next(at for at, one in enumerate(sentence.quantities) if (one.value, _kind(one)) == key)


def _occasions(context: Context, sentence: Sentence) -> frozenset[str]:
    return frozenset(_OCCASION.findall(context.plain, sentence.start, sentence.end))


def _is_another(context: Context, first: Sentence, second: Sentence) -> bool:
    """Whether what leads to the numbers tells of two activities, and neither of all there is."""
    leads = [_lead(context, sentence) for sentence in (first, second)]
    if any(_ALL.search(lead) for lead in leads):
        return False
    one, other = leads
    if len(one) < 3 or len(other) < 3 or one in other or other in one:
        return False
    # 医疗志愿服务 and 农技志愿服务: names of one making.
    if one[-2:] == other[-2:]:
        return True
    pairs, others = ({lead[at : at + 2] for at in range(len(lead) - 1)} for lead in leads)
    return len(pairs & others) * 2 <= min(len(pairs), len(others))


def _lead(context: Context, sentence: Sentence) -> str:
    """The words that lead to the first number of a sentence, with the heading of its line."""
    first = sentence.quantities[0].start
    line = line_start(context.plain, sentence.start)
    heading = context.plain[line : sentence.start]
    if len(heading) > _LONGEST_HEADING or _NUMBERED.search(_MARKS.sub("", heading)):
        heading = ""
    return _SIGNS.sub("", _MARKS.sub("", heading + context.plain[sentence.start : first]))


def _is_repeated(context: Context, first: Sentence, second: Sentence, key: _Key) -> bool:
    """38个问题细化为96条措施 … 38个问题已整改: the same noun right behind the number."""
    nouns = {
        context.plain[one.end : one.end + 2]
        for sentence in (first, second)
        for one in sentence.quantities
        if (one.value, _kind(one)) == key
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
        noun_of(one, context.synonyms).noun for one in quantities if (one.value, _kind(one)) == key
    )


_QUOTE = expression(r"“[^”\n]{2,20}”")


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

"""Numbers of parts that jump or come twice: 一、二、四、; 一是 … 三是."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.passages import line_start
from taizhang.engines.checking.sections import Mark
from taizhang.engines.checking.types import Issue, Span

_HAN = "零一二三四五六七八九十"
_FURTHEST = 2  # a number further on is no next part but something else that looks like a mark

_DIGIT_MARK = expression(r"(?<=[，。；：\n])(?P<number>[1-9])是(?!否|个)")
_POINT = expression(rf"(?P<stop>\A|[，。；：\n])(?P<mark>(?P<number>[{_HAN[1:]}])是(?!否))")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.numbering_jump`` and ``other.numbering_twice`` within one heading."""
    yield from _within_sentence(context)
    yield from _in_digits(context)
    last: dict[int, tuple[int, Mark]] = {}
    for mark in context.sections.marks:
        number = _number(mark.label)
        for deeper in [level for level in last if level > mark.level]:
            del last[deeper]
        before = last.get(mark.level)
        last[mark.level] = (number, mark)
        if before is None or not number:
            continue
        old, earlier = before
        span = Span(mark.start, mark.end)
        params = {
            "text": mark.label,
            "previous": earlier.label,
            "right": _like(mark.label, old + 1),
        }
        if old + 1 < number <= old + 1 + _FURTHEST and not _between(
            context, earlier, mark, old + 1
        ):
            yield Issue("other", "other.numbering_jump", "warning", (span,), params)
        elif number == old > 1 and (
            (mark.level < 2 and _at_line(context, earlier, mark))
            or (mark.level == 4 and "\n" not in context.plain[earlier.start : mark.start])
        ):
            spans = (span, Span(earlier.start, earlier.end))
            yield Issue("other", "other.numbering_twice", "warning", spans, params)
            # What follows it goes on from where it should have been.
            last[mark.level] = (number + 1, mark)


def _within_sentence(context: Context) -> Iterator[Issue]:
    """一是…，二是…，四是…: marks that only a comma sets off, once 一是 has begun the list."""
    told, earlier = 0, ""
    for match in _POINT.finditer(context.plain):
        number, stop = _HAN.find(match["number"]), match["stop"]
        if number == 1 or "\n" in stop:
            told, earlier = (number, match["mark"]) if number == 1 else (0, "")
            continue
        if stop == "，" and told and told + 1 < number <= told + 1 + _FURTHEST:
            params = {"text": match["mark"], "previous": earlier, "right": f"{_HAN[told + 1]}是"}
            span = Span(match.start("mark"), match.end("mark"))
            yield Issue("other", "other.numbering_jump", "warning", (span,), params)
        told, earlier = number if told else 0, match["mark"]


def _in_digits(context: Context) -> Iterator[Issue]:
    """一是…；2是…: one of the marks in digits, the ones beside it not."""
    for match in _DIGIT_MARK.finditer(context.plain):
        before = f"{_HAN[int(match['number']) - 1]}是"
        line = line_start(context.plain, match.start())
        if before in context.plain[line : match.start()]:
            params = {"text": match[0], "other": before}
            span = Span(*match.span())
            yield Issue("other", "other.mixed_numerals", "warning", (span,), params)


def _number(label: str) -> int:
    """What a mark counts, 0 for what is no number up to 99."""
    word = label.strip("（）是")
    if word.isascii():
        return int(word) if word.isdigit() else 0
    if "十" in word:
        tens, _ten, ones = word.partition("十")
        if len(tens) > 1 or len(ones) > 1:
            return 0
        return (_HAN.find(tens) if tens else 1) * 10 + (_HAN.find(ones) if ones else 0)
    return _HAN.find(word) if len(word) == 1 else 0


def _like(label: str, number: int) -> str:
    """The number written as the mark is: 四 for 五, （4） for （5）."""
    word = label.strip("（）是")
    tens, ones = divmod(number, 10)
    han = (_HAN[tens] if tens > 1 else "") + ("十" if tens else "") + (_HAN[ones] if ones else "")
    return label.replace(word, str(number) if word.isascii() else han)


def _between(context: Context, earlier: Mark, mark: Mark, missing: int) -> bool:
    """Whether the missing number stands between after all, where no mark is looked for."""
    word = _like(mark.label, missing).strip("（）是")
    tail = {0: "、", 1: "[）)]", 2: "[.．、]", 3: "[）)]", 4: "是"}[mark.level]
    digits = "" if word.isascii() else str(_number(word))
    words = f"(?:{word}|{digits}){tail}" if digits and mark.level == 4 else f"{word}{tail}"
    return bool(expression(words).search(context.plain, earlier.end, mark.start))


def _at_line(context: Context, *marks: Mark) -> bool:
    return all(
        not context.plain[line_start(context.plain, one.start) : one.start].strip() for one in marks
    )

"""Half-width signs in Chinese sentences, and brackets and quotation marks without their partner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_HALF = expression(
    r"[,;:!?](?<=[\u4e00-\u9fff”》）].)(?=[\u4e00-\u9fff0-9“《（])"
    r"|[,;](?<=[0-9%].)(?=[\u4e00-\u9fff])"
    r"|[.;](?<=[\u4e00-\u9fff”》）].)(?=[\u4e00-\u9fff]|[ \u3000\r]{0,3}(?:\n|\Z))"
)
_DOUBLED = expression(r"[，、；：]{2,}|。{2}(?!。)|[，、；]。|。[，、；]")
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。"}
_PAIRED = expression(r"[“”《》（）()【】〔〕\n]")
_CLOSERS = {"”": "“", "》": "《", "）": "（", ")": "（", "】": "【", "〕": "〔"}
_ENUMERATES = expression(
    r"(?:^|[\n。；：，、 \u3000\t])[ \u3000]*[0-9a-zA-Z一二三四五六七八九十①-⑨]{1,3}\Z"
)
_LINES_OF_A_QUOTATION = 30
_SHOWN = 8


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.half_width`` once for each sign, ``.doubled_sign``, ``.unbalanced``, ``.bracket_mixed``."""
    places: dict[str, list[Span]] = defaultdict(list)
    for match in _HALF.finditer(context.plain):
        places[match[0]].append(Span(*match.span()))
    for sign, spans in places.items():
        params = {"text": sign, "right": _FULL[sign], "count": len(spans)}
        yield Issue("other", "other.half_width", "warning", tuple(spans), params)
    for match in _DOUBLED.finditer(context.plain):
        if context.plain[match.start() - 1 : match.start()] != "。":
            params = {"text": match[0]}
            yield Issue("other", "other.doubled_sign", "warning", (Span(*match.span()),), params)
    yield from _pairs(context.plain)


def _pairs(plain: str) -> Iterator[Issue]:
    """Openers and closers that find no partner in their line, nor in a quotation over few lines."""
    open_lines: list[tuple[int, str, int]] = []
    line: list[tuple[int, str]] = []
    alone: list[tuple[int, str]] = []
    number = 0
    for match in _PAIRED.finditer(plain):
        sign, place = match[0], match.start()
        if sign == "\n":
            open_lines += [(place_, sign_, number) for place_, sign_ in line]
            line = []
            number += 1
            continue
        kind = _CLOSERS.get(sign)
        if kind is None:
            line.append((place, sign))
        elif line and _kind(line[-1][1]) == kind:
            opened, opener = line.pop()
            if (opener == "(") != (sign == ")") and sign in "）)":
                spans = (Span(place, place + 1), Span(opened, opened + 1))
                params = {"text": f"{opener}…{sign}"}
                yield Issue("other", "other.bracket_mixed", "warning", spans, params)
        elif (
            open_lines
            and _kind(open_lines[-1][1]) == kind
            and number - open_lines[-1][2] <= _LINES_OF_A_QUOTATION
        ):
            open_lines.pop()
        elif not (kind == "（" and _ENUMERATES.search(plain[max(0, place - 6) : place])):
            alone.append((place, sign))
            if any(_kind(opener) == kind for _place, opener in line[-8:]):
                while _kind(line[-1][1]) != kind:
                    opened, opener = line.pop()
                    alone.append((opened, opener))
                line.pop()
    alone += [(place, sign) for place, sign, _line in open_lines] + line
    yield from _runs(plain, alone)


def _runs(plain: str, alone: list[tuple[int, str]]) -> Iterator[Issue]:
    """One issue for signs of one kind that stand side by side."""
    places = sorted(alone)
    start = 0
    for number in range(1, len(places) + 1):
        last, sign = places[number - 1]
        if number < len(places) and places[number] == (last + 1, sign):
            continue
        span = Span(places[start][0], last + 1)
        params = {"text": plain[span.start : span.end][:_SHOWN]}
        yield Issue("other", "other.unbalanced", "warning", (span,), params)
        start = number


def _kind(opener: str) -> str:
    return "（" if opener == "(" else opener

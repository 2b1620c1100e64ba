"""How numbers are written: mixed numerals, ranges without their unit, 3万5千, 三、四个.

Sources: GB/T 15835-2011 and the usage it is taught with: the unit on both sides of a range, no 、
between neighbouring digits, 5亿3400万 but never 5亿3千4百万.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Quantity, Span

_UNITS = "[个名场次家项期人篇份天户所处件条位支批]"
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,4})?"
_RANGE = expression(
    rf"(?<![0-9A-Za-z.\-—–~～/第年月])(?P<low>{_NUMBER})(?P<dash>[-—–~～－]{{1,2}}|[至到])(?P<high>{_NUMBER})(?P<unit>[%％万亿])"
)
_PLAIN_UNIT = expression("元")
_MIXED_UNITS = expression(
    rf"(?<![一二三四五六七八九十百千第])[二三四五六七八九]?十[1-9](?={_UNITS})"
    r"|(?<![0-9.])[0-9]{1,4}(?:亿[0-9]{1,4}千|万[0-9][千百]|千[0-9]百)(?:[0-9]百)?(?:万)?(?![0-9米克瓦伏])"
)
_NEIGHBOURS = expression(
    rf"(?<=[^\n。；：、，第十百千万初高大0-9一二三四五六七八九 　（(])(?P<first>[二三四五六七八]|[2-8])、(?P<second>[三四五六七八九]|[3-9])(?=[百千万]?{_UNITS})"
)
_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")}
_BETWEEN = expression(r"[^，。；：、\n]{0,10}、[^，。；：、\n]{0,12}\Z")
_HAN_NUMBER = expression(r"[一二三四五六七八九十百千零〇两]+(?=[^\W\d_])")
_CLOSED = expression(r"分别|各|依次|第")


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.range_unit``, ``mixed_units``, ``neighbour_digits`` and ``mixed_numerals``."""
    text = context.folded
    for match in _RANGE.finditer(text):
        if text[match.end() - 1] in "万亿" and _PLAIN_UNIT.match(text, match.end()):
            continue  # 2—3万元: nobody takes the first for two yuan
        if float(match["low"]) < float(match["high"]):
            unit = context.plain[match.end() - 1]
            right = f"{match['low']}{unit}{match['dash']}{match['high']}{unit}"
            yield _issue("range_unit", match, {"text": match[0], "right": right})
    for match in _MIXED_UNITS.finditer(text):
        yield _issue("mixed_units", match, {"text": match[0]})
    for match in _NEIGHBOURS.finditer(text):
        first, second = (
            _DIGITS.get(match[name]) or int(match[name]) for name in ("first", "second")
        )
        if second == first + 1 and not _CLOSED.search(
            text, max(0, match.start() - 16), match.start()
        ):
            han = "零一两三四五六七八九"
            params = {"text": match[0], "right": han[first] + "零一二三四五六七八九"[second]}
            yield _issue("neighbour_digits", match, params)
    yield from _mixed_lists(context)


def _issue(code: str, match: re.Match[str], params: Mapping[str, object]) -> Issue:
    return Issue("other", f"other.{code}", "warning", (Span(*match.span()),), params)


def _mixed_lists(context: Context) -> Iterator[Issue]:
    """Members of one list, 、 between them, some in Chinese numerals and some in Arabic."""
    run: list[Quantity] = []
    for one in context.quantities:
        if run and not _joined(context, run[-1], one):
            yield from _mixed(run)
            run = []
        run.append(one)
    yield from _mixed(run)


def _joined(context: Context, one: Quantity, other: Quantity) -> bool:
    gap = other.start - one.end
    return 0 < gap < 25 and bool(_BETWEEN.match(context.plain[one.end : other.start]))


def _mixed(run: list[Quantity]) -> Iterator[Issue]:
    if len(run) < 2:
        return
    counted = [one for one in run if one.qualifier == "exact" and one.value and one.unit != "%"]
    # 一个 and 两个 are words of every day; 二个 is only written to match a list of figures.
    han = [
        one
        for one in counted
        if _HAN_NUMBER.match(one.text) and one.value and (one.value > 2 or one.text[0] == "二")
    ]
    arabic = [one for one in counted if one.text[0].isdigit() and not _HAN_NUMBER.match(one.text)]
    if han and arabic and {one.dimension for one in han} & {one.dimension for one in arabic}:
        fewer = han if len(han) <= len(arabic) else arabic
        spans = tuple(one.span for one in fewer + [x for x in han + arabic if x not in fewer])
        params = {"text": fewer[0].text, "other": (arabic if fewer is han else han)[0].text}
        yield Issue("other", "other.mixed_numerals", "warning", spans, params)

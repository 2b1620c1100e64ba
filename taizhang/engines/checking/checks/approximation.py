"""Words of about, nearly and over that say the same twice or contradict each other: 近3000余人."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Quantity, Span

_FRONT = expression(
    r"(?:(?P<near>将近|接近|近)|(?P<less>不到|不足|不满|未满)|(?P<about>大约|约|大概)"
    r"|(?P<over>超过|超出|突破|超|逾)|(?P<least>至少|最少|不少于|不低于)|(?P<most>至多|最多|不超过|不多于)"
    r"|(?P<reach>达到|高达|多达|达))+\Z"
)
_FIRST = expression(
    r"(?:(?P<near>将近|接近|近)|(?P<less>不到|不足|不满|未满)|(?P<about>大约|约|大概)"
    r"|(?P<over>超过|超出|突破|超|逾)|(?P<least>至少|最少|不少于|不低于)|(?P<most>至多|最多|不超过|不多于)"
    r"|(?P<reach>达到|高达|多达|达))+"
)
_MORE = expression(r"[0-9０-９十百千万亿](?P<sign>余|多)")
_LAST = expression(r"(?P<around>左右|上下)|(?P<above>以上)|(?P<below>以下|以内)")
# A verb may stand between: 至少建1个以上.
_BOUND = expression(r"(?:(?P<least>至少|最少)|(?P<most>至多|最多))[\u4e00-\u9fff]{0,4}\Z")
_DECIMAL = expression(r"(?P<whole>[0-9０-９]+)[.．](?P<parts>[0-9０-９]+)")
_MAGNITUDE = expression(r"[百千万亿]")
_QUOTIENT = expression(r"平均|人均|户均|[日月年场次]均|每")

_GOAL = expression(r"(?:力争|争取|确保|目标|计划|拟)[^。；\n]*\Z")

# The words before the number, the words behind it, the code.
_PAIRS = (
    ("near", "more", "near_over"),
    ("about", "near", "near_about"),
    ("near", "around", "near_about"),
    ("near", "above", "near_over"),
    ("less", "more", "less_over"),
    ("less", "around", "less_about"),
    ("less", "above", "less_over"),
    ("about", "more", "about_over"),
    ("about", "around", "about_twice"),
    ("over", "more", "over_twice"),
    ("over", "above", "over_above"),
    ("over", "around", "over_about"),
    ("least", "more", "least_over"),
    ("least", "above", "least_above"),
    ("least", "around", "least_about"),
    ("most", "below", "most_below"),
    ("reach", "above", "reach_above"),
    ("more", "above", "over_above"),
    ("more", "around", "over_about"),
)


def check(context: Context) -> Iterator[Issue]:
    """Yield one ``redundant_approx`` for each quantity whose words of nearness do not go together."""
    for one in context.quantities:
        if one.qualifier == "exact":
            continue
        found = _signs(context, one)
        for front, behind, code in _PAIRS:
            if front in found and behind in found:
                # A share set as a goal reads so everywhere: 合格率达到95%以上.
                # 达千人以上 names an order of magnitude, no number.
                # So does any other goal: 力争信息员达到3万名以上.
                if code == "reach_above" and (
                    one.unit in ("%", "％")
                    or _MAGNITUDE.match(context.plain, found["reach"][1])
                    or _GOAL.search(context.plain, max(0, one.start - 60), one.start)
                ):
                    continue
                start = min(one.start, *(place[0] for place in found.values()))
                end = max(one.end, *(place[1] for place in found.values()))
                params = {
                    "text": context.plain[start:end],
                    "first": _words(context, found[front]),
                    "second": _words(context, found[behind]),
                }
                yield Issue(
                    "redundant_approx",
                    f"redundant_approx.{code}",
                    "warning",
                    (Span(start, end),),
                    params,
                )
                break
        else:
            # A quotient is about something however exact it looks: 平均每次约113人次.
            computed = _QUOTIENT.search(context.plain, max(0, one.start - 10), one.start)
            if set(found) == {"about"} and _is_exact(one) and not computed:
                yield Issue(
                    "redundant_approx",
                    "redundant_approx.exact",
                    "warning",
                    (one.span,),
                    {"text": one.text, "first": _words(context, found["about"])},
                )


def _words(context: Context, place: tuple[int, int]) -> str:
    return context.plain[place[0] : place[1]]


def _signs(context: Context, one: Quantity) -> dict[str, tuple[int, int]]:
    """Which words of nearness stand in, before and behind a quantity, and where."""
    found: dict[str, tuple[int, int]] = {}
    plain = context.plain
    before, bound = max(0, one.start - 4), max(0, one.start - 8)
    for match, offset in (
        (_FIRST.match(one.text), one.start),
        (_FRONT.search(plain[before : one.start]), before),
        (_BOUND.search(plain[bound : one.start]), bound),
    ):
        if match:
            for name in match.groupdict():
                if match[name]:
                    found.setdefault(name, (offset + match.start(name), offset + match.end(name)))
    more = _MORE.search(one.text)
    if more:
        found["more"] = (one.start + more.start("sign"), one.start + more.end("sign"))
    behind = _LAST.match(plain, one.end)
    if behind is None and one.text.endswith(("左右", "上下", "以上", "以下", "以内")):
        behind = _LAST.match(plain, one.end - 2)
    if behind:
        found[behind.lastgroup or ""] = behind.span()
    return found


def _is_exact(one: Quantity) -> bool:
    """A number too exact to be about: 128件, 36.42万元; not 1.25万, not 150."""
    if one.value is None or one.value_max is not None:
        return False
    if "万" in one.text or "亿" in one.text or one.dimension == "money":
        written = _DECIMAL.search(one.text)
        return bool(written) and len(written["whole"]) >= 2 and len(written["parts"]) >= 2  # type: ignore[index]
    value = Decimal(one.value)
    return (
        one.dimension not in ("share", "length", "area", "time")
        and value == int(value)
        and value > 100
        and int(value) % 5 != 0
    )

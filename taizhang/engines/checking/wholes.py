"""The whole that a part is a share of: the number of its measure that has the name told, or none other.

占会员总数的30% names the whole; 其中女性360人，占30% does not, and any greater number beside it may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from taizhang.engines.checking.adding import amount
from taizhang.engines.checking.changes import TO
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import is_exact, kin
from taizhang.engines.checking.mentions import is_of_another_year
from taizhang.engines.checking.passages import around
from taizhang.engines.checking.types import Quantity

_EMPTY = expression(
    r"^占(?:比|到)?|的|比例|比重|总数|总量|总额|总|全部|全[年省市县区旗国]|达到|达|为|约|比$"
)
_ADDED = expression(r"(?:增加|减少|增长|下降|净增)了?$")
_PLAIN = expression(r"人数|数量|全年|年度|当年|数$|额$|量$")
_OF_ALL = expression(r"总(?![数量额体人])")
_ALL = expression("总|共|累计|合计|全")
_SIGNS = expression("[，；、：。\n]")
_HAS_SHARE = expression(r"[^，；。0-9]{0,10}，?(?:各|分别)?占[^，；。]{0,24}")
_SPECIFIC, _REACHES = 4, 16
_PEOPLE = frozenset({"人", "名", "位"})


class Whole(NamedTuple):
    """The likeliest whole, and every amount that the words leave open."""

    told: Quantity
    may_be: tuple[Decimal, ...]


def whole_of(context: Context, number: int, part: Quantity, words: str) -> Whole | None:
    """What the share with this number is of, by the words from 占 to the share."""
    named = _EMPTY.sub("", words)
    wholes = _before(context, number, part, named) or _behind(context, number, part, named)
    if not wholes:
        return None
    beside = [each for each in wholes if _is_together(context.plain[each.end : part.start])]
    named = _PLAIN.sub("", named)
    is_named = bool(named) and all(named in each.subject for each in wholes)
    inside = "其中" in context.plain[wholes[-1].end : part.start]
    if _OF_ALL.search(words) and not inside:
        alone = len(wholes) == 1 and wholes[0].sentence == part.sentence
        wholes = [each for each in wholes if alone or _ALL.search(_clause(context, each))]
        if not wholes:
            return None  # 投入15万元，投入2万元。自筹6万元，占总投入的12%: of all there was
    sums = () if is_named or inside else _sums(part, wholes)
    return Whole(max(beside or wholes, key=amount), (*map(amount, wholes), *sums))


def is_added(context: Context, one: Quantity) -> bool:
    """Whether it is what came to something, and no number of it."""
    return bool(_ADDED.search(context.plain, max(0, one.start - 4), one.start))


def lead_of(context: Context, one: Quantity) -> str:
    """The words right before it."""
    return context.plain[max(0, one.start - 12) : one.start]


def _clause(context: Context, one: Quantity) -> str:
    """Those of its clause."""
    return _SIGNS.split(lead_of(context, one))[-1]


def _sums(part: Quantity, wholes: Sequence[Quantity]) -> Iterator[Decimal]:
    """What the last ones make together, with the part and without it: all may be parts of one whole."""
    amounts = [amount(each) for each in wholes]
    for k in range(len(amounts)):
        together = sum(amounts[k:], Decimal(0))
        yield together
        yield together + amount(part)


def _before(context: Context, number: int, part: Quantity, named: str) -> list[Quantity]:
    """Numbers of the same measure before the part that share its name, the nearest forty."""
    plain = context.plain
    begin, _end = around(plain, part.start, part.start, "。；\n")
    words = plain[begin : part.end + 10] + named
    before = context.quantities[max(0, number - 40) : number]
    found, names = [], {}
    for each, name in _wholes(plain, before):
        if is_of_another_year(context, _clause(context, each)):
            continue
        same = each.unit == part.unit or {each.unit, part.unit} <= _PEOPLE
        same = same or each.dimension == part.dimension == "money"
        if not same or not is_exact(each) or each.start >= part.start:
            continue
        if amount(each) <= amount(part) or is_added(context, each):
            continue
        beside = each.sentence == part.sentence and _is_together(plain[each.end : part.start])
        if beside or _share_words(name, words):
            found.append(each)
            names[each] = f"{name} {_clause(context, each)}"
    bare = _PLAIN.sub("", named)
    for called in filter(None, (named, bare)):
        if exact := [each for each in found if called in names[each]]:
            return exact
    if len(bare) > 1 and bare in _clause(context, part):
        return []  # 获奖12条，占全市获奖数的30%: of a wider circle
    if len(bare) >= _SPECIFIC:
        # 占经费使用额的44%: of a sum that has a name of its own, told or not.
        return [each for each in found if bare[-2:] in names[each]]
    # 社会投入120万元，占经费的20%: what has not the name told is not looked for far away.
    return [each for each in found if len(bare) < 2 or each.sentence == part.sentence]


def _wholes(plain: str, before: Sequence[Quantity]) -> Iterator[tuple[Quantity, str]]:
    """The numbers that may be wholes, each with its name.

    人员520万元，占41%；设备430万元，占34%: what has a share of its own is none; 由64个发展到160个: nor is
    what was before, and what is now has its name.
    """
    name = ""
    for each, following in zip(before, (*before[1:], None), strict=True):
        name = name or each.subject
        between = "" if following is None else plain[each.end : following.start]
        if following and TO.search(between[-_REACHES:]):
            continue
        if not (following and following.unit == "%" and _HAS_SHARE.fullmatch(between)):
            yield each, name
        name = ""


def _is_together(between: str) -> bool:
    """Whether no semicolon parts two numbers, unless the first is the head of a list: 120个：甲12个；乙36个."""
    clause, sign, _rest = between.partition("；")
    return not sign or "：" in clause or "其中" in clause


def _behind(context: Context, number: int, part: Quantity, named: str) -> list[Quantity]:
    """覆盖农村中学总数的80%，全市共有农村中学30所: the whole stands behind, under the name told."""
    one = context.quantities[number]
    return [
        each
        for each in context.quantities[number + 1 : number + 3]
        if each.sentence == one.sentence and "；" not in context.plain[one.end : each.start]
        and is_exact(each) and kin(each, part)
        and amount(each) > amount(part) and len(named) > 1
        and named[-2:] in _clause(context, each)
    ]  # fmt: skip


def _share_words(subject: str, words: str) -> bool:
    """Whether the last two characters of a name, or any three of it, stand in the words."""
    return len(subject) > 1 and (
        subject[-2:] in words or any(subject[i : i + 3] in words for i in range(len(subject) - 2))
    )

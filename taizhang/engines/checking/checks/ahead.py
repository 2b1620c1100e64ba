"""Days ahead of a plan: 计划工期90天，实际工期75天，提前15天."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.adding import amount, short
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.fitting import ordered
from taizhang.engines.checking.types import Issue, Quantity

_SIGNS = expression(r"[，、；：（）。\n]")
_ROLES = (
    ("planned", expression(r"(?:计划|原定|合同|预计|原)[^0-9]{0,6}$")),
    ("used", expression(r"(?:实际|仅用|只用|用时)[^0-9]{0,6}$")),
    ("ahead", expression(r"(?:提前|节省|缩短)(?:了|工期)?$")),
)
_UNITS = frozenset({"天", "个月", "小时", "个工作日", "分钟"})


def check(context: Context) -> Iterator[Issue]:
    """Yield ``arithmetic.difference`` where the days ahead are not those between the two."""
    for sentence in context.counted:
        told: dict[str, Quantity] = {}
        for one in sentence:
            if one.unit not in _UNITS or one.qualifier != "exact":
                continue
            label = _SIGNS.split(context.plain[max(0, one.start - 14) : one.start])[-1]
            role = next((name for name, words in _ROLES if words.search(label)), "")
            if role:
                told.setdefault(role, one)
        if len(told) == len(_ROLES) and len({one.unit for one in told.values()}) == 1:
            yield from _judge(told)


def _judge(told: dict[str, Quantity]) -> Iterator[Issue]:
    planned, used, ahead = told["planned"], told["used"], told["ahead"]
    right = amount(planned) - amount(used)
    if right > 0 and right != amount(ahead):
        params = {
            "old": planned.value,
            "new": used.value,
            "text": ahead.text,
            "right": short(right),
            "unit": ahead.unit,
        }
        spans = ordered(told.values())
        yield Issue("arithmetic", "arithmetic.difference", "error", spans, params)

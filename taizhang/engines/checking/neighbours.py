"""The quantities of a sentence and the words between them: what most checks look at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from taizhang.engines.checking.types import Quantity

_STAFF = frozenset("人名位")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its quantities and the words before each.

    ``before[i]`` stands between the quantity before and ``quantities[i]``, from the beginning of the
    sentence for the first; ``after`` behind the last one. ``is_row``: a row of a table.
    """

    start: int
    end: int
    quantities: tuple[Quantity, ...]
    before: tuple[str, ...]
    after: str
    is_row: bool

    def behind(self, number: int) -> str:
        """The words between a quantity and the next one or the end."""
        return self.before[number + 1] if number + 1 < len(self.before) else self.after


def measure(quantity: Quantity) -> str:
    """What may be added and compared: the unit, 名 and 位 being 人 and all yuan one."""
    unit = quantity.unit
    if unit in _STAFF:
        return "人"
    return unit.lstrip("万亿") if quantity.dimension == "money" else unit


def sentences(plain: str, quantities: Sequence[Quantity]) -> Iterator[Sentence]:
    """Every sentence that has a quantity, in reading order; the end of a line ends one."""
    starts = [one.start for one in quantities]
    at, floor = 0, 0
    stops = dict.fromkeys("\n。", -1)
    while at < len(quantities):
        first = quantities[at].start
        left = 1 + max(plain.rfind(sign, floor, first) for sign in "\n。")
        left = max(left, floor)
        for sign, stop in stops.items():
            # Looked for once only: a text without one of the signs is not searched again and again.
            if stop < quantities[at].end:
                found = plain.find(sign, quantities[at].end)
                stops[sign] = found if found >= 0 else len(plain)
        right = max(min(stops.values()), quantities[at].end)
        last = max(bisect_left(starts, right, at), at + 1)
        chosen = tuple(quantities[at:last])
        ends = (left, *(one.end for one in chosen))
        before = tuple(plain[end : one.start] for end, one in zip(ends, chosen, strict=False))
        row = "\t" in plain[left:right]
        yield Sentence(left, right, chosen, before, plain[chosen[-1].end : right], row)
        at, floor = last, right

"""Finding the quantities: one compiled scan, then tables."""

from __future__ import annotations

import re
from decimal import Decimal

from taizhang.engines.checking.text import Text
from taizhang.engines.checking.types import Quantity

_FIRST = re.compile(
    r"(\d+(?:\.\d+)?)(余|多)?(场次|人次|平方米|万元|[名人个项场次件条篇份家所])(?!年)"
)


def quantities_of(text: Text) -> tuple[Quantity, ...]:
    """Return every quantity of the text in reading order."""
    return tuple(
        Quantity(
            found.start(),
            found.end(),
            found[0],
            Decimal(found[1]),
            None,
            found[3],
            "over" if found[2] else "exact",
        )
        for found in _FIRST.finditer(text.plain)
    )

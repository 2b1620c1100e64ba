"""The checks, each a function ``(Context) -> Iterable[Issue]`` in a module of its own.

A new check is a module and one line in ``ALL``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from taizhang.engines.checking.checks import (
    among,
    anniversaries,
    approximation,
    averages,
    balances,
    conflicts,
    conversions,
    dates,
    document_numbers,
    doubled_words,
    editions,
    exactness,
    growth,
    hundreds,
    item_sums,
    leftovers,
    mixing,
    multiples,
    numbering,
    numerals_style,
    periods,
    personal_data,
    placeholders,
    punctuation,
    referred,
    residue,
    reuse,
    shares,
    states,
    sums,
    table_sums,
    usage,
    years,
)
from taizhang.engines.checking.context import Context
from taizhang.engines.checking.types import Issue

Check = Callable[[Context], Iterable[Issue]]

ALL: tuple[Check, ...] = (
    among.check,
    anniversaries.check,
    approximation.check,
    averages.check,
    balances.check,
    conflicts.check,
    conversions.check,
    dates.check,
    document_numbers.check,
    doubled_words.check,
    editions.check,
    exactness.check,
    growth.check,
    hundreds.check,
    item_sums.check,
    leftovers.check,
    mixing.check,
    multiples.check,
    numbering.check,
    numerals_style.check,
    periods.check,
    personal_data.check,
    placeholders.check,
    punctuation.check,
    referred.check,
    residue.check,
    reuse.check,
    shares.check,
    states.check,
    sums.check,
    table_sums.check,
    usage.check,
    years.check,
)

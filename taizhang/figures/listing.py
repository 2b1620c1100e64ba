"""Facts as a table of plain text, for terminals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from .facts import Fact

_HEADS = {
    "zh": ("代码", "指标", "数值", "打印", "记录"),
    "en": ("Code", "Figure", "Value", "Prints", "Rows"),
}


def fact_table(found: Iterable[Fact], language: str) -> str:
    """Code, name, exact value, wording and number of records of each fact."""
    rows = [
        (f.code, f.definition.name.say(language), f.text or "–", f.prints or "–", str(f.rows or ""))
        for f in found
    ]
    return aligned(_HEADS[language], rows)


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned also where characters are two columns wide."""
    widths = [max(_width(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = []
    for row in (heads, ["─" * width for width in widths], *rows):
        cells = (c + " " * (w - _width(c)) for c, w in zip(row, widths, strict=True))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

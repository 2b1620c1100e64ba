"""Reading back a number as it stands in Chinese prose: the other way round of ``numerals``."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_DIGITS = {**{c: n for n, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "壹": 1}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_LEAD = r"[\s约近超逾达共计]*"
_ARABIC = re.compile(
    _LEAD
    + r"(?P<minus>[-−]|负)?(?P<whole>\d+(?:,\d{3})*)(?:\.(?P<part>\d+))?(?P<scale>万亿|万|亿)?"
)
_HANZI = re.compile(
    _LEAD + r"(?P<share>百分之)?(?P<minus>负)?(?P<whole>[零〇一二三四五六七八九两壹十百千万亿]+)"
    r"(?:点(?P<part>[零〇一二三四五六七八九]+))?"
)
NUMERAL = re.compile(r"\d|[〇一二三四五六七八九两十百千万亿]|零")
"""A character that a number may be written with."""


def value_of(text: str) -> Decimal | None:
    """The number a wording begins with, as ``numerals.spell`` writes them; None when there is none.

    ``7900余人次`` is 7900, ``约2万人次`` 20000, ``60.5万元`` 605000, ``两所`` 2, ``1,234`` 1234.
    """
    plain = unicodedata.normalize("NFKC", text).replace("，", ",").strip()
    if found := _ARABIC.match(plain):
        number = _number(found["whole"].replace(",", ""), found["part"])
        number *= _SCALES[found["scale"] or ""]
    elif found := _HANZI.match(plain):
        whole = _of_characters(found["whole"])
        if whole is None:
            return None
        part = "".join(str(_DIGITS[c]) for c in found["part"] or "")
        number = _number(str(whole), part)
    else:
        return None
    return -number if found["minus"] else number


def _number(whole: str, part: str | None) -> Decimal:
    return Decimal(f"{whole}.{part}" if part else whole)


def _of_characters(text: str) -> int | None:
    """十二 → 12, 一万零五百 → 10500; None for what is no number, such as 一二."""
    for word, scale in (("亿", 10**8), ("万", 10**4)):
        head, found, rest = text.rpartition(word)
        if found:
            high, low = _of_characters(head), _of_characters(rest) if rest else 0
            return None if high is None or low is None else high * scale + low
    total, digit = 0, -1
    for place, sign in enumerate(text):
        if sign in _STEPS:
            if digit < 0 and place:
                return None
            total += (1 if digit < 0 else digit) * _STEPS[sign]
            digit = -1
        elif digit > 0:
            return None
        else:
            digit = _DIGITS[sign] or -1
    return total + max(digit, 0)

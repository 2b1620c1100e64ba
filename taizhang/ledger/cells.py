"""How people write numbers, days and words into cells, and what is refused.

Pure: a cell goes in, a Python value or a refusal comes out; the caller adds the place.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from taizhang.engines.findings import Refused

_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?"
)
_VAGUE = re.compile(r"[余多约近超逾几数]|左右|以上|以下|不足|\+$")
_SEPARATORS = re.compile(r"[、,，;；|\n]+")
_YES = {"1", "true", "yes", "y", "是", "有", "对", "√"}
_NO = {"0", "false", "no", "n", "否", "无", "不", "×"}


def text(cell: Any) -> str:
    """The words of a cell; whole floats lose their ``.0`` (a code typed as a number)."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute) == (0, 0) else str(cell)
    return str(cell).strip() if cell is not None else ""


def is_empty(cell: Any) -> bool:
    """Whether nothing was written."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def number(cell: Any) -> Decimal:
    """A number; full-width digits and grouping commas are understood, estimates are refused."""
    if isinstance(cell, (bool, date)):
        raise Refused.because("import.not-a-number", text=text(cell))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(repr(cell))
    written = unicodedata.normalize("NFKC", text(cell)).replace(",", "").replace(" ", "")
    if _VAGUE.search(written):
        raise Refused.because("import.vague-number", text=text(cell))
    try:
        found = Decimal(written)
    except InvalidOperation:
        raise Refused.because("import.not-a-number", text=text(cell)) from None
    if not found.is_finite():
        raise Refused.because("import.not-a-number", text=text(cell))
    return found


def day(cell: Any) -> date:
    """A day as 2021-09-18, 2021/9/18, 2021.9.18, 2021年9月18日 or an Excel date."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = unicodedata.normalize("NFKC", text(cell))
    match = _DAY.fullmatch(written)
    if match is None:
        raise Refused.because("import.not-a-date", text=text(cell))
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Refused.because("import.no-such-day", text=text(cell)) from None


def yes_or_no(cell: Any) -> bool:
    """是 or 否, in any of the usual ways."""
    if isinstance(cell, bool):
        return cell
    word = text(cell).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused.because("import.not-yes-no", text=text(cell))


def words(cell: Any) -> list[str]:
    """The words of a list, separated by 、 or a comma, a semicolon or a line break."""
    return [word.strip() for word in _SEPARATORS.split(text(cell)) if word.strip()]


def plain(value: Decimal) -> str:
    """A decimal without trailing noughts and without an exponent: 36.50 → 36.5, 1E+2 → 100."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def masked(value: Any) -> str:
    """A personal value as others see it: 王小明 → 王**, 13800001234 → 138****1234."""
    written = text(value)
    if not written:
        return ""
    digits = sum(character.isdigit() for character in written)
    if digits >= 7 and digits * 2 > len(written):
        return f"{written[:3]}{'*' * max(len(written) - 7, 1)}{written[-4:]}"
    return written[0] + "*" * max(len(written) - 1, 1)

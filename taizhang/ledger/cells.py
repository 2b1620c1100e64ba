"""How people write numbers, days and words into cells, and what is refused.

Pure: a cell goes in, a Python value or a refusal comes out; the caller adds the place.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from taizhang.engines.findings import Refused

_DAY = re.compile(
    r"(?P<year>\d{4})(?:"
    r"\s*[-/.年\s]\s*(?P<month>\d{1,2})\s*[-/.月\s]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[ T]00:00(?::00)?)?"
    r"|(?P<month8>\d{2})(?P<day8>\d{2}))"
)
_DAY_OF_A_YEAR = re.compile(
    r"(?P<month>\d{1,2})\s*[-/.月\s]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"|(?P<month8>0[1-9]|1[0-2])(?P<day8>[0-3]\d)"
)
_DAYS_AGO = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<digits>\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
    r"(?P<power>[eE][-+]?\d{1,3})?\s*(?P<times>[百千万亿]?)"
)
_MOST_DIGITS = 20
_TIMES = {"": 0, "百": 2, "千": 3, "万": 4, "亿": 8}
# What a Chinese keyboard gives for a point and a minus; NFKC does not count these as variants.
_KEYBOARD = str.maketrans("。｡−—–", "..---", "\u200b\u200e\u200f\ufeff")
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


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody types, and the year they work in: what 今天 and 9.18 mean to them."""

    today: date
    year: int


def plain_text(cell: Any) -> str:
    """The words of a cell in half width, as a Latin keyboard would have given them.

    ``９，８００`` is ``9,800`` and ``２０２１。９。１８`` is ``2021.9.18``; invisible signs that come along
    when people paste are gone.
    """
    return unicodedata.normalize("NFKC", text(cell).translate(_KEYBOARD)).strip()


def number(cell: Any) -> Decimal:
    """A number: 9800, 9,800, ９，８００, 9 800, 0.98万; estimates (约300, 3000余) are refused.

    Commas and spaces may only stand between groups of three digits, so that ``1,5`` is refused and
    not read as 15. 百, 千, 万 and 亿 multiply what stands before them, once: 1万2千 is refused.
    """
    if isinstance(cell, (bool, date)):
        raise Refused.because("import.not-a-number", text=text(cell))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        cell = repr(cell)
    written = plain_text(cell)
    if _VAGUE.search(written):
        raise Refused.because("import.vague-number", text=text(cell))
    match = _NUMBER.fullmatch(written)
    if match is None:
        raise Refused.because("import.not-a-number", text=text(cell))
    digits = re.sub("[, ]", "", match["digits"])
    found = Decimal(f"{match['sign']}{digits}{match['power'] or ''}").scaleb(_TIMES[match["times"]])
    if found.adjusted() > _MOST_DIGITS:
        raise Refused.because("import.too-big", text=text(cell), limit=f"1e{_MOST_DIGITS}")
    return found


def day(cell: Any, moment: Moment | None = None) -> date:
    """A day, in any way people write one.

    With its year: 2021-09-18, 2021/9/18, 2021.9.18, 2021 9 18, 2021年9月18日, 2021年9月18号, 20210918,
    each also in full width, or an Excel date.

    ``moment`` says who is typing when; in a file it is None, because nobody can tell any more what
    was meant. At a moment a day may go without its year, which is then the year people work in:
    9.18, 9-18, 9/18, 9月18日, 0918; and 今天, 昨天, 前天 mean what they say. In a file a day without
    its year is refused and never guessed. Years of two digits are always refused: 21-9-18 may be
    the 21st.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = plain_text(cell)
    if moment is not None and (ago := _DAYS_AGO.get(written.casefold())) is not None:
        return moment.today - timedelta(days=ago)
    match = _DAY.fullmatch(written)
    if match is None and (match := _DAY_OF_A_YEAR.fullmatch(written)) is not None:
        if moment is None:
            raise Refused.because("import.year-missing", text=text(cell))
        year = moment.year
    elif match is None:
        raise Refused.because("import.not-a-date", text=text(cell))
    else:
        year = int(match["year"])
    try:
        return date(
            year, int(match["month"] or match["month8"]), int(match["day"] or match["day8"])
        )
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

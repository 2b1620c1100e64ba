"""Reading numerals as reports write them: 1,200, 3.5万, 5亿3400万, 二十二, 三百, 一点五."""

from __future__ import annotations

from decimal import Decimal

from taizhang.engines.checking.types import Number

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LARGE = ("亿", "万")


def tidy(value: Decimal) -> Number:
    """An int where the number is whole, so that it prints as people write it."""
    return int(value) if value == value.to_integral_value() else value


def arabic(text: str) -> Number:
    """Read digits with optional grouping and point; ``text`` must be such a number."""
    plain = text.replace(",", "")
    return tidy(Decimal(plain)) if "." in plain else int(plain) if len(plain) < 4000 else 0


def read(text: str) -> Number | None:
    """Read a numeral of digits and characters mixed; None when it is no number (二三, 万千).

    Two neighbouring characters without a scale between them (三五) are no single number; a digit
    that follows a scale without its own counts one scale less (三万五 is 35,000).
    """
    if text.isascii():
        return arabic(text)
    for word in _LARGE:
        head, found, tail = text.rpartition(word)
        if found:
            return _joined(head, SCALES[word], tail)
    return _small(text)


def _joined(head: str, scale: int, tail: str) -> Number | None:
    many = read(head) if head else 1
    if many is None:
        return None
    rest: Number | None = 0
    if tail:
        rest = read(tail)
        if rest is None:
            return None
        if len(tail) == 1 and tail in DIGITS:
            rest = rest * (scale // 10)
        elif tail[0] in "零〇":
            rest = read(tail.lstrip("零〇")) if tail.lstrip("零〇") else 0
    return None if rest is None else tidy(Decimal(many) * scale + Decimal(rest))


def _small(text: str) -> Number | None:
    """Below ten thousand, in characters, in digits with 百 or 千, or with 点."""
    whole, point, decimals = text.partition("点")
    if point:
        head = _small(whole)
        if head is None or not decimals or any(c not in DIGITS for c in decimals):
            return None
        return tidy(Decimal(f"{head}.{''.join(str(DIGITS[c]) for c in decimals)}"))
    total: Decimal = Decimal(0)
    number: Number | None = None
    last = 10**4
    at, end = 0, len(text)
    while at < end:
        c = text[at]
        if c in DIGITS:
            if number is not None and number != 0:
                return None
            number = DIGITS[c]
            at += 1
        elif c in SCALES:
            scale = SCALES[c]
            if scale >= last:
                return None
            total += Decimal(1 if number is None else number) * scale
            number, last = None, scale
            at += 1
        elif c.isdigit():
            stop = at
            while stop < end and (text[stop].isdigit() or text[stop] in ".,"):
                stop += 1
            if number is not None:
                return None
            number = arabic(text[at:stop].rstrip(".,"))
            at = stop
        else:
            return None
    if number is not None:
        if len(text) > 1 and text[-1] in DIGITS and text[-2] in "百千" and number:
            number = number * (last // 10)
        total += number
    return tidy(total)


def neighbours(text: str) -> tuple[Number, Number] | None:
    """The ends of an estimate by neighbouring digits: 三五 → 3, 5; 一千二三百 → 1200, 1300; else None."""
    for at in range(len(text) - 1):
        first, second = DIGITS.get(text[at], 0), DIGITS.get(text[at + 1], 0)
        if 0 < first < second and second - first <= 2:
            low = read(text[: at + 1] + text[at + 2 :])
            high = read(text[:at] + text[at + 1 :])
            if low is not None and high is not None and low < high:
                return low, high
    return None

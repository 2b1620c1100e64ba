"""The wording of numbers in Chinese official prose.

A style is a few words joined by ``|``:

- ``余:100`` cut down to hundreds, saying so: 7836 → 7800余人次, exactly 7800 → 7800人次;
- ``约:1000``, ``约:万`` rounded to the nearest, saying so: 19862 → 约2万人次;
- ``小数:1`` that many decimals, halves up;
- ``万``, ``亿`` counted in ten thousands or hundred millions: 605000元 → 60.5万元;
- ``汉字`` in characters: 2所 → 两所;
- ``量词:部分`` another measure word; ``纯数`` none.

``余:万`` and ``约:万`` also count in 万. Digits are never grouped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest

_SCALES = {"万": 10**4, "亿": 10**8}
_DIGITS = "零一二三四五六七八九"
_STEPS = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
_SAMPLES = (
    "余:100",
    "余:万",
    "约:1000",
    "约:万",
    "小数:1",
    "万",
    "亿",
    "汉字",
    "量词:部分",
    "纯数",
)
# Which words exclude each other: one word at most of each family.
_FAMILIES = {
    "余": "rounding",
    "约": "rounding",
    "小数": "rounding",
    "万": "form",
    "亿": "form",
    "汉字": "form",
    "量词": "unit",
    "纯数": "unit",
}
_ARGUMENTS = {
    "余": r"[1-9][0-9]{0,15}|万|亿",
    "约": r"[1-9][0-9]{0,15}|万|亿",
    "小数": r"[0-6]",
    "量词": r".+",
}
# Decimal arithmetic rounds to its context; the default of 28 digits is not for exact wording.
_WIDE = Context(prec=400)


@dataclass(frozen=True, slots=True)
class _Style:
    rounding: str = ""
    step: int = 1
    places: int | None = None
    form: str = ""
    measure: str | None = None


def plain(value: Decimal) -> str:
    """Return the number in digits: no exponent, no grouping, no idle zeros; 100, never 1E+2."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def hanzi(number: int) -> str:
    """Return a natural number in Chinese characters: 12 → 十二, 2000 → 二千, 10500 → 一万零五百."""
    text = _hanzi(number)
    return text[1:] if text.startswith("一十") else text


def check_style(style: str) -> None:
    """Do nothing if ``style`` can be read.

    Raises one Refused with all that is wrong: ``style.unknown``, ``style.bad-argument``,
    ``style.conflict``.
    """
    _read_style(style)


def spell(value: Decimal | None, unit: str, style: str = "", zero: str | None = None) -> str | None:
    """Return the number as it stands in the text: digits or characters, with its measure word.

    ``zero`` is the whole wording for nought. None when there is no value to print. ``余`` cuts
    towards nought, so it never says more than there is; where cutting or rounding changes nothing,
    or would leave nothing, the number is printed as it is. Raises Refused as ``check_style``.
    """
    wording = _read_style(style)
    if value is None or not value.is_finite():
        return None
    if value == 0 and zero is not None:
        return zero
    size, about, over = _rounded(value.copy_abs(), wording)
    measure = unit if wording.measure is None else wording.measure
    if wording.form == "汉字":
        number = _in_characters(size, measure, over)
        minus = "负" if size else ""
    else:
        digits = _in_digits(size, wording)
        number = digits + over + measure
        minus = "-" if digits.strip("0.") else ""
    return about + (minus if value < 0 else "") + number


def _rounded(size: Decimal, wording: _Style) -> tuple[Decimal, str, str]:
    """Return the size to print, the word before it and the word after it."""
    step = wording.step
    if wording.rounding == "余":
        cut = Decimal(int(size) // step * step)
        return (size, "", "") if cut in (0, size) else (cut, "", "余")
    if wording.rounding == "约":
        near = Decimal(int(Fraction(size) / step + Fraction(1, 2)) * step)
        return (size, "", "") if near in (0, size) else (near, "约", "")
    if wording.places is not None and wording.form == "汉字":
        return _to_places(size, wording.places), "", ""
    return size, "", ""


def _in_digits(size: Decimal, wording: _Style) -> str:
    word = ""
    scale = _SCALES.get(wording.form, 1)
    if 1 < scale <= size:
        size, word = size.scaleb(-4 if wording.form == "万" else -8, _WIDE), wording.form
    if wording.places is not None:
        return format(_to_places(size, wording.places), "f") + word
    return plain(size) + word


def _in_characters(size: Decimal, measure: str, over: str) -> str:
    whole, _, decimals = plain(size).partition(".")
    text = hanzi(int(whole))
    if decimals:
        text += "点" + "".join(_DIGITS[int(digit)] for digit in decimals)
    if measure == "%":
        return "百分之" + ("百" if text == "一百" else text) + over
    if text == "二" and measure:
        text = "两"
    return text + over + measure


def _to_places(size: Decimal, places: int) -> Decimal:
    return size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def _hanzi(number: int) -> str:
    for step, word in _STEPS:
        if number >= step:
            head, rest = divmod(number, step)
            text = _hanzi(head) + word
            if rest:
                text += ("零" if rest < step // 10 else "") + _hanzi(rest)
            return text
    return _DIGITS[number]


def _read_style(style: str) -> _Style:
    findings: list[Finding] = []
    given: dict[str, tuple[str, str]] = {}
    for piece in style.split("|") if style else ():
        name, colon, argument = piece.partition(":")
        family = _FAMILIES.get(name)
        if family is None or (name not in _ARGUMENTS and colon):
            params = {"style": piece, "nearest": nearest(piece, _SAMPLES)}
            findings.append(Finding("style.unknown", "must", "", params))
        elif name in _ARGUMENTS and not re.fullmatch(_ARGUMENTS[name], argument):
            findings.append(Finding("style.bad-argument", "must", "", {"style": piece}))
        elif family in given:
            params = {"style": piece, "other": given[family][0]}
            findings.append(Finding("style.conflict", "must", "", params))
        else:
            given[family] = (name, argument)
    if findings:
        raise Refused(*findings)
    return _understood(given)


def _understood(given: dict[str, tuple[str, str]]) -> _Style:
    rounding, argument = given.get("rounding", ("", ""))
    form = given.get("form", ("", ""))[0]
    step, places = 1, None
    if rounding == "小数":
        places = int(argument)
    elif argument in _SCALES:
        step, form = _SCALES[argument], form or argument
    elif argument:
        step = int(argument)
    measure = None
    if "unit" in given:
        measure = given["unit"][1]  # 纯数 has no argument: the measure word is blank
    return _Style(rounding, step, places, form, measure)

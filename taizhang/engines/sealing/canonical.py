"""One way to write a value as bytes: canonical JSON (RFC 8785) without fractions.

Equal values have equal bytes, on any machine and in any later version. Binary fractions are
refused, because two programs need not print them alike: ``as_text`` writes decimals and times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NoReturn

from taizhang.engines.findings import Refused

LARGEST = 2**53 - 1
DEPTH = 64


def canonical(value: object, where: str = "") -> bytes:
    """Return the canonical JSON of text, truths, None, whole numbers, lists and mappings of these.

    Keys are sorted by their UTF-16 code units. Raises Refused with the place in ``where``
    (``rows[3].fields.title``): ``canonical.kind`` for anything else, ``canonical.number`` beyond
    2^53, ``canonical.key`` for a key that is no text, ``canonical.text`` for half a character,
    ``canonical.deep``.
    """
    plain = _plain_keys(value, where, 0)
    try:
        return (_SORTED(value) if plain else _UNSORTED(_sorted(value))).encode()
    except UnicodeEncodeError:
        _refuse_half_characters(value, where)


def parse(data: bytes, where: str = "") -> object:
    """Read what ``canonical`` wrote. Raises Refused: ``canonical.unreadable``, ``canonical.other``.

    Bytes that say the same in another way (blanks, another order, a key twice) are refused: what
    was sealed are these bytes and no others.
    """
    try:
        value = decode(data.decode())
        same = _SORTED(value).encode() == data
    except (ValueError, RecursionError) as error:
        raise Refused.because("canonical.unreadable", where, position=_position(error)) from error
    if not same or _LONG_NUMBER.search(data):
        try:
            same = canonical(value, where) == data
        except Refused:
            same = False
    if not same:
        raise Refused.because("canonical.other", where)
    return value


def quoted(text: str) -> bytes:
    """Return the canonical JSON of text: ``canonical``, for those who know that it is text."""
    return _SORTED(text).encode()


def decode(text: str) -> object:
    """Read JSON without fractions, however it is written. Raises ValueError or RecursionError."""
    found: object = _DECODER.decode(text)
    return found


def decode_entry(text: str) -> tuple[str, object, int]:
    """Read one entry of a mapping, ``"key":value``: also where the value begins.

    Raises ValueError or RecursionError.
    """
    key, end = _DECODER.raw_decode(text)
    if not isinstance(key, str) or text[end : end + 1] != ":":
        raise ValueError("an entry is a key, a colon and a value")
    return key, decode(text[end + 1 :]), end + 1


def as_text(value: Decimal | date) -> str:
    """Write a decimal, a day or a moment as text that is the same for equal values.

    ``1.50`` and ``1.5`` are both ``1.5``; a moment is written in UTC with microseconds. Raises
    Refused: ``canonical.kind`` for a moment without a time zone or a decimal that is no number.
    """
    if isinstance(value, Decimal) and value.is_finite():
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            there = value.astimezone(UTC).replace(tzinfo=None)
            return there.isoformat(timespec="microseconds") + "Z"
    elif isinstance(value, date):
        return value.isoformat()
    raise Refused.because("canonical.kind", kind=f"{type(value).__name__} {value}")


def _plain_keys(value: object, where: str, depth: int) -> bool:
    """Refuse what is not allowed; say whether sorting keys by code points is right for all."""
    if isinstance(value, str) or value is None:
        return True
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise Refused.because("canonical.number", where, number=str(int(value)))
        return True
    if depth == DEPTH:
        raise Refused.because("canonical.deep", where, depth=DEPTH)
    plain = True
    if isinstance(value, list | tuple):
        for number, item in enumerate(value):
            # Most items are plain; their place is worked out for those that may need it only.
            if not isinstance(item, str) and not _plain_keys(item, f"{where}[{number}]", depth + 1):
                plain = False
        return plain
    if not isinstance(value, dict):
        raise Refused.because("canonical.kind", where, kind=type(value).__name__)
    for key, item in value.items():
        if not isinstance(key, str):
            raise Refused.because("canonical.key", where, key=repr(key))
        if not key.isascii() and max(key) > "\ud7ff":
            plain = False
        if not isinstance(item, str) and not _plain_keys(item, _below(where, key), depth + 1):
            plain = False
    return plain


def _below(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        ordered = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _sorted(value[key]) for key in ordered}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value


def _refuse_half_characters(value: object, where: str) -> NoReturn:
    """Find the text in which a surrogate stands alone."""
    pending: list[tuple[object, str]] = [(value, where)]
    while pending:
        item, place = pending.pop()
        if isinstance(item, str) and _HALF.search(item):
            raise Refused.because("canonical.text", place)
        if isinstance(item, Mapping):
            pending += [(below, _below(place, str(key))) for key, below in item.items()]
            pending += [(key, place) for key in item]
        elif isinstance(item, list | tuple):
            pending += [(below, f"{place}[{n}]") for n, below in enumerate(item)]
    raise Refused.because("canonical.text", where)


def _position(error: Exception) -> int:
    match error:
        case json.JSONDecodeError():
            return error.pos + 1
        case UnicodeDecodeError():
            return error.start + 1
    return 1


def _no_fractions(text: str) -> NoReturn:
    raise ValueError(text)


_LONG_NUMBER = re.compile(rb"\d{16}")
_HALF = re.compile("[\ud800-\udfff]")
_SORTED = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
_UNSORTED = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=False, separators=(",", ":")
).encode
_DECODER = json.JSONDecoder(parse_float=_no_fractions, parse_constant=_no_fractions)

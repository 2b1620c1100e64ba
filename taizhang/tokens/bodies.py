"""The body of a request as JSON, read strictly: what two programs could read differently is refused.

Pure. Refused are other encodings than UTF-8, a key twice in one object, NaN and infinities, numbers
longer than any field, half characters and NUL (no database keeps these), and nesting so deep that
reading it is an attack.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from taizhang.engines.findings import Refused

DIGITS = 40
"""No field holds longer numbers."""
_HALF_OR_NUL = re.compile(r"[\x00\ud800-\udfff]")
_SUSPICIOUS = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)


def parse(content: bytes) -> Any:
    """The document. Refuses with ``api.bad-json`` (line, column), ``api.json-…`` or ``api.no-body``."""
    if not content.strip():
        raise Refused.because("api.no-body")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused.because("api.json-not-utf8", position=error.start) from None
    try:
        document = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_decimal,
        )
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise Refused.because(
            "api.bad-json", place, line=error.lineno, column=error.colno
        ) from None
    except RecursionError:
        raise Refused.because("api.json-too-deep") from None
    if _SUSPICIOUS.search(text):
        _refuse_half_characters(document, "")
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused.because("api.json-key-twice", _safe(twice)[:60], key=_safe(twice)[:60])
    return found


def _no_constant(name: str) -> NoReturn:
    raise Refused.because("api.json-no-number", text=name)


def _whole(digits: str) -> int:
    if len(digits) > DIGITS:
        raise Refused.because("api.json-no-number", text=f"{digits[:DIGITS]}…")
    return int(digits)


def _decimal(digits: str) -> float:
    found = float(digits)
    if len(digits) > DIGITS or not math.isfinite(found):
        raise Refused.because("api.json-no-number", text=f"{digits[:DIGITS]}…")
    return found


def _refuse_half_characters(value: Any, where: str) -> None:
    if isinstance(value, str):
        if _HALF_OR_NUL.search(value):
            raise Refused.because("api.json-half-character", where)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _refuse_half_characters(item, f"{where}[{position}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            _refuse_half_characters(name, where)
            _refuse_half_characters(item, f"{where}.{name}" if where else name)


def _safe(text: str) -> str:
    return _HALF_OR_NUL.sub("\ufffd", text)

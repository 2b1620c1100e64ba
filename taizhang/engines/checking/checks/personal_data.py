"""Personal data that does not belong in a report: identity, mobile and bank card numbers.

Sources: GB 11643-1999 (check digit of the identity number), ISO/IEC 7812-1 (Luhn).
What is found is never put into the parameters whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.engines.checking.context import Context
from taizhang.engines.checking.expressions import expression
from taizhang.engines.checking.types import Issue, Span

_LONG = expression(r"(?<![0-9A-Za-z.\-])[0-9]{11,19}[Xx]?(?![0-9A-Za-z.])")
_IDENTITY = expression(
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
_MOBILE = expression(r"1[3-9][0-9]{9}")
_SAID = expression(r"身份证|证件号|公民身份")
_CARD_SAID = expression(r"卡号|银行卡|账号|帐号|账户|开户")
_COUNTED = expression(r"[ ]?[元人次个万份名册件]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check(context: Context) -> Iterator[Issue]:
    """Yield ``other.identity_number`` (error), ``other.mobile_number`` and ``other.bank_card``."""
    text = context.folded
    for match in _LONG.finditer(text):
        number, start, end = match[0], match.start(), match.end()
        if _COUNTED.match(text, end):
            continue
        before = (text, max(0, start - 12), start)
        if _IDENTITY.fullmatch(number) and (_is_identity(number) or _SAID.search(*before)):
            code, severity = "identity_number", "error"
        elif _MOBILE.fullmatch(number):
            code, severity = "mobile_number", "warning"
        elif (
            16 <= len(number) <= 19
            and number.isdigit()
            and _luhn(number)
            and (number.startswith("62") or _CARD_SAID.search(*before))
        ):
            code, severity = "bank_card", "error"
        else:
            continue
        shown = number[:3] + "*" * (len(number) - 5) + number[-2:]
        yield Issue("other", f"other.{code}", severity, (Span(start, end),), {"shown": shown})  # type: ignore[arg-type]


def _is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0

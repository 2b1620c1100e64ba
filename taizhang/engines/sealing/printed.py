"""The seal as it stands on paper: one line of text that a phone reads from the QR code."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from taizhang.engines.findings import Refused
from taizhang.engines.sealing.merkle import SHA_256

_START = "taizhang-seal-1?"
_FIELDS = ("unit", "report", "period", "version", "hash", "size", "root")
_DIGITS = 8
"""Hexadecimal digits that say whether the line was read or copied rightly."""


@dataclass(frozen=True, slots=True)
class PrintedSeal:
    """Which report it is, and the root and size of its tree."""

    unit: str
    report: str
    period: str
    version: int
    size: int
    root: str
    hash: str = SHA_256

    def text(self) -> str:
        """Return the line that is printed as a QR code; it ends in its own check."""
        values = {name: getattr(self, name) for name in _FIELDS}
        line = _START + urlencode(values)
        return f"{line}&check={_check(line)}"

    def groups(self) -> str:
        """Return the root in groups of four digits, as people compare it."""
        return " ".join(re.findall("....", self.root))


def read_seal(text: str) -> PrintedSeal:
    """Read what a phone made of the QR code. Raises Refused ``seal.print-broken``.

    A root alone, with or without blanks, is refused too: it does not say of what.
    """
    line, _sep, check = text.strip().rpartition("&check=")
    values = dict(parse_qsl(line.removeprefix(_START), strict_parsing=False))
    whole = line.startswith(_START) and tuple(values) == _FIELDS and check == _check(line)
    if not whole or not (values["version"] + values["size"]).isascii():
        raise Refused.because("seal.print-broken", "seal")
    if not values["version"].isdigit() or not values["size"].isdigit():
        raise Refused.because("seal.print-broken", "seal")
    return PrintedSeal(
        unit=values["unit"],
        report=values["report"],
        period=values["period"],
        version=int(values["version"]),
        size=int(values["size"]),
        root=values["root"],
        hash=values["hash"],
    )


def _check(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()[:_DIGITS]

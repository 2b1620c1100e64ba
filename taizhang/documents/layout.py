"""The page of GB/T 9704-2012 党政机关公文格式, shared by .docx and PDF.

Paper, margins, 22 lines × 28 characters and the faces are the standard's. Lengths are in millimetres, sizes in points, Word's own in twips (1/20 pt).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from taizhang.engines.tree import Role

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, BOTTOM, LEFT, RIGHT = 37.0, 35.0, 28.0, 26.0
LINES, CHARACTERS = 22, 28
BODY_SIZE = 16.0
"""三号 in Word and WPS."""
TITLE_SIZE, PAGE_NUMBER_SIZE, TABLE_SIZE, SEAL_SIZE = 22.0, 14.0, 12.0, 9.0
PAGE_NUMBER_DROP = 7.0
"""The dashes beside the page number stand 7 mm below the type area."""

_MM = 72 / 25.4
"""Points in a millimetre."""


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres * _MM * 20)


# Word subtracts margins in whole twips; one twip too much in the pitch and line 22 moves on.
LINE_PITCH = (twips(PAGE_HEIGHT) - twips(TOP) - twips(BOTTOM)) // LINES
"""Twips from line to line: 225 mm / 22 = 28.95 pt, rounded down so that 22 lines fit."""
CHARACTER_PITCH = (PAGE_WIDTH - LEFT - RIGHT) / CHARACTERS * _MM
"""Points from character to character: 156 mm / 28 = 15.79 pt, less than the 16 pt type."""
TRACKING = CHARACTER_PITCH - BODY_SIZE

SONG, FANGSONG, KAITI, HEITI = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体"
TITLE_FACE = "方正小标宋简体"


@dataclass(frozen=True, slots=True)
class Look:
    """Face and size of a role; ``level`` is the outline level from 0, None for plain text."""

    face: str
    size: float = BODY_SIZE
    level: int | None = None


LOOKS: Mapping[Role, Look] = MappingProxyType(
    {
        "title": Look(TITLE_FACE, TITLE_SIZE),
        "byline": Look(KAITI),
        "heading1": Look(HEITI, level=0),
        "heading2": Look(KAITI, level=1),
        "heading3": Look(FANGSONG, level=2),
        "body": Look(FANGSONG),
        "signature": Look(FANGSONG),
        "note": Look(FANGSONG, 14.0),
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is printed under a sealed text: a QR code and lines beside it."""

    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocProperties:
    """What the file says about itself; nothing is taken from the clock, so bytes repeat.

    ``created`` must be aware. ``seal`` is a short line printed in the footer of every page,
    ``mark`` stands once under the text.
    """

    title: str
    created: datetime
    creator: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    seal: str = ""
    mark: Mark | None = None


# XML 1.0 production [2] Char: these cannot be written even as references.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without characters that XML forbids; line ends become ``\\n``."""
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")

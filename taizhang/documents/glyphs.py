"""Which characters the shipped fonts can print.

PDF/A-2b forbids a missing glyph, and Typst then refuses the whole report over one rare character
in a name. So we look first, print 〓 (the typesetter's sign for a missing type) and say so.
Format 12 and 4 subtables of ``cmap`` as in the OpenType specification.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

MISSING = "〓"


@lru_cache(maxsize=4)
def coverage(path: Path) -> frozenset[int]:
    """Code points a font file has glyphs for. Raises ValueError for a file that is no font."""
    data = path.read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        if tag == b"cmap":
            return frozenset(_cmap(data, offset))
    raise ValueError(f"no cmap in {path.name}")


def _cmap(data: bytes, base: int) -> set[int]:
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", data, base + 2)
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHL", data, base + 4 + 8 * index)
        (kind,) = struct.unpack_from(">H", data, base + offset)
        if kind == 12:
            found |= _segments(data, base + offset)
        elif kind == 4:
            found |= _ranges(data, base + offset)
    return found


def _segments(data: bytes, at: int) -> set[int]:
    (groups,) = struct.unpack_from(">L", data, at + 12)
    found: set[int] = set()
    for index in range(groups):
        first, last, _ = struct.unpack_from(">LLL", data, at + 16 + 12 * index)
        found.update(range(first, last + 1))
    return found


def _ranges(data: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    last = struct.unpack_from(f">{doubled // 2}H", data, at + 14)
    first = struct.unpack_from(f">{doubled // 2}H", data, at + 16 + doubled)
    found: set[int] = set()
    for start, end in zip(first, last, strict=True):
        if start <= end < 0xFFFF:
            found.update(range(start, end + 1))
    return found

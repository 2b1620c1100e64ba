"""Pictures that show the same: told by 32 × 32 grey values, whatever their size and compression.

A picture has a *mark* of 64 bits for looking up (the signs of its lowest frequencies, read in four
bands of 16 bits) and a *grain* of 16 × 16 greys for judging. A mark alone is not enough: two
photographs of one hall have nearly the same low frequencies, but differ somewhere, which the grain
shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

EDGE = 32
"""A picture is looked at as EDGE × EDGE grey values, rows from top to bottom."""
BANDS, BAND_BITS = 4, 16
REACH = 7
"""Marks that differ in at most so many bits always share a band but for one bit of it."""
GRAIN_EDGE = 16
FLAT = 4.0
"""A picture whose greys (0–255) spread less than this shows nothing that could be told apart."""
ALIKE = 0.22
"""Resizing, recompressing and a little more contrast stay below 0.16, other pictures above 0.3."""
WORST_SHARE = 0.03

_LOW = 8
_WAVES = [
    [math.cos(math.pi * (2 * x + 1) * u / (2 * EDGE)) for x in range(EDGE)] for u in range(_LOW)
]


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture looks: ``mark`` (64 bits) finds candidates, ``grain`` (256 greys) judges them."""

    mark: int
    grain: bytes


def look(greys: Sequence[int]) -> Look | None:
    """Return how a picture looks, None for one that is flat (a blank sheet, a black frame).

    ``greys`` are EDGE × EDGE values from 0 to 255; another number of them raises ValueError.
    """
    if len(greys) != EDGE * EDGE:
        raise ValueError(f"{EDGE * EDGE} grey values are wanted, not {len(greys)}")
    if _spread(greys) < FLAT:
        return None
    return Look(_mark(greys), _grain(greys))


def bands(mark: int) -> tuple[int, ...]:
    """Return the mark cut into BANDS numbers of BAND_BITS bits, the highest bits first."""
    shifts = range((BANDS - 1) * BAND_BITS, -1, -BAND_BITS)
    return tuple(mark >> shift & (1 << BAND_BITS) - 1 for shift in shifts)


def marked(cut: Sequence[int]) -> int:
    """Return the mark that was cut into these bands."""
    mark = 0
    for band in cut:
        mark = mark << BAND_BITS | band
    return mark


def near_bands(band: int) -> list[int]:
    """Return the band and every band that differs from it in one bit.

    Marks that differ in at most REACH bits have a band in which they differ in at most one: seven
    differences cannot be two or more in each of four bands.
    """
    return [band, *(band ^ 1 << bit for bit in range(BAND_BITS))]


def alike(one: Look, other: Look) -> bool:
    """Tell whether two looks are of the same picture."""
    return (one.mark ^ other.mark).bit_count() <= REACH and difference(one, other) <= ALIKE


def difference(one: Look, other: Look) -> float:
    """Return how far apart the grains are where they differ most, in units of their spread.

    Brightness and contrast do not matter: both grains are brought to one mean and one spread.
    """
    pairs = zip(_evened(one.grain), _evened(other.grain), strict=True)
    apart = sorted((abs(a - b) for a, b in pairs), reverse=True)
    worst = apart[: max(1, int(len(apart) * WORST_SHARE))]
    return sum(worst) / len(worst)


def taken_on(written: str, offset: str, here: tzinfo) -> date | None:
    """Return the day on which a camera says it took a picture, as the calendar ``here`` has it.

    ``written`` is EXIF's ``2021:09:18 23:40:00``, ``offset`` its ``+08:00`` or blank: then the
    camera's clock is believed to go by ``here``. None for what is no day, such as a clock never set.
    """
    day, _, clock = written.strip(" \0").partition(" ")
    try:
        found = date.fromisoformat(day.replace(":", "-"))
        zone = _zone(offset.strip(" \0"), here)
        at = datetime.fromisoformat(f"{found.isoformat()}T{clock.strip() or '12:00:00'}")
        return at.replace(tzinfo=zone).astimezone(here).date()
    except (ValueError, OverflowError):
        return None


def _zone(offset: str, here: tzinfo) -> tzinfo:
    if not offset:
        return here
    if offset == "Z":
        return UTC
    sign = {"+": 1, "-": -1}.get(offset[0], 0)
    hours, _, minutes = offset[1:].partition(":")
    if not sign or not (hours.isdecimal() and minutes.isdecimal()):
        return here
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


def _spread(values: Sequence[int]) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _mark(greys: Sequence[int]) -> int:
    """The signs of the lowest frequencies against their middle (a perceptual hash)."""
    rows = [greys[start : start + EDGE] for start in range(0, EDGE * EDGE, EDGE)]
    across = [[sum(map(float.__mul__, wave, map(float, row))) for wave in _WAVES] for row in rows]
    down = list(zip(*across, strict=True))
    weights = [sum(map(float.__mul__, wave, column)) for wave in _WAVES for column in down]
    # The first weight is the mean brightness, far above all others: it must not move the middle.
    middle = sorted(weights[1:])[(_LOW * _LOW - 1) // 2]
    mark = 0
    for weight in weights:
        mark = mark << 1 | (weight > middle)
    return mark


def _grain(greys: Sequence[int]) -> bytes:
    step = EDGE // GRAIN_EDGE
    return bytes(
        sum(greys[(y + j) * EDGE + x + i] for j in range(step) for i in range(step)) // step**2
        for y in range(0, EDGE, step)
        for x in range(0, EDGE, step)
    )


def _evened(grain: bytes) -> list[float]:
    mean = sum(grain) / len(grain)
    spread = _spread(grain) or 1.0
    return [(value - mean) / spread for value in grain]

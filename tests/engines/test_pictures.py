from __future__ import annotations

import io
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from taizhang.engines import pictures
from taizhang.engines.pictures import Look, alike, bands, look, marked, near_bands, taken_on

SHANGHAI = ZoneInfo("Asia/Shanghai")
seeds = st.integers(0, 10**6)
marks = st.integers(0, 2**64 - 1)


def drawn(seed: int, size: tuple[int, int] = (480, 360)) -> Image.Image:
    """A hall as a child would paint it: wall, floor, and things of many colours here and there."""
    dice = Random(seed)  # noqa: S311 - for looks only
    width, height = size
    picture = Image.new("RGB", size, _colour(dice))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, height * dice.uniform(0.5, 0.8), width, height), fill=_colour(dice))
    for _thing in range(dice.randint(12, 30)):
        x, y = dice.uniform(0, width), dice.uniform(0, height)
        w, h = dice.uniform(20, width / 3), dice.uniform(20, height / 3)
        shape = pen.ellipse if dice.random() < 0.5 else pen.rectangle
        shape((x - w / 2, y - h / 2, x + w / 2, y + h / 2), fill=_colour(dice))
    return picture.filter(ImageFilter.GaussianBlur(1))


def _colour(dice: Random) -> tuple[int, int, int]:
    return dice.randrange(256), dice.randrange(256), dice.randrange(256)


def seen(picture: Image.Image) -> Look:
    small = picture.convert("L").resize((pictures.EDGE, pictures.EDGE), Image.Resampling.BOX)
    found = look(list(small.tobytes()))
    assert found is not None
    return found


def sent_on(picture: Image.Image, width: int, quality: int) -> Image.Image:
    """The picture as a chat program hands it on: smaller and compressed harder."""
    small = picture.copy()
    small.thumbnail((width, width))
    target = io.BytesIO()
    small.save(target, "JPEG", quality=quality)
    return Image.open(target)


@given(seeds, st.sampled_from([160, 240, 400]), st.integers(30, 95))
def test_a_picture_made_smaller_and_compressed_again_is_alike(
    seed: int, width: int, quality: int
) -> None:
    picture = drawn(seed)
    assert alike(seen(picture), seen(sent_on(picture, width, quality)))


@given(seeds, seeds)
def test_other_pictures_are_not_alike(one: int, other: int) -> None:
    if one != other:
        assert not alike(seen(drawn(one)), seen(drawn(other)))


def test_a_little_more_contrast_is_still_the_same_picture() -> None:
    """Of a few hundred; one in seven hundred has too little in it to be told again for certain."""
    pictures = [drawn(seed) for seed in range(300)]
    again = [alike(seen(one), seen(ImageEnhance.Contrast(one).enhance(1.1))) for one in pictures]
    assert again.count(False) <= 2


@given(seeds)
def test_one_hall_with_other_people_in_it_is_another_picture(seed: int) -> None:
    hall = drawn(seed)
    other = hall.copy()
    pen = ImageDraw.Draw(other)
    for place in range(3):
        x, y = 75 + 130 * place, 190
        dark = hall.convert("L").getpixel((x + 30, y + 50))
        assert isinstance(dark, int)
        pen.rectangle((x, y, x + 60, y + 100), fill="white" if dark < 128 else "black")
    assert not alike(seen(hall), seen(other))


@given(marks)
def test_bands_are_the_mark_in_pieces(mark: int) -> None:
    cut = bands(mark)
    assert len(cut) == pictures.BANDS
    assert all(0 <= band < 2**16 for band in cut)
    assert marked(cut) == mark


@given(marks, st.sets(st.integers(0, 63), max_size=pictures.REACH))
def test_whatever_lies_within_reach_is_found_by_a_band(mark: int, changed: set[int]) -> None:
    other = mark
    for bit in changed:
        other ^= 1 << bit
    shared = [b in near_bands(a) for a, b in zip(bands(mark), bands(other), strict=True)]
    assert any(shared)


@given(st.binary(min_size=1024, max_size=1024))
def test_any_greys_give_a_look_that_is_like_itself(greys: bytes) -> None:
    found = look(list(greys))
    if found is not None:
        assert alike(found, found)
        assert 0 <= found.mark < 2**64
        assert len(found.grain) == 256


def test_a_blank_sheet_looks_like_nothing() -> None:
    assert look([255] * 1024) is None
    assert look([128, 129] * 512) is None
    with pytest.raises(ValueError):
        look([1, 2, 3])


@pytest.mark.parametrize(
    ("written", "offset", "day"),
    [
        ("2021:09:18 10:30:00", "", date(2021, 9, 18)),
        ("2021:09:18 10:30:00", "+08:00", date(2021, 9, 18)),
        ("2021:09:18 23:30:00", "+00:00", date(2021, 9, 19)),
        ("2021:09:18 23:30:00", "Z", date(2021, 9, 19)),
        ("2021:09:18 03:30:00", "+12:00", date(2021, 9, 17)),
        ("2021:09:18 23:30:00", "-05:00", date(2021, 9, 19)),
        ("2021:09:18 10:30:00", "nonsense", date(2021, 9, 18)),
        ("2021:09:18 10:30:00\0", "+08:00\0", date(2021, 9, 18)),
        ("2021-09-18 10:30:00", "", date(2021, 9, 18)),
        ("2021:09:18", "", date(2021, 9, 18)),
        ("0000:00:00 00:00:00", "", None),
        ("2021:02:30 10:00:00", "", None),
        ("2021:09:18 25:00:00", "", None),
        ("    :  :     :  :  ", "", None),
        ("", "", None),
        ("昨天", "", None),
        ("9999:12:31 23:00:00", "-12:00", None),
        ("2021:09:18 10:30:00", "+99:99", None),
    ],
)
def test_the_day_a_camera_wrote_down(written: str, offset: str, day: date | None) -> None:
    assert taken_on(written, offset, SHANGHAI) == day


@given(st.text(max_size=30), st.text(max_size=8))
def test_nothing_a_camera_writes_is_a_fault(written: str, offset: str) -> None:
    taken_on(written, offset, SHANGHAI)

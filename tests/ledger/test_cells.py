"""Cells as people fill them in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.findings import Refused
from taizhang.ledger import cells
from taizhang.wording import say


def refused(read: Any, cell: Any) -> str:
    with pytest.raises(Refused) as caught:
        read(cell)
    (finding,) = caught.value.findings
    assert say(finding, "zh") != say(finding, "en")
    return finding.code


@pytest.mark.fast
@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_in_every_way_of_writing_it(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (
        f"{y}-{m:02d}-{d:02d}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}年{m}月{d}日",
        f"{y}年{m}月{d}",
    ):
        assert cells.day(text) == day
    assert cells.day(day) == cells.day(datetime(y, m, d, 9, 30, tzinfo=UTC)) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2021-02-30", "import.no-such-day"),
        ("2021-13-01", "import.no-such-day"),
        ("2021年0月3日", "import.no-such-day"),
        ("9月18日", "import.not-a-date"),
        ("18/9/2021", "import.not-a-date"),
        ("20210918", "import.not-a-date"),
        ("2021-09-18 09:30", "import.not-a-date"),
        (44457, "import.not-a-date"),
    ],
)
def test_what_is_no_day_is_told_apart_from_a_day_that_does_not_exist(text: Any, code: str) -> None:
    assert refused(cells.day, text) == code


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_numbers_are_read_back_as_they_are_written(number: Decimal) -> None:
    assert cells.number(cells.plain(number)) == number
    assert cells.number(f"{number:,}") == number
    wide = str(number).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"})
    assert cells.number(wide) == number
    assert "E" not in cells.plain(number)
    assert not cells.plain(number).endswith(".")


@pytest.mark.parametrize(
    "text",
    ["3356余", "约300", "300多", "近百", "超过30", "几十", "100左右", "50以上", "100+", "不足10"],
)
def test_estimates_are_no_numbers(text: str) -> None:
    assert refused(cells.number, text) == "import.vague-number"


@pytest.mark.parametrize(
    "cell", ["abc", "", "nan", "Infinity", "--1", True, date(2021, 1, 1), "1.2.3"]
)
def test_what_is_no_number_is_refused(cell: Any) -> None:
    assert refused(cells.number, cell) == "import.not-a-number"


def test_yes_and_no() -> None:
    assert all(cells.yes_or_no(cell) for cell in ("是", "有", "YES", "y", 1, True, "√", "1"))
    assert not any(cells.yes_or_no(cell) for cell in ("否", "无", "No", 0, False, "×", "0"))
    assert refused(cells.yes_or_no, "也许") == "import.not-yes-no"


def test_lists_are_divided_by_every_usual_sign() -> None:
    assert cells.words("甲、乙，丙,丁；戊;己\n庚|、 ") == list("甲乙丙丁戊己庚")
    assert cells.words(None) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("王小明", "王**"),
        ("李", "李*"),
        ("13800001234", "138****1234"),
        ("", ""),
        (None, ""),
        ("0471-1234567", "047*****4567"),
    ],
)
def test_masks_show_as_little_as_is_usual(value: Any, shown: str) -> None:
    assert cells.masked(value) == shown


@given(st.text(min_size=2, max_size=30).filter(lambda text: len(text.strip()) > 1))
def test_a_mask_never_shows_the_whole(text: str) -> None:
    assert cells.masked(text) != text.strip() or set(text.strip()[1:]) == {"*"}


def test_codes_typed_as_numbers_lose_nothing_but_the_point() -> None:
    assert (cells.text(7.0), cells.text(7.5), cells.text(" x ")) == ("7", "7.5", "x")
    assert cells.text(datetime(2021, 1, 2, tzinfo=UTC)) == "2021-01-02"

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


def wide(text: str) -> str:
    """The same with every sign of the keyboard in full width."""
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000})


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
        f"{y}年{m}月{d}号",
        f"{y} {m} {d}",
        f"{y}。{m}。{d}",
        f"{y}{m:02d}{d:02d}",
    ):
        assert cells.day(text) == cells.day(wide(text)) == day
    assert cells.day(day) == cells.day(datetime(y, m, d, 9, 30, tzinfo=UTC)) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2021-02-30", "import.no-such-day"),
        ("2021-13-01", "import.no-such-day"),
        ("2021年0月3日", "import.no-such-day"),
        ("9月18日", "import.year-missing"),
        ("9.18", "import.year-missing"),
        ("９．１８", "import.year-missing"),
        ("0918", "import.year-missing"),
        (9.18, "import.year-missing"),
        ("今天", "import.not-a-date"),
        ("21-9-18", "import.not-a-date"),
        ("18/9/2021", "import.not-a-date"),
        ("20210231", "import.no-such-day"),
        ("2021-09-18 09:30", "import.not-a-date"),
        (44457, "import.not-a-date"),
    ],
)
def test_what_is_no_day_is_told_apart_from_a_day_that_does_not_exist(text: Any, code: str) -> None:
    assert refused(cells.day, text) == code


AT_WORK = cells.Moment(today=date(2022, 3, 1), year=2021)


@pytest.mark.fast
@given(st.dates(min_value=date(1000, 1, 1)))
def test_who_types_may_leave_the_year_out(day: date) -> None:
    moment = cells.Moment(today=date(2022, 3, 1), year=day.year)
    m, d = day.month, day.day
    for text in (
        *(f"{m}.{d}", f"{m}-{d}", f"{m:02d}-{d:02d}", f"{m}/{d}", f"{m}。{d}", f"{m} {d}"),
        *(f"{m}月{d}日", f"{m}月{d}", f"{m} 月 {d} 号", f"{m:02d}{d:02d}"),
    ):
        assert cells.day(text, moment) == cells.day(wide(text), moment) == day
        assert refused(cells.day, text) == "import.year-missing"
    assert cells.day(f"{day.year}-{m}-{d}", AT_WORK) == day, (
        "a year that is written is not replaced"
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", date(2022, 3, 1)),
        ("昨天", date(2022, 2, 28)),
        ("前天", date(2022, 2, 27)),
        ("Yesterday", date(2022, 2, 28)),
        (" 今日 ", date(2022, 3, 1)),
    ],
)
def test_today_and_yesterday_mean_what_they_say(text: str, day: date) -> None:
    assert cells.day(text, AT_WORK) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2.29", "import.no-such-day"),
        ("13.1", "import.no-such-day"),
        ("918", "import.not-a-date"),
        ("1332", "import.not-a-date"),
        ("2021", "import.not-a-date"),
        ("9.18.", "import.not-a-date"),
        ("21-9-18", "import.not-a-date"),
        ("明天", "import.not-a-date"),
        ("", "import.not-a-date"),
    ],
)
def test_what_may_mean_two_days_is_not_guessed(text: str, code: str) -> None:
    assert refused(lambda cell: cells.day(cell, AT_WORK), text) == code


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_numbers_are_read_back_as_they_are_written(number: Decimal) -> None:
    assert cells.number(cells.plain(number)) == number
    assert cells.number(f"{number:,}") == number
    for text in (str(number), f"{number:,}", f"{number:,}".replace(",", " "), f" {number}　"):
        assert cells.number(wide(text)) == number
    assert "E" not in cells.plain(number)
    assert not cells.plain(number).endswith(".")


@given(st.decimals(allow_nan=False, places=3, min_value=-9999, max_value=9999))
def test_ten_thousands_and_millions_are_multiplied(number: Decimal) -> None:
    for sign, times in (("百", 100), ("千", 1000), ("万", 10_000), ("亿", 100_000_000)):
        assert cells.number(f"{number}{sign}") == number * times
        assert cells.number(wide(f"{number} {sign}")) == number * times


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("９，８００", "9800"),
        ("９,８００．５", "9800.5"),
        ("9。5", "9.5"),
        ("−3", "-3"),
        ("\u200b1.2万\ufeff", "12000"),
        (".5", "0.5"),
        ("+7", "7"),
        ("1.2E+05", "120000"),
    ],
)
def test_what_a_chinese_keyboard_gives_is_a_number(text: str, number: str) -> None:
    assert cells.number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1" * 22, "1e21", "1e999", "9" * 14 + "亿", 1e300])
def test_what_nobody_counts_is_too_big(text: Any) -> None:
    assert refused(cells.number, text) == "import.too-big"


@pytest.mark.parametrize(
    "text",
    ["3356余", "约300", "300多", "近百", "超过30", "几十", "100左右", "50以上", "100+", "不足10"],
)
def test_estimates_are_no_numbers(text: str) -> None:
    assert refused(cells.number, text) == "import.vague-number"


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "",
        "nan",
        "Infinity",
        "--1",
        True,
        date(2021, 1, 1),
        "1.2.3",
        "1,5",
        "1,23",
        "12,3456",
        "1万2千",
        "万",
        "300人",
        float("nan"),
    ],
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

"""How times are read, how long they are, and what reports get wrong about them (``texts/dates.txt``)."""

from __future__ import annotations

import time
from datetime import date

import pytest

from taizhang.engines.checking import check
from taizhang.engines.checking.durations import durations
from taizhang.engines.checking.times import Moment, moments, precedes

from . import sentences


def ends(moment: Moment) -> tuple[str, str]:
    """The first and the last day that a moment can mean."""
    return str(date.fromordinal(moment.low)), str(date.fromordinal(moment.high))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2021—2023年，", "2021-01-01", "2023-12-31"),
        ("1—6月", "2023-01-01", "2023-06-30"),
        ("4月10—19日", "2023-04-10", "2023-04-19"),
        ("4月下旬", "2023-04-21", "2023-04-30"),
        ("2022年9—12月", "2022-09-01", "2022-12-31"),
        ("12月20日至次年3月", "2023-12-20", "2024-03-31"),
        ("2023.9.15-2023.9.20", "2023-09-15", "2023-09-20"),
        ("5月30日（星期二）至6月1日", "2023-05-30", "2023-06-01"),
        ("8月1日起至10月31日止", "2023-08-01", "2023-10-31"),
        ("去年8月", "2022-08-01", "2022-08-31"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_time_is_read_from_its_first_to_its_last_day(text: str, low: str, high: str) -> None:
    (moment,) = moments(text, 2023)
    assert ends(moment) == (low, high)


@pytest.mark.parametrize(
    "text", ["第5届", "5.12", "12个月", "42年来", "2020年代", "6月31日", "13月"]
)
def test_what_is_no_time_is_not_read(text: str) -> None:
    assert moments(text, 2023) == ()


def test_the_year_is_carried_within_a_sentence_and_no_further() -> None:
    found = moments("2022年9月启动，10月验收。11月开放。2022年度项目5月结题。", 2024)
    assert [(one.year, one.own) for one in found] == [
        (2022, True),
        (2022, False),
        (2024, False),
        (2022, True),
        (2024, False),
    ]


def test_months_without_years_may_lie_on_both_sides_of_a_winter() -> None:
    first, last, third = moments("11月启动，3月结束；2月复查。", 2023)
    assert not precedes(last, first)
    assert precedes(third, last)
    first, last = moments("2023年11月启动，当年3月结束。", 2023)
    assert precedes(last, first)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("为期三天", 3),
        ("历时10天", 10),
        ("共七天六晚", 7),
        ("前后持续两周", 14),
        ("历时半年", 180),
        ("连续四年", 1461),
        ("一周时间", 7),
    ],
)
def test_how_long_something_took_is_read(text: str, days: int) -> None:
    (found,) = durations(text, 0, len(text))
    assert found.least <= days <= found.most


def test_a_number_of_days_alone_is_no_duration() -> None:
    text = "走访3天前报名的农户，服务2周年"
    assert [*durations(text, 0, len(text))] == []


@pytest.mark.parametrize(
    ("code", "text"), [(one.kind, one.text) for one in sentences.read("dates.txt") if not one.right]
)
def test_what_is_wrong_about_a_date_is_found(code: str, text: str) -> None:
    assert f"date_or_year.{code}" in {one.code for one in check(text).issues}


@pytest.mark.parametrize("text", sentences.right("dates.txt"))
def test_what_is_right_about_dates_is_left_alone(text: str) -> None:
    assert [one.code for one in check(text).issues if one.type == "date_or_year"] == []


@pytest.mark.parametrize(
    "part",
    [
        "5月3日开始申报，",
        "2020年、",
        "（5月",
        "2023年1月成立，第3届",
        "5:30—4:30",
        "《2023年",
        "3月；",
        "为期三天5月",
        "在2023年5月",
    ],
)
def test_dates_without_end_are_read_in_time(part: str) -> None:
    began = time.perf_counter()
    check(part * (60_000 // len(part)))
    assert time.perf_counter() - began < 10

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.periods import Period

from .helpers import refusal


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("2021", "year", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-H1", "half", date(2021, 1, 1), date(2021, 6, 30)),
        ("2021-H2", "half", date(2021, 7, 1), date(2021, 12, 31)),
        ("2021-Q1", "quarter", date(2021, 1, 1), date(2021, 3, 31)),
        ("2021-Q4", "quarter", date(2021, 10, 1), date(2021, 12, 31)),
        ("2020-02", "month", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021-09-18", "day", date(2021, 9, 18), date(2021, 9, 18)),
        ("9999", "year", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_period_is_its_inclusive_days(text: str, kind: str, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (period.text, period.kind, period.first, period.last) == (text, kind, first, last)
    assert period.year == first.year
    assert period.days() == (last - first).days + 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21",
        "2021-H3",
        "2021-Q5",
        "2021-13",
        "2021-00",
        "2021-02-29",
        "0000",
        "2021 ",
        "２０２１",
    ],
)
def test_what_is_not_a_period_is_refused_by_name(text: str) -> None:
    (finding,) = refusal(lambda: Period.parse(text))
    assert finding.code == "period.unknown"
    assert finding.params == {"text": text}


def test_a_deed_done_on_the_last_day_of_the_year_counts_in_that_year() -> None:
    year = Period.parse("2021")
    assert year.contains(date(2021, 12, 31))
    assert year.contains(date(2021, 1, 1))
    assert not year.contains(date(2022, 1, 1))
    assert not year.contains(date(2020, 12, 31))


def test_months_of_a_period_and_of_a_day() -> None:
    assert [m.text for m in Period.parse("2021-Q3").months()] == ["2021-07", "2021-08", "2021-09"]
    assert [m.text for m in Period.parse("2021-09-18").months()] == ["2021-09"]
    assert len(Period.parse("2021").months()) == 12


def test_2021_has_52_weeks() -> None:
    assert Period.parse("2021").weeks() == 52


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_week_belongs_to_the_period_in_which_its_monday_lies(day: date) -> None:
    period = Period.parse(f"{day.year:04}-{day.month:02}")
    days = [period.first + timedelta(days=n) for n in range(period.days())]
    assert period.weeks() == sum(one.weekday() == 0 for one in days)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2021", "2020"),
        ("2021-H2", "2020-H2"),
        ("2021-03", "2020-03"),
        ("2020-02-29", "2019-02-28"),
        ("2021-02-28", "2020-02-28"),
    ],
)
def test_a_year_before(text: str, before: str) -> None:
    assert Period.parse(text).a_year_before() == Period.parse(before)


def test_there_is_no_year_before_the_first() -> None:
    assert refusal(Period.parse("0001").a_year_before)[0].code == "period.unknown"

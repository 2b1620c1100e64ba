"""Work that is due every week: which weeks fell short."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.rhythm import monday, weeks_missed

DAYS = st.dates(date(2019, 1, 1), date(2023, 12, 31))


def test_a_week_without_any_piece_is_named_by_its_monday() -> None:
    done = [(date(2021, 9, 29), 2), (date(2021, 10, 13), 4)]
    assert weeks_missed(done, 2) == [date(2021, 10, 4)]


def test_pieces_of_several_days_of_a_week_count_together() -> None:
    assert weeks_missed([(date(2021, 3, 1), 1), (date(2021, 3, 7), 1)], 2) == []


def test_a_week_with_too_few_pieces_is_missed_too() -> None:
    assert weeks_missed([(date(2021, 3, 1), 1), (date(2021, 3, 8), 2)], 2) == [date(2021, 3, 1)]


def test_nothing_done_says_nothing_about_weeks() -> None:
    assert weeks_missed([], 2) == []


def test_a_week_across_the_years_end_is_one_week() -> None:
    assert weeks_missed([(date(2020, 12, 31), 1), (date(2021, 1, 1), 1)], 2) == []


@given(DAYS)
def test_the_monday_is_at_most_six_days_before(day: date) -> None:
    found = monday(day)
    assert found.weekday() == 0
    assert timedelta(0) <= day - found <= timedelta(days=6)


@given(st.dictionaries(DAYS, st.integers(0, 5), max_size=40), st.integers(1, 5))
def test_missed_weeks_and_kept_weeks_make_up_the_span(done: dict[date, int], due: int) -> None:
    missed = weeks_missed(done.items(), due)
    assert missed == sorted(set(missed))
    kept = {
        monday(day)
        for day in done
        if sum(n for other, n in done.items() if monday(other) == monday(day)) >= due
    }
    assert kept.isdisjoint(missed)
    if done:
        weeks = (monday(max(done)) - monday(min(done))).days // 7 + 1
        assert len(kept) + len(missed) == weeks

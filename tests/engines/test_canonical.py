"""One way to write a value: equal bytes for equal values, and a place for what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.sealing.canonical import DEPTH, LARGEST, as_text, canonical, parse

from .helpers import codes, refusal

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | words,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(words, below, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_written_reads_back_and_is_plain_json(value: object) -> None:
    data = canonical(value)
    assert parse(data) == value
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data


def test_keys_are_sorted_as_rfc_8785_sorts_its_example() -> None:
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\x80": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical({"deep": [names]}))["deep"][0].values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_text_is_escaped_as_rfc_8785_escapes_it() -> None:
    assert canonical('€$\x0f\nA\'B"\\\\"/\x7f\u2028') == (
        '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f\u2028"'.encode()
    )


@pytest.mark.parametrize(
    ("value", "code", "where"),
    [
        ({"rows": [{}, {"fields": {"price": 1.5}}]}, "canonical.kind", "rows[1].fields.price"),
        ([0, Decimal("1")], "canonical.kind", "[1]"),
        ({"a": {1, 2}}, "canonical.kind", "a"),
        ([date(2021, 1, 1)], "canonical.kind", "[0]"),
        ({"a": {3: ""}}, "canonical.key", "a"),
        ({"a": [2**53]}, "canonical.number", "a[0]"),
        ({"a": ["", {"b": "\ud800"}]}, "canonical.text", "a[1].b"),
        ({"a": {"\udfff": 1}}, "canonical.text", "a"),
    ],
)
def test_what_cannot_be_written_is_refused_at_its_place(
    value: object, code: str, where: str
) -> None:
    (finding,) = refusal(lambda: canonical(value))
    assert (finding.code, finding.where) == (code, where)


def test_what_is_nested_without_end_is_refused() -> None:
    nested: Any = []
    for _ in range(DEPTH):
        nested = [nested]
    assert codes(lambda: canonical(nested)) == ["canonical.deep"]
    assert codes(lambda: parse(b"[" * 100_000)) == ["canonical.unreadable"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "canonical.other"),
        (b'{"b":1,"a":1}', "canonical.other"),
        (b'{"a": 1}', "canonical.other"),
        (b'"\\u0041"', "canonical.other"),
        (b"9007199254740993", "canonical.other"),
        (b"-0", "canonical.other"),
        (b"1.5", "canonical.unreadable"),
        (b"NaN", "canonical.unreadable"),
        (b'"\\ud800"', "canonical.unreadable"),
        (b"\xef\xbb\xbf1", "canonical.unreadable"),
        (b'"\xff"', "canonical.unreadable"),
        (b"", "canonical.unreadable"),
        (b"9" * 5000, "canonical.unreadable"),
    ],
)
def test_json_written_in_any_other_way_is_refused(data: bytes, code: str) -> None:
    assert codes(lambda: parse(data)) == [code]


def test_decimals_and_times_become_the_same_text_for_equal_values() -> None:
    assert as_text(Decimal("1.50")) == as_text(Decimal("1.5")) == "1.5"
    assert as_text(Decimal("1E+2")) == "100"
    assert as_text(Decimal("-0.00")) == "0"
    assert as_text(date(2021, 9, 18)) == "2021-09-18"
    there = timezone(timedelta(hours=8))
    assert (
        as_text(datetime(2021, 9, 18, 8, tzinfo=there))
        == as_text(datetime(2021, 9, 18, tzinfo=UTC))
        == "2021-09-18T00:00:00.000000Z"
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: as_text(Decimal("NaN")),
        lambda: as_text(datetime(2021, 9, 18)),  # noqa: DTZ001
    ],
)
def test_a_moment_without_a_zone_and_a_number_that_is_none_are_refused(
    make: Callable[[], str],
) -> None:
    assert codes(make) == ["canonical.kind"]

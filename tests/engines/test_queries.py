from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.queries import (
    Condition,
    Empty,
    Exact,
    Query,
    Range,
    UnitScope,
    Value,
    is_path,
    merge,
    parse,
)

from .helpers import refusal

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
paths = st.sampled_from(["title", "place.kind", "held_on", "themes", "a1.b_2"])
values: st.SearchStrategy[Value] = st.one_of(
    words.map(Exact),
    st.builds(Range, words, st.none() | words),
    st.builds(Range, st.none(), words),
    st.just(Empty()),
)
conditions = st.dictionaries(
    st.tuples(paths, st.booleans()), st.lists(values, min_size=1, max_size=3), max_size=4
).map(lambda found: tuple(Condition(p, n, tuple(v)) for (p, n), v in found.items()))
codes_of_units = words.filter(lambda text: "@" not in text)
queries = st.builds(
    Query,
    conditions,
    st.lists(st.builds(UnitScope, codes_of_units, st.none() | st.dates()), max_size=2).map(tuple),
    words | st.just(""),
    st.none() | st.sampled_from(["title", "-held_on", "-place.kind,title"]),
    st.just(1),
    st.none() | st.integers(1, 500),
)


@given(queries)
def test_every_query_survives_being_written_and_read(query: Query) -> None:
    assert parse(query.canonical()) == query


@given(queries)
def test_a_browser_may_decode_and_encode_the_address_without_changing_it(query: Query) -> None:
    pairs = parse_qsl(query.canonical(), keep_blank_values=True)
    assert parse(urlencode(pairs)) == query


@given(queries)
def test_the_written_query_is_safe_in_an_address(query: Query) -> None:
    text = query.canonical()
    assert not set(text) & set(" \"'<>#+\t\n`{}|^[]")
    assert all(character.isprintable() for character in text)


def test_the_grammar_of_the_design() -> None:
    query = parse(
        "themes=volunteering&themes=rural&themes!=minority&held_on=2021-01-01..2021-12-31"
    )
    assert query.conditions == (
        Condition("held_on", False, (Range("2021-01-01", "2021-12-31"),)),
        Condition("themes", False, (Exact("rural"), Exact("volunteering"))),
        Condition("themes", True, (Exact("minority"),)),
    )
    assert parse("a=..5&b=5..&c=&d!=&place.kind=museum").conditions == (
        Condition("a", False, (Range(None, "5"),)),
        Condition("b", False, (Range("5", None),)),
        Condition("c", False, (Empty(),)),
        Condition("d", True, (Empty(),)),
        Condition("place.kind", False, (Exact("museum"),)),
    )


def test_reserved_names_are_not_fields() -> None:
    query = parse("unit=NM@2021-12-31&unit=TL&q=科普+%E6%97%A5&sort=-held_on&page=3&per=50")
    assert query.conditions == ()
    assert query.units == (UnitScope("NM", date(2021, 12, 31)), UnitScope("TL"))
    assert (query.search, query.sort, query.page, query.per) == ("科普 日", "-held_on", 3, 50)


def test_what_a_form_leaves_blank_is_as_good_as_not_sent() -> None:
    assert parse("unit=&q=&sort=&page=&per=&") == Query()


def test_a_form_sends_the_sign_of_exclusion_percent_encoded() -> None:
    assert parse("themes%21=minority") == parse("themes!=minority")


def test_chinese_stays_readable_and_spaces_do_not() -> None:
    text = parse("title=科普 日&held_on=2021-01-01..&themes!=a,b&unit=NM@2021-12-31").canonical()
    assert text == "held_on=2021-01-01..&themes!=a,b&title=科普%20日&unit=NM@2021-12-31"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"a\.\.b", "a..b"),
        (r"a\..b", "a..b"),
        (r"C:\temp", r"C:\temp"),
        (r"a\\b", r"a\b"),
        ("1.5", "1.5"),
        (r"a\.\.\.b", "a...b"),
    ],
)
def test_two_dots_within_a_value_are_escaped(written: str, text: str) -> None:
    assert parse(f"title={written}") == Query((Condition("title", False, (Exact(text),)),))


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("title", "query.bad-path", "title"),
        ("=x", "query.bad-path", ""),
        ("Title=x", "query.bad-path", "Title"),
        ("title__contains=x", "query.bad-path", "title__contains"),
        ("title.=x", "query.bad-path", "title."),
        ("title!!=x", "query.bad-path", "title!!"),
        ("unit!=x", "query.bad-path", "unit!"),
        ("a=%FF", "query.bad-value", "a"),
        ("a=%00", "query.bad-value", "a"),
        ("%FF=a", "query.bad-value", "%FF"),
        ("a=1..2..3", "query.bad-range", "a"),
        ("a=1...3", "query.bad-range", "a"),
        ("a=..", "query.bad-range", "a"),
        ("unit=NM@2021", "query.bad-unit", "unit"),
        ("unit=NM@x", "query.bad-unit", "unit"),
        ("unit=@2021-12-31", "query.bad-unit", "unit"),
        ("sort=a b", "query.bad-sort", "sort"),
        ("sort=a__b", "query.bad-sort", "sort"),
        ("page=0", "query.bad-page", "page"),
        ("page=-1", "query.bad-page", "page"),
        ("page=１", "query.bad-page", "page"),
        ("per=all", "query.bad-per", "per"),
        ("page=1&page=2", "query.given-twice", "page"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_parameter(text: str, code: str, where: str) -> None:
    (finding,) = refusal(lambda: parse(text))
    assert (finding.code, finding.where) == (code, where)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(refusal(lambda: parse("a=..&B=1&page=0&unit=@x"))) == 4


def test_merging_is_a_conjunction() -> None:
    both = merge(
        parse("themes=rural&form!=a&unit=NM&q=科普&sort=title&per=20&page=4"),
        parse("state=verified&form!=b&unit=NM&q=春&sort=-held_on"),
    )
    assert both.canonical() == (
        "form!=a&form!=b&state=verified&themes=rural&unit=NM&q=科普%20春&sort=-held_on&per=20"
    )
    assert both.page == 1


def test_merging_a_query_with_itself_changes_nothing() -> None:
    query = parse("a=1&a=2&b!=3&unit=NM&q=x")
    assert merge(query, query) == query
    assert merge(query, Query()) == merge(Query(), query) == query


def test_an_excluded_and_a_wanted_value_of_one_field_go_together() -> None:
    assert merge(parse("a=1"), parse("a!=2")).canonical() == "a=1&a!=2"


@pytest.mark.parametrize(("one", "other"), [("a=1", "a=2"), ("unit=A", "unit=B"), ("a=", "a=1")])
def test_two_conditions_on_one_field_are_refused_rather_than_widened(one: str, other: str) -> None:
    (finding,) = refusal(lambda: merge(parse(one), parse(other)))
    assert finding.code == "query.same-field-twice"
    assert finding.params == {"path": one.partition("=")[0]}


def test_a_query_can_lose_any_of_its_parts() -> None:
    query = parse("a=1&a!=2&b=3&unit=NM&q=x&sort=a&per=9&page=2")
    assert query.without("a").canonical() == "b=3&unit=NM&q=x&sort=a&per=9"
    assert query.without("a").page == 1
    assert query.without("unit").units == ()
    assert query.without("q").search == ""
    assert query.without("sort").sort is None
    assert query.without("per").per is None


def test_pages_are_named_from_the_second() -> None:
    assert parse("a=1&page=7").at_page(1) == "a=1"
    assert parse("a=1").at_page(2) == "a=1&page=2"
    assert Query().at_page(2) == "page=2"
    assert Query().at_page(1) == ""


def test_paths() -> None:
    assert parse("a=1&b.c!=2&q=x").paths() == {"a", "b.c"}
    assert is_path("place.kind")
    assert not is_path("place..kind")

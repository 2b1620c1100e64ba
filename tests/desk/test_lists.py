"""Long lists: counting that stops, totals on demand, pages that end, rooms that are empty."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.desk import listing
from taizhang.engines.queries import parse
from taizhang.ledger import catalogue, paging, query
from tests.conftest import Cast
from tests.factories import make, verified
from tests.steps import links, texts

BASE = "/activities/activity/"


@pytest.fixture
def seven(cast: Cast) -> Cast:
    for number in range(1, 8):
        make("activities.activity", number, cast.east, cast.su)
    return cast


def test_beyond_enough_a_list_says_more_and_counts_exactly_on_demand(
    seven: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ENOUGH", 5)
    browser = sign_in(seven.re)
    page = browser.get(BASE)
    summary = page.context["summary"]
    assert (str(summary), summary.more, summary.totals) == ("5+", True, [])
    said = " ".join(texts(page.content.decode()))
    assert "5+" in said
    assert f"{BASE}totals/?" in page.content.decode()
    exact = browser.get(f"{BASE}totals/").context["summary"]
    assert (exact.count, exact.more) == (7, False)
    assert [total.text for total in exact.totals] == ["35", "728"]
    narrow = browser.get(f"{BASE}?attendance=..103").context["summary"]
    assert (str(narrow), len(narrow.totals)) == ("3", 2)


def test_every_page_of_a_list_that_stopped_counting_is_reached_by_next(
    seven: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ENOUGH", 3)
    browser = sign_in(seven.re)
    address, seen = f"{BASE}?per=2", []
    for _step in range(10):
        page = browser.get(address)
        seen += [line.key for line in page.context["lines"]]
        onward = [
            link
            for link in links(page.content.decode())
            if f"page={page.context['page'].number + 1}" in link
        ]
        if not onward:
            break
        address = BASE + onward[-1]
    assert len(seen) == len(set(seen)) == 7
    assert page.context["page"].has_next is False


def test_a_page_beyond_the_last_is_the_last(seven: Cast, sign_in: Any) -> None:
    page = sign_in(seven.re).get(f"{BASE}?per=3&page=99").context["page"]
    assert (page.number, page.first, page.last, page.last_page) == (3, 7, 7, 3)


def test_further_down_than_a_database_walks_the_list_says_how_to_get_there(
    seven: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "FURTHEST", 4)
    page = sign_in(seven.re).get(f"{BASE}?per=2&page=3")
    assert page.context["page"].number == 2
    assert page.context["page"].too_far
    assert "再往后的记录" in page.content.decode()


@pytest.mark.parametrize(
    ("number", "last", "numbers"),
    [
        (1, 1, [1]),
        (1, 5, [1, 2, 3, 4, 5]),
        (4, 9, [1, 2, 3, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
        (5, None, [1, 2, 3, 4, 5, 6]),
        (9, None, [1, None, 7, 8, 9, 10]),
    ],
)
def test_the_pager_offers_the_ends_and_what_is_near(
    number: int, last: int | None, numbers: list[int | None]
) -> None:
    page = paging.Page([], number, 0, 0, last is None or number < last, last)
    assert page.numbers == numbers


def test_a_total_opens_to_the_rows_that_add_to_it(cast: Cast, sign_in: Any) -> None:
    make("activities.activity", 1, cast.east, cast.su, attendance=None)
    make("activities.activity", 2, cast.east, cast.su, attendance=40)
    browser = sign_in(cast.re)
    totals = browser.get(f"{BASE}?form=lecture").context["summary"].totals
    (people,) = [total for total in totals if total.text == "40"]
    opened = browser.get(f"{BASE}?{people.query}").context["summary"]
    assert opened.count == 1
    assert [total.text for total in opened.totals if total.label == people.label] == ["40"]


def test_every_count_above_and_in_the_index_opens_to_as_many_rows(cast: Cast, sign_in: Any) -> None:
    make("activities.activity", 1, cast.east, cast.su)
    verified("activities.activity", 2, cast.east, cast)
    browser = sign_in(cast.re)
    page = browser.get(BASE)
    for tab in page.context["tabs"]:
        assert str(browser.get(tab.url).context["summary"]) == tab.count
    index = browser.get("/registers/")
    (row,) = [t for ts in index.context["groups"].values() for t in ts if t.register.path in BASE]
    assert row.count == browser.get(f"{BASE}?q=").context["summary"].count == 2
    for _kind, count, address in row.waiting:
        assert str(browser.get(address).context["summary"]) == count
    only = browser.get("/registers/?waiting=drafts")
    shown = [t.register.name for ts in only.context["groups"].values() for t in ts]
    assert "activities.activity" in shown
    assert "places.place" not in shown
    assert browser.get("/registers/?waiting=nonsense").status_code == 200


def test_counting_many_lists_at_once_says_the_same_as_one_by_one(seven: Cast) -> None:
    register = catalogue.get("activities.activity")
    asked = ("", "form=lecture", "attendance=..103", "themes=health", "q=第3场", "unit=west")
    found = [query.rows(register, parse(text), seven.su) for text in asked]
    found.append(register.queryset().none())
    assert paging.count_each(found, 99) == [7, 7, 3, 0, 1, 0, 0]
    assert paging.count_each(found, 4) == [5, 5, 3, 0, 1, 0, 0]
    assert paging.count_each([], 4) == []


def test_in_a_register_of_many_rows_the_counts_of_tabs_come_later(
    seven: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ENOUGH", 3)
    monkeypatch.setattr(listing, "TAB_ENOUGH", 2)
    browser = sign_in(seven.re)
    page = browser.get(BASE)
    counts = [tab.count for tab in page.context["tabs"]]
    assert counts[0] == "2+"
    assert set(counts[1:]) == {""}
    assert "tabs/" in page.content.decode()
    later = [tab.count for tab in browser.get(f"{BASE}tabs/").context["tabs"]]
    assert "" not in later
    assert 'hx-trigger="load"' not in browser.get(f"{BASE}tabs/").content.decode()


def test_an_empty_register_and_an_empty_answer_are_two_rooms_with_two_doors(
    cast: Cast, sign_in: Any
) -> None:
    empty = sign_in(cast.su).get(BASE)
    assert empty.context["is_empty"]
    assert f"{BASE}add/" in links(empty.content.decode())
    reader = sign_in(cast.re).get(BASE).content.decode()
    assert f"{BASE}add/" not in links(reader)
    assert "/registers/" in links(reader)
    make("activities.activity", 1, cast.east, cast.su)
    nothing = sign_in(cast.re).get(f"{BASE}?form=training&q=没有的")
    assert not nothing.context["is_empty"]
    found = links(nothing.content.decode())
    assert f"{BASE}?q=" in found
    assert "?form=training" in found


def test_the_first_pages_of_a_long_list_are_the_same_however_they_are_found(
    seven: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("activities.activity", 8, seven.east, seven.su, form="training")
    browser = sign_in(seven.re)
    asked = ("", "form=lecture", "attendance=..105", "held_on=..2021-03-05", "themes=volunteering")
    usual = {text: _keys_of(browser, text) for text in asked}
    monkeypatch.setattr(paging, "ENOUGH", 2)
    for near in (100, 50, 30):
        monkeypatch.setattr(paging, "NEAR", near)
        assert {text: _keys_of(browser, text) for text in asked} == usual


def _keys_of(browser: Any, text: str) -> list[str]:
    found = []
    for number in (1, 2):
        page = browser.get(f"{BASE}?{text}{'&' if text else ''}per=2&page={number}")
        found += [line.key for line in page.context["lines"]]
    return found


def test_the_count_of_a_record_s_rows_opens_to_all_of_them_whatever_its_code(
    cast: Cast, sign_in: Any
) -> None:
    parent = make("activities.activity", 1, cast.east, cast.su, code="讲&座..#1")
    for number in (1, 2):
        make("activities.handout", number, cast.east, cast.su, activity=parent)
    other = make("activities.activity", 2, cast.east, cast.su)
    make("activities.handout", 3, cast.east, cast.su, activity=other)
    browser = sign_in(cast.re)
    page = browser.get(f"{BASE}{parent.pk}/").content.decode()
    (all_of_them,) = {link for link in links(page) if link.startswith("/activities/handout/?")}
    assert browser.get(all_of_them).context["summary"].count == 2

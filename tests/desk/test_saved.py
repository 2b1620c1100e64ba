"""Views people save for themselves and for their units."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.desk import saved
from taizhang.desk.models import SavedFilter
from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.factories import make
from tests.steps import texts

BASE = "/activities/activity/"


def keep(browser: Any, query: str, name: str, **sent: str) -> Any:
    return browser.post(f"{BASE}filters/save/", {"query": query, "name": name, **sent}, follow=True)


def titles(page: Any) -> list[str]:
    return [tab.title for tab in page.context["tabs"]]


def test_a_view_keeps_its_order_and_its_count_follows_the_records(cast: Cast, sign_in: Any) -> None:
    make("activities.activity", 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    page = keep(browser, "sort=-attendance&form=lecture", "  讲座，  人多的在前 ")
    (tab,) = [tab for tab in page.context["tabs"] if tab.current]
    assert (tab.title, tab.count) == ("讲座， 人多的在前", "1")
    make("activities.activity", 2, cast.east, cast.su)
    (tab,) = [tab for tab in browser.get(BASE).context["tabs"] if tab.title == tab.title.strip()][
        -1:
    ]
    assert tab.count == "2"


def test_a_name_is_needed_and_may_be_given_once(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    for name in ("", "   ", "长" * 41):
        assert keep(browser, "form=lecture", name).status_code == 400
    assert keep(browser, "form=lecture", "讲座").status_code == 200
    assert keep(browser, "form=training", "讲座").status_code == 400
    assert keep(sign_in(cast.re), "form=training", "讲座").status_code == 200
    assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize(
    "query", ["", "q=", "nonsense=1", "form=nonsense", "sort=nonsense", "a=%00"]
)
def test_what_is_no_filter_is_not_saved(query: str, cast: Cast, sign_in: Any) -> None:
    assert keep(sign_in(cast.su), query, "视图").status_code == 400
    assert not SavedFilter.objects.exists()


def test_one_person_keeps_a_sensible_number_of_views(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 2)
    browser = sign_in(cast.su)
    for number in range(2):
        assert keep(browser, f"attendance={number}..", f"视图{number}").status_code == 200
    assert keep(browser, "attendance=9..", "视图9").status_code == 400


def test_a_personal_field_is_refused_when_saving_and_again_when_opening(
    cast: Cast, sign_in: Any
) -> None:
    person = make("org.person", 1, cast.east, cast.su)
    base = "/org/person/"
    sent = {"query": f"name={person.name}", "name": "找人", "unit": "assoc"}
    assert sign_in(cast.re).post(f"{base}filters/save/", sent).status_code == 403
    assert sign_in(cast.su).post(f"{base}filters/save/", sent).status_code == 302
    reader = sign_in(cast.re)
    page = reader.get(base)
    (tab,) = [tab for tab in page.context["tabs"] if tab.title == "找人"]
    assert tab.count == "", "no count either: it would answer"
    refused = reader.get(tab.url)
    assert refused.status_code == 403
    assert "姓名" in " ".join(texts(refused.content.decode()))


def test_a_view_is_shared_with_a_unit_where_one_records_and_nowhere_else(
    cast: Cast, sign_in: Any
) -> None:
    assert keep(sign_in(cast.bo), "form=lecture", "讲座", unit="assoc").status_code == 400
    assert keep(sign_in(cast.re), "form=lecture", "讲座", unit="assoc").status_code == 400
    assert keep(sign_in(cast.bo), "form=lecture", "讲座", unit="elsewhere").status_code == 400
    assert keep(sign_in(cast.bo), "form=lecture", "讲座", unit="east").status_code == 200
    assert "讲座" in titles(sign_in(cast.bo).get(BASE))
    assert "讲座" not in titles(sign_in(cast.su).get(BASE)), "the association is not below the town"
    assert "讲座" not in titles(sign_in(cast.chen).get(BASE))


def test_only_its_owner_and_a_manager_of_its_unit_change_a_shared_view(
    cast: Cast, sign_in: Any
) -> None:
    keep(sign_in(cast.su), "form=lecture", "讲座", unit="assoc")
    kept = SavedFilter.objects.get()
    for stranger in (cast.re, cast.zhi, cast.bo, cast.chen):
        browser = sign_in(stranger)
        for way in ("", "remove/"):
            answer = browser.post(f"{BASE}filters/{kept.pk}/{way}", {"name": "改名"})
            assert answer.status_code == 404, stranger
    lin = sign_in(cast.lin)
    assert (
        lin.post(f"{BASE}filters/{kept.pk}/", {"name": "改名", "unit": "assoc"}).status_code == 302
    )
    kept.refresh_from_db()
    assert (kept.name, kept.owner, kept.unit) == ("改名", cast.su, cast.association)
    assert lin.post(f"{BASE}filters/{kept.pk}/remove/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_removed_view_is_had_back_by_whoever_removed_it_and_nobody_else(
    cast: Cast, sign_in: Any
) -> None:
    keep(sign_in(cast.su), "form=lecture", "讲座")
    kept = SavedFilter.objects.get()
    browser = sign_in(cast.su)
    browser.post(f"{BASE}filters/{kept.pk}/remove/")
    assert browser.post("/places/place/filters/again/").status_code == 404
    browser = sign_in(cast.su)
    browser.post(f"{BASE}filters/again/")
    assert not SavedFilter.objects.exists(), "the session began anew"
    keep(browser, "form=lecture", "讲座")
    browser.post(f"{BASE}filters/{SavedFilter.objects.get().pk}/remove/")
    assert browser.post(f"{BASE}filters/again/").status_code == 302
    assert browser.post(f"{BASE}filters/again/").status_code == 404
    assert SavedFilter.objects.get().name == "讲座"


def test_the_list_opens_with_the_chosen_view_and_everything_stays_a_press_away(
    cast: Cast, sign_in: Any
) -> None:
    make("activities.activity", 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    keep(browser, "form=training", "培训", home="1")
    assert browser.get(BASE).url == f"{BASE}?form=training"
    page = browser.get(f"{BASE}?form=training")
    assert "清除全部条件" in page.content.decode()
    assert page.context["everything"] == f"{BASE}?q="
    assert browser.get(f"{BASE}?q=").context["summary"].count == 1
    assert all(chip.without == "?q=" for chip in page.context["chips"])
    kept = SavedFilter.objects.get()
    assert browser.post(f"{BASE}filters/{kept.pk}/home/", {"off": "1"}).status_code == 302
    assert browser.get(BASE).status_code == 200


def test_a_view_that_the_register_no_longer_understands_still_stands_and_can_go(
    cast: Cast, sign_in: Any
) -> None:
    keep(sign_in(cast.su), "form=lecture", "讲座")
    SavedFilter.objects.update(query="gone=1")
    browser = sign_in(cast.su)
    (tab,) = [tab for tab in browser.get(BASE).context["tabs"] if tab.title == "讲座"]
    assert tab.count == ""
    assert "gone=1" in browser.get(f"{BASE}filters/").content.decode()
    kept = SavedFilter.objects.get()
    assert browser.post(f"{BASE}filters/{kept.pk}/remove/").status_code == 302


def test_the_ledger_refuses_the_same_without_pages(cast: Cast) -> None:
    register = catalogue.get("activities.activity")
    with pytest.raises(Refused, match=r"saved\.not-your-unit"):
        saved.keep(register, "form=lecture", "讲座", cast.su, unit=cast.elsewhere.pk)
    words = "|".join(f"q{number}" for number in range(900))
    with pytest.raises(Refused, match=r"saved\.too-long"):
        saved.keep(register, f"q={words}", "讲座", cast.su)

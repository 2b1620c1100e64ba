"""Figures that units make of their lists: kept, found, changed by versions, retired, and whose they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.figures import definitions, own
from taizhang.figures.facts import _question, facts
from taizhang.figures.models import OwnFigure, OwnFigureVersion
from taizhang.ledger import catalogue
from taizhang.outlines.own import Place, text_of, write
from tests.conftest import Cast
from tests.factories import make, verified

ADD = "/figures/own/add/"
SENT = {
    "register": "activities.activity",
    "query": "form=lecture",
    "name": "科普讲座",
    "unit": "场",
    "note": "只计讲座，不计培训。",
    "subject": "讲座、报告会",
    "style": "",
    "measure": "count",
    "time": "flow:held_on",
    "owner": "assoc",
}
YEAR = Period.parse("2021")


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def kept(cast: Cast, user: Any = None, **changes: str) -> str:
    """Save a figure as a person does; its code."""
    answer = browser(user or cast.su).post(ADD, SENT | changes)
    assert answer.status_code == 302, answer.context["errors"]
    return OwnFigure.objects.latest("pk").code


def test_a_filtered_list_becomes_a_figure_that_equals_its_list(cast: Cast) -> None:
    for number, form in ((1, "lecture"), (2, "lecture"), (3, "training")):
        verified("activities.activity", number, cast.east, cast, form=form, attendance=50)
    make("activities.activity", 4, cast.east, cast.su, form="lecture")
    su = browser(cast.su)
    opened = su.get(ADD, {"register": "activities.activity", "query": "form=lecture&unit=east"})
    assert "sum:attendance" in dict(opened.context["choices"].measures)
    code = kept(cast, query="form=lecture&held_on=2021-01-01..2021-03-31&unit=east&sort=-title")
    fact = facts([code], "assoc", YEAR)[code]
    assert (fact.text, fact.prints) == ("2", "2场")
    page = su.get(f"/figures/{code}/?unit=assoc&period=2021")
    assert "只计讲座，不计培训。" in page.content.decode()
    assert su.get(fact.address).context["summary"]["count"] == 2
    sums = kept(cast, name="讲座人次", unit="人次", measure="sum:attendance")
    assert facts([sums], "assoc", YEAR)[sums].prints == "100人次"
    assert facts(None, "assoc", YEAR)[sums].value == 100


def test_it_is_there_for_the_unit_and_below_and_for_nobody_else(cast: Cast) -> None:
    town = kept(cast, cast.bo, owner="east")
    whole = kept(cast)
    east, assoc = (definitions.of_unit(unit.pk) for unit in (cast.east, cast.association))
    assert {town, whole} <= east.keys()
    assert (town in assoc, whole in assoc) == (False, True)
    assert whole not in definitions.of_unit(cast.elsewhere.pk)
    for user, code, query, status in (
        (cast.re, whole, "unit=assoc", 200),
        (cast.bo, whole, "unit=east", 200),
        (cast.re, town, "unit=assoc", 404),
        (cast.chen, whole, "", 404),
        (cast.chen, town, "", 404),
    ):
        got = browser(user).get(f"/figures/{code}/?period=2021&{query}")
        assert got.status_code == status, (user, code)
        assert browser(user).get(f"/figures/{code}/card/?{query}").status_code == status
    assert "科普讲座" not in browser(cast.chen).get("/figures/").content.decode()
    assert whole not in browser(cast.chen).get("/goto/", {"q": "科普讲座"}).content.decode()
    found = browser(cast.su).get("/goto/", {"q": "kpjz"}).content.decode()
    assert whole in found
    for path in ("edit", "retire"):
        address = f"/figures/{whole}/{path}/"
        assert browser(cast.chen).post(address).status_code == 404
        assert browser(cast.re).post(address).status_code == 403


def test_only_recorders_make_one_and_only_for_their_unit(cast: Cast) -> None:
    assert browser(cast.re).get(ADD, SENT).status_code == 403
    assert browser(cast.re).post(ADD, SENT).status_code == 403
    assert browser(cast.bo).post(ADD, SENT).status_code == 422
    assert browser(cast.chen).post(ADD, SENT).status_code == 422
    assert not OwnFigure.objects.exists()
    page = browser(cast.su).get("/activities/activity/?form=lecture").content.decode()
    assert "/figures/own/add/?register=activities.activity&amp;query=form%3Dlecture" in page
    assert ADD not in browser(cast.re).get("/activities/activity/?form=lecture").content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"note": " "},
        {"name": "长" * 61},
        {"measure": "sum:title"},
        {"measure": "sum:nothing"},
        {"measure": "median:attendance"},
        {"time": "flow:title"},
        {"time": ""},
        {"style": "余:千"},
        {"query": "form=nonsense"},
        {"query": "nonsense=1"},
        {"query": "q=急救"},
        {"register": "org.person", "query": "phone=13800000000", "time": "flow:joined_on"},
        {
            "register": "org.person",
            "query": "",
            "measure": "distinct:phone",
            "time": "flow:joined_on",
        },
    ],
)
def test_what_is_no_figure_is_told_and_nothing_typed_is_lost(
    changes: dict[str, str], cast: Cast
) -> None:
    answer = browser(cast.lin).post(ADD, SENT | changes)
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert answer.context["errors"]
        assert answer.context["sent"]["name"] == (SENT | changes)["name"]
    assert not OwnFigure.objects.exists()


def test_a_change_is_a_new_version_and_every_worker_sees_it(cast: Cast) -> None:
    verified("activities.activity", 1, cast.east, cast, form="lecture", attendance=50)
    code = kept(cast)
    before = definitions.get(code).hash
    question = _question((code,), "assoc", YEAR)
    assert facts([code], "assoc", YEAR)[code].prints == "1场"
    su = browser(cast.su)
    sent = SENT | {"version": "1", "measure": "sum:attendance", "unit": "人次"}
    assert su.post(f"/figures/{code}/edit/", sent).status_code == 302
    assert facts([code], "assoc", YEAR)[code].prints == "50人次"
    assert definitions.get(code).hash != before
    # A value that was kept is kept under what it counted.
    assert _question((code,), "assoc", YEAR) != question
    assert [v.number for v in OwnFigureVersion.objects.all()] == [2, 1]
    again = su.post(f"/figures/{code}/edit/", sent | {"name": "别名"})
    assert again.status_code == 422  # somebody was faster
    assert OwnFigure.objects.get().version == 2


def test_one_that_a_report_uses_is_not_changed_silently_nor_retired(cast: Cast) -> None:
    code = kept(cast)
    place = Place("county-annual", cast.association, YEAR)
    text, _none = text_of(place)
    block = next(one for one in text.blocks if "经费偏少" in one.text)
    write(place, block.id, f"办讲座{{{code}}}。", block.version, cast.su)
    su = browser(cast.su)
    page = su.get(f"/figures/{code}/edit/")
    assert "演示科协 2021" in page.content.decode()
    sent = SENT | {"version": "1", "measure": "sum:attendance"}
    refused = su.post(f"/figures/{code}/edit/", sent)
    assert refused.status_code == 422
    assert OwnFigure.objects.get().version == 1
    assert su.post(f"/figures/{code}/edit/", sent | {"known": "1"}).status_code == 302
    with pytest.raises(Refused) as caught:
        own.retire(code, 2, cast.su)
    assert caught.value.findings[0].code == "ownfigure.used"
    text, _kept = text_of(place)
    write(place, block.id, "没有讲座。", text.block(block.id).version, cast.su)
    assert su.post(f"/figures/{code}/retire/", {"version": "2"}).status_code == 302
    assert code not in definitions.definitions()
    assert su.get(f"/figures/{code}/").status_code == 404
    assert su.get("/reports/county-annual/?unit=assoc&period=2021").status_code == 200
    assert kept(cast) != code


def test_a_figure_of_another_unit_in_a_text_is_a_finding_and_no_fault(cast: Cast) -> None:
    code = kept(cast, cast.bo, owner="east")
    place = Place("county-annual", cast.association, YEAR)
    text, _none = text_of(place)
    block = next(one for one in text.blocks if "经费偏少" in one.text)
    with pytest.raises(Refused) as caught:
        write(place, block.id, f"{{{code}}}", block.version, cast.su)
    assert caught.value.findings[0].code == "outline.unknown-figure"
    town = Place("county-annual", cast.east, YEAR)
    write(town, block.id, f"{{{code}}}", block.version, cast.bo)
    report = browser(cast.su).get("/reports/county-annual/?unit=east&period=2021")
    assert code in report.context["report"].facts


def test_pages_ask_the_same_with_many_figures_as_with_one(
    cast: Cast,
) -> None:
    page = "/reports/county-annual/?unit=assoc&period=2021"
    su = browser(cast.su)
    kept(cast)
    su.get(page)
    with CaptureQueriesContext(connection) as first:
        su.get(page)
    for number in range(4):
        kept(cast, name=f"讲座{number}")
    su.get(page)
    with CaptureQueriesContext(connection) as second:
        su.get(page)
    assert len(first) == len(second)


def test_choices_offer_nothing_personal(cast: Cast) -> None:
    words = dict.fromkeys(("count", "sum", "distinct", "flow", "stock", "cumulative"), "{field}")
    words["stock"] = "{first}"
    register = catalogue.get("org.person")
    found = own.choices(register, words)
    named = {value.partition(":")[2] for value, _label in found.measures}
    assert not named & set(register.personal)
    assert "stock:joined_on,left_on" in dict(found.times)

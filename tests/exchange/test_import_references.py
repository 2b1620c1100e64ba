"""Imports that refer to other rows: of the same file, of other units, void ones."""

from __future__ import annotations

from typing import Any

from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.factories import act, make
from tests.steps import body, confirm, form_of, troubles, upload, workbook

from .test_import import ACTIVITY, NAMES, line, planned, rows, said


def test_new_units_may_stand_under_new_units_of_the_same_file(cast: Cast, sign_in: Any) -> None:
    units = catalogue.get("org.unit")
    browser = sign_in(cast.lin)
    head = ["code", "name", "kind", "parent"]
    content = workbook(
        head,
        ["hamlet", "山前小组", "other", "hill"],
        ["hill", "山前村", "other", "north"],
        ["north", "北镇科协", "town", "assoc"],
    )
    plan = upload(browser, units, content)
    assert plan.context["counts"]["new"] == 3, troubles(plan)
    confirm(browser, plan)
    hamlet = units.queryset().get(code="hamlet")
    assert (hamlet.parent.code, hamlet.parent.parent.code) == ("hill", "north")
    make(ACTIVITY.name, 1, hamlet, cast.su)
    assert browser.get("/activities/activity/?unit=north").context["summary"]["count"] == 1


def test_units_that_stand_under_each_other_are_refused(cast: Cast, sign_in: Any) -> None:
    units = catalogue.get("org.unit")
    browser = sign_in(cast.lin)
    head = ["code", "name", "kind", "parent"]
    plan = upload(
        browser, units, workbook(head, ["a", "甲", "other", "b"], ["b", "乙", "other", "a"])
    )
    answer = confirm(browser, plan)
    assert answer.status_code == 422
    assert not units.model._default_manager.filter(code__in="ab").exists()


def test_line_breaks_of_a_browser_and_of_a_workbook_are_the_same(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-2021-0001")
    browser = sign_in(cast.su)
    sent = form_of(ACTIVITY, ACTIVITY.queryset().get(pk=record.pk)) | {
        "summary": "第一行\r\n第二行"
    }
    assert browser.post(f"/activities/activity/{record.pk}/edit/", sent).status_code == 302
    for kind in ("xlsx", "csv"):
        content = body(browser.get(f"/activities/activity.{kind}"))
        assert upload(browser, ACTIVITY, content, f"表.{kind}").context["counts"]["same"] == 1


def test_a_code_with_a_stroke_in_it_can_be_referred_to(cast: Cast, sign_in: Any) -> None:
    place = make("places.place", 1, cast.east, cast.su, code="旗科协/2021/7")
    make(ACTIVITY.name, 1, cast.east, cast.su, place=place)
    browser = sign_in(cast.su)
    content = body(browser.get("/activities/activity.xlsx"))
    plan = upload(browser, ACTIVITY, content)
    assert plan.context["counts"]["same"] == 1, troubles(plan)
    page = browser.get(f"/places/place/{place.pk}/")
    assert page.status_code == 200
    make("places.zone", 1, cast.east, cast.su, place=place)
    assert browser.get("/places/zone/?place=east/旗科协/2021/7").context["summary"]["count"] == 1


def test_a_reference_to_a_void_row_stays_but_no_new_one_is_made(cast: Cast, sign_in: Any) -> None:
    place = make("places.place", 1, cast.east, cast.su, code="CS-1")
    make(ACTIVITY.name, 1, cast.east, cast.su, place=place, code="HD-2021-0001")
    act(place, "void", cast.lin, "重复")
    browser = sign_in(cast.su)
    head = [*NAMES, "place"]
    plan = planned(browser, [*line(1), "east/CS-1"], [*line(2), "east/CS-1"], head=head)
    assert troubles(plan) == {3: [("G3", "import.no-such-row")]}


def test_what_lies_outside_one_s_units_reads_as_not_existing(cast: Cast, sign_in: Any) -> None:
    hidden = make(ACTIVITY.name, 1, cast.west, cast.su, code="HD-2021-0001")
    secret = make("places.place", 1, cast.west, cast.su, code="CS-9")
    browser = sign_in(cast.bo)
    head = [*NAMES, "place"]
    plan = planned(
        browser,
        [*line(1, unit="west"), ""],
        [*line(2, unit="nowhere"), ""],
        [*line(3), "west/CS-9"],
        [*line(4), secret.name],
        [*line(5), "west/CS-0"],
        head=head,
    )
    told = [[code for _cell, code in found] for found in troubles(plan).values()]
    assert told == [["import.no-such-row"]] * 5
    page = said(plan)
    assert hidden.title not in page
    sentences = {
        row.troubles[0][2].code + str(sorted(row.troubles[0][2].params))
        for row in plan.context["plan"].rows
    }
    assert len(sentences) == 1, "hidden and absent are told in the same words"


def test_the_same_number_in_another_unit_is_neither_found_nor_revealed(
    cast: Cast, sign_in: Any
) -> None:
    hidden = make(ACTIVITY.name, 1, cast.west, cast.su, code="HD-2021-0001")
    browser = sign_in(cast.bo)
    plan = planned(browser, line(1))
    assert plan.context["counts"]["new"] == 1
    confirm(browser, plan)
    assert rows().count() == 2
    hidden.refresh_from_db()
    assert (hidden.version, hidden.unit) == (1, cast.west)


def test_a_visible_row_where_one_may_not_write_is_refused(cast: Cast, sign_in: Any) -> None:
    from taizhang.accounts.models import Membership

    Membership.objects.create(user=cast.bo, unit=cast.west, role="reader")
    make(ACTIVITY.name, 1, cast.west, cast.su, code="HD-2021-0001")
    plan = planned(sign_in(cast.bo), line(1, unit="west"), line(2, unit="west"))
    assert {code for found in troubles(plan).values() for _cell, code in found} == {
        "write.not-allowed"
    }
    assert len(troubles(plan)) == 2

"""Who may reach what: the subtree of one's units, and the role held there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from taizhang.accounts.models import Membership, User
from taizhang.engines.findings import Refused
from taizhang.ledger import access, catalogue, write
from taizhang.ledger.access import Verb
from tests.conftest import Cast
from tests.factories import DAY, make, values

ACTIVITY = catalogue.get("activities.activity")


def fresh(user: Any) -> Any:
    """The user as a new request sees them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.fast
def test_a_recorder_of_one_town_sees_and_writes_that_town_alone(cast: Cast, sign_in: Any) -> None:
    mine = make(ACTIVITY.name, 1, cast.east, cast.su)
    make(ACTIVITY.name, 2, cast.west, cast.su)
    make(ACTIVITY.name, 3, cast.association, cast.su)
    assert list(access.visible(cast.bo, ACTIVITY)) == [mine]
    for unit in (cast.west, cast.association, cast.elsewhere):
        with pytest.raises(Refused) as caught:
            make(ACTIVITY.name, 4, unit, cast.bo)
        assert caught.value.findings[0].code == "write.not-allowed"
    page = sign_in(cast.bo).get("/activities/activity/add/").content.decode()
    assert 'value="east"' in page
    assert 'value="west"' not in page


def test_a_record_cannot_be_moved_to_a_unit_one_may_not_write_in(cast: Cast) -> None:
    Membership.objects.create(user=cast.bo, unit=cast.west, role="reader")
    bo = fresh(cast.bo)
    mine = make(ACTIVITY.name, 1, cast.east, bo)
    with pytest.raises(Refused) as caught:
        write.change(ACTIVITY, mine, {"unit": cast.west}, actor=bo)
    assert caught.value.findings[0].code == "write.not-allowed"
    mine.refresh_from_db()
    assert mine.unit_id == cast.east.pk


def test_child_rows_cannot_be_hung_on_somebody_else_s_record(cast: Cast) -> None:
    hidden = make(ACTIVITY.name, 1, cast.west, cast.su)
    handouts = catalogue.get("activities.handout")
    given = {"activity": hidden, "kind": "leaflet", "name": "x", "copies": 1}
    with pytest.raises(Refused) as caught:
        write.create(handouts, given, actor=cast.bo)
    assert caught.value.findings[0].code == "write.not-allowed"


def test_roles_add_up_over_several_units_and_the_higher_counts(cast: Cast) -> None:
    Membership.objects.create(user=cast.bo, unit=cast.association, role="reader")
    known = access.of(fresh(cast.bo))
    east = make(ACTIVITY.name, 1, cast.east, cast.su)
    west = make(ACTIVITY.name, 2, cast.west, cast.su)
    assert known.may(Verb.EDIT, ACTIVITY, east)
    assert not known.may(Verb.EDIT, ACTIVITY, west)
    assert known.may(Verb.SHOW, ACTIVITY, west)
    assert known.units("recorder") == {cast.east.pk}
    assert known.units() >= {cast.east.pk, cast.west.pk, cast.association.pk}


def test_whoever_is_deactivated_sees_nothing(cast: Cast) -> None:
    make(ACTIVITY.name, 1, cast.east, cast.su)
    cast.su.is_active = False
    cast.su.save()
    assert access.visible(fresh(cast.su), ACTIVITY).count() == 0


def test_whoever_belongs_nowhere_sees_empty_pages_and_no_fault(
    db: None, cast: Cast, sign_in: Any
) -> None:
    lone = User.objects.create(username="lone")
    make(ACTIVITY.name, 1, cast.east, cast.su)
    browser = sign_in(lone)
    assert browser.get("/").status_code == 200
    assert browser.get("/registers/").status_code == 200
    assert browser.get("/activities/activity/").context["summary"]["count"] == 0
    assert browser.get("/activities/activity/add/").status_code == 403
    for address in ("/figures/", "/reports/", "/figures/rural.events/"):
        assert browser.get(address).status_code in (400, 403), address


def test_the_tree_follows_placements_at_once(cast: Cast, sign_in: Any) -> None:
    village = make("org.unit", 1, cast.east, cast.lin, opened_on=None)
    place = make("places.place", 1, village, cast.su)
    assert list(access.visible(fresh(cast.bo), catalogue.get("places.place"))) == [place]
    moved = make("org.placement", 1, village, cast.lin, parent=cast.west, first_on=date(2021, 7, 1))
    assert not access.visible(fresh(cast.bo), catalogue.get("places.place"))
    from tests.factories import act

    act(moved, "void", cast.lin, "误录")
    assert list(access.visible(fresh(cast.bo), catalogue.get("places.place"))) == [place]


def test_a_unit_cannot_be_placed_below_itself_or_its_own_children(cast: Cast) -> None:
    village = make("org.unit", 1, cast.east, cast.lin)
    for unit, parent in ((cast.east, cast.east), (cast.east, village), (cast.association, village)):
        with pytest.raises(Refused) as caught:
            make("org.placement", 1, unit, cast.lin, parent=parent, first_on=DAY)
        assert caught.value.findings[0].code in ("write.broken-rule", "tree.cycle")
    assert access.of(fresh(cast.lin)).units() >= {cast.east.pk, village.pk}


def test_questions_are_remembered_only_within_their_block(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with access.remembering():
        with django_assert_num_queries(1):
            for _turn in range(3):
                assert access.unit_id("east") == cast.east.pk
        with access.remembering(), django_assert_num_queries(0):
            access.unit_id("east")
        make("org.unit", 1, cast.east, cast.lin)
        with django_assert_num_queries(1):
            access.unit_id("east")
    with django_assert_num_queries(1):
        access.unit_id("east")


def test_only_managers_write_units(cast: Cast) -> None:
    units = catalogue.get("org.unit")
    with pytest.raises(Refused):
        write.create(units, values(units, 1, cast.east, cast.su), actor=cast.su)
    with pytest.raises(Refused):
        write.create(units, {"code": "top", "name": "顶", "kind": "other"}, actor=cast.lin)
    with pytest.raises(Refused) as caught:
        write.found(units, {"code": "second", "name": "二", "kind": "other"}, actor=cast.lin)
    assert caught.value.findings[0].code == "write.already-founded"


def test_a_name_finds_only_rows_whose_names_one_may_read(cast: Cast, sign_in: Any) -> None:
    """Bo records for the east and reads the whole association: names elsewhere stay closed to her."""
    Membership.objects.create(user=cast.bo, unit=cast.association, role="reader")
    make("volunteers.volunteer", 1, cast.east, cast.su, name="同名人")
    make("volunteers.volunteer", 2, cast.west, cast.su, name="同名人")
    browser = sign_in(cast.bo)
    for asked in ("q=同名人", "name=同名人"):
        found = browser.get(f"/volunteers/volunteer.json?{asked}").json()
        assert [row["unit"] for row in found["rows"]] == ["east"], asked
    assert browser.get("/volunteers/volunteer.json").json()["total"] == 2


def test_a_dissolved_unit_and_its_records_stay_with_those_it_stood_under(
    cast: Cast, sign_in: Any
) -> None:
    units = catalogue.get("org.unit")
    last = make(ACTIVITY.name, 1, cast.east, cast.su)
    write.change(units, cast.east, {"closed_on": date(2021, 7, 14)}, actor=cast.lin)
    lin, chen = fresh(cast.lin), fresh(cast.chen)
    assert access.visible(lin, units).filter(code="east").exists()
    assert access.of(lin).may(Verb.EDIT, units, cast.east)
    assert access.of(fresh(cast.zhi)).may(Verb.VERIFY, ACTIVITY, last)
    assert not access.visible(chen, ACTIVITY).filter(pk=last.pk).exists()
    page = sign_in(lin).get(f"/org/unit/{cast.east.pk}/")
    assert page.status_code == 200, page.content.decode()[-1500:]
    assert sign_in(chen).get(f"/org/unit/{cast.east.pk}/").status_code == 404


def test_the_page_of_a_unit_shows_the_tree_now_and_before(cast: Cast, sign_in: Any) -> None:
    units = catalogue.get("org.unit")
    write.change(units, cast.east, {"closed_on": date(2021, 7, 14)}, actor=cast.lin)
    page = sign_in(fresh(cast.lin)).get(f"/org/unit/{cast.association.pk}/").content.decode()
    now, _heading, before = page.partition('id="below"')[2].partition("以往的下级单位")
    assert "西镇科协" in now
    assert "东镇科协" not in now
    assert "东镇科协" in before
    assert "2021-07-14" in before

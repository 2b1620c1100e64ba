"""Two people at one record: the second is shown what the first changed, picks, and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.desk import drafts
from taizhang.desk.forms import RecordForm
from taizhang.ledger import catalogue, write
from tests.conftest import Cast
from tests.desk.test_forms import ACTIVITY, BASE, fresh, opened, page
from tests.factories import act, make, terms, verified
from tests.steps import form_of


@pytest.fixture
def record(cast: Cast) -> Any:
    return make(ACTIVITY, 1, cast.east, cast.su)


def cells(record: Any, **typed: Any) -> dict[str, Any]:
    return form_of(catalogue.get(ACTIVITY), fresh(record)) | typed


def by_lin(record: Any, cast: Cast, reason: str = "", **values: Any) -> None:
    """Lin is faster."""
    write.change(catalogue.get(ACTIVITY), fresh(record), values, actor=cast.lin, reason=reason)


def told(answer: Any) -> dict[str, tuple[str | None, str, str, bool]]:
    changes = answer.context["meeting"].changes
    return {c.name: (c.before, c.theirs, c.mine, c.conflict) for c in changes}


def test_changes_that_do_not_touch_each_other_stand_together(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form, sent = browser.get(f"{BASE}{record.pk}/edit/"), cells(record, title="新名称")
    by_lin(record, cast, attendance=120, themes=terms("activities.theme", "volunteering"))
    shown = browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    assert shown.status_code == 409
    assert told(shown) == {
        "attendance": ("101", "120", "101", False),
        "themes": (
            "科技志愿服务、助力乡村振兴",
            "科技志愿服务",
            "科技志愿服务、助力乡村振兴",
            False,
        ),
    }
    assert "林" in page(shown)
    assert fresh(record).title != "新名称", "nothing is saved before it was seen"
    again = typed(shown) | opened(shown)
    assert again["attendance"] == "120"
    assert browser.post(f"{BASE}{record.pk}/edit/", again).status_code == 302
    now = fresh(record)
    assert (now.title, now.attendance) == ("新名称", 120)
    assert [theme.code for theme in now.themes.all()] == ["volunteering"]


def typed(answer: Any) -> dict[str, Any]:
    """What stands in the inputs of a page."""
    found: dict[str, Any] = {}
    for _title, group in answer.context["form"].sections:
        for one in group:
            found[one.name] = list(one.chosen) if one.kind == "terms" else one.value
    return found


@pytest.mark.parametrize(("pick", "stands"), [("theirs", 120), ("mine", 130)])
def test_where_both_wrote_something_else_the_second_picks(
    pick: str, stands: int, record: Any, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form, sent = browser.get(f"{BASE}{record.pk}/edit/"), cells(record, attendance="１３０")
    by_lin(record, cast, attendance=120)
    shown = browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    assert told(shown) == {"attendance": ("101", "120", "130", True)}
    undecided = browser.post(f"{BASE}{record.pk}/edit/", typed(shown) | opened(shown))
    assert undecided.status_code == 422
    assert "以哪个为准" in page(undecided)
    assert told(undecided)["attendance"][1:] == ("120", "130", True)
    assert fresh(record).attendance == 120
    decided = typed(undecided) | opened(undecided) | {"pick_attendance": pick}
    assert browser.post(f"{BASE}{record.pk}/edit/", decided).status_code == 302
    assert fresh(record).attendance == stands


def test_what_both_wrote_alike_is_told_and_needs_no_choice(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}{record.pk}/edit/")
    sent = cells(record, attendance="120", title="新名称")
    by_lin(record, cast, attendance=120)
    shown = browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    assert told(shown) == {"attendance": ("101", "120", "120", False)}
    assert browser.post(f"{BASE}{record.pk}/edit/", typed(shown) | opened(shown)).status_code == 302


def test_a_child_row_or_a_proof_added_meanwhile_disturbs_nobody(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form, sent = browser.get(f"{BASE}{record.pk}/edit/"), cells(record, attendance="7")
    make("activities.handout", 1, cast.east, cast.lin, activity=record)
    assert fresh(record).version > record.version
    assert browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form)).status_code == 302
    assert fresh(record).attendance == 7


def test_a_record_that_was_verified_meanwhile_is_corrected_with_a_reason(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    act(record, "submit", cast.su)
    browser = sign_in(cast.su)
    form, sent = browser.get(f"{BASE}{record.pk}/edit/"), cells(record, attendance="7")
    act(record, "verify", cast.zhi)
    shown = browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    assert shown.status_code == 409
    assert [(step.who, step.what) for step in shown.context["meeting"].steps] == [("志", "核实")]
    assert shown.context["correcting"]
    again = typed(shown) | opened(shown)
    assert again["attendance"] == "7"
    assert browser.post(f"{BASE}{record.pk}/edit/", again).status_code == 422
    again["reason"] = "核对签到表"
    assert browser.post(f"{BASE}{record.pk}/edit/", again).status_code == 302
    assert (fresh(record).state, fresh(record).attendance) == ("submitted", 7)


def test_a_third_person_meanwhile_is_met_as_well(record: Any, cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    form, sent = browser.get(f"{BASE}{record.pk}/edit/"), cells(record, attendance="130")
    by_lin(record, cast, attendance=120)
    shown = browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    write.change(catalogue.get(ACTIVITY), fresh(record), {"title": "第三人"}, actor=cast.zhi)
    decided = typed(shown) | opened(shown) | {"pick_attendance": "mine"}
    third = browser.post(f"{BASE}{record.pk}/edit/", decided)
    assert third.status_code == 409
    assert {name: each[3] for name, each in told(third).items()} == {"title": False}
    assert browser.post(f"{BASE}{record.pk}/edit/", typed(third) | opened(third)).status_code == 302
    assert (fresh(record).title, fresh(record).attendance) == ("第三人", 130)


def test_between_the_two_looks_somebody_may_still_be_faster(
    record: Any, cast: Cast, sign_in: Any, monkeypatch: Any
) -> None:
    browser = sign_in(cast.su)
    form, sent = browser.get(f"{BASE}{record.pk}/edit/"), cells(record, attendance="130")
    ask = RecordForm.ask

    def slowly(self: RecordForm) -> bool:
        if fresh(record).attendance == 101:
            by_lin(record, cast, attendance=120)
        return ask(self)

    monkeypatch.setattr(RecordForm, "ask", slowly)
    shown = browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    assert shown.status_code == 409
    assert told(shown) == {"attendance": ("101", "120", "130", True)}


def test_what_cannot_be_read_is_told_beside_what_the_other_changed(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}{record.pk}/edit/")
    sent = cells(record, attendance="约130", held_on="2021-02-30")
    by_lin(record, cast, title="林的名称")
    shown = browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    assert told(shown)["title"][1] == "林的名称"
    assert set(shown.context["form"].errors) == {"attendance", "held_on"}
    again = typed(shown)
    assert (again["attendance"], again["title"]) == ("约130", "林的名称")


def test_the_window_closed_over_the_choice_opens_with_it_again(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form, sent = browser.get(f"{BASE}{record.pk}/edit/"), cells(record, attendance="130")
    by_lin(record, cast, attendance=120)
    browser.post(f"{BASE}{record.pk}/edit/", sent | opened(form))
    back = browser.get(f"{BASE}{record.pk}/edit/")
    assert told(back)["attendance"][1:] == ("120", "130", True)
    assert typed(back)["attendance"] == "130"
    decided = typed(back) | opened(back) | {"pick_attendance": "mine"}
    assert browser.post(f"{BASE}{record.pk}/edit/", decided).status_code == 302
    assert fresh(record).attendance == 130
    assert drafts.unfinished(cast.su) == []


def test_a_draft_meets_what_was_changed_since_it_was_kept(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}{record.pk}/edit/")
    sent = cells(record, attendance="130", location="礼堂") | opened(form) | {"tick": "1"}
    assert browser.post(f"{BASE}draft/", sent).status_code == 200
    by_lin(record, cast, attendance=120, title="林的名称")
    for _look in range(2):
        back = browser.get(f"{BASE}{record.pk}/edit/")
        assert back.status_code == 200
        assert {name: each[3] for name, each in told(back).items()} == {
            "attendance": True,
            "title": False,
        }
    assert typed(back) | {"location": "礼堂", "title": "林的名称"} == typed(back)


def test_a_personal_value_is_met_without_a_word_in_history(cast: Cast, sign_in: Any) -> None:
    register = catalogue.get("volunteers.volunteer")
    person = make(register.name, 1, cast.east, cast.su)
    base = "/volunteers/volunteer/"
    browser = sign_in(cast.su)
    form = browser.get(f"{base}{person.pk}/edit/")
    sent = form_of(register, register.queryset().get(pk=person.pk)) | {"phone": "13900008888"}
    write.change(register, person, {"phone": "13900007777"}, actor=cast.lin)
    shown = browser.post(f"{base}{person.pk}/edit/", sent | opened(form))
    assert told(shown) == {"phone": ("13900000001", "13900007777", "13900008888", True)}
    assert shown.context["meeting"].changes[0].who == "林"


def test_without_what_the_form_was_opened_with_every_difference_is_asked(
    record: Any, cast: Cast, sign_in: Any
) -> None:
    sent = cells(record, attendance="130")
    by_lin(record, cast, title="林的名称")
    shown = sign_in(cast.su).post(f"{BASE}{record.pk}/edit/", sent)
    assert {name: each[3] for name, each in told(shown).items()} == {
        "title": True,
        "attendance": True,
    }


def test_an_old_version_of_a_verified_record_is_no_way_around_the_reason(
    cast: Cast, sign_in: Any
) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    sent = cells(record, attendance="130") | {"version": "1"}
    browser = sign_in(cast.su)
    assert browser.post(f"{BASE}{record.pk}/edit/", sent).status_code == 409
    assert fresh(record).attendance == 101

"""Typing a record in: nothing is lost, nothing is written twice, and what is unusual is asked once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from taizhang.desk import drafts, openings
from taizhang.desk.models import FormDraft
from taizhang.ledger import catalogue, doubts, write
from taizhang.ledger.models import Answer
from tests.conftest import Cast
from tests.factories import act, make, verified
from tests.steps import form_data, form_of, texts

ACTIVITY = "activities.activity"
BASE = "/activities/activity/"
SENT = {"unit": "east", "title": "讲座", "form": "lecture", "held_on": "9.18"}


def page(response: Any) -> str:
    return " ".join(texts(response.content.decode()))


def opened(response: Any) -> dict[str, str]:
    """What the page sends along beside what people type."""
    html = response.content.decode()
    found = dict(re.findall(r'type="hidden" name="(opened|version|tick)" value="([^"]*)"', html))
    conflicts = re.findall(r'name="conflict" value="([^"]*)"', html)
    return found | ({"conflict": conflicts} if conflicts else {})


def rows() -> Any:
    return catalogue.get(ACTIVITY).model._default_manager


def fresh(record: Any) -> Any:
    return catalogue.get(ACTIVITY).queryset().get(pk=record.pk)


# ── typing ───────────────────────────────────────────────────────────────────────────────────────


def test_a_day_without_its_year_belongs_to_the_year_people_work_in(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    session = browser.session
    session["period"] = "2021-H2"
    session.save()
    assert browser.post(f"{BASE}add/", SENT).status_code == 302
    assert str(rows().get().held_on) == "2021-09-18"


def test_without_a_chosen_period_the_year_is_this_one(cast: Cast, sign_in: Any) -> None:
    sent = SENT | {"held_on": "０１０２", "attendance": "１．２万", "right": "attendance=12000"}
    assert sign_in(cast.su).post(f"{BASE}add/", sent).status_code == 302
    record = rows().get()
    assert str(record.held_on) == f"{timezone.localdate().year}-01-02"
    assert record.attendance == 12_000


def test_a_form_that_needs_another_look_says_how_it_read_what_was_typed(
    cast: Cast, sign_in: Any
) -> None:
    sent = SENT | {"held_on": "２０２１。９。１８", "attendance": "９，８００", "title": ""}
    answer = sign_in(cast.su).post(f"{BASE}add/", sent)
    assert answer.status_code == 422
    assert "= 2021-09-18" in page(answer)
    assert "= 9800" in page(answer)


def test_text_of_several_lines_that_nobody_touched_has_not_changed(
    cast: Cast, sign_in: Any
) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su, summary="第一行\n第二行")
    sent = form_of(catalogue.get(ACTIVITY), fresh(record)) | {"summary": "第一行\r\n第二行"}
    assert sign_in(cast.su).post(f"{BASE}{record.pk}/edit/", sent).status_code == 302
    assert fresh(record).version == record.version


# ── save and next, copy ──────────────────────────────────────────────────────────────────────────


def test_save_and_next_keeps_unit_and_day(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    answer = browser.post(f"{BASE}add/", SENT | {"held_on": "2021-9-18", "then": "next"})
    assert answer.status_code == 302
    following = browser.get(answer.url)
    form = following.context["form"]
    inputs = {one.name: one for _title, group in form.sections for one in group}
    assert (inputs["unit"].value, inputs["held_on"].value) == ("east", "2021-09-18")
    assert inputs["title"].value == inputs["form"].value == ""
    assert re.search(r'name="title"[^>]* autofocus', following.content.decode())
    assert browser.post(f"{BASE}add/", SENT | opened(following)).status_code == 302
    assert rows().count() == 2


def test_the_next_child_row_belongs_to_the_same_parent(cast: Cast, sign_in: Any) -> None:
    parent = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    key = catalogue.get(ACTIVITY).key_text(parent)
    sent = {"activity": key, "name": "明白纸", "kind": "leaflet", "copies": "50", "then": "next"}
    answer = browser.post("/activities/handout/add/", sent)
    following = browser.get(answer.url)
    assert following.context["parent"]["url"] == f"{BASE}{parent.pk}/"


def test_save_and_submit_that_cannot_submit_writes_nothing(
    cast: Cast, sign_in: Any, monkeypatch: Any
) -> None:
    from taizhang.engines.findings import Finding
    from taizhang.ledger import states

    refused = states.Result(refused=[Finding("write.not-allowed", "must", "x")])
    monkeypatch.setattr(states, "act", lambda *_args, **_more: refused)
    answer = sign_in(cast.su).post(f"{BASE}add/", SENT | {"then": "submit"})
    assert answer.status_code == 422
    assert not rows().exists()
    assert 'value="讲座"' in answer.content.decode()


def test_a_copy_begins_with_everything_but_number_state_and_proof(cast: Cast, sign_in: Any) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    browser = sign_in(cast.su)
    answer = browser.get(f"{BASE}{record.pk}/copy/")
    inputs = {one.name: one for _t, group in answer.context["form"].sections for one in group}
    assert inputs["code"].value == ""
    assert inputs["title"].value == record.title
    assert inputs["themes"].chosen == ("rural", "volunteering")
    assert f'action="{BASE}add/"' in answer.content.decode()
    sent = {name: one.chosen if one.kind == "terms" else one.value for name, one in inputs.items()}
    assert browser.post(f"{BASE}add/", sent | opened(answer)).status_code == 302
    made = catalogue.get(ACTIVITY).queryset().order_by("pk").last()
    assert made.code != record.code
    assert (made.title, made.state) == (record.title, "draft")
    assert {theme.code for theme in made.themes.all()} == {"rural", "volunteering"}


def test_the_copy_of_a_person_is_not_the_same_person(cast: Cast, sign_in: Any) -> None:
    record = make("volunteers.volunteer", 1, cast.east, cast.su)
    answer = sign_in(cast.su).get(f"/volunteers/volunteer/{record.pk}/copy/")
    assert record.name not in answer.content.decode()
    assert record.phone not in answer.content.decode()
    assert record.speciality in answer.content.decode()


def test_who_may_not_record_may_not_copy(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    assert sign_in(cast.re).get(f"{BASE}{record.pk}/copy/").status_code == 403
    assert sign_in(cast.chen).get(f"{BASE}{record.pk}/copy/").status_code == 404


# ── what is unusual ──────────────────────────────────────────────────────────────────────────────


def test_forty_thousand_at_a_lecture_are_asked_about_once(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    sent = SENT | {"held_on": "2021-9-18", "attendance": "40000"}
    asked = browser.post(f"{BASE}add/", sent)
    assert asked.status_code == 422
    assert "40000" in page(asked)
    assert 'name="right" value="attendance=40000"' in asked.content.decode()
    assert not rows().exists()
    tags = {"asked": ["attendance=40000"], "right": ["attendance=40000"]}
    assert browser.post(f"{BASE}add/", sent | tags).status_code == 302
    record = rows().get()
    assert doubts.open_doubts(catalogue.get(ACTIVITY), [record]) == []
    again = form_of(catalogue.get(ACTIVITY), fresh(record)) | {"title": "大讲座"}
    assert browser.post(f"{BASE}{record.pk}/edit/", again).status_code == 302, "not a second time"
    again = form_of(catalogue.get(ACTIVITY), fresh(record)) | {"attendance": "50000"}
    assert browser.post(f"{BASE}{record.pk}/edit/", again).status_code == 422, "another value"


def test_who_saves_again_without_a_yes_is_not_hindered_and_the_question_stays(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    sent = SENT | {"held_on": "2021-9-18", "attendance": "40000", "asked": "attendance=40000"}
    assert browser.post(f"{BASE}add/", sent).status_code == 302
    record = rows().get()
    assert not Answer.objects.exists()
    shown = browser.get(f"{BASE}{record.pk}/")
    assert shown.context["doubts"][0][0] == "attendance"
    assert browser.post(f"{BASE}{record.pk}/right/", {"field": "attendance"}).status_code == 302
    shown = browser.get(f"{BASE}{record.pk}/")
    assert shown.context["doubts"] == []
    assert "苏" in page(shown)
    assert fresh(record).version == record.version, "nothing of the record has changed"


def test_a_tick_for_one_value_is_none_for_another(cast: Cast, sign_in: Any) -> None:
    sent = SENT | {"held_on": "2021-9-18", "attendance": "90000", "right": "attendance=40000"}
    assert sign_in(cast.su).post(f"{BASE}add/", sent).status_code == 422


def test_only_who_may_write_answers(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su, attendance=40_000)
    sent = {"field": "attendance"}
    assert sign_in(cast.re).post(f"{BASE}{record.pk}/right/", sent).status_code == 403
    assert sign_in(cast.chen).post(f"{BASE}{record.pk}/right/", sent).status_code == 404
    assert not Answer.objects.exists()


# ── corrections ──────────────────────────────────────────────────────────────────────────────────


def test_a_missing_reason_is_told_at_its_field(cast: Cast, sign_in: Any) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    sent = form_of(catalogue.get(ACTIVITY), fresh(record)) | {"attendance": "7"}
    answer = sign_in(cast.su).post(f"{BASE}{record.pk}/edit/", sent)
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in answer.content.decode()
    assert fresh(record).attendance == 101


# ── nothing is lost ──────────────────────────────────────────────────────────────────────────────


def test_a_busy_ledger_gives_the_form_back_as_it_was(
    cast: Cast, sign_in: Any, monkeypatch: Any
) -> None:
    def locked(*_args: Any, **_more: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(write, "create", locked)
    answer = sign_in(cast.su).post(f"{BASE}add/", SENT)
    assert answer.status_code == 503
    assert 'value="讲座"' in answer.content.decode()
    assert 'value="9.18"' in answer.content.decode()


def test_a_fault_of_ours_costs_nobody_what_they_typed(
    cast: Cast, sign_in: Any, monkeypatch: Any
) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}add/")

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("a fault")

    sent = SENT | opened(form)
    with monkeypatch.context() as patch:
        patch.setattr(write, "create", broken)
        with pytest.raises(RuntimeError):
            browser.post(f"{BASE}add/", sent)
    (offer,) = drafts.unfinished(cast.su)
    assert offer.about == "讲座"
    assert 'value="讲座"' in browser.get(offer.url).content.decode()


def test_two_presses_write_one_record(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    sent = SENT | opened(browser.get(f"{BASE}add/"))
    first, second = browser.post(f"{BASE}add/", sent), browser.post(f"{BASE}add/", sent)
    assert rows().count() == 1
    record = rows().get()
    assert first.url == second.url == f"{BASE}{record.pk}/"
    other = browser.post(f"{BASE}add/", sent | {"title": "另一场"})
    assert other.status_code == 302
    assert rows().count() == 2, "going back and typing something else is another record"


def test_two_presses_on_a_change_are_one_change(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}{record.pk}/edit/")
    sent = form_data(catalogue.get(ACTIVITY), _values(record)) | {"attendance": "7"} | opened(form)
    for _press in range(2):
        assert browser.post(f"{BASE}{record.pk}/edit/", sent).status_code == 302
    assert fresh(record).version == record.version + 1


def _values(record: Any) -> dict[str, Any]:
    register = catalogue.get(ACTIVITY)
    stored = fresh(record)
    return {name: register.fields[name].value(stored) for name in register.editable}


def test_a_form_opened_by_somebody_else_is_not_saved_in_ones_own_name(
    cast: Cast, sign_in: Any
) -> None:
    form = sign_in(cast.su).get(f"{BASE}add/")
    answer = sign_in(cast.lin).post(f"{BASE}add/", SENT | opened(form))
    assert answer.status_code == 302
    assert not rows().exists()
    assert FormDraft.objects.get().user == cast.su
    assert drafts.unfinished(cast.lin) == []


def test_a_form_that_somebody_signed_otherwise_is_no_opening(cast: Cast, sign_in: Any) -> None:
    from django.core import signing

    for text in ("", "x", "x:y:z", signing.dumps({"user": 1}, salt=openings.SALT)):
        assert openings.read(text) is None
    browser = sign_in(cast.su)
    assert browser.post(f"{BASE}add/", SENT | {"opened": "forged"}).status_code == 302


def test_a_void_record_cannot_be_saved_and_says_so(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}{record.pk}/edit/")
    act(record, "void", cast.lin, "重复")
    sent = form_data(catalogue.get(ACTIVITY), _values(record)) | {"attendance": "7"} | opened(form)
    answer = browser.post(f"{BASE}{record.pk}/edit/", sent)
    assert answer.status_code == 409
    assert "作废" in page(answer)
    assert 'value="7"' in answer.content.decode()
    assert drafts.unfinished(cast.su)[0].url.startswith(f"{BASE}{record.pk}/edit/")

"""The form of every register: kept, restored, copied, saved and next, met by two people."""

from __future__ import annotations

import re
from typing import Any

import pytest

from taizhang.desk import drafts
from taizhang.desk.forms import READ
from taizhang.ledger import catalogue, write
from taizhang.ledger.register import Register
from tests import factories
from tests.conftest import Cast
from tests.factories import make
from tests.ledger.test_conformance import another, clerk, each_register, in_state, plain_field
from tests.steps import form_data, form_of, questions


def hidden(answer: Any) -> dict[str, str]:
    """What the form sends beside what people type."""
    html = answer.content.decode()
    return dict(re.findall(r'type="hidden" name="(opened|version|tick)" value="([^"]*)"', html))


def typed(answer: Any) -> dict[str, Any]:
    """What stands in the inputs."""
    return {
        one.name: list(one.chosen) if one.kind == "terms" else one.value
        for _title, group in answer.context["form"].sections
        for one in group
    }


def stored(register: Register, record: Any) -> Any:
    return register.queryset().get(pk=record.pk)


@each_register
def test_what_is_typed_into_a_new_record_is_kept_and_saved_from_the_draft(
    name: str, cast: Cast, sign_in: Any
) -> None:
    register = catalogue.get(name)
    person, base = clerk(register, cast), f"/{register.path}/"
    browser = sign_in(person)
    sent = form_data(register, factories.values(register, 1, cast.east, person))
    before = register.model._default_manager.count()
    form = browser.get(f"{base}add/")
    told = browser.post(f"{base}draft/", hidden(form) | sent | {"tick": "1"})
    assert told.status_code == 200, told.content
    back = browser.get(told.json()["address"])
    here = typed(back)
    assert {n: _same(here[n]) for n in sent} == {n: _same(v) for n, v in sent.items()}
    assert register.model._default_manager.count() == before
    assert browser.post(f"{base}add/", sent | hidden(back)).status_code == 302
    assert register.model._default_manager.count() == before + 1
    assert drafts.unfinished(person) == []


def _same(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value or ""


@each_register
def test_what_is_typed_into_a_record_is_kept_and_discarded(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    person, base = clerk(register, cast), f"/{register.path}/"
    record = make(name, 1, cast.east, wen)
    page, field = f"{base}{record.pk}/edit/", plain_field(register)
    browser = sign_in(person)
    form = browser.get(page)
    new = another(register, stored(register, record), field)
    sent = form_of(register, stored(register, record)) | {field: new, "tick": "1"}
    assert browser.post(f"{base}draft/", sent | hidden(form) | {"tick": "1"}).status_code == 200
    back = browser.get(page)
    assert set(back.context["form"].was) == {field}
    assert typed(back)[field] == new
    (offer,) = drafts.unfinished(person)
    browser.post(f"{base}draft/discard/", {"draft": offer.token})
    assert browser.get(page).context["form"].was == {}
    assert stored(register, record).version == record.version


@each_register
def test_a_form_as_it_opens_has_nothing_to_keep(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    """What a browser sends of an untouched form is what it was opened with, whatever its fields."""
    register = catalogue.get(name)
    person, base = clerk(register, cast), f"/{register.path}/"
    record = make(name, 1, cast.east, wen)
    browser = sign_in(person)
    for address in (f"{base}add/", f"{base}{record.pk}/edit/", f"{base}{record.pk}/copy/"):
        form = browser.get(address)
        sent = _as_sent(register, typed(form))
        told = browser.post(f"{base}draft/", sent | hidden(form) | {"tick": "1"})
        assert (told.status_code, told.json()["kept"]) == (200, ""), address
    assert drafts.unfinished(person) == []


def _as_sent(register: Register, inputs: dict[str, Any]) -> dict[str, Any]:
    """A box that is not ticked is not sent, and a line break is sent as two signs."""
    found = {}
    for name, value in inputs.items():
        if register.fields[name].kind != "boolean":
            found[name] = value.replace("\n", "\r\n") if isinstance(value, str) else value
        elif value == "1":
            found[name] = "1"
    return found


@each_register
def test_a_copy_is_a_new_record_with_the_same_words(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    person = clerk(register, cast)
    record = in_state(name, 1, "verified", cast, wen)
    browser = sign_in(person)
    form = browser.get(f"/{register.path}/{record.pk}/copy/")
    assert form.status_code == 200
    inputs, was = typed(form), form_data(register, _values(register, record))
    own = {"code", *(n for n in register.personal if register.fields[n].masks)}
    for field in register.editable:
        if field in own:
            assert not inputs[field]
        else:
            assert inputs[field] == (
                sorted(was[field]) if isinstance(was[field], list) else was[field]
            )
    fresh = form_data(register, factories.values(register, 9, cast.east, person))
    changed = {n: v for n, v in fresh.items() if n in own or n in register.key}
    known = set(register.model._default_manager.values_list("pk", flat=True))
    sent = _as_sent(register, inputs) | changed | hidden(form)
    assert browser.post(f"/{register.path}/add/", sent).status_code == 302
    made = register.queryset().exclude(pk__in=known).get()
    assert (made.state, made.version, made.verified_by) == ("draft", 1, None)


def _values(register: Register, record: Any) -> dict[str, Any]:
    kept = stored(register, record)
    return {name: register.fields[name].value(kept) for name in register.editable}


@each_register
def test_save_and_next_opens_a_form_of_the_same_unit_parent_and_day(
    name: str, cast: Cast, sign_in: Any
) -> None:
    register = catalogue.get(name)
    person = clerk(register, cast)
    browser = sign_in(person)
    values = factories.values(register, 1, cast.east, person)
    sent = form_data(register, values)
    answer = browser.post(f"/{register.path}/add/", sent | {"then": "next"})
    assert answer.status_code == 302
    assert answer.url.startswith(f"/{register.path}/add/?")
    inputs = typed(browser.get(answer.url))
    for field in {"unit", register.parent, register.dated} & set(sent):
        assert inputs[field] == sent[field], field
    for secret in register.personal:
        if register.fields[secret].masks:
            assert str(values[secret]) not in answer.url


@each_register
def test_two_people_change_a_record_and_both_changes_stand(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    person = clerk(register, cast)
    record = make(name, 1, cast.east, wen)
    page = f"/{register.path}/{record.pk}/edit/"
    browser = sign_in(person)
    form, field = browser.get(page), plain_field(register)
    before = stored(register, record)
    mine = another(register, before, field)
    sent = form_of(register, before) | {field: mine} | hidden(form)
    other = _second_field(register, field)
    if other:
        value = another(register, before, other)
        parsed = register.fields[other].parse(value, lambda *_: None)
        write.change(register, before, {other: parsed}, actor=wen)
        shown = browser.post(page, sent)
        assert shown.status_code == 409
        assert [(c.name, c.conflict) for c in shown.context["meeting"].changes] == [(other, False)]
        assert (
            browser.post(page, _as_sent(register, typed(shown)) | hidden(shown)).status_code == 302
        )
        now = stored(register, record)
        assert register.fields[other].value(now) == parsed
    else:
        assert browser.post(page, sent).status_code == 302
    now, known = stored(register, record), register.fields[field]
    assert known.value(now) == known.parse(mine, lambda *_: None)


def _second_field(register: Register, first: str) -> str:
    taken = {
        first,
        "code",
        *register.key,
        *register.personal,
        "progress",
        "level",
        "minors",
        "edition",
    }
    free = [n for n in register.editable if n not in taken]
    kinds = ({"text", "integer"}, {"choice"})
    return next((n for kind in kinds for n in free if register.fields[n].kind in kind), "")


@each_register
def test_the_same_field_changed_twice_is_picked(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    field, person = plain_field(register), clerk(register, cast)
    record = make(name, 1, cast.east, wen)
    page = f"/{register.path}/{record.pk}/edit/"
    browser = sign_in(person)
    form, before = browser.get(page), stored(register, record)
    theirs = another(register, before, field)
    parsed = register.fields[field].parse(theirs, lambda *_: None)
    now = write.change(register, before, {field: parsed}, actor=wen)
    mine = _third(register, field, before, now)
    shown = browser.post(page, form_of(register, now) | {field: mine} | hidden(form))
    assert shown.status_code == 409
    (change,) = shown.context["meeting"].changes
    assert (change.name, change.conflict, change.who) == (field, True, "文")
    pick = {"conflict": field, f"pick_{field}": "theirs"}
    sent = _as_sent(register, typed(shown)) | hidden(shown) | pick
    assert browser.post(page, sent).status_code == 302
    assert register.fields[field].value(stored(register, record)) == parsed


def _third(register: Register, field: str, before: Any, now: Any) -> str:
    """A value that is neither the first nor the second."""
    known = register.fields[field]
    if known.kind != "choice":
        return another(register, now, field)
    taken = {known.value(before), known.value(now)}
    return next(code for code, _label in known.options() if code not in taken)


@each_register
def test_the_form_asks_no_more_questions_when_there_are_drafts(
    name: str, cast: Cast, sign_in: Any
) -> None:
    register = catalogue.get(name)
    person, base = clerk(register, cast), f"/{register.path}/"
    browser = sign_in(person)

    def asked() -> int:
        browser.get(f"{base}add/")
        return questions(browser, f"{base}add/")

    few = asked()
    field = next(n for n in register.editable if register.fields[n].kind in READ | {"text"})
    for number in range(4):
        sent = {field: f"{number}", "tick": "1"}
        assert (
            browser.post(f"{base}draft/", hidden(browser.get(f"{base}add/")) | sent).status_code
            == 200
        )
    assert len(drafts.unfinished(person)) == 4
    assert asked() == few


@pytest.mark.fast
def test_the_fast_set_meets_one_form_whole(cast: Cast, wen: Any, sign_in: Any) -> None:
    test_two_people_change_a_record_and_both_changes_stand(
        "activities.activity", cast, wen, sign_in
    )

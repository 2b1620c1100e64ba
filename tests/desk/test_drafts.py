"""What was typed and not saved is kept for whoever typed it, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from taizhang.desk import drafts
from taizhang.desk.models import FormDraft
from taizhang.engines.periods import Period
from taizhang.jobs import sweep
from taizhang.ledger import catalogue, undo, write
from taizhang.ledger.models import Batch
from taizhang.watch.notices import notices
from taizhang.wording import say
from tests.conftest import Cast
from tests.desk.test_forms import ACTIVITY, BASE, fresh, opened, page, rows
from tests.factories import make, values, verified
from tests.steps import form_of

TYPED = {"title": "下乡讲座", "held_on": "9.18", "attendance": "１．２万"}


def keep(browser: Any, form: Any, sent: dict[str, Any], tick: int = 1) -> Any:
    """What the script does a second after the last key."""
    data = opened(form) | sent | {"tick": str(tick)}
    return browser.post(f"{BASE}draft/", data)


def test_what_was_typed_is_back_when_the_form_is_opened_again(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    told = keep(browser, browser.get(f"{BASE}add/"), TYPED).json()
    assert told["kept"] == timezone.localtime().strftime("%H:%M")
    assert told["read"]["held_on"] == f"{timezone.localdate().year}-09-18"
    assert told["read"]["attendance"] == "12000"
    back = browser.get(told["address"])
    assert 'value="下乡讲座"' in back.content.decode()
    assert "接着" in page(back)
    assert not rows().exists()


def test_an_empty_form_offers_what_is_unfinished_and_stays_empty(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    for number in (1, 2):
        keep(browser, browser.get(f"{BASE}add/"), {"title": f"第{number}份"})
    form = browser.get(f"{BASE}add/")
    assert [offer.about for offer in form.context["offers"]] == ["第2份", "第1份"]
    assert 'value="第2份"' not in form.content.decode()
    going_on = browser.get(form.context["offers"][1].url)
    assert 'value="第1份"' in going_on.content.decode()
    assert [offer.about for offer in going_on.context["offers"]] == ["第2份"]


def test_a_saved_form_keeps_nothing(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}add/")
    sent = {"unit": "east", "title": "讲座", "form": "lecture", "held_on": "2021-9-18"}
    keep(browser, form, sent)
    answer = browser.post(f"{BASE}add/", opened(form) | sent | {"tick": "2"})
    assert answer.status_code == 302
    assert drafts.unfinished(cast.su) == []
    assert keep(browser, form, sent, tick=2).json()["kept"] == "", "it came late"
    assert drafts.unfinished(cast.su) == []
    trace = FormDraft.objects.get()
    assert (trace.cells, trace.base, trace.saved_as) == ({}, {}, rows().get().pk)
    assert drafts.sweep(timezone.now() + timedelta(days=2)) == 1


def test_a_form_as_it_was_opened_leaves_nothing_to_keep(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}add/?unit=east")
    assert keep(browser, form, {"unit": "east", "title": "讲"}).json()["kept"]
    assert keep(browser, form, {"unit": "east", "title": ""}, tick=2).json()["kept"] == ""
    assert not FormDraft.objects.exists()


def test_nobody_else_sees_a_draft(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    told = keep(browser, browser.get(f"{BASE}add/"), TYPED).json()
    browser = sign_in(cast.lin)
    assert "下乡讲座" not in browser.get(told["address"]).content.decode()
    assert browser.get(f"{BASE}add/").context["offers"] == []
    token = FormDraft.objects.get().token
    browser.post(f"{BASE}draft/discard/", {"draft": token})
    assert FormDraft.objects.count() == 1
    assert drafts.unfinished(cast.lin) == []


def test_a_draft_is_discarded_by_whoever_typed_it(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    keep(browser, browser.get(f"{BASE}{record.pk}/edit/"), form_cells(record, title="新名称"))
    token = FormDraft.objects.get().token
    answer = browser.post(f"{BASE}draft/discard/", {"draft": token})
    assert answer.url == f"{BASE}{record.pk}/"
    assert not FormDraft.objects.exists()
    assert browser.get(f"{BASE}draft/discard/").status_code == 405


def form_cells(record: Any, **typed: str) -> dict[str, Any]:
    return form_of(catalogue.get(ACTIVITY), fresh(record)) | typed


def test_typing_into_a_record_is_back_with_what_stands_in_it(cast: Cast, sign_in: Any) -> None:
    record = verified(ACTIVITY, 1, cast.east, cast)
    browser = sign_in(cast.su)
    sent = form_cells(record, attendance="7", reason="核对签到表") | {"themes": ["rural"]}
    told = keep(browser, browser.get(f"{BASE}{record.pk}/edit/"), sent).json()
    assert told["kept"]
    back = browser.get(f"{BASE}{record.pk}/edit/")
    form = back.context["form"]
    assert form.was == {"attendance": "101", "themes": "科技志愿服务、助力乡村振兴"}
    assert "核对签到表" in back.content.decode()
    assert form.errors == {}, "nobody has pressed Save"
    assert fresh(record).attendance == 101
    assert browser.post(f"{BASE}{record.pk}/edit/", sent | opened(back)).status_code == 302
    assert fresh(record).attendance == 7
    assert browser.get(f"{BASE}{record.pk}/edit/").context["restored"] is None


def test_two_windows_do_not_write_over_each_other(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    told = keep(browser, browser.get(f"{BASE}add/"), {"title": "甲"}).json()
    one, two = browser.get(told["address"]), browser.get(told["address"])
    assert keep(browser, one, {"title": "甲一"}).status_code == 200
    refused = keep(browser, two, {"title": "甲二"})
    assert refused.status_code == 409
    own = {"opened": refused.json()["opened"], "title": "甲二", "tick": "2"}
    assert browser.post(f"{BASE}draft/", own).status_code == 200
    assert keep(browser, one, {"title": "甲一一"}, tick=2).status_code == 200
    assert sorted(offer.about for offer in drafts.unfinished(cast.su)) == ["甲一一", "甲二"]


def test_what_arrives_late_does_not_undo_what_came_after(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}add/")
    keep(browser, form, {"title": "讲座二"}, tick=2)
    keep(browser, form, {"title": "讲座"}, tick=1)
    assert FormDraft.objects.get().cells["title"] == ["讲座二"]


def test_after_a_month_a_draft_is_forgotten(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    keep(browser, browser.get(f"{BASE}add/"), TYPED)
    old = timezone.now() - timedelta(days=31)
    FormDraft.objects.update(saved_at=old)
    assert drafts.unfinished(cast.su) == [], "even before somebody sweeps"
    assert browser.get(f"{BASE}add/").context["offers"] == []
    keep(browser, browser.get(f"{BASE}add/"), {"title": "新的"})
    sweep.sweep()
    assert [draft.cells["title"] for draft in FormDraft.objects.all()] == [["新的"]]


def test_nobody_keeps_more_than_a_desk_holds(cast: Cast, sign_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 3)
    browser = sign_in(cast.su)
    for number in range(5):
        keep(browser, browser.get(f"{BASE}add/"), {"title": f"第{number}份"})
    assert [offer.about for offer in drafts.unfinished(cast.su)] == ["第4份", "第3份", "第2份"]
    monkeypatch.setattr(drafts, "MOST_SIGNS", 10)
    long = keep(browser, browser.get(f"{BASE}add/"), {"title": "长" * 11})
    assert long.status_code == 413
    assert "10" in long.json()["refused"]


@pytest.mark.parametrize("sent", [{}, {"opened": "forged"}])
def test_what_belongs_to_no_form_is_not_kept(
    sent: dict[str, str], cast: Cast, sign_in: Any
) -> None:
    answer = sign_in(cast.su).post(f"{BASE}draft/", sent | {"title": "x"})
    assert answer.status_code == 400
    form = sign_in(cast.su).get("/places/place/add/")
    assert keep(sign_in(cast.su), form, {"title": "x"}).status_code == 400, "another register"


# ── the session, the page ────────────────────────────────────────────────────────────────────────


def signed_out(browser: Any) -> None:
    """The session ends as it does by itself: the cookie names one that is gone."""
    browser.session.delete()


def test_a_press_after_the_session_has_ended_is_back_after_signing_in(
    cast: Cast, sign_in: Any
) -> None:
    cast.su.set_password("demo-demo-demo")
    cast.su.save()
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}add/")
    signed_out(browser)
    answer = browser.post(f"{BASE}add/", TYPED | opened(form))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=")
    gate = browser.get(answer.url)
    assert "暂存" in page(gate)
    login = {"username": "su", "password": "demo-demo-demo", "next": gate.context["next"]}
    back = browser.post("/sign-in/", login, follow=True)
    assert 'value="下乡讲座"' in back.content.decode()
    assert 'value="9.18"' in back.content.decode()
    assert not rows().exists()


def test_somebody_else_who_signs_in_then_gets_an_empty_form(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}add/")
    signed_out(browser)
    answer = browser.post(f"{BASE}add/", TYPED | opened(form))
    target = browser.get(answer.url).context["next"]
    assert "下乡讲座" not in sign_in(cast.lin).get(target).content.decode()
    assert drafts.unfinished(cast.su)[0].about == "下乡讲座"


def test_a_press_on_a_record_after_the_session_has_ended(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}{record.pk}/edit/")
    signed_out(browser)
    browser.post(f"{BASE}{record.pk}/edit/", form_cells(record, attendance="7") | opened(form))
    back = sign_in(cast.su).get(f"{BASE}{record.pk}/edit/")
    assert back.context["form"].was == {"attendance": "101"}
    assert fresh(record).attendance == 101


def test_the_script_is_told_that_the_session_has_ended_and_the_text_is_kept(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    form = browser.get(f"{BASE}add/")
    signed_out(browser)
    answer = keep(browser, form, TYPED)
    assert (answer.status_code, answer.json()["signed_out"]) == (401, True)
    assert answer.json()["kept"]
    assert drafts.unfinished(cast.su)[0].about == "下乡讲座"


def test_without_an_opening_a_guest_keeps_nothing(cast: Cast, client: Any) -> None:
    assert client.post(f"{BASE}draft/", TYPED).status_code == 302
    assert client.post(f"{BASE}add/", TYPED | {"opened": "forged"}).status_code == 302
    assert not FormDraft.objects.exists()


@pytest.fixture
def strict(cast: Cast) -> Any:
    """A browser whose requests are checked for the page's token, signed in as Su."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.su, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_a_page_that_expired_gives_the_text_back_in_a_fresh_one(cast: Cast, strict: Any) -> None:
    form = strict.get(f"{BASE}add/")
    answer = strict.post(f"{BASE}add/", TYPED | opened(form) | {"csrfmiddlewaretoken": "x" * 32})
    assert answer.status_code == 302
    back = strict.get(answer.url)
    assert 'value="下乡讲座"' in back.content.decode()
    assert "页面已过期" in page(back)
    assert not rows().exists(), "nothing was written without the token"


def test_the_script_gets_the_token_of_the_new_session(cast: Cast, strict: Any) -> None:
    form = strict.get(f"{BASE}add/")
    answer = keep(strict, form, TYPED | {"csrfmiddlewaretoken": "x" * 32})
    assert answer.status_code == 403
    token = answer.json()["csrf"]
    again = keep(strict, form, TYPED | {"title": "改", "csrfmiddlewaretoken": token}, tick=2)
    assert again.status_code == 200
    assert drafts.unfinished(cast.su)[0].about == "改"


def test_a_page_that_expired_under_somebody_else_is_kept_for_its_author(
    cast: Cast, strict: Any
) -> None:
    form = strict.get(f"{BASE}add/")
    strict.force_login(cast.lin, backend="django.contrib.auth.backends.ModelBackend")
    answer = strict.post(f"{BASE}add/", TYPED | opened(form) | {"csrfmiddlewaretoken": "x" * 32})
    assert answer.status_code == 302
    assert "csrf" not in keep(strict, form, TYPED | {"csrfmiddlewaretoken": "x"}).json()
    assert drafts.unfinished(cast.lin) == []
    assert drafts.unfinished(cast.su)[0].about == "下乡讲座"


def test_a_page_that_expired_elsewhere_is_told_as_before(cast: Cast, strict: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    answer = strict.post(f"{BASE}{record.pk}/submit/", {"csrfmiddlewaretoken": "x" * 32})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_a_record_that_moved_out_of_reach_does_not_show_what_it_holds(
    cast: Cast, sign_in: Any
) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.bo)
    keep(browser, browser.get(f"{BASE}{record.pk}/edit/"), form_cells(record, title="改"))
    write.change(catalogue.get(ACTIVITY), record, {"unit": cast.west}, actor=cast.su)
    browser = sign_in(type(cast.bo).objects.get(pk=cast.bo.pk))
    assert browser.get(f"{BASE}{record.pk}/edit/").status_code == 404


def test_what_was_typed_into_a_record_that_an_undoing_took_away_is_offered_nowhere(
    cast: Cast, sign_in: Any
) -> None:
    register = catalogue.get(ACTIVITY)
    batch = Batch.objects.create(kind="import", actor=cast.su, at=timezone.now(), source="错.xlsx")
    typed = [values(register, number, cast.east, cast.su) for number in (1, 2)]
    gone = write.create(register, typed[0], actor=cast.su, batch=batch)
    kept = write.create(register, typed[1], actor=cast.su)
    browser = sign_in(cast.su)
    for record in (gone, kept):
        keep(browser, browser.get(f"{BASE}{record.pk}/edit/"), form_cells(record, title="改"))
    assert len(drafts.unfinished(cast.su)) == 2
    undo.undo(batch, actor=cast.su)
    (left,) = drafts.unfinished(cast.su)
    assert left.url.startswith(f"{BASE}{kept.pk}/edit/")
    told = [n.url for n in notices(cast.su, Period.parse("2021"))]
    assert left.url in told
    assert all(browser.get(url).status_code == 200 for url in told)


def test_the_workbench_leads_back_to_what_is_unsaved_and_to_what_is_unusual(
    cast: Cast, sign_in: Any
) -> None:
    make(ACTIVITY, 1, cast.east, cast.su, attendance=40_000)
    verified(ACTIVITY, 2, cast.east, cast, attendance=50_000)
    browser = sign_in(cast.su)
    keep(browser, browser.get(f"{BASE}add/"), TYPED)
    told = notices(cast.su, Period.parse("2021"))
    found = {notice.finding.code: notice for notice in told}
    assert "下乡讲座" in say(found["watch.unsaved"].finding, "zh")
    assert 'value="下乡讲座"' in browser.get(found["watch.unsaved"].url).content.decode()
    doubtful = found["watch.unconfirmed"]
    assert doubtful.count == 1, "who verified the other one has looked at it"
    listed = browser.get(doubtful.url)
    assert listed.status_code == 200
    assert "第1场科普讲座" in page(listed)
    assert "第2场科普讲座" not in page(listed)
    others = notices(cast.re, Period.parse("2021"))
    codes = {notice.finding.code for notice in others}
    assert not codes & {"watch.unsaved", "watch.unconfirmed"}


def test_a_record_reminds_its_reader_of_what_they_typed_into_it(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY, 1, cast.east, cast.su)
    browser = sign_in(cast.su)
    keep(browser, browser.get(f"{BASE}{record.pk}/edit/"), form_cells(record, title="改"))
    shown = browser.get(f"{BASE}{record.pk}/").content.decode()
    assert f"{BASE}{record.pk}/edit/?draft=" in shown
    assert "draft=" not in sign_in(cast.lin).get(f"{BASE}{record.pk}/").content.decode()

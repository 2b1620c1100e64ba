"""Whole stories through HTTP: what people do with the product from sign-in to the printed report."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taizhang.accounts.models import User
from taizhang.ledger import catalogue
from taizhang.ledger.models import Entry
from tests import factories
from tests.conftest import Cast
from tests.steps import body, form_data, form_of, texts

ACTIVITY = catalogue.get("activities.activity")
FIGURE = "/figures/volunteering.beneficiaries/?unit=assoc&period=2021"


@pytest.fixture
def enter(cast: Cast) -> Any:
    """A browser of their own for each person."""

    def browser(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser


@pytest.mark.fast
def test_a_clerk_s_year_from_the_record_to_the_printed_number(cast: Cast, enter: Any) -> None:
    su, zhi, re = enter(cast.su), enter(cast.zhi), enter(cast.re)

    def value() -> str:
        return str(re.get(FIGURE).context["fact"].text)

    def printed() -> str:
        page = re.get("/reports/county-annual/?unit=assoc&period=2021")
        runs = [
            run
            for run in page.context["report"].compiled.document.figures()
            if run.code == "volunteering.beneficiaries"
        ]
        assert runs
        assert "volunteering.beneficiaries" in page.content.decode()
        return runs[0].text

    assert value() in ("", "0")
    # Su records an activity and submits it; nothing moves yet.
    values = factories.values(ACTIVITY, 1, cast.east, cast.su) | {"attendance": 7836}
    sent = form_data(ACTIVITY, values) | {"then": "submit"}
    asked = su.post("/activities/activity/add/", sent)
    assert asked.status_code == 422
    assert "7836" in " ".join(texts(asked.content.decode())), "so many at one lecture?"
    saved = su.post("/activities/activity/add/", sent | {"right": "attendance=7836"})
    assert saved.status_code == 302
    address = saved.url
    record = ACTIVITY.model._default_manager.get()
    assert record.state == "submitted"
    assert value() in ("", "0")
    # It waits on Zhi's workbench; Zhi verifies, and the figure and the report move.
    assert address in [row["url"] for row in zhi.get("/").context["waiting"]]
    assert zhi.post(f"{address}verify/").status_code == 302
    assert value() == "7836"
    assert printed() == "7800余人次"
    # Su finds that a nought was left out and corrects the row: the number leaves the report.
    form = form_of(ACTIVITY, ACTIVITY.queryset().get(pk=record.pk))
    corrected = form | {
        "attendance": "9,800",
        "reason": "签到表漏录一页",
        "right": "attendance=9800",
    }
    assert su.post(f"{address}edit/", corrected).status_code == 302
    assert value() in ("", "0")
    assert "7800" not in printed()
    assert su.post(f"{address}verify/").status_code == 403
    # Zhi looks again, and it is back with the new number.
    assert zhi.post(f"{address}verify/").status_code == 302
    assert value() == "9800"
    assert printed() == "9800人次"
    page = re.get(address).content.decode()
    assert "签到表漏录一页" in page
    verbs = list(
        Entry.objects.filter(register=ACTIVITY.name).order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["add", "submit", "verify", "correct", "verify"]


def test_a_town_s_recorder_finds_her_town_everywhere_and_nothing_else(
    cast: Cast, enter: Any
) -> None:
    for number, unit in enumerate((cast.east, cast.west, cast.association), start=1):
        factories.verified(
            ACTIVITY.name, number, unit, cast, title=f"{unit.code}的讲座", attendance=10**number
        )
    bo = enter(cast.bo)
    pages = {
        address: bo.get(address)
        for address in (
            "/",
            "/registers/",
            "/activities/activity/",
            "/figures/rural.beneficiaries/?period=2021",
            "/reports/county-annual/?period=2021",
        )
    }
    for address, page in pages.items():
        assert page.status_code == 200, address
        words = page.content.decode()
        assert "west的讲座" not in words, address
        assert "assoc的讲座" not in words, address
        assert "西镇" not in words, address
    assert "east的讲座" in pages["/activities/activity/"].content.decode()
    assert pages["/figures/rural.beneficiaries/?period=2021"].context["fact"].value == 10
    for address in (
        "/figures/?unit=assoc",
        "/reports/county-annual/?unit=west&period=2021",
        "/reports/county-annual.docx?unit=assoc&period=2021",
        "/activities/activity/?unit=west",
        "/activities/activity.json?unit=assoc",
    ):
        assert bo.get(address).status_code == 404, address
    assert bo.post("/switch/", {"unit": "west"}).status_code == 404
    assert bo.session.get("unit") is None


def test_signing_in_and_being_locked_out_after_five_wrong_passwords(
    cast: Cast, client: Any
) -> None:
    cast.su.set_password("一个长的口令-2021")
    cast.su.save()
    inside = client.get("/activities/activity/")
    assert inside.url == "/sign-in/?next=/activities/activity/"
    for turn in range(5):
        answer = client.post("/sign-in/", {"username": "su", "password": "wrong"})
        assert answer.status_code == (429 if turn == 4 else 422)
    right = {"username": "su", "password": "一个长的口令-2021"}
    locked = client.post("/sign-in/", right)
    assert locked.status_code == 429
    assert "15" in " ".join(texts(locked.content.decode())), "for how long"
    # Only this name from this address: Lin is not locked out by Su's mistakes.
    cast.lin.set_password("另一个口令-2021")
    cast.lin.save()
    answer = client.post(
        "/sign-in/?next=/registers/",
        {"username": "lin", "password": "另一个口令-2021", "next": "/registers/"},
    )
    assert (answer.status_code, answer.url) == (302, "/registers/")
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_nobody_is_led_away_after_signing_in(cast: Cast, client: Any) -> None:
    cast.su.set_password("一个长的口令-2021")
    cast.su.save()
    for target in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        answer = client.post(
            "/sign-in/", {"username": "su", "password": "一个长的口令-2021", "next": target}
        )
        assert answer.url == "/"
        client.post("/sign-out/")


def test_demo_accounts_open_with_one_click_only_in_a_demo(
    cast: Cast, client: Any, settings: Any
) -> None:
    User.objects.filter(pk=cast.su.pk).update(demo_role="recorder")
    settings.DEMO = False
    assert (
        "account"
        not in client.get("/sign-in/")
        .content.decode()
        .split("<form", 2)[-1]
        .split('name="username"')[0]
    )
    assert client.post("/sign-in/", {"account": "su"}).status_code == 404
    assert client.get("/").status_code == 302
    settings.DEMO = True
    assert 'value="su"' in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/", {"account": "lin"}).status_code == 404, "no demo account"
    assert client.post("/sign-in/", {"account": "su"}).url == "/"
    assert client.get("/").status_code == 200


def test_the_language_is_chosen_in_the_settings_and_stays(cast: Cast, enter: Any) -> None:
    su = enter(cast.su)
    before = su.get("/registers/").content.decode()
    assert 'lang="zh-Hans"' in before
    su.post("/settings/", {"language": "en", "theme": "dark"})
    after = su.get("/registers/").content.decode()
    assert 'lang="en"' in after
    assert "Activities" in texts(after)
    cast.su.refresh_from_db()
    assert (cast.su.language, cast.su.theme) == ("en", "dark")
    su.post("/settings/", {"language": "tlh"})
    cast.su.refresh_from_db()
    assert cast.su.language == "en", "a language that does not exist is not taken"


def test_an_upload_of_21_megabytes_is_turned_away_in_a_sentence(
    cast: Cast, enter: Any, settings: Any
) -> None:
    su = enter(cast.su)
    settings.UPLOAD_ROOT.mkdir()
    big = SimpleUploadedFile("大.xlsx", b"0" * (21 * 1024 * 1024 + 2000))
    answer = su.post("/activities/activity/import/", {"file": big})
    assert answer.status_code == 413
    words = " ".join(texts(answer.content.decode()))
    assert "20" in words
    assert "21" in words
    assert not list(settings.UPLOAD_ROOT.glob("*"))


def test_switching_unit_and_period_holds_for_the_session(cast: Cast, enter: Any) -> None:
    factories.verified(ACTIVITY.name, 1, cast.east, cast, attendance=70)
    factories.verified(ACTIVITY.name, 2, cast.west, cast, attendance=7)
    lin = enter(cast.lin)
    answer = lin.post(
        "/switch/", {"unit": "east", "period": "2021", "next": "/figures/?unit=west&x=1"}
    )
    assert answer.url == "/figures/?x=1"
    page = lin.get("/figures/rural.beneficiaries/")
    assert page.context["fact"].value == 70
    assert lin.post("/switch/", {"next": "https://example.com/"}).url == "/"
    assert lin.post("/switch/", {"period": "2021-Q9"}).status_code in (302, 400)
    assert lin.get("/figures/rural.beneficiaries/").context["fact"].period.text == "2021"
    assert body(lin.get("/reports/county-annual.docx")).startswith(b"PK")

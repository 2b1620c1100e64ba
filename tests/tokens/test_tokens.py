"""Tokens: made once, kept as a hash, and worth no more than their user is today."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from taizhang.accounts.models import Membership
from taizhang.engines.findings import Refused
from taizhang.org.models import Placement
from taizhang.tokens import actions, secret
from taizhang.tokens.models import Token
from tests.conftest import Cast
from tests.factories import make
from tests.steps import texts
from tests.tokens.conftest import Program, codes, program


def new_token(**changes: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=90)
    return {"name": "办公平台", "units": ["assoc"], "expires_on": day.isoformat()} | changes


def test_a_token_is_made_on_a_page_and_shown_once(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    assert browser.get("/settings/tokens/add/").status_code == 200
    made = browser.post("/settings/tokens/add/", new_token(writes="1"))
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    shown = made.context["secret"]
    assert secret.is_shaped(shown)
    assert shown in made.content.decode()
    token = Token.objects.get()
    assert (token.user, token.writes, token.personal) == (cast.su, True, False)
    assert token.digest == hashlib.sha256(shown.encode()).hexdigest()
    row = str(Token.objects.values().get())
    assert shown not in row
    assert shown[secret.PREFIX_LENGTH :] not in row
    listed = browser.get("/settings/tokens/").content.decode()
    assert token.prefix in listed
    assert shown not in listed
    assert Program(shown).get("me/")["token"]["name"] == "办公平台"


def test_a_secret_has_256_bits_and_more_and_compares_in_constant_time() -> None:
    many = {secret.fresh() for _ in range(200)}
    assert len(many) == 200
    assert all(secret.is_shaped(one) for one in many)
    assert (len(next(iter(many))) - secret.PREFIX_LENGTH) * 5 >= 256
    one = secret.fresh()
    assert secret.matches(one, secret.digest(one))
    assert not secret.matches(secret.fresh(), secret.digest(one))


def test_what_a_form_may_not_ask_for_is_told_where_it_stands(cast: Cast, sign_in: Any) -> None:
    today = timezone.localdate()
    late = (today + timedelta(days=400)).isoformat()
    for person, wrong, field in (
        (cast.su, {"name": "  "}, "name"),
        (cast.su, {"units": []}, "units"),
        (cast.su, {"units": ["elsewhere"]}, "units"),
        (cast.bo, {"units": ["west"]}, "units"),
        (cast.su, {"expires_on": (today - timedelta(days=1)).isoformat()}, "expires_on"),
        (cast.su, {"expires_on": late}, "expires_on"),
        (cast.su, {"expires_on": "改日"}, "expires_on"),
        (cast.re, {"writes": "1"}, "writes"),
        (cast.re, {"personal": "1"}, "personal"),
    ):
        page = sign_in(person).post("/settings/tokens/add/", new_token(**wrong))
        assert page.status_code == 422, wrong
        assert list(page.context["errors"]) == [field]
    assert not Token.objects.exists()


def test_nobody_hoards_tokens(cast: Cast, settings: Any) -> None:
    settings.API_TOKENS_EACH = 2
    first = program(cast.su, cast.east)
    program(cast.su, cast.east)
    with pytest.raises(Refused, match=r"token\.too-many"):
        program(cast.su, cast.east)
    actions.revoke(first.token, actor=cast.su)
    program(cast.su, cast.east)


def test_a_token_dies_with_its_last_day(cast: Cast) -> None:
    made = program(cast.su, cast.association, days=0)
    assert made.get("me/")["user"]["username"] == "su"
    Token.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    answer = made.ask("GET", "me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="taizhang", error="invalid_token"'
    assert answer["Content-Type"] == "application/problem+json"
    assert codes(answer.json()) == [("", "api.bad-token")]


def test_a_token_of_a_removed_user_does_not_work(cast: Cast) -> None:
    made = program(cast.su, cast.association, writes=True)
    cast.su.is_active = False
    cast.su.save()
    made.get("activities/activity/", 401)
    made.post("activities/activity/plans/", {"rows": []}, 401)
    cast.su.is_active = True
    cast.su.save()
    Membership.objects.filter(user=cast.su).delete()
    assert codes(made.get("activities/activity/", 403)) == [("", "api.no-access")]


def test_a_lower_role_lowers_the_token(cast: Cast) -> None:
    made = program(cast.su, cast.association, writes=True, personal=True)
    person = make("org.person", 1, cast.east, cast.su)
    address = f"org/person/{person.pk}/"
    assert made.get(address)["values"]["name"] == "演示人1"
    Membership.objects.filter(user=cast.su).update(role="reader")
    found = made.get(address)
    assert found["values"]["name"] == "演***"
    assert found["masked"] == ["name", "phone"]
    assert codes(made.post("org/person/plans/", {"rows": []}, 403)) == [("人员", "api.not-covered")]


def test_revoking_is_at_once_for_good_and_on_record(cast: Cast, sign_in: Any) -> None:
    made = program(cast.bo, cast.east)
    browser = sign_in(cast.su)
    assert browser.post(f"/settings/tokens/{made.token.pk}/revoke/").status_code == 404
    browser = sign_in(cast.bo)
    assert browser.get(f"/settings/tokens/{made.token.pk}/revoke/").status_code == 405
    browser.post(f"/settings/tokens/{made.token.pk}/revoke/")
    made.get("me/", 401)
    token = Token.objects.get()
    assert (token.revoked_by, token.is_open) == (cast.bo, False)
    first = token.revoked_at
    browser.post(f"/settings/tokens/{made.token.pk}/revoke/")
    assert Token.objects.get().revoked_at == first
    told = " ".join(texts(browser.get("/settings/tokens/").content.decode()))
    assert "对接程序" in told
    assert token.prefix in told


def test_managers_see_and_revoke_tokens_into_their_units(cast: Cast, sign_in: Any) -> None:
    made = program(cast.bo, cast.east)
    assert made.token.prefix in sign_in(cast.lin).get("/settings/tokens/").content.decode()
    for person in (cast.su, cast.chen):
        assert made.token.prefix not in sign_in(person).get("/settings/tokens/").content.decode()
    assert sign_in(cast.chen).post(f"/settings/tokens/{made.token.pk}/revoke/").status_code == 404
    made.get("me/")
    sign_in(cast.lin).post(f"/settings/tokens/{made.token.pk}/revoke/")
    made.get("me/", 401)
    assert Token.objects.get().revoked_by == cast.lin


def test_the_pages_need_somebody_signed_in(client: Any, cast: Cast) -> None:
    for address in ("/settings/tokens/", "/settings/tokens/add/", "/api/v1/"):
        assert client.get(address).url.startswith("/sign-in/?next=")
    made = program(cast.su, cast.association)
    assert made.ask("GET", "/settings/tokens/").url.startswith("/sign-in/?next=")
    assert made.ask("GET", "/activities/activity/").url.startswith("/sign-in/?next=")


def test_a_token_sees_its_units_and_nothing_beside_them(cast: Cast) -> None:
    east = make("activities.activity", 1, cast.east, cast.su)
    west = make("activities.activity", 2, cast.west, cast.su)
    own = make("activities.activity", 3, cast.association, cast.su)
    made = program(cast.su, cast.east)
    assert [row["id"] for row in made.get("activities/activity/")["rows"]] == [east.pk]
    for other in (west, own):
        made.get(f"activities/activity/{other.pk}/", 404)
        made.get(f"activities/activity/{other.pk}/history/", 404)
    assert codes(made.get("activities/activity/?unit=west", 404)) == [
        ("unit", "query.unknown-unit")
    ]
    assert codes(made.get("activities/activity/?unit=elsewhere", 404))
    assert [row["key"] for row in made.get("org/unit/")["rows"]] == ["east"]
    assert made.get("me/")["units"] == [{"code": "east", "name": "东镇科协"}]
    both = program(cast.su, cast.east, cast.west)
    assert {row["id"] for row in both.get("activities/activity/")["rows"]} == {east.pk, west.pk}


def test_a_token_is_worth_no_more_than_its_user_today(cast: Cast) -> None:
    """Bo's token names the town of the east; then Bo works for the west."""
    made = program(cast.bo, cast.east)
    make("activities.activity", 1, cast.east, cast.su)
    make("activities.activity", 2, cast.west, cast.su)
    assert len(made.get("activities/activity/")["rows"]) == 1
    Membership.objects.filter(user=cast.bo).update(unit=cast.west)
    assert codes(made.get("activities/activity/", 403)) == [("", "api.no-access")]


def test_a_unit_that_left_shows_the_days_it_was_here(cast: Cast) -> None:
    """West moves below east on the fifth of March; the token knows east only."""
    before, after = (make("activities.activity", number, cast.west, cast.su) for number in (1, 8))
    made = program(cast.su, cast.east)
    assert made.get("activities/activity/")["rows"] == []
    placed = make("org.placement", 4, cast.west, cast.lin, parent=cast.east)
    assert str(placed.first_on) == "2021-03-05"
    seen = {row["id"] for row in made.get("activities/activity/")["rows"]}
    assert seen == {before.pk, after.pk}  # below it today, so all of it
    make("org.placement", 20, cast.west, cast.lin, parent=cast.association)
    assert [row["id"] for row in made.get("activities/activity/")["rows"]] == [after.pk]
    writer = program(cast.su, cast.east, writes=True)
    row = {"unit": "west", "code": after.code, "title": "越权"}
    plan = writer.post("activities/activity/plans/", {"rows": [row]}, 201)
    assert plan["counts"]["invalid"] == 1
    assert Placement.objects.count() == 2


def test_a_token_that_reads_writes_nothing(cast: Cast) -> None:
    record = make("activities.activity", 1, cast.east, cast.su)
    made = program(cast.su, cast.association)
    for address, data in (
        ("activities/activity/plans/", {"rows": []}),
        ("activities/activity/plans/1/confirm/", {"digest": "x"}),
    ):
        assert codes(made.post(address, data, 403)) == [("活动", "api.not-covered")]
    made.get("activities/activity/plans/1/", 403)
    sent = made.ask(
        "POST",
        f"activities/activity/{record.pk}/evidence/",
        b"x",
        content_type="multipart/form-data; boundary=b",
    )
    assert sent.status_code == 403
    assert made.get("me/")["verbs"] == {"read": True, "write": False, "personal": False}
    found = made.get("registers/")["registers"]
    assert {register["plans"] for register in found} == {None}


def test_personal_values_come_only_when_they_were_asked_for(cast: Cast) -> None:
    make("org.person", 1, cast.east, cast.su)
    plain = program(cast.su, cast.association)
    (row,) = plain.get("org/person/")["rows"]
    assert (row["values"]["name"], row["values"]["phone"]) == ("演***", "138****0001")
    assert row["masked"] == ["name", "phone"]
    assert codes(plain.get("org/person/?phone=13800000001", 403))[0][1] == "query.personal-field"
    assert plain.get("org/person/?q=演示人1")["rows"] == []
    open_ = program(cast.su, cast.association, personal=True)
    (row,) = open_.get("org/person/")["rows"]
    assert (row["values"]["name"], row["masked"]) == ("演示人1", [])
    assert len(open_.get("org/person/?phone=13800000001")["rows"]) == 1
    assert codes(open_.get("org/person/?sort=name", 403)) == [("sort", "api.personal-sort")]
    told = open_.get("activities/participation/?sort=volunteer", 403)
    assert codes(told) == [("sort", "api.personal-sort")]
    history = open_.get(f"org/person/{row['id']}/history/")["entries"][0]["changes"]
    assert {"field": "phone", "personal": True, "old": None, "new": None} in history


def test_last_used_is_kept_to_the_minute_and_from_where_is_not(cast: Cast) -> None:
    made = program(cast.su, cast.association)
    assert Token.objects.get().last_used_at is None
    made.get("me/")
    first = Token.objects.get().last_used_at
    assert first is not None
    with CaptureQueriesContext(
        connection,
    ) as asked:
        made.get("me/")
    assert not [query for query in asked if query["sql"].startswith("UPDATE")]
    Token.objects.update(last_used_at=first - timedelta(minutes=2))
    made.get("me/")
    assert Token.objects.get().last_used_at > first - timedelta(minutes=2)
    assert not {f.name for f in Token._meta.get_fields()} & {"address", "ip", "user_agent"}


def test_a_session_reads_and_writes_only_with_its_csrf_token(cast: Cast) -> None:
    from django.test import Client

    make("activities.activity", 1, cast.east, cast.su)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.su, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/api/v1/activities/activity/").json()["rows"]
    address = "/api/v1/activities/activity/plans/"
    refused = browser.post(address, {"rows": []}, content_type="application/json")
    assert refused.status_code == 403
    assert codes(refused.json()) == [("", "api.csrf")]
    browser.get("/settings/")
    mark = browser.cookies["csrftoken"].value
    sent = browser.post(
        address, {"rows": []}, content_type="application/json", headers={"X-CSRFToken": mark}
    )
    assert sent.status_code == 201


def test_a_bad_token_is_not_helped_by_a_good_session(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.lin)
    assert browser.get("/api/v1/me/").status_code == 200
    for wrong in ("Bearer nonsense", "Bearer ", "bearer tzh_" + "a" * 64, "Bearer " + "é" * 9):
        answer = browser.get("/api/v1/me/", headers={"Authorization": wrong})
        assert answer.status_code == 401, wrong
    # What stands before the office's server may ask for a password of its own.
    assert browser.get("/api/v1/me/", headers={"Authorization": "Basic eDp5"}).status_code == 200

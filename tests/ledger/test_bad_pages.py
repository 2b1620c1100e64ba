"""Whatever is asked of a page: a sentence and the right status, never a fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cast
from tests.factories import make
from tests.steps import texts

LIST = "/activities/activity/"


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        (f"{LIST}?forn=lecture", 400, "form"),
        (f"{LIST}?form=lectur", 400, "lectur"),
        (f"{LIST}?held_on=2021-02-30..", 400, "2021-02-30"),
        (f"{LIST}?held_on=a..b..c", 400, "a..b..c"),
        (f"{LIST}?unit=nowhere", 404, "nowhere"),
        (f"{LIST}?unit=assoc@2021-13-01", 400, "2021-13-01"),
        (f"{LIST}?page=x", 400, "x"),
        (f"{LIST}?per=0", 400, "0"),
        (f"{LIST}?sort=nix", 400, "nix"),
        (f"{LIST}?title=%00", 400, ""),
        (f"{LIST}?title=%FF", 400, ""),
        (f"{LIST}?=1", 400, ""),
        (f"{LIST}?attendance=999999999999999999999", 400, "999999999999999999999"),
        ("/figures/rural.event/?period=2021", 404, "rural.events"),
        ("/figures/rural.events/?period=20210", 400, "20210"),
        ("/figures/rural.events/?unit=nowhere", 404, "nowhere"),
        ("/figures/rural.events/?period=2021&by=title", 400, "title"),
        ("/figures/?period=9999", 200, ""),
        ("/figures/?period=0001", 400, ""),
        ("/reports/county-anual/", 404, "county-annual"),
        ("/activities/nothing/", 404, ""),
        ("/nothing/", 404, ""),
        (f"{LIST}999999/", 404, ""),
        (f"{LIST}99999999999999999999/", 404, ""),
        ("/activities/activity.doc", 404, ""),
        (f"{LIST}import/999/", 404, ""),
        (f"{LIST}add/?activity=x&unit=nowhere", 200, ""),
        ("/activities/handout/add/?activity=nowhere", 200, ""),
        (f"{LIST}?page=999", 200, ""),
        (f"{LIST}?q=" + "长" * 500, 200, ""),
    ],
)
def test_a_strange_address_is_answered_in_a_sentence(
    address: str, status: int, told: str, cast: Cast, sign_in: Any
) -> None:
    make("activities.activity", 1, cast.east, cast.su)
    response = sign_in(cast.lin).get(address)
    page = response.content.decode()
    assert response.status_code == status, " ".join(texts(page))[:300]
    assert told in page
    assert "Traceback" not in page


def test_the_read_api_answers_problems_as_problems(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.lin).get("/activities/activity.json?forn=lecture")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert "form" in response.json()["detail"]


@pytest.mark.parametrize("address", ["act/", "1/submit/", "1/evidence/"])
def test_what_changes_something_is_never_a_link(address: str, cast: Cast, sign_in: Any) -> None:
    make("activities.activity", 1, cast.east, cast.su)
    assert sign_in(cast.lin).get(LIST + address).status_code in (404, 405)


def test_a_form_with_faults_keeps_what_was_typed_and_says_so_at_the_field(
    cast: Cast, sign_in: Any
) -> None:
    sent = {
        "title": "甲",
        "unit": "east",
        "form": "lecture",
        "held_on": "2021-02-30",
        "attendance": "约300",
    }
    response = sign_in(cast.su).post(f"{LIST}add/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"held_on", "attendance"}
    for typed in ("2021-02-30", "约300", "甲"):
        assert f'value="{typed}"' in page
    assert 'href="#id_held_on"' in page
    assert 'aria-invalid="true"' in page


def test_what_people_type_is_escaped_wherever_it_is_shown(cast: Cast, sign_in: Any) -> None:
    evil = "<script>alert(1)</script>\"'&"
    record = make(
        "activities.activity", 1, cast.east, cast.su, title=evil, location=evil, summary=evil
    )
    browser = sign_in(cast.lin)
    for address in (
        LIST,
        f"{LIST}{record.pk}/",
        f"{LIST}{record.pk}/edit/",
        f"{LIST}?q=<script>",
        "/",
    ):
        page = browser.get(address).content.decode()
        assert "<script>alert" not in page, address
    found = browser.get(f"{LIST}lookup/?q=alert").json()["rows"]
    assert found[0]["title"] == evil


def test_pages_carry_the_headers_that_keep_them_safe(cast: Cast, sign_in: Any) -> None:
    response = sign_in(cast.lin).get(LIST)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert " style=" not in response.content.decode()
    assert " onclick=" not in response.content.decode()

"""Whatever goes wrong below /api/ is told as problem+json: code, place, sentence; never a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from taizhang.tokens import api_views
from tests.conftest import Cast
from tests.factories import make
from tests.tokens.conftest import Program, codes, program

MB = 1024 * 1024


@pytest.fixture
def office(cast: Cast) -> Program:
    """A program that may do everything in the association."""
    return program(cast.lin, cast.association, writes=True, personal=True)


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem, which must look as RFC 9457 has it."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["type"].startswith(("urn:taizhang:problem:", "about:blank"))
    assert told["title"]
    assert told["detail"]
    assert told["instance"].startswith("/api/")
    for finding in told["findings"]:
        assert set(finding) == {"code", "where", "params", "sentence"}
        assert finding["sentence"].endswith("。")
    return told


def test_each_wrong_request_has_its_status_and_code(office: Program, cast: Cast) -> None:
    record = make("activities.activity", 1, cast.east, cast.su)
    rows = "activities/activity/"
    for address, status, code in (
        (f"{rows}?nonsense=1", 400, "query.unknown-field"),
        (f"{rows}?held_on=gestern", 400, "import.not-a-date"),
        (f"{rows}?held_on=a..b..c", 400, "query.bad-range"),
        (f"{rows}?form=nonsense", 400, "import.not-a-choice"),
        (f"{rows}?themes=nonsense", 400, "query.unknown-value"),
        (f"{rows}?unit=nonsense", 404, "query.unknown-unit"),
        (f"{rows}?sort=themes", 400, "query.unknown-field"),
        (f"{rows}?page=2", 400, "api.no-pages"),
        (f"{rows}?per=10", 400, "api.no-pages"),
        (f"{rows}?limit=0", 400, "api.bad-limit"),
        (f"{rows}?limit=501", 400, "api.bad-limit"),
        (f"{rows}?limit=%EF%BC%91", 400, "api.bad-limit"),
        (f"{rows}?limit=1&limit=2", 400, "query.given-twice"),
        (f"{rows}?count=yes", 400, "api.bad-count"),
        (f"{rows}?since=heute", 400, "api.bad-since"),
        (f"{rows}?since=0001-01-01", 400, "api.bad-since"),
        (f"{rows}?since=9999-12-31T23:59:59Z", 400, "api.bad-since"),
        (f"{rows}?since=2021-01-01&sort=title", 400, "api.since-has-its-order"),
        (f"{rows}?cursor=nonsense", 400, "api.bad-cursor"),
        (f"{rows}?fields=title,nonsense", 400, "query.unknown-field"),
        (f"{rows}?q=%FF", 400, "query.bad-value"),
        (f"{rows}?q=%00", 400, "query.bad-value"),
        (f"{rows}?cursor=%FF", 400, "query.bad-value"),
        (f"{rows}{record.pk}/?expand=1", 400, "api.unknown-parameter"),
        ("me/?x=1", 400, "api.unknown-parameter"),
        (f"{rows}999999999999999999999999/", 404, "api.not-found"),
        (f"{rows}plans/999999999999999999999999/", 404, "api.not-found"),
        ("nonsense/activity/", 404, "api.not-found"),
        ("terms/no.such/", 404, "api.not-found"),
        ("nonsense", 404, "api.not-found"),
        ("me", 404, "api.not-found"),
        ("/api/v2/me/", 404, "api.not-found"),
        ("/api/", 404, "api.not-found"),
        ("figures/no.such/", 404, "figure.unknown"),
        ("figures/?period=gestern", 400, "period.unknown"),
        ("figures/?unit=elsewhere", 404, "query.unknown-unit"),
    ):
        told = problem(office.ask("GET", address), status)
        assert [finding["code"] for finding in told["findings"]] == [code], address
        assert told["type"] == f"urn:taizhang:problem:{code}"


def test_all_that_is_wrong_with_an_address_is_told_at_once(office: Program) -> None:
    address = "activities/activity/?limit=x&count=x&held_on=1..2..3&page=7"
    told = problem(office.ask("GET", address), 400)
    assert {where for where, _code in codes(told)} == {"limit", "count", "held_on"}


def test_each_wrong_body_is_refused_before_anything_is_planned(office: Program) -> None:
    address = "activities/activity/plans/"
    for content, code in (
        (b" ", "api.no-body"),
        (b"{", "api.bad-json"),
        (b"[]", "api.not-an-object"),
        (b'"rows"', "api.not-an-object"),
        (b"{}", "import.json-shape"),
        (b'{"rows": 1}', "import.json-shape"),
        (b'{"rows": [1]}', "import.json-row-shape"),
        (b'{"rows": [{"nonsense": 1}]}', "import.unknown-column"),
        (b'{"rows": [{"": 1}]}', "import.json-no-name"),
        (b'{"rows": [], "unit": 7}', "api.not-a-text"),
        (b'{"rows": [{"title": "\\u0000"}]}', "api.json-half-character"),
    ):
        told = problem(office.ask("POST", address, content), 400)
        assert [finding["code"] for finding in told["findings"]] == [code], content
    told = problem(office.ask("POST", address, {"rows": [], "unit": "elsewhere"}), 404)
    assert codes(told) == [("unit", "query.unknown-unit")]


def test_other_kinds_of_content_are_refused(office: Program, cast: Cast) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        answer = office.ask("POST", "activities/activity/plans/", b"{}", content_type=kind)
        assert codes(problem(answer, 415)) == [("", "api.not-json")]
    record = make("activities.activity", 1, cast.east, cast.su)
    answer = office.ask("POST", f"activities/activity/{record.pk}/evidence/", b"{}")
    assert codes(problem(answer, 415)) == [("", "api.not-multipart")]
    broken = {"content_type": "multipart/form-data"}
    answer = office.ask("POST", f"activities/activity/{record.pk}/evidence/", b"x", **broken)
    assert problem(answer, 400)


def test_a_body_of_unknown_length_is_refused(office: Program) -> None:
    headers = {"Transfer-Encoding": "chunked"}
    answer = office.ask(
        "POST",
        "activities/activity/plans/",
        CONTENT_TYPE="application/json",
        headers=headers,
    )
    assert codes(problem(answer, 411)) == [("", "api.no-length")]


def test_fifty_megabytes_are_turned_away_before_they_are_read(office: Program) -> None:
    class NeverRead:
        def read(self, *size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    headers = {"Authorization": f"Bearer {office.secret}"}
    answer = Client().post(
        "/api/v1/activities/activity/plans/",
        content_type="application/json",
        headers=headers,
        **{"wsgi.input": NeverRead(), "CONTENT_LENGTH": str(50 * MB)},  # type: ignore[arg-type]
    )
    told = problem(answer, 413)
    assert told["findings"][0]["params"] == {"size": "50", "limit": 10}
    content = b'{"rows": [' + b" " * (10 * MB) + b"]}"
    problem(office.ask("POST", "activities/activity/plans/", content), 413)
    big = {"content_type": "multipart/form-data; boundary=b", "CONTENT_LENGTH": str(50 * MB)}
    problem(office.ask("POST", "activities/activity/1/evidence/", b"", **big), 413)


def test_a_method_that_is_not_there_is_named_with_those_that_are(office: Program) -> None:
    for method, address, allowed in (
        ("POST", "me/", "GET, HEAD"),
        ("PUT", "activities/activity/", "GET, HEAD"),
        ("DELETE", "activities/activity/1/", "GET, HEAD"),
        ("GET", "activities/activity/plans/", "POST"),
        ("OPTIONS", "activities/activity/plans/1/", "DELETE, GET, HEAD"),
        ("NONSENSE", "registers/", "GET, HEAD"),
    ):
        answer = office.ask(method, address)
        assert answer["Allow"] == allowed
        assert codes(problem(answer, 405)) == [("", "api.wrong-method")]
    head = office.ask("HEAD", "me/")
    assert (head.status_code, head.content) == (200, b"")


def test_a_fault_is_told_without_its_insides(
    office: Program, cast: Cast, monkeypatch: Any, settings: Any
) -> None:
    def broken(*args: Any, **named: Any) -> None:
        raise RuntimeError("secret insides")

    make("activities.activity", 1, cast.east, cast.su)
    monkeypatch.setattr(api_views.shape, "records", broken)
    office.client.raise_request_exception = False
    for debug in (False, True):
        settings.DEBUG = debug
        answer = office.ask("GET", "activities/activity/")
        told = problem(answer, 500)
        assert codes(told) == [("", "api.fault")]
        assert "insides" not in answer.content.decode()
        assert "Traceback" not in answer.content.decode()


def test_a_busy_database_says_when_to_come_again(office: Program, monkeypatch: Any) -> None:
    def busy(*args: Any, **named: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(api_views.query, "rows", busy)
    answer = office.ask("GET", "activities/activity/")
    assert codes(problem(answer, 503)) == [("", "jobs.database-busy")]
    assert answer["Retry-After"] == "10"


def test_without_a_token_one_is_asked_for(cast: Cast, client: Any) -> None:
    for address in ("me/", "activities/activity/", "openapi.json", "no/such/thing/"):
        answer = client.get(f"/api/v1/{address}")
        assert answer["WWW-Authenticate"] == 'Bearer realm="taizhang"'
        assert codes(problem(answer, 401)) == [("", "api.no-token")]
    answer = client.post("/api/v1/activities/activity/plans/", {}, content_type="application/json")
    problem(answer, 401)


def test_an_unknown_host_and_a_wrong_host_get_no_page(office: Program) -> None:
    answer = office.ask("GET", "me/", HTTP_HOST="evil.example")
    assert problem(answer, 400)


def test_no_other_site_is_invited(office: Program) -> None:
    answer = office.ask("GET", "me/", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_sentences_come_in_the_language_of_the_user(office: Program, cast: Cast) -> None:
    cast.lin.language = "en"
    cast.lin.save()
    for method, address, sentence in (
        ("GET", "no/such/", "There is no such address or record."),
        ("GET", "activities/activity/?limit=0", "limit must be a whole number"),
        ("PUT", "me/", "This address does not take PUT"),
    ):
        told = office.ask(method, address).json()
        assert told["detail"].startswith(sentence)

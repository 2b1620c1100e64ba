"""Rate limits: a minute's worth at once, then an even trickle; told in headers, never written."""

from __future__ import annotations

from typing import Any

from taizhang.tokens.buckets import Buckets, workers
from taizhang.tokens.models import Token
from tests.conftest import Cast
from tests.tokens.conftest import Program, codes, program


def test_a_bucket_holds_a_minute_s_worth_and_refills_evenly() -> None:
    known = Buckets()
    assert [known.take("a", 3, now=0).allowed for _ in range(4)] == [True, True, True, False]
    assert known.take("a", 3, now=0).wait == 20
    assert not known.take("a", 3, now=19).allowed
    grant = known.take("a", 3, now=20)
    assert (grant.allowed, grant.remaining, grant.wait, grant.reset) == (True, 0, 20, 60)
    assert known.take("b", 3, now=20).remaining == 2
    assert known.take("a", 3, now=10_000).remaining == 2


def test_workers_share_the_limit(monkeypatch: Any) -> None:
    monkeypatch.setenv("TAIZHANG_WORKERS", "4")
    assert Buckets().take("a", 600, now=0).limit == 150
    assert Buckets().take("a", 2, now=0).limit == 1
    for nonsense in ("", "many", "-1", "0"):
        monkeypatch.setenv("TAIZHANG_WORKERS", nonsense)
        assert workers() == 1


def test_too_many_callers_do_not_fill_the_memory() -> None:
    known = Buckets()
    for number in range(10_050):
        known.take(str(number), 5, now=0)
    assert len(known._levels) == 10_000


def test_a_program_in_a_hurry_is_told_to_wait(cast: Cast, settings: Any) -> None:
    settings.API_RATE = 3
    hasty, other = program(cast.su, cast.association), program(cast.bo, cast.east)
    first = hasty.ask("GET", "me/")
    told = {name: first[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")}
    assert told == {"Limit": "3", "Remaining": "2", "Reset": "20"}
    hasty.get("me/")
    hasty.get("me/")
    answer = hasty.ask("GET", "me/")
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert 0 < int(answer["Retry-After"]) <= 20
    assert answer["RateLimit-Remaining"] == "0"
    assert codes(answer.json()) == [("", "api.too-many")]
    other.get("me/")
    used = Token.objects.get(user=cast.su).last_used_at
    hasty.ask("GET", "me/")
    assert Token.objects.get(user=cast.su).last_used_at == used


def test_guessing_is_slowed_but_right_tokens_pass(cast: Cast, settings: Any) -> None:
    settings.API_FAILURES = 2
    right, wrong = program(cast.su, cast.association), Program("tzh_" + "a" * 64)
    wrong.get("me/", 401)
    wrong.get("me/", 401)
    answer = wrong.ask("GET", "me/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    assert codes(answer.json()) == [("", "api.too-many-failures")]
    right.get("me/")
    elsewhere = wrong.ask("GET", "me/", REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 401

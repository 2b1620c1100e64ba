"""Presses for many records: jobs, counts that change, and what could not be done."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.desk import bulk, bulk_views
from taizhang.engines.findings import Refused
from taizhang.jobs import worker
from taizhang.jobs.models import Job
from taizhang.ledger import catalogue, paging
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.factories import act, make, terms
from tests.steps import body, texts

BASE = "/activities/activity/"
ACT = f"{BASE}act/"


def some(cast: Cast, count: int, state: str = "submitted", **changes: Any) -> list[Any]:
    found = []
    for number in range(1, count + 1):
        record = make("activities.activity", number, cast.east, cast.su, **changes)
        if state != "draft":
            act(record, "submit", cast.su)
        if state == "verified":
            act(record, "verify", cast.zhi)
        found.append(record)
    return found


def states_of(records: list[Any]) -> list[str]:
    for record in records:
        record.refresh_from_db()
    return [record.state for record in records]


def test_more_than_a_few_records_are_moved_by_a_job_in_one_batch(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_views, "AT_ONCE", 2)
    records = some(cast, 4)
    own = make("activities.activity", 9, cast.east, cast.zhi and cast.lin)
    act(own, "submit", cast.lin)
    browser = sign_in(cast.lin)
    sent = {"query": "state=submitted", "every": "1", "count": "5", "action": "verify"}
    answer = browser.post(ACT, sent)
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    assert states_of(records) == ["submitted"] * 4, "nothing happens before the job"
    assert worker.run_waiting() == 1
    assert states_of(records) == ["verified"] * 4
    job.refresh_from_db()
    assert (job.state, job.total, job.done_count) == ("done", 5, 5)
    batch = Batch.objects.latest("pk")
    assert job.url == f"/batches/{batch.pk}/"
    assert Entry.objects.filter(batch=batch).count() == batch.changed == 4
    assert job.result == {"done": 4, "same": 0, "refused": 1}
    said = " ".join(texts(browser.get(f"/jobs/{job.pk}/").content.decode()))
    assert "须由他人核实" in said
    table = body(browser.get(f"/jobs/{job.pk}/file/")).decode("utf-8-sig")
    assert own.code in table


def test_a_job_that_finds_other_rows_than_were_shown_does_nothing(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_views, "AT_ONCE", 2)
    records = some(cast, 4)
    sent = {"query": "state=submitted", "every": "1", "count": "4", "action": "verify"}
    sign_in(cast.lin).post(ACT, sent)
    act(records[0], "return", cast.zhi, "缺签到表")
    worker.run_waiting()
    job = Job.objects.get()
    assert job.state == "failed"
    assert [finding.code for finding in job.told] == ["bulk.count-changed"]
    assert states_of(records) == ["returned", "submitted", "submitted", "submitted"]


def test_a_list_that_stopped_counting_asks_before_it_touches_all(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ENOUGH", 2)
    monkeypatch.setattr(bulk_views, "AT_ONCE", 2)
    records = some(cast, 3)
    browser = sign_in(cast.lin)
    listed = browser.get(f"{BASE}?state=submitted&per=2")
    assert str(listed.context["summary"]) == "2+"
    sent = {"query": "state=submitted", "every": "1", "count": "", "action": "verify"}
    asked = browser.post(ACT, sent)
    assert asked.status_code == 200
    assert asked.context["count"] == 3
    assert "3" in " ".join(texts(asked.content.decode()))
    assert states_of(records) == ["submitted"] * 3
    browser.post(ACT, sent | {"count": "3"})
    worker.run_waiting()
    assert states_of(records) == ["verified"] * 3


def test_whoever_answers_the_question_too_late_is_back_in_the_list(
    cast: Cast, sign_in: Any
) -> None:
    some(cast, 2)
    sent = {"query": "state=submitted", "every": "1", "count": "3", "action": "verify"}
    referer = f"http://testserver{ACT}"
    answer = sign_in(cast.lin).post(ACT, sent, headers={"referer": referer}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{BASE}?state=submitted"
    assert "3" in str(next(iter(answer.context["messages"])))


def test_what_a_job_would_refuse_is_refused_at_once(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_views, "AT_ONCE", 1)
    some(cast, 2)
    browser = sign_in(cast.lin)
    sent = {"query": "state=submitted", "every": "1", "count": "2"}
    assert browser.post(ACT, sent | {"action": "return", "reason": "  "}).status_code == 400
    refused = browser.post(ACT, sent | {"do": "set:place", "place": "没有这个馆"})
    assert refused.status_code == 422
    assert "没有这个馆" in refused.content.decode()
    assert not Job.objects.exists()


def test_a_large_job_is_shown_as_far_as_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    records = some(cast, 5)
    monkeypatch.setattr("taizhang.ledger.write.CHUNK", 2)
    seen: list[int] = []
    register = catalogue.get("activities.activity")
    keys = [record.pk for record in records]
    done = bulk.carry_out(
        register, keys, bulk.Deed("move", "verify"), actor=cast.zhi, progress=seen.append
    )
    assert (done.done, seen) == (5, [2, 2, 1])
    batch = done.batch
    again = bulk.carry_out(
        register,
        keys,
        bulk.Deed("add", "themes", ("health",), "补贴"),
        actor=cast.su,
        progress=seen.append,
    )
    assert (again.done, again.same, again.refused) == (5, 0, [])
    assert again.batch != batch
    assert seen == [2, 2, 1, 2, 2, 1]


def test_the_others_are_changed_when_one_breaks_a_rule(cast: Cast) -> None:
    """An edition needs its campaign: where there is one, the campaign cannot be emptied."""
    (campaign,) = terms("activities.campaign", "science-day") or [None]
    if campaign is None:
        from taizhang.activities.models import Campaign

        campaign = Campaign.objects.first()
    plain = make("activities.activity", 1, cast.east, cast.su, campaign=campaign)
    numbered = make("activities.activity", 2, cast.east, cast.su, campaign=campaign, edition=3)
    register = catalogue.get("activities.activity")
    done = bulk.carry_out(
        register, [plain.pk, numbered.pk], bulk.Deed("set", "campaign"), actor=cast.su
    )
    assert (done.done, done.refused_count) == (1, 1)
    (finding,) = done.refused
    assert (finding.code, finding.where) == ("write.broken-rule", f"east/{numbered.code}")


def test_records_that_only_the_database_refuses_are_found_one_by_one(cast: Cast) -> None:
    """Two units may use the same number; moving one record on top of the other is refused."""
    there = make("activities.activity", 1, cast.west, cast.su, code="同号")
    records = [
        make("activities.activity", number, cast.east, cast.su, code=code)
        for number, code in enumerate(("甲", "同号", "乙", "丙"), start=2)
    ]
    register = catalogue.get("activities.activity")
    keys = [record.pk for record in records]
    done = bulk.carry_out(register, keys, bulk.Deed("set", "unit", ("west",)), actor=cast.su)
    assert (done.done, done.refused_count) == (3, 1)
    assert done.refused[0].where == "east/同号"
    units = set(register.model._default_manager.filter(pk__in=keys).values_list("unit", "code"))
    assert (cast.east.pk, "同号") in units
    assert len({unit for unit, _code in units}) == 2
    assert there.pk not in keys


def test_nothing_is_moved_into_a_unit_where_one_does_not_record(cast: Cast) -> None:
    record = make("activities.activity", 1, cast.east, cast.bo)
    register = catalogue.get("activities.activity")
    for code in ("west", "elsewhere"):
        with pytest.raises(Refused):
            bulk.carry_out(register, [record.pk], bulk.Deed("set", "unit", (code,)), actor=cast.bo)
    record.refresh_from_db()
    assert (record.unit, record.version) == (cast.east, 1)


def test_what_names_a_record_or_a_person_is_not_set_for_many() -> None:
    for register in catalogue.registers():
        names = {known.name for known in bulk.settable_fields(register)}
        assert not names & {*register.personal, register.parent} - {""}
        assert not (names & set(register.key)) - {"unit"}


def test_nonsense_does_nothing(cast: Cast, sign_in: Any) -> None:
    (record,) = some(cast, 1)
    browser = sign_in(cast.lin)
    picked = {"pick": [record.pk]}
    for sent, status in (
        ({"action": "explode"}, 404),
        ({"do": "explode:themes"}, 404),
        ({"do": "add:nonsense"}, 404),
        ({"do": "add:title", "title": "x"}, 422),
        ({"do": "set:code", "code": "x"}, 422),
        ({"do": "set:state", "state": "verified"}, 422),
        ({"do": "add:themes"}, 422),
        ({"do": "add:themes", "themes": "nonsense"}, 422),
        ({"do": "set:unit", "unit": ""}, 422),
    ):
        assert browser.post(ACT, picked | sent).status_code == status, sent
    for pick in ([], ["x"], ["99999999999999999999999"], ["-1"]):
        answer = browser.post(ACT, {"pick": pick, "action": "verify"})
        assert answer.status_code == 400, pick
    for count in ("x", "-1", "2", "9" * 30):
        sent = {"every": "1", "count": count, "action": "verify"}
        assert browser.post(ACT, sent).status_code in (200, 400)
    record.refresh_from_db()
    assert (record.state, record.version) == ("submitted", 2)


def test_more_records_than_one_decision_can_cover_are_refused_whole(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LIMIT", 2)
    records = some(cast, 3, "draft")
    sent = {"action": "submit", "every": "1", "query": "", "count": "3"}
    assert sign_in(cast.su).post(ACT, sent).status_code == 400
    assert states_of(records) == ["draft"] * 3
    assert not Batch.objects.exists()

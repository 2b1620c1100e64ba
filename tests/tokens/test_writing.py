"""Writing: a plan that writes nothing, then its confirmation, all of it and once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from taizhang.activities.models import Activity
from taizhang.evidence.models import Evidence
from taizhang.exchange import work
from taizhang.exchange.models import ImportPlan
from taizhang.jobs import worker
from taizhang.jobs.models import Job
from taizhang.ledger import catalogue
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.factories import make, verified
from tests.tokens.conftest import Program, codes, program

PLANS = "activities/activity/plans/"


@pytest.fixture
def writer(cast: Cast) -> Program:
    """A program that records for the association."""
    return program(cast.su, cast.association, writes=True)


def row(number: int, **more: Any) -> dict[str, Any]:
    plain = {"unit": "east", "title": f"第{number}场", "form": "lecture", "held_on": "2021-05-01"}
    return plain | more


def uploads() -> list[Path]:
    folder = Path(django_settings.UPLOAD_ROOT)
    return list(folder.iterdir()) if folder.exists() else []


def test_a_plan_says_what_would_happen_and_writes_nothing(cast: Cast, writer: Program) -> None:
    old = make("activities.activity", 1, cast.east, cast.su)
    other = make("activities.activity", 2, cast.east, cast.su)
    entries = Entry.objects.count()
    same = writer.get(f"activities/activity/{other.pk}/")["values"]
    rows = [
        row(1),
        same,
        {"unit": "east", "code": old.code, "title": "改了名"},
        row(3, held_on="2021-02-30", attendance=-1, form="戏", themes=["nonsense"]),
        {"unit": "east", "title": None},
    ]
    made = writer.ask("POST", PLANS, {"rows": rows})
    assert made.status_code == 201
    plan = made.json()
    assert made["Location"] == plan["address"]
    assert plan["counts"] == {"new": 1, "changed": 1, "same": 1, "invalid": 2}
    assert (plan["ready"], plan["needs_reason"], plan["state"]) == (False, False, "waiting")
    assert [one["verdict"] for one in plan["rows"]] == [
        "new",
        "same",
        "changed",
        "invalid",
        "invalid",
    ]
    assert [one["row"] for one in plan["rows"]] == [0, 1, 2, 3, 4]
    assert plan["rows"][0]["key"] is None
    assert plan["rows"][2]["key"] == "east/HD-2021-0001"
    assert plan["rows"][2]["changes"] == [
        {"field": "title", "label": "活动名称", "old": "第1场科普讲座", "new": "改了名"}
    ]
    told = {(t["where"], t["code"]) for t in plan["rows"][3]["troubles"]}
    assert told == {
        ("rows[3].held_on", "import.no-such-day"),
        ("rows[3].attendance", "import.negative"),
        ("rows[3].form", "import.not-a-choice"),
        ("rows[3].themes", "import.not-a-choice"),
    }
    assert all(t["sentence"].endswith("。") for t in plan["rows"][3]["troubles"])
    assert ("rows[4].title", "import.required") in {
        (t["where"], t["code"]) for t in plan["rows"][4]["troubles"]
    }
    assert Entry.objects.count() == entries
    refused = writer.post(plan["address"] + "confirm/", {"digest": plan["digest"]}, 422)
    assert codes(refused)[0][1] == "import.invalid-rows"
    assert Entry.objects.count() == entries


def test_a_confirmed_plan_is_one_batch_and_confirming_again_writes_nothing(
    cast: Cast, writer: Program
) -> None:
    plan = writer.post(PLANS, {"rows": [row(1), row(2, themes=["rural"])]}, 201)
    assert len(uploads()) == 1
    address = plan["address"] + "confirm/"
    done = writer.post(address, {"digest": plan["digest"]})
    assert done["state"] == "done"
    batch = Batch.objects.get(pk=done["batch"]["id"])
    assert (batch.created, batch.changed, batch.actor, batch.source) == (2, 0, cast.su, "对接程序")
    assert [one["verb"] for one in done["records"]] == ["add", "add"]
    made = [writer.get(f"activities/activity/{one['id']}/") for one in done["records"]]
    assert [one["values"]["title"] for one in made] == ["第1场", "第2场"]
    assert {one["state"] for one in made} == {"draft"}
    for again in ({"digest": plan["digest"]}, {"digest": "other"}):
        assert writer.post(address, again) == done
    assert writer.get(plan["address"]) == done
    assert (Batch.objects.count(), Activity.objects.count()) == (1, 2)
    assert writer.ask("DELETE", plan["address"]).status_code == 204
    assert ImportPlan.objects.count() == 1
    assert uploads() == []


def test_a_plan_that_is_not_true_any_more_is_shown_anew(cast: Cast, writer: Program) -> None:
    old = make("activities.activity", 1, cast.east, cast.su)
    change = {"unit": "east", "code": old.code, "title": "我的"}
    mine = writer.post(PLANS, {"rows": [change]}, 201)
    other = writer.post(PLANS, {"rows": [change | {"title": "别人的"}]}, 201)
    writer.post(other["address"] + "confirm/", {"digest": other["digest"]})
    refused = writer.post(mine["address"] + "confirm/", {"digest": mine["digest"]}, 409)
    assert codes(refused) == [("digest", "import.plan-changed")]
    assert refused["plan"]["rows"][0]["changes"][0]["old"] == "别人的"
    assert Activity.objects.get().title == "别人的"
    new = refused["plan"]["digest"]
    assert writer.get(mine["address"])["digest"] == new
    writer.post(mine["address"] + "confirm/", {"digest": new})
    assert Activity.objects.get().title == "我的"
    wrong = writer.post(PLANS, {"rows": [row(5)]}, 201)
    for digest in ("", None, "x" * 64):
        writer.post(wrong["address"] + "confirm/", {"digest": digest}, 409)


def test_verified_records_change_with_a_reason_only(cast: Cast, writer: Program) -> None:
    old = verified("activities.activity", 1, cast.east, cast)
    plan = writer.post(PLANS, {"rows": [{"unit": "east", "code": old.code, "attendance": 7}]}, 201)
    assert plan["needs_reason"]
    address = plan["address"] + "confirm/"
    refused = writer.post(address, {"digest": plan["digest"]}, 422)
    assert codes(refused)[0][1] == "import.reason-needed"
    writer.post(address, {"digest": plan["digest"], "reason": "核对签到表"})
    old.refresh_from_db()
    assert (old.attendance, old.state) == (7, "submitted")
    assert Entry.objects.latest("pk").reason == "核对签到表"


def test_what_is_left_out_stays_and_null_empties(cast: Cast, writer: Program) -> None:
    old = make("activities.activity", 1, cast.east, cast.su)
    change = {"unit": "east", "code": old.code, "attendance": None, "themes": []}
    plan = writer.post(PLANS, {"rows": [change]}, 201)
    writer.post(plan["address"] + "confirm/", {"digest": plan["digest"]})
    now = writer.get(f"activities/activity/{old.pk}/")["values"]
    assert (now["attendance"], now["themes"]) == (None, [])
    assert (now["volunteers"], now["audiences"], now["title"]) == (5, ["farmers"], "第1场科普讲座")


def test_rows_without_a_unit_belong_to_the_one_that_is_named(cast: Cast, writer: Program) -> None:
    rows = [{key: value for key, value in row(1).items() if key != "unit"}]
    for data, owner in (
        ({"rows": rows, "unit": "west"}, "west"),
        ({"rows": rows}, "assoc"),
    ):
        plan = writer.post(PLANS, data, 201)
        done = writer.post(plan["address"] + "confirm/", {"digest": plan["digest"]})
        number = done["records"][0]["id"]
        assert writer.get(f"activities/activity/{number}/")["values"]["unit"] == owner
    narrow = program(cast.su, cast.east, writes=True)
    plan = narrow.post(PLANS, {"rows": rows}, 201)
    done = narrow.post(plan["address"] + "confirm/", {"digest": plan["digest"]})
    assert Activity.objects.get(pk=done["records"][0]["id"]).unit == cast.east
    assert codes(narrow.post(PLANS, {"rows": rows, "unit": "assoc"}, 404))


def test_rows_of_units_beside_the_token_are_refused(cast: Cast) -> None:
    west = make("activities.activity", 1, cast.west, cast.su)
    narrow = program(cast.su, cast.east, writes=True)
    rows = [row(1, unit="west"), {"unit": "west", "code": west.code, "title": "越权"}, row(2)]
    plan = narrow.post(PLANS, {"rows": rows}, 201)
    assert [one["verdict"] for one in plan["rows"]] == ["invalid", "invalid", "new"]
    assert {t["code"] for one in plan["rows"][:2] for t in one["troubles"]} == {
        "import.no-such-row"
    }
    west.refresh_from_db()
    assert west.title != "越权"


def test_a_wide_plan_is_not_carried_out_by_a_narrow_token(cast: Cast, writer: Program) -> None:
    plan = writer.post(PLANS, {"rows": [row(1, unit="west")]}, 201)
    narrow = program(cast.su, cast.east, writes=True)
    refused = narrow.post(plan["address"] + "confirm/", {"digest": plan["digest"]}, 409)
    assert refused["plan"]["counts"]["invalid"] == 1
    assert not Activity.objects.exists()


def test_plans_of_others_do_not_exist(cast: Cast, writer: Program) -> None:
    plan = writer.post(PLANS, {"rows": [row(1)]}, 201)
    for person, unit in ((cast.lin, cast.association), (cast.chen, cast.elsewhere)):
        other = program(person, unit, writes=True)
        other.get(plan["address"], 404)
        other.post(plan["address"] + "confirm/", {"digest": plan["digest"]}, 404)
        assert other.ask("DELETE", plan["address"]).status_code == 404
    writer.get(plan["address"].replace("activities/activity", "places/place"), 404)
    assert ImportPlan.objects.count() == 1


def test_a_plan_can_be_given_up(writer: Program) -> None:
    plan = writer.post(PLANS, {"rows": [row(1)]}, 201)
    gone = writer.ask("DELETE", plan["address"])
    assert (gone.status_code, gone.content) == (204, b"")
    writer.get(plan["address"], 404)
    assert (ImportPlan.objects.count(), uploads()) == (0, [])
    other = writer.post(PLANS, {"rows": [row(1)]}, 201)
    uploads()[0].unlink()
    assert codes(writer.get(other["address"], 400))[0][1] == "import.file-gone"


def test_state_and_numbers_cannot_be_written(cast: Cast, writer: Program) -> None:
    given = row(1) | {"state": "verified", "version": 9, "id": 77, "key": "x", "proof": "1"}
    plan = writer.post(PLANS, {"rows": [given]}, 201)
    assert plan["ignored"] == ["state", "version", "proof"]
    done = writer.post(plan["address"] + "confirm/", {"digest": plan["digest"]})
    record = writer.get(f"activities/activity/{done['records'][0]['id']}/")
    assert (record["state"], record["version"]) == ("draft", 1)


def test_a_masked_value_that_comes_back_means_unchanged(cast: Cast, writer: Program) -> None:
    person = make("org.person", 1, cast.east, cast.su)
    values = writer.get(f"org/person/{person.pk}/")["values"]
    assert values["phone"] == "138****0001"
    plan = writer.post("org/person/plans/", {"rows": [values | {"post": "主任"}]}, 201)
    assert plan["counts"]["changed"] == 1
    writer.post(plan["address"] + "confirm/", {"digest": plan["digest"]})
    person.refresh_from_db()
    assert (person.phone, person.name, person.post) == ("13800000001", "演示人1", "主任")


def test_rows_may_refer_to_one_another(cast: Cast) -> None:
    manager = program(cast.lin, cast.association, writes=True)
    rows = [
        {"code": "new-below", "name": "下级", "kind": "town", "parent": "new-above"},
        {"code": "new-above", "name": "上级", "kind": "town", "parent": "assoc"},
    ]
    plan = manager.post("org/unit/plans/", {"rows": rows}, 201)
    assert plan["ready"], plan
    manager.post(plan["address"] + "confirm/", {"digest": plan["digest"]})
    assert manager.get("org/unit/?code=new-below")["rows"][0]["values"]["parent"] == "new-above"


def test_a_large_plan_is_carried_out_by_a_job_within_its_token(
    cast: Cast, monkeypatch: Any
) -> None:
    from taizhang.tokens import plan_views

    assert plan_views.AT_ONCE_ROWS == work.AT_ONCE_ROWS
    monkeypatch.setattr(plan_views, "AT_ONCE_ROWS", 2)
    narrow = program(cast.su, cast.east, writes=True)
    plan = narrow.post(PLANS, {"rows": [row(number) for number in range(3)]}, 201)
    address = plan["address"] + "confirm/"
    narrow.post(address, {"digest": "wrong"}, 409)
    going = narrow.post(address, {"digest": plan["digest"]}, 202)
    assert (going["state"], going["job"]["state"]) == ("going", "waiting")
    assert narrow.post(address, {"digest": plan["digest"]}, 202)["job"]["id"] == going["job"]["id"]
    assert narrow.get(plan["address"])["state"] == "going"
    assert narrow.get(going["job"]["address"])["state"] == "waiting"
    program(cast.lin, cast.association).get(going["job"]["address"], 404)
    assert not Activity.objects.exists()
    assert worker.run_waiting() == 1
    assert narrow.get(going["job"]["address"])["state"] == "done"
    done = narrow.get(plan["address"])
    assert (done["state"], done["batch"]["created"], len(done["records"])) == ("done", 3, 3)
    assert narrow.post(address, {"digest": plan["digest"]}) == done
    assert uploads() == []


def test_a_job_that_finds_another_ledger_says_so(cast: Cast, monkeypatch: Any) -> None:
    from taizhang.tokens import plan_views

    monkeypatch.setattr(plan_views, "AT_ONCE_ROWS", 0)
    old = make("activities.activity", 1, cast.east, cast.su)
    writer = program(cast.su, cast.east, writes=True)
    change = {"unit": "east", "code": old.code, "title": "我的"}
    plan = writer.post(PLANS, {"rows": [change]}, 201)
    writer.post(plan["address"] + "confirm/", {"digest": plan["digest"]}, 202)
    Activity.objects.update(version=2, title="别人的")
    worker.run_waiting()
    assert Job.objects.get().state == "failed"
    told = writer.get(plan["address"])
    assert told["state"] == "waiting"
    assert [finding["code"] for finding in told["job"]["findings"]] == ["import.plan-changed"]
    assert told["digest"] != plan["digest"]
    writer.post(plan["address"] + "confirm/", {"digest": told["digest"]}, 202)
    worker.run_waiting()
    assert Activity.objects.get().title == "我的"


def test_a_proof_is_attached_listed_and_fetched(cast: Cast, writer: Program) -> None:
    record = make("activities.activity", 1, cast.east, cast.su)
    address = f"/api/v1/activities/activity/{record.pk}/evidence/"
    headers = {"Authorization": f"Bearer {writer.secret}"}

    def send(**parts: Any) -> Any:
        return writer.client.post(address, parts, headers=headers)

    file = SimpleUploadedFile("签到表.pdf", b"%PDF-1.4 demo")
    made = send(file=file, kind="sheet", taken_on="2021-03-02")
    assert made.status_code == 201, made.content.decode()
    proof = made.json()
    assert (proof["name"], proof["kind"], proof["strength"]) == ("签到表.pdf", "sheet", 2)
    assert proof["taken_on"] == "2021-03-02"
    assert made["Location"] == proof["file"]
    assert writer.get(address)["evidence"] == [proof]
    fetched = writer.ask("GET", proof["file"])
    assert b"".join(fetched.streaming_content) == b"%PDF-1.4 demo"
    assert "attachment" in fetched["Content-Disposition"]
    assert "sha" not in made.content.decode()
    for parts, code in (
        ({"kind": "sheet"}, "api.one-file"),
        ({"file": SimpleUploadedFile("x.pdf", b"%PDF-2"), "kind": "x"}, "evidence.unknown-kind"),
        (
            {"file": SimpleUploadedFile("x.pdf", b"no pdf"), "kind": "sheet"},
            "evidence.unknown-file",
        ),
        (
            {"file": SimpleUploadedFile("签到表.pdf", b"%PDF-1.4 demo"), "kind": "sheet"},
            "evidence.already-attached",
        ),
    ):
        answer = send(**parts)
        assert answer.status_code == 400
        assert [code for _where, code in codes(answer.json())] == [code]
    reader = program(cast.re, cast.association)
    reader.get(proof["file"].replace(f"/{record.pk}/", "/999/"), 404)
    other = make("activities.activity", 2, cast.east, cast.su)
    reader.get(proof["file"].replace(f"/{record.pk}/", f"/{other.pk}/"), 404)
    program(cast.chen, cast.elsewhere).get(proof["file"], 404)
    assert Evidence.objects.count() == 1
    assert catalogue.get("activities.activity").takes_evidence

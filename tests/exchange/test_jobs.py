"""Large imports go their way as jobs: read, looked at, written, and left alone meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taizhang.exchange import work
from taizhang.exchange.models import ImportPlan
from taizhang.jobs import queue, worker
from taizhang.jobs.models import Job, State
from taizhang.ledger import catalogue, write
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.factories import make
from tests.steps import confirm, upload, workbook

ACTIVITY = catalogue.get("activities.activity")
HEAD = ["unit", "code", "title", "form", "held_on"]


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    """So that a handful of rows goes the way of fifty thousand."""
    monkeypatch.setattr(work, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(work, "AT_ONCE_ROWS", 0)
    settings.JOBS_ROOT = tmp_path / "jobs"


def line(code: str, **changes: Any) -> list[Any]:
    values = {"unit": "east", "code": code, "title": "讲座", "form": "讲座", "held_on": "2021-5-6"}
    return list((values | changes).values())


def rows() -> Any:
    return ACTIVITY.model._default_manager.order_by("code")


def read(browser: Any, *lines: list[Any]) -> Any:
    """Upload, let the job read it, and look at the plan."""
    going = upload(browser, ACTIVITY, workbook(HEAD, *lines))
    assert going.status_code == 200
    assert "job" in going.context
    assert worker.run_waiting() == 1
    return browser.get(going.redirect_chain[-1][0], follow=True)


def address(plan: Any) -> str:
    return f"/activities/activity/import/{plan.context['kept'].pk}/"


@pytest.mark.fast
def test_a_large_file_is_read_by_a_job_and_written_by_another(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    going = upload(browser, ACTIVITY, workbook(HEAD, line("HD-1"), line("HD-2")))
    job = Job.objects.get()
    assert (job.kind, job.state, job.actor) == ("exchange.plan", State.WAITING, cast.su)
    assert "表.xlsx" in job.title
    assert f"/jobs/{job.pk}/progress/" in going.content.decode()
    assert worker.run_waiting() == 1
    job.refresh_from_db()
    assert (job.state, job.done_count) == (State.DONE, 2)
    plan = browser.get(job.url, follow=True)
    assert plan.context["counts"] == {"new": 2, "changed": 0, "same": 0, "invalid": 0}
    writing = confirm(browser, plan)
    assert rows().count() == 0
    assert writing.context["job"].kind == "exchange.carry-out"
    again = confirm(browser, plan)
    assert Job.objects.count() == 2, "a second click asks for nothing more"
    assert again.status_code == 200
    assert worker.run_waiting() == 1
    job = Job.objects.latest("pk")
    assert (job.state, job.findings) == (State.DONE, [])
    batch = Batch.objects.get()
    assert (batch.created, job.url) == (2, f"/batches/{batch.pk}/")
    assert [row.code for row in rows()] == ["HD-1", "HD-2"]
    assert browser.get(job.url).status_code == 200
    assert browser.get(address(plan), follow=True).status_code == 200
    assert not work.path_of(ImportPlan.objects.get()).exists()


def test_a_plan_that_the_ledger_has_overtaken_is_not_written_and_shown_as_it_is_now(
    cast: Cast, sign_in: Any
) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-1", title="旧")
    browser = sign_in(cast.su)
    plan = read(browser, line("HD-1", held_on="2021-3-2"))
    confirm(browser, plan)
    write.change(ACTIVITY, ACTIVITY.queryset().get(pk=record.pk), {"title": "别的"}, actor=cast.lin)
    assert worker.run_waiting() == 1
    job = Job.objects.latest("pk")
    assert (job.state, [f.code for f in job.told]) == (State.DONE, ["import.plan-changed"])
    record.refresh_from_db()
    assert record.title == "别的"
    fresh = browser.get(address(plan), follow=True)
    assert "别的" in fresh.content.decode()
    confirm(browser, fresh)
    assert worker.run_waiting() == 1
    record.refresh_from_db()
    assert record.title == "讲座"


def test_rows_with_errors_stay_behind_and_come_back(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    plan = read(browser, line("HD-1"), line("HD-2", form="茶话会"))
    assert confirm(browser, plan).status_code == 422
    assert Job.objects.count() == 1
    confirm(browser, plan, which="valid")
    assert worker.run_waiting() == 1
    assert [row.code for row in rows()] == ["HD-1"]
    job = Job.objects.latest("pk")
    assert job.url == address(plan)
    assert "returned.xlsx" in browser.get(job.url).content.decode()
    assert browser.get(f"{job.url}returned.xlsx").status_code == 200


def test_a_file_that_makes_no_sense_is_told_on_its_page(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    file = SimpleUploadedFile("表.xlsx", workbook([*HEAD, "心情"], [*line("HD-1"), "好"]))
    browser.post("/activities/activity/import/", {"file": file})
    assert worker.run_waiting() == 1
    job = Job.objects.get()
    assert [f.code for f in job.told] == ["import.unknown-column"]
    page = browser.get(job.url)
    assert page.status_code == 200
    assert "心情" in page.content.decode()
    assert browser.post(job.url, {"drop": "1"}).status_code == 302
    assert not ImportPlan.objects.exists()


def test_a_cancelled_reading_leaves_a_way_out(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    going = upload(browser, ACTIVITY, workbook(HEAD, line("HD-1")))
    queue.cancel(Job.objects.get())
    assert worker.run_waiting() == 0
    page = browser.get(going.redirect_chain[-1][0])
    assert page.status_code == 200
    assert 'name="drop"' in page.content.decode()


def test_a_cancelled_writing_writes_nothing_and_can_be_asked_for_again(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    plan = read(browser, line("HD-1"))
    confirm(browser, plan)
    queue.cancel(Job.objects.latest("pk"))
    assert worker.run_waiting() == 0
    fresh = browser.get(address(plan), follow=True)
    assert fresh.context["ready"]
    confirm(browser, fresh)
    assert worker.run_waiting() == 1
    assert rows().count() == 1


def test_a_job_whose_plan_was_dropped_says_so(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    going = upload(browser, ACTIVITY, workbook(HEAD, line("HD-1")))
    work.drop(ImportPlan.objects.get())
    assert browser.get(going.redirect_chain[-1][0]).status_code == 404
    assert worker.run_waiting() == 1
    assert Job.objects.get().state == State.FAILED


def test_killed_within_the_writing_it_is_written_once_when_it_is_taken_up_again(
    cast: Cast, sign_in: Any, monkeypatch: Any
) -> None:
    browser = sign_in(cast.su)
    plan = read(browser, line("HD-1"), line("HD-2"))
    confirm(browser, plan)
    before = Entry.objects.count()
    real = write.create_many

    def killed(*given: Any, **named: Any) -> None:
        real(*given, **named)
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(write, "create_many", killed)
        with pytest.raises(SystemExit):
            worker.run_waiting()
    assert (rows().count(), Entry.objects.count()) == (0, before)
    job = Job.objects.latest("pk")
    Job.objects.filter(pk=job.pk).update(state=State.WAITING, worker="", started_at=None)
    assert worker.run_waiting() == 1
    assert rows().count() == 2
    assert Batch.objects.count() == 1

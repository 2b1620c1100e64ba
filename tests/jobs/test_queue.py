"""What is asked for is done once, in the asker's name and language, or says why not."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import translation

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import Bilingual
from taizhang.jobs import claims, queue, told, worker
from taizhang.jobs.models import Job, State
from taizhang.jobs.run import Outcome, Run
from taizhang.ledger.models import Batch
from taizhang.wording import say
from tests.conftest import Cast
from tests.factories import make

pytestmark = pytest.mark.django_db
Asked = Callable[..., Job]


def done(job: Job) -> Job:
    """The job after everything that waits was done."""
    worker.run_waiting()
    job.refresh_from_db()
    return job


def codes(job: Job) -> list[str]:
    return [finding.code for finding in job.told]


def refused(act: Callable[[Job], None], job: Job) -> str:
    with pytest.raises(Refused) as caught:
        act(job)
    return caught.value.findings[0].code


def test_only_declared_work_can_be_asked_for(cast: Cast) -> None:
    with pytest.raises(LookupError, match=r"test\.unheard-of"):
        queue.enqueue("test.unheard-of", {}, actor=cast.su, title="x")


def test_two_tasks_cannot_have_one_name(declare: Any) -> None:
    from taizhang.jobs.tasks import task

    kind = declare(lambda run, payload: None)
    with pytest.raises(ValueError, match=kind):
        task(kind)(lambda run, payload: None)


def test_a_job_is_done_in_the_asker_s_name_and_language_and_leads_on(
    asked: Asked, cast: Cast
) -> None:
    seen: dict[str, Any] = {}

    def work(run: Run, payload: dict[str, Any]) -> Outcome:
        seen.update(actor=run.actor, language=translation.get_language(), payload=payload)
        run.total(3)
        run.step()
        run(2)
        told = Finding("figure.blank-values", "look", "", {"rows": 5, "blank": 2})
        return Outcome("/activities/activity/", {"rows": 3}, [told])

    with translation.override("en"):
        job = asked(work, {"file": "a.xlsx"})
    assert job.state == State.WAITING
    with translation.override("zh-hans"):
        job = done(job)
    assert seen == {"actor": cast.su, "language": "en", "payload": {"file": "a.xlsx"}}
    assert (job.state, job.total, job.done_count, job.attempts) == (State.DONE, 3, 3, 1)
    assert (job.url, job.result) == ("/activities/activity/", {"rows": 3})
    assert codes(job) == ["figure.blank-values"]
    assert job.finished_at is not None
    assert worker.run_waiting() == 0, "it is done once"


def test_jobs_are_done_in_the_order_they_were_asked_for(asked: Asked) -> None:
    order: list[int] = []

    def work(run: Run, payload: dict[str, Any]) -> None:
        order.append(payload["number"])

    for number in range(4):
        asked(work, {"number": number})
    assert worker.run_waiting() == 4
    assert order == [0, 1, 2, 3]


def test_what_a_task_writes_and_its_end_are_one(asked: Asked, cast: Cast) -> None:
    """The last statement of the transaction is the mark: an error even there leaves nothing."""

    def work(run: Run, payload: dict[str, Any]) -> Outcome:
        with run.committing() as outcome:
            make("activities.activity", 1, cast.east, run.actor)
            outcome.result = {"rows": {1, 2}}  # no JSON, so the mark itself fails
        return outcome

    from taizhang.activities.models import Activity

    job = done(asked(work))
    assert (job.state, codes(job)) == (State.FAILED, ["jobs.fault"])
    assert not Activity.objects.exists()


def test_a_task_that_fails_after_its_commit_is_done_all_the_same(
    asked: Asked, cast: Cast, caplog: Any
) -> None:
    def work(run: Run, payload: dict[str, Any]) -> None:
        with run.committing() as outcome:
            make("activities.activity", 1, cast.east, run.actor)
            outcome.url = "/"
        run.step()
        raise RuntimeError("too late")

    with caplog.at_level(logging.ERROR):
        job = done(asked(work))
    assert (job.state, job.url, codes(job)) == (State.DONE, "/", [])
    assert "too late" in caplog.text


def test_a_task_commits_once(asked: Asked, cast: Cast) -> None:
    def work(run: Run, payload: dict[str, Any]) -> None:
        for number in (1, 2):
            with run.committing():
                make("activities.activity", number, cast.east, run.actor)

    from taizhang.activities.models import Activity

    assert done(asked(work)).state == State.DONE
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("error", "code", "logged"),
    [
        (RuntimeError("x" * 10), "jobs.fault", True),
        (MemoryError(), "jobs.no-memory", True),
        (OSError(errno.ENOSPC, "No space left on device"), "document.disk-full", True),
        (OperationalError("database or disk is full"), "document.disk-full", True),
        (Refused.because("import.no-file", "表"), "import.no-file", False),
    ],
)
def test_whatever_goes_wrong_is_a_sentence_and_nothing_is_written(
    error: Exception, code: str, logged: bool, asked: Asked, cast: Cast, caplog: Any
) -> None:
    from taizhang.activities.models import Activity

    def work(run: Run, payload: dict[str, Any]) -> None:
        with run.committing():
            make("activities.activity", 1, cast.east, run.actor)
            raise error

    job = done(asked(work))
    assert (job.state, codes(job)) == (State.FAILED, [code])
    assert not Activity.objects.exists()
    assert all(say(job.told[0], language) for language in ("zh", "en"))
    assert ("Traceback" in caplog.text) == logged
    assert str(job.pk) in caplog.text or not logged


def test_findings_of_every_kind_come_back_as_they_went() -> None:
    went = [
        Finding("a.b", "must", "表!C7", {"n": 3, "x": None, "f": True, "d": Decimal("1.50")}),
        Finding("c.d", "hint", "", {"name": Bilingual("甲", "A"), "many": ("甲", 2)}),
        Finding("e.f", "look", "", {"day": date(2021, 9, 18), "odd": object}),
    ]
    back = told.unpack(json.loads(json.dumps(told.pack(went))))
    assert back[0] == went[0]
    assert back[1].params == {"name": Bilingual("甲", "A"), "many": ["甲", 2]}
    assert back[2].params["day"] == "2021-09-18"
    assert len(told.pack(Finding("a.b") for _ in range(1000))) == told.LIMIT


@pytest.mark.parametrize("gone", ["inactive", "removed"])
def test_a_job_of_somebody_who_left_is_not_done(gone: str, asked: Asked, cast: Cast) -> None:
    from taizhang.accounts.models import User

    job = asked(lambda run, payload: pytest.fail("done"))
    if gone == "inactive":
        User.objects.filter(pk=cast.su.pk).update(is_active=False)
    else:
        Job.objects.filter(pk=job.pk).update(actor=None)
    job = done(job)
    assert (job.state, codes(job)) == (State.FAILED, ["jobs.actor-gone"])


def test_work_that_this_version_does_not_know_says_so(asked: Asked) -> None:
    job = asked(lambda run, payload: None)
    Job.objects.filter(pk=job.pk).update(kind="older.kind")
    job = done(job)
    assert (job.state, codes(job)) == (State.FAILED, ["jobs.unknown-kind"])


def test_a_busy_database_is_tried_again_and_then_said(asked: Asked) -> None:
    tried: list[int] = []

    def work(run: Run, payload: dict[str, Any]) -> None:
        tried.append(run.job.attempts)
        raise OperationalError("database is locked")

    job = done(asked(work))
    assert tried == [1, 2, 3]
    assert (job.state, codes(job)) == (State.FAILED, ["jobs.database-busy"])


def test_a_waiting_job_is_cancelled_at_once_and_can_be_asked_for_again(asked: Asked) -> None:
    ran: list[int] = []
    job = asked(lambda run, payload: ran.append(1))
    queue.cancel(job)
    assert job.state == State.CANCELLED
    assert worker.run_waiting() == 0
    assert refused(queue.cancel, job) == "jobs.already-over"
    queue.retry(job)
    assert job.state == State.WAITING
    assert done(job).state == State.DONE
    assert ran == [1]
    assert refused(queue.retry, job) == "jobs.not-to-retry"


def test_a_failed_job_begins_anew_when_retried(asked: Asked) -> None:
    faults = [RuntimeError("once")]

    def work(run: Run, payload: dict[str, Any]) -> None:
        if faults:
            raise faults.pop()

    job = done(asked(work))
    assert job.state == State.FAILED
    queue.retry(job)
    assert (job.attempts, job.told, job.finished_at) == (0, [], None)
    assert (done(job).state, job.told) == (State.DONE, [])


def test_a_claim_is_never_the_same_twice(asked: Asked) -> None:
    for _ in range(2):
        asked(lambda run, payload: None)
    first, second = claims.claim(), claims.claim()
    assert first is not None
    assert second is not None
    assert first.pk != second.pk
    assert first.worker != second.worker
    assert claims.claim() is None


def test_a_worker_that_lost_its_job_writes_neither_rows_nor_an_end(
    asked: Asked, cast: Cast
) -> None:
    def work(run: Run, payload: dict[str, Any]) -> None:
        with run.committing():
            Batch.objects.create(
                kind="import", actor=cast.su, at=run.job.created_at, source=run.job.worker
            )
            if run.job.attempts == 1:  # meanwhile somebody takes it for lost
                Job.objects.filter(pk=run.job.pk).update(worker="elsewhere:1:1-x")

    job = asked(work)
    first = claims.claim()
    assert first is not None
    worker.carry_out(first)
    job.refresh_from_db()
    assert not Batch.objects.exists()
    assert (job.state, job.worker) == (State.RUNNING, first.worker), "its own update went too"
    Job.objects.filter(pk=job.pk).update(worker="elsewhere:1:1-x")
    assert not claims.end(first, State.FAILED, [Finding("jobs.fault")])
    assert not claims.give_back(first)


def test_tidying_up_that_fails_does_not_end_the_worker(caplog: Any) -> None:
    def fails() -> bool:
        raise PermissionError("not ours")

    assert not worker.beside(fails)
    assert "not ours" in caplog.text
    assert worker.beside(lambda: True)
    with pytest.raises(OperationalError):  # the loop itself knows what to do then
        worker.beside(lambda: (_ for _ in ()).throw(OperationalError("gone")))

"""Five rounds of ``make soak``: whoever is killed at whatever moment, nothing is half done."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from taizhang.activities.models import Activity
from taizhang.jobs import worker
from taizhang.jobs.models import Job, State
from taizhang.jobs.queue import enqueue
from taizhang.ledger.models import Batch
from tests.conftest import Cast
from tests.factories import make
from tests.soak import scenarios
from tests.soak import tasks as tasks  # declares the work of the scenarios
from tests.soak.office import ROOT

ROUNDS = 5


def test_after_kills_at_random_moments_everything_is_there_once_or_not_at_all() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "TEST_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "tools.soak", "--rounds", str(ROUNDS)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{ROUNDS} rounds" in done.stdout


@pytest.mark.django_db
def test_what_is_half_done_would_be_found(cast: Cast, settings: object) -> None:
    pages = scenarios.Pages()
    batches, files = scenarios.Batches(), scenarios.Files()
    enqueue("soak.write", {"rows": 3, "tag": "批"}, actor=cast.su, title="批")
    enqueue("soak.file", {"lines": 3}, actor=cast.su, title="文件")
    assert list(scenarios.job_faults()) != [], "they still wait"
    assert worker.run_waiting() == 2
    make("activities.activity", 1, cast.east, cast.su, title="页0-0")
    pages.sent, pages.saved = ["页0-0", "页0-1"], {"页0-0"}
    found = (scenarios.job_faults, batches.faults, files.faults, pages.faults)
    assert [list(faults()) for faults in found] == [[]] * 4

    batch = Batch.objects.get()
    make("activities.activity", 2, cast.east, cast.su, title="批-3")
    assert "4 rows" in next(batches.faults())
    Job.objects.filter(kind="soak.write").update(state=State.FAILED)
    assert len(list(scenarios.job_faults())) == 1, "it failed without a reason"
    batch.pk = None
    batch.save()
    assert "a batch was written twice" in list(batches.faults())
    Job.objects.filter(kind="soak.file").update(payload={"lines": 4})
    assert "not whole" in next(files.faults())
    pages.saved.add("页0-1")
    assert len(list(pages.faults())) == 2, "an answer without a record, and an entry too many"


@pytest.mark.django_db
def test_a_workbook_that_is_half_written_would_be_found(cast: Cast, settings: object) -> None:
    books = scenarios.Workbooks()
    luck = random.Random(1)  # noqa: S311
    books.begin(0, luck, cast.lin, "")
    assert list(books.faults()) == [], "nothing of it is there yet"
    assert worker.run_waiting() == 1
    assert list(scenarios.job_faults()) == []
    assert list(books.faults()) == []
    rows = Activity.objects.filter(title__startswith="册0.xlsx-")
    assert rows.count() >= 10
    rows.filter(pk=rows.order_by("pk")[0].pk).update(title="一行不见了")
    assert "rows" in next(books.faults())
    Activity.objects.filter(title="一行不见了").update(title="册0.xlsx-0")
    books.begin(1, luck, cast.lin, "")
    assert len(list(books.faults())) == 0, "the undoing waits"
    assert worker.run_waiting() == 1
    assert list(books.faults()) == []
    assert not rows.exists()
    make("activities.activity", 1, cast.east, cast.su, title="册0.xlsx-1")
    assert "of 0 rows" in next(books.faults())

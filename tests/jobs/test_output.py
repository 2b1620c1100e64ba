"""Files to download are seen when the job is done, and go with it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from taizhang.jobs import sweep, worker
from taizhang.jobs.models import Job, State
from taizhang.jobs.run import Outcome, Run
from tests.steps import body

pytestmark = pytest.mark.django_db
Asked = Callable[..., Job]


def make_file(run: Run, payload: dict[str, Any]) -> Outcome:
    run.output(payload.get("name", "佐证包 2021.zip")).write_bytes(b"PK-made-up")
    if payload.get("fails"):
        raise RuntimeError("in the middle")
    return Outcome()


def finished(job: Job) -> Job:
    worker.run_waiting()
    job.refresh_from_db()
    return job


def test_the_asker_downloads_the_file_and_nobody_else(
    asked: Asked, cast: Any, sign_in: Any
) -> None:
    job = finished(asked(make_file))
    browser = sign_in(cast.su)
    response = browser.get(f"/jobs/{job.pk}/file/")
    assert response.status_code == 200
    assert body(response) == b"PK-made-up"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert "%E4%BD%90%E8%AF%81" in response["Content-Disposition"]
    assert sign_in(cast.lin).get(f"/jobs/{job.pk}/file/").status_code == 404


def test_a_failed_attempt_leaves_no_file(asked: Asked, settings: Any) -> None:
    job = finished(asked(make_file, {"fails": True}))
    assert (job.state, job.output) == (State.FAILED, "")
    assert list(settings.JOBS_ROOT.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a\r\nb: c.xlsx", "a b c.xlsx"),
        ("…" * 300 + ".xlsx", "…" * 155 + ".xlsx"),
        ("", "file"),
        ("CON.", "CON"),
    ],
)
def test_a_name_is_only_a_name(name: str, kept: str, asked: Asked, settings: Any) -> None:
    job = finished(asked(make_file, {"name": name}))
    assert job.output_name == kept
    (path,) = settings.JOBS_ROOT.iterdir()
    assert path.name == job.output


def test_a_file_that_is_gone_says_so(asked: Asked, cast: Any, sign_in: Any, settings: Any) -> None:
    job = finished(asked(make_file))
    (settings.JOBS_ROOT / job.output).unlink()
    response = sign_in(cast.su).get(f"/jobs/{job.pk}/file/")
    assert response.status_code == 400
    assert "已不存在" in response.content.decode()


def test_old_jobs_go_with_their_files_and_waiting_ones_stay(asked: Asked, settings: Any) -> None:
    old, young = finished(asked(make_file)), finished(asked(make_file))
    waiting = asked(make_file)
    long_ago = timezone.now() - timedelta(days=settings.JOB_KEPT_DAYS + 1)
    Job.objects.update(created_at=long_ago)
    Job.objects.filter(pk=old.pk).update(finished_at=long_ago)
    assert sweep.sweep() == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {young.pk, waiting.pk}
    assert [path.name for path in settings.JOBS_ROOT.iterdir()] == [young.output]


def test_what_killed_attempts_left_goes_after_a_day(asked: Asked, settings: Any) -> None:
    job = finished(asked(make_file))
    waiting = asked(make_file)
    root: Path = settings.JOBS_ROOT
    yesterday = time.time() - sweep.LEFT_OVER - 1
    names = ["99-abc.out.zip", "98.cancel", "97-abc.pulse", f"{waiting.pk}.cancel", "96-x.pulse"]
    for name in names:
        (root / name).touch()
        os.utime(root / name, (yesterday, yesterday))
    os.utime(root / job.output, (yesterday, yesterday))
    (root / "96-x.pulse").touch()
    sweep.sweep()
    assert {path.name for path in root.iterdir()} == {
        *(job.output, f"{waiting.pk}.cancel", "96-x.pulse")
    }

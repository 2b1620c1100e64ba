"""The pages of jobs: one's own and nobody else's, honest about what stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django.utils import timezone

from taizhang.engines.findings import Finding, Refused
from taizhang.jobs import claims, worker
from taizhang.jobs.models import Job, State
from taizhang.jobs.run import Outcome, Run
from taizhang.ledger import states
from tests.conftest import Cast
from tests.factories import make
from tests.jobs.test_lost import of_a_dead_process
from tests.steps import links

pytestmark = pytest.mark.django_db
Asked = Callable[..., Job]


def nothing(run: Run, payload: dict[str, Any]) -> None:
    """Work without a trace."""


def text(response: Any) -> str:
    assert response.status_code == 200
    found: str = response.content.decode()
    return found


def test_nobody_sees_another_s_job(asked: Asked, cast: Cast, sign_in: Any, client: Any) -> None:
    job = asked(nothing)
    for address in (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/progress/", f"/jobs/{job.pk}/file/"):
        assert sign_in(cast.lin).get(address).status_code == 404, "not even the manager"
    for verb in ("cancel", "retry"):
        assert sign_in(cast.lin).post(f"/jobs/{job.pk}/{verb}/").status_code == 404
        assert sign_in(cast.su).get(f"/jobs/{job.pk}/{verb}/").status_code == 405
    assert job.title not in text(sign_in(cast.lin).get("/jobs/"))
    assert job.title in text(sign_in(cast.su).get("/jobs/"))
    client.logout()
    assert client.get(f"/jobs/{job.pk}/").status_code == 302
    job.refresh_from_db()
    assert job.state == State.WAITING


def test_the_page_fetches_its_progress_until_the_end_and_then_itself(
    asked: Asked, cast: Cast, sign_in: Any, client: Any
) -> None:
    job = asked(nothing)
    browser = sign_in(cast.su)
    page = text(browser.get(f"/jobs/{job.pk}/"))
    assert f'hx-get="/jobs/{job.pk}/progress/"' in page
    assert "离开" in page
    part = browser.get(f"/jobs/{job.pk}/progress/")
    assert f'hx-get="/jobs/{job.pk}/progress/"' in text(part)
    assert "<html" not in text(part)
    assert "no-store" in part["Cache-Control"]
    worker.run_waiting()
    ended = browser.get(f"/jobs/{job.pk}/progress/")
    assert (ended.status_code, ended["HX-Refresh"]) == (204, "true")
    assert "hx-get" not in text(browser.get(f"/jobs/{job.pk}/")).partition("<main")[2]
    client.logout()
    signed_out = client.get(f"/jobs/{job.pk}/progress/")
    assert (signed_out.status_code, signed_out["HX-Refresh"]) == (204, "true")
    assert client.get(f"/jobs/{job.pk + 999}/progress/").status_code == 204, "tells nothing"


def test_a_finished_job_leads_on(asked: Asked, cast: Cast, sign_in: Any) -> None:
    told = Finding("figure.blank-values", "look", "表!C7", {"rows": 5, "blank": 2})
    job = asked(lambda run, payload: Outcome("/activities/activity/", findings=[told]))
    worker.run_waiting()
    page = text(sign_in(cast.su).get(f"/jobs/{job.pk}/"))
    assert "/activities/activity/" in links(page.partition("<main")[2])
    assert "表!C7" in page
    assert "5" in page
    assert f"/jobs/{job.pk}/cancel/" not in page
    assert f"/jobs/{job.pk}/retry/" not in page


def test_a_failed_job_says_why_in_the_reader_s_language(
    asked: Asked, cast: Cast, sign_in: Any
) -> None:
    def work(run: Run, payload: dict[str, Any]) -> None:
        raise Refused.because("document.too-large", "活动.xlsx", name="活动.xlsx", size=9, limit=5)

    job = asked(work)
    worker.run_waiting()
    browser = sign_in(cast.su)
    page = text(browser.get(f"/jobs/{job.pk}/"))
    assert "活动.xlsx" in page
    assert "失败" in page
    cast.su.language = "en"
    cast.su.save()
    page = text(browser.get(f"/jobs/{job.pk}/"))
    assert "Failed" in page
    assert "too large" in page or "MB" in page
    again = browser.post(f"/jobs/{job.pk}/retry/", follow=True)
    assert again.status_code == 200
    job.refresh_from_db()
    assert job.state == State.WAITING


def test_a_job_is_cancelled_with_a_button(asked: Asked, cast: Cast, sign_in: Any) -> None:
    job = asked(nothing)
    browser = sign_in(cast.su)
    page = text(browser.post(f"/jobs/{job.pk}/cancel/", follow=True))
    assert "已取消" in page
    assert f"/jobs/{job.pk}/retry/" in page
    refused = browser.post(f"/jobs/{job.pk}/cancel/")
    assert refused.status_code == 400
    assert "已经结束" in refused.content.decode()


def test_a_running_job_that_is_to_end_says_so(asked: Asked, cast: Cast, sign_in: Any) -> None:
    asked(nothing)
    job = claims.claim()
    assert job is not None
    page = text(sign_in(cast.su).post(f"/jobs/{job.pk}/cancel/", follow=True))
    assert "正在取消" in page
    assert f"/jobs/{job.pk}/cancel/" not in page


def test_a_job_that_nobody_does_says_how_to_begin(asked: Asked, cast: Cast, sign_in: Any) -> None:
    first, second = asked(nothing), asked(nothing)
    browser = sign_in(cast.su)
    assert "taizhang work" not in text(browser.get(f"/jobs/{first.pk}/")), "give it a moment"
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert "taizhang work" in text(browser.get(f"/jobs/{first.pk}/"))
    claims.claim()
    page = text(browser.get(f"/jobs/{second.pk}/"))
    assert "taizhang work" not in page, "somebody is at work on another one"
    assert "1" in page
    of_a_dead_process(first)
    assert "taizhang work" in text(browser.get(f"/jobs/{second.pk}/"))
    page = text(browser.get(f"/jobs/{first.pk}/"))
    assert "中断" in page
    assert "taizhang work" in page
    assert "中断" in text(browser.get("/jobs/"))


def test_how_far_it_is_stands_on_the_page(asked: Asked, cast: Cast, sign_in: Any) -> None:
    """Here in the row; while a transaction is open elsewhere: see ``test_processes``."""
    asked(nothing)
    job = claims.claim()
    assert job is not None
    Job.objects.filter(pk=job.pk).update(
        total=480, done_count=312, started_at=Now() - timedelta(seconds=37)
    )
    page = text(sign_in(cast.su).get(f"/jobs/{job.pk}/"))
    assert 'value="312" max="480"' in page
    assert "65%" in page
    assert "20" in page, "about so many seconds are left"
    assert "65%" in text(sign_in(cast.su).get("/jobs/"))


def test_without_jobs_the_page_says_what_it_is_for(cast: Cast, sign_in: Any) -> None:
    page = text(sign_in(cast.su).get("/jobs/"))
    assert "/registers/" in links(page.partition("<main")[2])
    assert "hx-get" not in page.partition("<main")[2]


@pytest.mark.parametrize("address", ["/jobs/", "/jobs/{pk}/", "/jobs/{pk}/progress/"])
def test_a_page_asks_the_database_equally_often_whatever_waits(
    address: str, asked: Asked, cast: Cast, sign_in: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    job = asked(nothing)
    address = address.format(pk=job.pk)
    browser = sign_in(cast.su)
    browser.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            text(browser.get(address))
        counts.append(len(queries))
        for _number in range(20):
            asked(nothing, actor=cast.zhi)
            asked(nothing)
    assert counts[0] == counts[1]
    assert counts[0] <= (5 if "progress" in address else 14)


def test_a_write_that_found_the_database_busy_is_no_fault(
    cast: Cast, sign_in: Any, monkeypatch: Any
) -> None:
    def busy(*given: Any, **more: Any) -> None:
        raise OperationalError("database is locked")

    record = make("activities.activity", 1, cast.association, cast.su)
    monkeypatch.setattr(states, "act", busy)
    browser = sign_in(cast.su)
    response = browser.post(f"/activities/activity/{record.pk}/submit/")
    assert response.status_code == 503
    page = response.content.decode()
    assert "稍候" in page
    assert "重新载入" in page
    assert browser.get("/activities/activity/").status_code == 200

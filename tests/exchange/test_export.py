"""Files out of a register: cell by cell what a record shows, and very many rows by a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.exchange import export, export_views, lines
from taizhang.jobs.models import Job, State
from taizhang.jobs.worker import run_waiting
from taizhang.ledger import catalogue, cells
from tests.conftest import Cast
from tests.factories import make
from tests.steps import body, csv_rows, xlsx_rows

REGISTERS = [register.name for register in catalogue.registers()]
LIST = "/activities/activity"


def whole(name: str) -> list[tuple[Any, ...]]:
    """Every row of a register as the cells of a file."""
    register = catalogue.get(name)
    names = export.export_names(register)
    parts = lines.in_parts(register, register.queryset().order_by("pk"), names)
    return [row for part in parts for row in part]


@pytest.mark.parametrize("name", REGISTERS)
@pytest.mark.parametrize("part", [1, 2, 1000])
def test_cells_are_what_the_fields_of_the_records_say(
    name: str, part: int, cast: Cast, monkeypatch: Any
) -> None:
    monkeypatch.setattr(lines, "PART", part)
    register = catalogue.get(name)
    for number in range(1, 4):
        make(name, number, cast.east, cast.lin)
    expected = []
    for record in register.queryset().order_by("pk"):
        row = []
        for field in map(register.fields.__getitem__, export.export_names(register)):
            cell = field.cell(field.value(record))
            row.append(cells.masked(cell) if field.masks else cell)
        expected.append(tuple(row))
    assert whole(name) == expected
    assert len(expected) >= 3


def test_more_rows_take_no_more_queries(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            whole("activities.participation")
        return len(queries)

    make("activities.participation", 1, cast.east, cast.su)
    few = asked()
    for number in range(2, 8):
        make("activities.participation", number, cast.east, cast.su)
    assert asked() == few


def test_what_was_looked_up_is_forgotten_in_time(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(lines, "PART", 1)
    monkeypatch.setattr(lines, "_REMEMBERED", 2)
    for number in range(1, 6):
        make("activities.participation", number, cast.east, cast.su)
    assert len({row[0] for row in whole("activities.participation")}) == 5


def test_a_row_that_is_gone_meanwhile_is_left_out(cast: Cast, monkeypatch: Any) -> None:
    for number in range(1, 4):
        make("activities.activity", number, cast.east, cast.su)
    register = catalogue.get("activities.activity")
    rows = register.queryset().order_by("pk")
    gone = rows[1].pk
    monkeypatch.setattr(lines, "PART", 1)
    parts = lines.in_parts(register, rows, ["code"])
    assert len(next(parts)) == 1
    for tags in ("audiences", "themes"):
        getattr(rows[1], tags).clear()
    register.model._default_manager.filter(pk=gone)._raw_delete("default")
    assert len([row for part in parts for row in part]) == 1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_very_many_rows_are_asked_for_and_written_by_a_job(
    kind: str, cast: Cast, sign_in: Any, monkeypatch: Any, settings: Any, tmp_path: Path
) -> None:
    settings.JOBS_ROOT = tmp_path / "jobs"
    for number in range(1, 6):
        make("activities.activity", number, cast.east, cast.su)
    make("activities.activity", 6, cast.west, cast.su)
    monkeypatch.setattr(export_views, "AT_ONCE", 3)
    browser = sign_in(cast.bo)
    address = f"{LIST}.{kind}"
    page = browser.get(f"{address}?form=lecture&sort=code")
    assert page["Content-Type"].startswith("text/html")
    assert not Job.objects.exists()
    asked = browser.post(address, {"query": page.context["canonical"]})
    job = Job.objects.get()
    assert asked.url == f"/jobs/{job.pk}/"
    assert run_waiting() == 1
    job.refresh_from_db()
    assert (job.state, job.total) == (State.DONE, 5)
    content = body(browser.get(f"/jobs/{job.pk}/file/"))
    _header, rows = xlsx_rows(content, tmp_path) if kind == "xlsx" else csv_rows(content)
    assert [row[1] for row in rows] == [f"HD-2021-000{number}" for number in range(1, 6)]
    assert browser.get(f"{address}?q=HD-2021-0001").has_header("Content-Disposition")
    assert browser.get(f"{LIST}.json").json()["total"] == 5


def test_a_job_asked_for_by_somebody_who_lost_the_unit_writes_nothing_of_it(
    cast: Cast, sign_in: Any, monkeypatch: Any, settings: Any, tmp_path: Path
) -> None:
    settings.JOBS_ROOT = tmp_path / "jobs"
    make("activities.activity", 1, cast.east, cast.su)
    monkeypatch.setattr(export_views, "AT_ONCE", 0)
    sign_in(cast.bo).post(f"{LIST}.csv", {"query": ""})
    cast.bo.memberships.update(unit=cast.west)
    assert run_waiting() == 1
    job = Job.objects.get()
    _header, rows = csv_rows(body(sign_in(cast.bo).get(f"/jobs/{job.pk}/file/")))
    assert rows == []


def test_chen_gets_nothing_of_ours(cast: Cast, sign_in: Any, monkeypatch: Any) -> None:
    make("activities.activity", 1, cast.east, cast.su)
    monkeypatch.setattr(export_views, "AT_ONCE", 0)
    _header, rows = csv_rows(body(sign_in(cast.chen).get(f"{LIST}.csv")))
    assert rows == []

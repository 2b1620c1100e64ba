"""A whole year in one workbook: planned as one, returned with its reasons, cured, imported, undone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taizhang.documents.sheets import Sheet
from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.documents.workbooks import read_sheets
from taizhang.exchange import beside, work
from taizhang.exchange.columns import sheet_names
from taizhang.exchange.models import ImportPlan
from taizhang.ledger import catalogue
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.steps import body

from .faulty_year import EACH, KINDS, Planted, build

REASON = "退回原因"


def label(sheet: str, field: str) -> str:
    """The header of a field, as it stands in a template."""
    return sheet_names()[sheet].fields[field].labels()[0]


def upload(browser: Any, content: bytes, name: str = "全年.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post("/import/", {"file": file}, follow=True)


def address(plan: Any) -> str:
    return str(plan.redirect_chain[-1][0])


def say_yes(browser: Any, plan: Any, **sent: str) -> Any:
    given = {"digest": ImportPlan.objects.get(pk=plan.context["kept"].pk).digest, **sent}
    return browser.post(address(plan), given, follow=True)


def kept(plan: Any) -> ImportPlan:
    return ImportPlan.objects.get(pk=plan.context["kept"].pk)


def reasons(plan: Any) -> list[tuple[str, str, str]]:
    """Sheet, place and code of everything that is told of a plan."""
    return [
        (sheet, reason.place, reason.finding.code)
        for sheet, _number, troubles, _waits in beside.reasons(work.path_of(kept(plan)))
        for reason in troubles
    ]


def returned(browser: Any, plan: Any, folder: Path) -> list[Sheet]:
    answer = browser.get(f"{address(plan)}returned.xlsx")
    assert answer.status_code == 200
    path = folder / "returned.xlsx"
    path.write_bytes(body(answer))
    return read_sheets(path, path.name)


def cured(sheets: list[Sheet], planted: list[Planted], folder: Path) -> bytes:
    """The returned workbook with every cell mended that its reason speaks of."""
    by_place = {(error.sheet, error.place): error for error in planted}
    out = []
    for sheet in sheets:
        rows = []
        for row in sheet.rows:
            cells = list(row.cells)
            for line in str(cells[-1]).split("\n"):
                place = line.removeprefix("第 ").split()[0]
                error = by_place[sheet.name, place]
                cells[sheet.header.index(error.column)] = error.cure
            rows.append(cells)
        columns = [OutColumn(title) for title in sheet.header]
        out.append(OutSheet(sheet.name, columns, rows))
    write_xlsx(folder / "cured.xlsx", out)
    return (folder / "cured.xlsx").read_bytes()


@pytest.mark.fast
def test_a_year_with_200_errors_comes_back_with_exactly_these_reasons_and_is_cured(
    cast: Cast, sign_in: Any, tmp_path: Path
) -> None:
    content, planted = build(label)
    assert len(KINDS) == 25
    assert len(planted) == 200
    browser = sign_in(cast.su)
    before = Entry.objects.count()
    plan = upload(browser, content)
    assert plan.status_code == 200, plan.content.decode()
    told = Counter(reasons(plan))
    assert told == Counter((error.sheet, error.place, error.code) for error in planted)
    assert plan.context["counts"]["invalid"] == 200
    assert "随手记" in plan.content.decode(), "a sheet of no register is told"
    refused = say_yes(browser, plan)
    assert refused.status_code == 422
    assert Entry.objects.count() == before, "nothing was written"

    home = returned(browser, plan, tmp_path)
    assert all(sheet.header[-1] == REASON for sheet in home)
    lines = [
        line for sheet in home for row in sheet.rows for line in str(row.cells[-1]).split("\n")
    ]
    assert len(lines) == 200
    assert sum(len(sheet.rows) for sheet in home) == 200

    good = plan.context["counts"]["new"]
    done = say_yes(browser, plan, which="valid")
    assert done.status_code == 200, done.content.decode()
    assert kept(plan).left == 200
    first = Batch.objects.get()
    assert (first.created, first.changed) == (good, 0)
    assert "200" in done.content.decode()

    second = upload(browser, cured(home, planted, tmp_path), "改好.xlsx")
    assert second.context["counts"] == {"new": 200, "changed": 0, "same": 0, "invalid": 0}, reasons(
        second
    )[:5]
    say_yes(browser, second)
    assert Batch.objects.count() == 2
    assert Batch.objects.latest("pk").created == 200
    again = upload(browser, content)
    assert again.context["counts"]["same"] == good
    handouts = catalogue.get("activities.handout").model._default_manager
    assert handouts.filter(activity__code="HD-2021-0002").exists()

    for batch in Batch.objects.order_by("-pk"):  # what came later stands on what came first
        browser.post(f"/batches/{batch.pk}/undo/")
    assert not handouts.exists()
    assert not catalogue.get("activities.activity").model._default_manager.exists()
    once_more = upload(browser, content)
    say_yes(browser, once_more, which="valid")
    assert Batch.objects.latest("pk").created == good


def test_each_kind_of_error_stands_in_the_year_equally_often() -> None:
    _content, planted = build(lambda sheet, field: field)
    assert Counter(error.kind for error in planted) == dict.fromkeys(KINDS, EACH)
    assert len({(error.sheet, error.place) for error in planted}) == 200

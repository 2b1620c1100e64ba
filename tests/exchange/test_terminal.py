"""Templates, whole years and returned workbooks on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taizhang.documents.workbooks import opened_book, read_sheets
from taizhang.ledger import catalogue
from taizhang.ledger.models import Batch
from tests.conftest import Cast
from tests.factories import make

from .faulty_year import build
from .test_sheets import ACTIVITY, HANDOUT, activity, book, handout
from .test_year import cured, label

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(cast: Cast, capsys: Any, monkeypatch: Any, tmp_path: Path) -> Command:
    """Run a command in the test's ledger; its exit code and what it said."""
    from taizhang.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_template_is_written_and_imports_as_nothing_to_do(
    command: Command, tmp_path: Path
) -> None:
    code, out, _err = command("template", "-o", "全年.xlsx", "--as", "su")
    assert (code, out.strip()) == (0, "全年.xlsx")
    with opened_book(tmp_path / "全年.xlsx", "全年.xlsx") as opened:
        assert "活动台账" in opened.titles
    code, out, _err = command("import", "全年.xlsx", "--as", "su", "--yes")
    assert code == 0
    assert "新增 0" in out
    code, _out, _err = command("template", "activities.activity", "-o", "活动.xlsx", "--as", "su")
    with opened_book(tmp_path / "活动.xlsx", "活动.xlsx") as opened:
        assert opened.titles == ["说明", "活动台账"]
    code, _out, err = command("template", "-o", "全年.csv", "--as", "su")
    assert code == 2
    assert ".xlsx" in err
    code, _out, err = command("template", "activities.activty", "-o", "a.xlsx", "--as", "su")
    assert code == 2
    assert "activities.activity" in err


def test_a_faulty_year_comes_back_and_is_imported_when_it_is_cured(
    command: Command, tmp_path: Path
) -> None:
    content, planted = build(label)
    (tmp_path / "全年.xlsx").write_bytes(content)
    given = ("import", "全年.xlsx", "--as", "su", "--yes", "--returned", "退回.xlsx")
    code, out, err = command(*given)
    assert code == 2
    assert "有误" in out
    assert "随手记" in err
    assert not Batch.objects.exists()
    home = read_sheets(tmp_path / "退回.xlsx", "退回.xlsx")
    assert sum(len(sheet.rows) for sheet in home) == len(planted)
    activities = [sheet for sheet in home if sheet.name == "活动台账"]
    (tmp_path / "改好.xlsx").write_bytes(cured(activities, planted, tmp_path))
    code, out, err = command("import", "改好.xlsx", "--as", "su", "--yes")
    assert (code, "+" in out) == (0, True), err


def test_sheets_that_refer_to_each_other_are_written_in_one_batch(
    command: Command, tmp_path: Path
) -> None:
    sheets = {
        "发放资料": [HANDOUT, handout("HD-1")],
        "活动台账": [ACTIVITY, activity("HD-1")],
    }
    (tmp_path / "全年.xlsx").write_bytes(book(sheets))
    code, out, err = command("import", "全年.xlsx", "--as", "su", "--yes", "--submit")
    assert code == 0, err
    assert "+2 ~0" in out
    batch = Batch.objects.get()
    assert batch.created == 2
    states = catalogue.get("activities.handout").model._default_manager.values_list("state")
    assert set(states) == {("submitted",)}


def test_rows_without_a_unit_belong_to_the_one_that_is_named(
    command: Command, cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "活动.csv").write_text("title,form,held_on\n甲,讲座,2021-1-2\n", "gb18030")
    register = "activities.activity"
    given = ("--register", register, "--as", "su", "--yes")
    code, _out, err = command("import", "活动.csv", *given, "--unit", "west")
    assert code == 0, err
    assert catalogue.get(register).model._default_manager.get().unit == cast.west
    make(register, 1, cast.east, cast.su)
    code, _out, err = command("import", "活动.csv", *given, "--unit", "elsewhere")
    assert code == 2
    assert "elsewhere" in err

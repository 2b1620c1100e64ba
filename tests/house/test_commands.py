"""The command line: a contract other programs rely on, and sentences instead of tracebacks."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taizhang import __version__
from tests.conftest import Cast
from tests.factories import make
from tests.steps import csv_rows, workbook

KEYS = {"code", "name", "value", "unit", "rows", "query", "period", "unit_code", "prints"}
PASSWORD = "一个长的口令-2021"
ACTIVITIES = "活动名称,活动编号,所属单位,活动形式,活动日期,主题\n"


def shell(home: Path, *words: str, sent: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as a person does, in a ledger of its own."""
    kept = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    environment = kept | {"TAIZHANG_HOME": str(home / "data"), "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, "-m", "taizhang.cli", *words],
        cwd=home,
        env=environment,
        input=sent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["figures", "--help"], []])
def test_what_needs_no_ledger_does_not_load_django(words: list[str], tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from taizhang.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'django', 'taizhang.commands', 'tqdm', 'PIL', 'xlsxwriter', 'granian'} & set(sys.modules)\n"
        "print('LOADED', sorted(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"TAIZHANG_HOME": str(tmp_path / "data"), "PYTHONPATH": str(Path.cwd())},
    )
    assert "LOADED []" in done.stdout
    assert not (tmp_path / "data").exists(), "nothing is made either"
    if words == ["--version"]:
        assert __version__ in done.stdout


def test_a_ledger_is_founded_filled_read_and_reported_from_the_command_line(
    tmp_path: Path,
) -> None:
    def ok(*words: str, sent: str = "") -> str:
        done = shell(tmp_path, *words, sent=sent)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    ok("setup", "--code", "county", "--name", "示范县科协", "--user", "li", sent=PASSWORD + "\n")
    assert (tmp_path / "data" / "taizhang.sqlite3").exists()
    header = ["title", "unit", "form", "held_on", "themes", "attendance"]
    rows = [
        ["甲", "county", "讲座", "2021年9月18日", "rural", 7836],
        ["乙", "county", "培训", "2021-10-01", "", 5],
    ]
    (tmp_path / "表.xlsx").write_bytes(workbook(header, *rows))
    unsure = shell(tmp_path, "import", "表.xlsx", "--register", "activities.activity")
    assert unsure.returncode == 2, "nobody said yes"
    assert "Traceback" not in unsure.stderr
    said = ok("import", "表.xlsx", "--register", "activities.activity", "--as", "li", "--yes")
    assert "+2 ~0" in said
    ok("export", "activities.activity", "-o", "出.csv", "--query", "themes=rural")
    _header, exported = csv_rows((tmp_path / "出.csv").read_bytes())
    assert len(exported) == 1
    again = ok("import", "出.csv", "--register", "activities.activity", "--yes")
    assert "+" not in again, "an export imported again writes nothing"
    found = json.loads(ok("figures", "--unit", "county", "--period", "2021", "--json"))
    for fact in found:
        assert KEYS <= set(fact) <= KEYS | {"leaves"}
        assert isinstance(fact["rows"], int)
        assert fact["value"] is None or isinstance(fact["value"], str)
    (one,) = json.loads(
        ok("figures", "rural.events", "--unit", "county", "--period", "2021", "--json")
    )
    assert (one["value"], one["rows"]) == ("0", 0), "drafts do not count"
    table = ok(
        "--language", "en", "figures", "rural.events", "--unit", "county", "--period", "2021"
    )
    assert "Rural revitalisation events" in table
    for kind, head in (("docx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype html>")):
        ok("report", "--unit", "county", "--period", "2021", "-o", f"报告.{kind}")
        assert (tmp_path / f"报告.{kind}").read_bytes().startswith(head)


@pytest.fixture
def command(
    cast: Cast, capsys: Any, monkeypatch: Any, tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    """Run a command in the test's ledger; its exit code and what it said on stderr."""
    from taizhang.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        code = main(words)
        return code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["figures", "--unit", "nowhere", "--period", "2021"], "nowhere"),
        (["figures", "rural.event", "--unit", "assoc", "--period", "2021"], "rural.events"),
        (["figures", "--unit", "assoc", "--period", "2021-13"], "2021-13"),
        (["report", "--unit", "assoc", "--period", "2021", "-o", "a.odt"], "docx"),
        (["report", "--unit", "nowhere", "--period", "2021", "-o", "a.docx"], "nowhere"),
        (
            [
                "report",
                "--unit",
                "assoc",
                "--period",
                "2021",
                "--outline",
                "county-anual",
                "-o",
                "a.pdf",
            ],
            "county-annual",
        ),
        (
            ["report", "--unit", "assoc", "--period", "2021", "-o", "no/such/folder/a.docx"],
            "no/such/folder",
        ),
        (["import", "missing.xlsx", "--as", "su"], "missing.xlsx"),
        (["import", "notes.txt", "--as", "su"], "notes.txt"),
        (["import", "bad.xlsx", "--register", "activities.activity", "--as", "nobody"], "nobody"),
        (
            ["import", "bad.xlsx", "--register", "activities.activty", "--as", "su"],
            "activities.activity",
        ),
        (
            [
                "import",
                "bad.xlsx",
                "--register",
                "activities.activity",
                "--as",
                "bo",
                "--unit",
                "west",
            ],
            "west",
        ),
        (["import", "bad.xlsx", "--as", "su"], "活动台账"),
        (["export", "activities.activty", "-o", "a.csv"], "activities.activity"),
        (["export", "activities.activity", "-o", "a.doc"], "xlsx"),
        (["export", "activities.activity", "-o", "a.csv", "--query", "forn=lecture"], "form"),
        (
            ["export", "activities.activity", "-o", "a.csv", "--query", "held_on=2021-02-30"],
            "2021-02-30",
        ),
    ],
)
def test_what_is_wrong_is_a_sentence_and_exit_code_two(
    words: list[str], told: str, command: Any, tmp_path: Path
) -> None:
    (tmp_path / "bad.xlsx").write_bytes(workbook(["title", "form"], ["甲", "茶话会"]))
    (tmp_path / "notes.txt").write_text("甲")
    before = set(tmp_path.iterdir())
    code, said = command(*words)
    assert code == 2
    assert told in said
    assert "Traceback" not in said
    assert set(tmp_path.iterdir()) == before, "nothing half done is left"


def test_each_faulty_cell_is_named_and_nothing_is_written(command: Any, tmp_path: Path) -> None:
    from taizhang.activities.models import Activity

    header = ["title", "unit", "form", "held_on", "attendance"]
    rows = [
        ["甲", "east", "讲座", "2021-02-30", 1],
        ["乙", "east", "讲座", "2021-01-01", "3356余"],
        ["丙", "east", "讲座", "2021-01-01", 3],
    ]
    (tmp_path / "表.xlsx").write_bytes(workbook(header, *rows, sheet="补报"))
    code, said = command(
        "import", "表.xlsx", "--register", "activities.activity", "--as", "su", "--yes"
    )
    assert code == 2
    assert "补报!D2" in said
    assert "补报!E3" in said
    assert not Activity.objects.exists()


def test_which_account_is_asked_when_several_may_record(command: Any, tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(workbook(["title", "form"], ["甲", "讲座"]))
    code, said = command("import", "表.xlsx", "--register", "activities.activity")
    assert code == 2
    assert "--as" in said


def test_a_reader_cannot_import_from_the_command_line_either(command: Any, tmp_path: Path) -> None:
    from taizhang.activities.models import Activity

    header = ["title", "unit", "form", "held_on"]
    (tmp_path / "表.xlsx").write_bytes(workbook(header, ["甲", "east", "讲座", "2021-01-01"]))
    code, _said = command(
        "import", "表.xlsx", "--register", "activities.activity", "--as", "re", "--yes"
    )
    assert code == 2
    assert not Activity.objects.exists()


def test_a_full_disk_is_said_and_the_old_file_stays(
    command: Any, cast: Cast, tmp_path: Path, monkeypatch: Any
) -> None:
    make("activities.activity", 1, cast.east, cast.su)
    target = tmp_path / "出.xlsx"
    target.write_bytes(b"old")

    def full(*given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    for words in (
        ["export", "activities.activity", "-o", str(target)],
        ["report", "--unit", "assoc", "--period", "2021", "-o", str(tmp_path / "a.docx")],
    ):
        code, said = command(*words)
        assert code == 2
        assert "空间" in said or "磁盘" in said
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_demo_accounts_stay_on_this_machine(settings: Any) -> None:
    from taizhang.engines.findings import Refused
    from taizhang.serve import _loopback, serve

    settings.DEMO = True
    for host in ("0.0.0.0", "192.168.1.5", "example.com", "::"):  # noqa: S104
        with pytest.raises(Refused) as caught:
            serve(host, 8000, 1)
        assert caught.value.findings[0].code == "command.demo-on-network"
    assert all(_loopback(host) for host in ("127.0.0.1", "localhost", "::1"))

"""``taizhang check``: any report, from a terminal, without a ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from taizhang import cli
from taizhang.documents.docx_writer import write_docx
from tests.documents.samples import FACTS, PROPERTIES, REPORT

WRONG = "2021年工作总结\n举办讲座15场，其中科普讲座16场。\n参训3356余人，新建基地X个。"
RIGHT = "2021年工作总结\n举办讲座15场，其中科普讲座6场、健康讲座9场。"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "错.txt"
    path.write_text(WRONG, "utf-8")
    return path


@pytest.fixture
def right(tmp_path: Path) -> Path:
    path = tmp_path / "对.txt"
    path.write_text(RIGHT, "utf-8")
    return path


def test_json_has_the_quantities_and_issues_with_their_places(
    wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(wrong), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"quantities", "issues"}
    for each in found["quantities"]:
        assert list(each) == [
            *("start", "end", "text", "value", "value_max", "unit", "qualifier", "subject"),
            "section",
        ]
        assert WRONG[each["start"] : each["end"]] == each["text"]
    values = {each["text"]: (each["value"], each["unit"]) for each in found["quantities"]}
    assert values["15场"] == (15, "场")
    assert values["X个"] == (None, "个")
    for each in found["issues"]:
        assert list(each) == ["type", "code", "severity", "spans", "reason", "suggestion"]
        assert each["reason"]
        for start, end, text in each["spans"]:
            assert WRONG[start:end] == text
    assert {"sum_mismatch", "exact_with_over", "placeholder"} <= {
        each["type"] for each in found["issues"]
    }


def test_several_files_are_a_list_and_one_that_cannot_be_read_is_said_in_it(
    wrong: Path, right: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04")
    assert cli.main(["check", str(right), str(broken), str(wrong), "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert [one["file"] for one in found] == [str(right), str(broken), str(wrong)]
    assert found[0]["issues"] == []
    assert "已损坏" in found[1]["error"]
    assert found[2]["issues"]


def test_a_clean_report_ends_with_nought(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(right)]) == 0
    said = capsys.readouterr().out
    assert "读出数量 3 处" in said
    assert "没有发现问题" in said


def test_errors_come_first_with_their_line_and_words(
    wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(wrong)]) == 1
    said = capsys.readouterr().out
    assert said.index("合计与分项不符") < said.index("精确数后不用“余”")
    assert "2: “15场" in said
    assert cli.main(["--language", "en", "check", str(wrong)]) == 1
    assert "Parts and whole differ" in capsys.readouterr().out


def test_many_files_are_a_table(
    wrong: Path, right: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "没有.txt"
    assert cli.main(["check", str(right), str(wrong), str(missing)]) == 2
    said = capsys.readouterr()
    head, first, second, third = said.out.splitlines()
    assert head.split() == ["文件", "字数", "数量", "错误", "存疑", "提示"]
    assert first.split()[2:] == ["3", "0", "0", "0"]
    assert int(second.split()[3]) >= 2
    assert third.split()[1:] == ["读不出"]
    assert "没有.txt" in said.err


def test_the_commented_copy_lies_beside_the_file_and_the_page_where_it_is_asked_for(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(wrong), "--format", "docx"]) == 1
    copy = tmp_path / "错-核稿.docx"
    assert capsys.readouterr().out.strip() == str(copy)
    comments = [comment.text for comment in docx.Document(str(copy)).comments]
    assert any("合计与分项不符" in text for text in comments)
    page = tmp_path / "页.html"
    assert cli.main(["check", str(wrong), "--format", "html", "-o", str(page)]) == 1
    html = page.read_text("utf-8")
    assert '<mark class="bad">3356余人</mark>' in html
    assert 'href="#q1-0"' in html
    assert 'id="q1-0"' in html
    assert wrong.read_text("utf-8") == WRONG


def test_a_word_file_of_ours_keeps_its_controls_under_the_comments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, copy = tmp_path / "报告.docx", tmp_path / "带批注.docx"
    write_docx(REPORT, path, facts=FACTS, properties=PROPERTIES)
    cli.main(["check", str(path), "--format", "docx", "-o", str(copy)])
    from taizhang.documents.docx_facts import find_facts
    from taizhang.documents.docx_reader import read_docx

    assert len(find_facts(read_docx(copy), None)) == len(REPORT.figures())


def test_hostile_text_is_escaped_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("<script>alert(1)</script>参训3356余人&", "utf-8")
    cli.main(["check", str(path), "--format", "html"])
    html = (tmp_path / "a-核稿.html").read_text("utf-8")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--json", "-o", "a.json"], "--output 只用于 html、docx"),
        (["--format", "docx", "-o", "nowhere"], "要写已有的文件夹"),
    ],
)
def test_an_output_that_makes_no_sense_is_refused(
    wrong: Path, right: Path, options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(wrong), str(right), *options]) == 2
    assert sentence in capsys.readouterr().err


def test_neither_django_nor_word_nor_the_ledger_is_loaded(right: Path) -> None:
    script = (
        "import sys; from taizhang import cli; code = cli.main(sys.argv[1:]);"
        "assert not {'django', 'docx', 'lxml', 'tqdm'} & set(sys.modules); sys.exit(code)"
    )
    command = [sys.executable, "-c", script, "check", str(right), "--json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()

"""Every code of the checker has words in both languages and a page whose examples prove it."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from taizhang.engines.checking import check
from taizhang.wording.checking import _entries, explain, explained

ROOT = Path(__file__).parents[3]
CHECKS = ROOT / "taizhang/engines/checking/checks"
PAGES = ROOT / "docs/using/checks"
CODE = re.compile(
    r"(?:conflict|duplicate_reuse|exact_with_over|redundant_approx|sum_mismatch|arithmetic|unit_mix"
    r"|date_or_year|placeholder|other)\.[a-z_]+"
)
# Numbers that are also rounded in one place are found as both.
COMPANIONS = {"conflict.rounding": {"duplicate_reuse.tuple"}}


def pages() -> list[str]:
    return sorted(path.stem for path in PAGES.glob("*.md") if path.name != "README.md")


def written_codes() -> set[str]:
    """Every code that stands whole in the sources of the checks."""
    return {
        node.value
        for path in CHECKS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


def composed_words() -> set[tuple[str, str]]:
    """The types whose codes are put together at run time: (type, module)."""
    return {
        (kind, path.stem)
        for path in CHECKS.glob("*.py")
        for kind in re.findall(r'f"([a-z_]+)\.\{', path.read_text("utf-8"))
    }


def examples(code: str) -> tuple[str, str]:
    text = (PAGES / f"{code}.md").read_text("utf-8")
    wrong, right = re.findall(r"```\n(.*?)\n```", text, re.DOTALL)
    return wrong, right


def found(text: str) -> set[str]:
    return {issue.code for issue in check(text).issues}


@pytest.mark.parametrize("code", pages())
def test_the_wrong_example_is_found_and_the_right_one_is_not(code: str) -> None:
    wrong, right = examples(code)
    assert found(wrong) == {code} | COMPANIONS.get(code, set())
    assert found(right) == set()


def test_every_code_written_in_a_check_has_words_and_a_page() -> None:
    assert len(written_codes()) > 15
    assert written_codes() - explained() == set()
    assert explained() == set(pages())


def test_words_put_together_at_run_time_are_known() -> None:
    """A string that a check composes into a code is a code of that type, with words."""
    for kind, module in composed_words():
        source = (CHECKS / f"{module}.py").read_text("utf-8")
        given = set(
            re.findall(r'(?:_issue\(|code = |code, severity = |else )"([a-z_]{4,})"', source)
        )
        given |= set(re.findall(r'^    \("[a-z]+", "[a-z]+", "([a-z_]+)"\)', source, re.MULTILINE))
        given |= set(re.findall(r'\("([a-z_]+)", "(?:warning|hint|error)",', source))
        given |= set(re.findall(r'^    \("([a-z]+)", _[A-Z]+\)', source, re.MULTILINE))
        assert {f"{kind}.{name}" for name in given if name != "exact"} - explained() == set()


def test_every_issue_of_the_open_reports_can_be_explained() -> None:
    reports = list((Path(__file__).parent / "reports/open").glob("*.txt"))
    assert len(reports) > 15
    for path in reports:
        for issue in check(path.read_text("utf-8")).issues:
            for language in ("zh", "en"):
                said = explain(issue.code, issue.params, language)
                assert "—" not in said.reason or "—" in str(issue.params), (issue, said)
                assert said.suggestion


def test_both_languages_have_the_same_codes_and_placeholders() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    zh, en = _entries("zh"), _entries("en")
    assert zh.keys() == en.keys()
    for code in zh:
        for part in ("reason", "suggestion"):
            assert names(en[code][part]) <= names(zh[code]["reason"] + zh[code]["suggestion"]), code


def test_the_list_of_pages_names_them_all() -> None:
    text = (PAGES / "README.md").read_text("utf-8")
    assert set(re.findall(r"\]\(([a-z_.]+)\.md\)", text)) - {".../checking", "../checking"} == set(
        pages()
    )

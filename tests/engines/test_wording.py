from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import taizhang.engines
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import Bilingual, nearest
from taizhang.engines.tree import Document, FigureRun, Paragraph, Table, Text
from taizhang.wording import _sentences, codes, say

ENGINES = Path(taizhang.engines.__path__[0])
SOURCES = sorted(ENGINES.rglob("*.py"))
CODE = re.compile(r"[a-z]+\.[a-z]+(?:-[a-z0-9]+)*")


def calls() -> Iterator[tuple[str, set[str] | None]]:
    """Yield each code the engines give, and its parameters where they are written on the spot."""
    for source in SOURCES:
        for function in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            named = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                code = node.args[0]
                called = ast.unparse(node.func)
                if called not in ("Finding", "Refused.because", "self._find"):
                    continue
                if not isinstance(code, ast.Constant):
                    continue
                assert isinstance(code.value, str)
                if called == "Refused.because":
                    yield code.value, {word.arg or "" for word in node.keywords}
                    continue
                last = node.args[-1]
                if isinstance(last, ast.Name) and last.id in named and called != "Refused.because":
                    same = [
                        one.value
                        for one in ast.walk(function)
                        if isinstance(one, ast.Assign)
                        and ast.unparse(one.targets[0]) == last.id
                        and one.lineno < node.lineno
                    ]
                    last = same[-1]
                keys = last.keys if isinstance(last, ast.Dict) else []
                yield code.value, {ast.literal_eval(key) for key in keys if key is not None}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_code_of_the_engines_has_a_sentence() -> None:
    given = {code for code, _ in calls()}
    assert len(given) > 40
    assert given <= codes()


def test_every_placeholder_is_given_wherever_its_code_is() -> None:
    wrong = {
        code: (placeholders(sentence), given)
        for code, given in calls()
        for sentence in (_sentences("zh")[code],)
        if given is not None and not placeholders(sentence) <= given
    }
    assert not wrong


def test_both_languages_say_the_same_codes_with_the_same_placeholders() -> None:
    zh, en = _sentences("zh"), _sentences("en")
    assert zh.keys() == en.keys()
    assert {code: placeholders(text) for code, text in zh.items()} == {
        code: placeholders(text) for code, text in en.items()
    }


def test_codes_are_written_one_way() -> None:
    assert all(CODE.fullmatch(code) for code in codes())


def test_parameters_are_shown_as_a_reader_writes_them() -> None:
    finding = Finding(
        "tree.backwards",
        params={"child": (Decimal("1E+2"), 2), "first": date(2021, 1, 2), "last": None},
    )
    assert say(finding) == ("节点 100、2 的隶属关系止于 —，早于开始日期 2021-01-02。请更正日期。")
    assert say(finding, "en").startswith("Node 100, 2 is placed until —,")


def test_names_are_said_in_the_readers_language() -> None:
    finding = Finding("outline.no-longer-awaited", params={"code": Bilingual("信息员", "Officers")})
    assert "信息员" in say(finding, "zh-Hans")
    assert "Officers" in say(finding, "en-gb")


def test_a_parameter_that_was_not_given_shows_as_a_dash() -> None:
    assert "—" in say(Finding("period.unknown"))
    assert "—" in say(Finding("tree.cycle", params={"nodes": ()}))


def test_a_code_without_a_sentence_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        say(Finding("no.such-code"))


def test_engines_stand_on_the_standard_library_alone() -> None:
    foreign = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            else:
                continue
            for name in names:
                ours = name == "taizhang.engines" or name.startswith("taizhang.engines.")
                if not ours and name.partition(".")[0] not in sys.stdlib_module_names:
                    foreign.add((source.name, name))
    assert not foreign


def test_modules_stay_readable() -> None:
    assert not [one.name for one in SOURCES if len(one.read_text("utf-8").splitlines()) >= 400]


def test_the_nearest_name() -> None:
    assert nearest("mesure", ["unit", "measure"]) == "measure"
    assert nearest("x", []) == ""


def test_a_refusal_says_what_and_why() -> None:
    refused = Refused.because("period.unknown", "p", text="x")
    assert str(refused) == "period.unknown {'text': 'x'}"
    assert refused.findings[0].at("q").where == "q"


def test_a_document_finds_its_figures_in_tables_too() -> None:
    run = FigureRun("f1", "a.b", "1次", "1", "次", 1, None)
    other = FigureRun("f2", "a.b", "1次", "1", "次", 1, None)
    table = Table("t-1", (((Text("甲"),), (other,)),))
    document = Document("题", "zh-Hans", (Paragraph("p-1", "body", (Text("共"), run)), table))
    assert document.figures() == (run, other)

"""House test: every finding code anywhere in the product has its sentence, and no sentence is idle.

Codes are read from the syntax trees of the sources. A code that is put together at run time has
its family named here, so that a new member without a sentence fails too.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from taizhang.ledger.states import ACTIONS
from taizhang.wording import _sentences, codes

PACKAGE = Path(__file__).resolve().parents[2] / "taizhang"
CODE = re.compile(r"[a-z]+\.[a-z]+(?:-[a-z]+)*")
GIVERS = ("Finding", "Trouble", "because", "_find")
FAMILIES = {"write.cannot-": [f"write.cannot-{name}" for name in ACTIONS]}


@dataclass(frozen=True)
class Given:
    """A code given at a place; ``params`` is None where they are not written on the spot."""

    place: str
    code: str
    params: frozenset[str] | None


def given(source: str, name: str) -> Iterator[Given]:
    """Every code that a source gives with its parameters, and every other mention of a code.

    Unknown words with a dot are mentions only with a hyphen: ``activity.unit`` is a path.
    """
    tree = ast.parse(source)
    told = set()
    scopes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for scope in (*scopes, tree):
        for node in ast.walk(scope):
            if not isinstance(node, ast.Call) or not node.args or id(node) in told:
                continue
            called = node.func
            giver = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if giver not in GIVERS:
                continue
            told.add(id(node))
            for code in _codes(node.args[0]):
                yield Given(f"{name}:{node.lineno}", code, _params(giver, node, scope))
    tables = {code.partition(".")[0] for code in codes()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            prefix, _dot, rest = node.value.partition(".")
            coined = CODE.fullmatch(node.value) and prefix in tables and "-" in rest
            if coined or node.value in codes():
                yield Given(f"{name}:{node.lineno}", node.value, None)


def _codes(node: ast.expr) -> list[str]:
    """The codes an expression may be: none when it only hands on what it was given."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=[ast.Constant(value=str(stem)), *_rest]):
            return FAMILIES.get(stem, [f"{stem}…"])
        case ast.IfExp(body=one, orelse=other):
            return [*_codes(one), *_codes(other)]
    return []


def _params(giver: str, node: ast.Call, scope: ast.AST) -> frozenset[str] | None:
    if giver == "because":
        names = [word.arg for word in node.keywords]
        return None if None in names else frozenset(name for name in names if name)
    place = {"Finding": 3, "Trouble": 1}.get(giver, len(node.args) - 1)
    written = next((w.value for w in node.keywords if w.arg == "params"), None)
    if written is None:
        written = node.args[place] if 0 < place < len(node.args) else ast.Dict([], [])
    if isinstance(written, ast.Name):
        written = _last_value(written, scope)
    if not isinstance(written, ast.Dict) or None in written.keys:
        return None
    return frozenset(str(ast.literal_eval(key)) for key in written.keys if key is not None)


def _last_value(name: ast.Name, scope: ast.AST) -> ast.expr | None:
    """What the name was last set to before, in the same function."""
    before = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == name.id
        and node.lineno < name.lineno
    ]
    return max(before, key=lambda node: node.lineno).value if before else None


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.fixture(scope="module")
def everything() -> list[Given]:
    return [
        one
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
        for one in given(path.read_text("utf-8"), str(path.relative_to(PACKAGE)))
    ]


def test_every_code_has_a_sentence(everything: list[Given]) -> None:
    assert len(everything) > 150
    assert not [f"{one.place}: {one.code}" for one in everything if one.code not in codes()]


def test_every_placeholder_is_given_wherever_its_code_is(everything: list[Given]) -> None:
    sentences = _sentences("zh")
    wrong = [
        f"{one.place}: {one.code} lacks {sorted(placeholders(sentences[one.code]) - one.params)}"
        for one in everything
        if one.params is not None
        and one.code in sentences
        and not placeholders(sentences[one.code]) <= one.params
    ]
    assert not wrong


def test_no_sentence_is_idle(everything: list[Given]) -> None:
    assert not codes() - {one.code for one in everything}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_end_like_sentences(language: str) -> None:
    """Each ends with a full stop of its language and has no straight quotes or stray spaces."""
    end = "。" if language == "zh" else "."
    wrong = [
        code
        for code, text in _sentences(language).items()
        if code != "write.broken-rule"
        and (not text.endswith(end) or '"' in text or text != text.strip() or "  " in text)
    ]
    assert not wrong


def test_planted_faults_are_found() -> None:
    source = """
def act(self, path, kind):
    params = {"name": 1}
    yield Finding("document.empty", "must", "", params)
    yield Finding("document.damaged", "must")
    raise Refused.because("write.nobody-wrote-this", path, a=1)
    raise Refused.because("document.empty" if kind else "write.void", **kind)
    code = "document.never-heard-of"
    yield Finding(f"write.cannot-{kind}", "must", "", {"state": 1})
    yield Finding(f"query.bad-{kind}", "must")
"""
    found = {(one.code, one.params) for one in given(source, "x")}
    assert ("document.empty", frozenset({"name"})) in found
    assert ("document.damaged", frozenset()) in found
    assert ("write.nobody-wrote-this", frozenset({"a"})) in found
    assert ("write.void", None) in found
    assert ("document.never-heard-of", None) in found
    assert ("write.cannot-verify", frozenset({"state"})) in found
    assert ("query.bad-…", frozenset()) in found

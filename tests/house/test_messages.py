"""Every word of the pages has its Chinese, and every finding its two sentences."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import taizhang
from taizhang.engines.findings import Finding
from taizhang.wording import say
from tools import messages

PACKAGE = Path(taizhang.__file__).parent
CODE = re.compile(
    r"(?:Finding|Refused\.because|because|_fault|_finding|_refusal)\(\s*f?\"([a-z]+\.[a-z\-]+)\""
)


def sentences(language: str) -> dict[str, str]:
    document = tomllib.loads((PACKAGE / "wording" / f"{language}.toml").read_text("utf-8"))
    return {
        f"{group}.{name}": text
        for group, members in document.items()
        for name, text in members.items()
    }


def names(text: str) -> set[str]:
    return {field for _text, field, _spec, _conv in string.Formatter().parse(text) if field}


def test_the_translations_are_complete() -> None:
    assert messages.faults() == []


def test_a_message_with_another_placeholder_is_a_fault() -> None:
    assert messages._names("{count} rows %(n)s") == {"count", "n"}


def test_findings_have_the_same_codes_and_parameters_in_both_languages() -> None:
    chinese, english = sentences("zh"), sentences("en")
    assert set(chinese) == set(english)
    assert {code for code in chinese if names(chinese[code]) != names(english[code])} == set()
    assert [
        code
        for code, text in english.items()
        if re.search(r"[\u4e00-\u9fff]", re.sub(r"\{[^}]*\}", "", text))
        and "余" not in text
        and "“" not in text
    ] == []


def test_every_finding_that_the_code_raises_has_a_sentence() -> None:
    known = set(sentences("zh"))
    raised = {
        code for path in PACKAGE.rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))
    }
    assert len(raised) > 60
    assert raised - known == set()


def test_a_finding_without_its_parameters_still_reads() -> None:
    for language in ("zh", "en"):
        for code in sentences(language):
            assert "{" not in say(Finding(code), language), code

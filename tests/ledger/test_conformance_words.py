"""The words of every register: complete in Chinese and in English, on its pages too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

import taizhang
from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.steps import texts

from .test_conformance import each_register, in_state

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


@each_register
def test_words_are_complete_in_both_languages(name: str) -> None:
    register = catalogue.get(name)

    def spoken() -> list[str]:
        said = [register.label, register.label_plural, str(register.group)]
        said += [str(section.title) for section in register.sections]
        said += [str(view.title) for view in register.views]
        said += [known.label for known in register.fields.values()]
        for known in register.fields.values():
            if known.kind in {"choice", "state", "proof", "boolean", "term", "terms"}:
                said += [] if known.kind in {"term", "terms"} else [t for _c, t in known.options()]
        said += [
            str(c.violation_error_message)
            for c in register.model._meta.constraints
            if c.violation_error_message != c.default_violation_error_message
        ]
        return said

    with translation.override("zh-hans"):
        chinese = spoken()
    with translation.override("en"):
        english = spoken()
    assert [text for text in chinese if not CHINESE.search(text)] == []
    assert [text for text in english if CHINESE.search(text)] == []
    assert [text for text in chinese if LATIN.search(text)] == []


@pytest.mark.django_db
@each_register
def test_terms_have_names_in_both_languages(name: str) -> None:
    for known in catalogue.get(name).fields.values():
        if known.kind not in {"term", "terms"}:
            continue
        with translation.override("zh-hans"):
            chinese = dict(known.options())
        with translation.override("en"):
            english = dict(known.options())
        assert chinese
        assert all(CHINESE.search(text) for text in chinese.values())
        assert not any(CHINESE.search(text) for text in english.values())


def _english_messages() -> set[str]:
    folder = Path(taizhang.__file__).parent
    with (folder / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        found = {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file) if m.id}
    return {text.strip() for text in found if LATIN.search(text) and "{" not in text}


@each_register
def test_no_english_word_stands_on_a_chinese_page(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    record = in_state(name, 1, "verified", cast, wen)
    browser = sign_in(cast.lin)
    base = f"/{register.path}/"
    english = _english_messages()
    assert "State" in english
    for address in (
        base,
        f"{base}{record.pk}/",
        f"{base}add/",
        f"{base}{record.pk}/edit/",
        f"{base}import/",
        f"{base}?q=%E6%97%A0",
        "/registers/",
    ):
        page = browser.get(address).content.decode()
        assert 'lang="zh-Hans"' in page
        assert [text for text in texts(page) if text in english] == [], address


@each_register
def test_no_chinese_label_stands_on_an_english_page(
    name: str, cast: Cast, wen: Any, sign_in: Any
) -> None:
    register = catalogue.get(name)
    record = in_state(name, 1, "verified", cast, wen)
    cast.lin.language = "en"
    cast.lin.save()
    browser = sign_in(cast.lin)
    with translation.override("zh-hans"):
        chinese = {register.label, register.label_plural}
        chinese |= {known.label for known in register.fields.values()}
        for known in register.fields.values():
            chinese |= (
                {label for _code, label in known.options()} if known.kind == "choice" else set()
            )
    chinese -= {str(value) for value in vars(record).values()}
    for address in (f"/{register.path}/", f"/{register.path}/{record.pk}/"):
        page = browser.get(address).content.decode()
        assert 'lang="en"' in page
        assert set(texts(page)) & chinese == set(), address

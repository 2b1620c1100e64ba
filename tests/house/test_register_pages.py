"""Each register has a page for its users: what it is for, what counts, what proves it, where it is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from taizhang.ledger import catalogue
from taizhang.ledger.register import Register

USING = Path(__file__).parents[2] / "docs" / "using"
HEADINGS = ("## 用途", "## 统计口径", "## 佐证", "## 在哪里用")
REGISTERS = list(catalogue.registers())


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_a_register_has_a_page_with_a_picture(register: Register) -> None:
    page = USING / "registers" / f"{register.name}.md"
    assert page.is_file(), f"write docs/using/registers/{register.name}.md"
    text = page.read_text("utf-8")
    with translation.override("zh-hans"):
        assert text.startswith(f"# {register.label_plural}\n")
    parts = [text.index(heading) for heading in HEADINGS]
    assert parts == sorted(parts)
    for heading in HEADINGS:
        body = text.partition(heading)[2].partition("\n## ")[0].strip()
        assert len(body) >= 4, f"{page.name}: say something under {heading}"
    picture = f"register-{register.name.replace('.', '-')}.png"
    assert f"](../pictures/{picture})" in text
    assert (USING / "pictures" / picture).is_file(), f"take the picture {picture}"


def test_no_page_is_left_of_a_register_that_is_gone() -> None:
    pages = {page.stem for page in (USING / "registers").glob("*.md")} - {"README"}
    assert pages == {register.name for register in REGISTERS}

"""The readable page of the API and the pages about tokens: complete, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from taizhang.ledger import catalogue
from tests.conftest import Cast
from tests.steps import links, texts
from tests.tokens.conftest import program


@pytest.mark.parametrize("name", [register.name for register in catalogue.registers()])
def test_the_page_tells_every_field_of_a_register(name: str, cast: Cast, sign_in: Any) -> None:
    register = catalogue.get(name)
    page = sign_in(cast.su).get(f"/api/v1/?register={name}")
    assert page.status_code == 200
    shown = texts(page.content.decode())
    for field in register.editable:
        assert field in shown
        assert register.fields[field].label in shown
    assert f"GET /api/v1/{register.path}/" in shown
    assert f"POST /api/v1/{register.path}/plans/" in shown
    assert any("http://testserver/api/v1/" in text for text in shown)
    assert any('"rows"' in text for text in shown)


def test_the_page_begins_with_a_register_and_leads_to_all(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.re).get("/api/v1/").content.decode()
    for register in catalogue.registers():
        assert f"?register={register.name}#h-register" in links(page)
    for address in ("/api/v1/me/", "/api/v1/figures/{code}/", "/api/v1/terms/{name}/"):
        assert address in texts(page)
    assert "/api/v1/openapi.json" in links(page)
    assert sign_in(cast.re).get("/api/v1/?register=no.such").status_code == 404


def test_no_english_is_left_on_the_chinese_pages(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.lin)
    program(cast.bo, cast.east, writes=True)
    pages = [browser.get(f"/{rest}") for rest in ("settings/tokens/", "settings/tokens/add/")]
    pages.append(browser.get("/api/v1/"))
    for page in pages:
        for text in texts(page.content.decode()):
            if re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text):
                assert "curl" in text or "/api/v1/" in text or "multipart" in text, text


def test_settings_lead_to_the_tokens(cast: Cast, sign_in: Any) -> None:
    assert "/settings/tokens/" in links(sign_in(cast.su).get("/settings/").content.decode())

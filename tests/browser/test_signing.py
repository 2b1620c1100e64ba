"""Three people sign a report in the browser, and what is changed later shows beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taizhang.verifier.check import check_file
from tools import signing
from tools.browsing import follow

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
TABS = 60
"""So often Tab may be pressed before what is wanted must have the focus."""


def tab_to(page: Any, words: str) -> None:
    """Go to a button with the Tab key alone."""
    page.locator("h1").click()
    for _press in range(TABS):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"Tab does not come to “{words}”")


def test_three_people_sign_a_report_and_what_is_voided_later_shows_beside_it(
    visit: Visit, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    writer = visit(signing.WRITER)
    address = signing.submit(writer)
    expect(writer.locator(".lede")).to_contain_text("待审核")
    expect(writer.get_by_role("button", name="审核通过")).to_have_count(0)

    reviewer = visit(signing.REVIEWER)
    reviewer.goto("/submissions/")
    follow(reviewer.locator("tbody .lead a").first)
    expect(reviewer).to_have_url(address)
    tab_to(reviewer, "审核通过")
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator(".lede")).to_contain_text("待签发")
    expect(reviewer.get_by_role("button", name="签发并封存")).to_have_count(0)

    signer = visit(signing.SIGNER)
    signing.sign(signer, address)
    expect(signer.locator(".lede")).to_contain_text("已签发封存")
    expect(signer.locator(".sealing")).to_contain_text("防篡改校验，不具有印章效力")
    expect(signer.locator(".sealing .qr svg")).to_be_visible()
    for person in ("苏禾", "林知远", "罗启明"):
        expect(signer.locator(".sealing .who", has_text=person)).to_be_visible()
    expect(signer.locator(".fig.drift")).to_have_count(0)

    with signer.expect_download() as caught:
        signer.get_by_role("link", name="封存文件").click()
    file = tmp_path / "report.json"
    caught.value.save_as(file)
    assert [one.code for one in check_file(file) if one.severity == "must"] == []
    whole = file.read_bytes()
    file.write_bytes(whole.replace("苏禾".encode(), "苏木".encode(), 1))
    assert "must" in {one.severity for one in check_file(file)}

    title = signing.void_counted(signer, "与另一场重复登记")
    signer.goto(address)
    drifting = signer.locator(".fig.drift", has_text="24场次").first
    expect(drifting).to_be_visible()
    follow(drifting)
    voided = signer.locator("section[aria-labelledby=d-voided]")
    expect(voided).to_contain_text(title)
    expect(voided).to_contain_text("与另一场重复登记")
